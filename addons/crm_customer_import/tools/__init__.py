"""Engine of the customer import: pure Python, no Odoo, nothing stored.

How the modules chain (each uses only those above it)::

    errors    ImportFileError(code, params) and its English sentences
    fields    FIELDS: what a column can mean; header_key(), field_of(name)
    table     Row, Table, Limits; numbers, dates and merged cells as text
    number_formats  number_format(number, code) -> how a cell shows its number
    package   Package(content): the parts of a zip; protection: Excel's own password
    office    OfficeWorkbook: what .xlsx and .xlsb share
    read_csv, read_html, read_ods, read_xls, read_xlsb, read_xlsx  one kind each
    workbook  open_table(content, sheet) -> Table; Table.rows() -> Row
    names, addresses  company or person; province and city of an address
    header    find_header(first rows) -> Header; match_headers() -> ColumnMatch;
              data_rows(table, header) -> the rows below the header
    area_codes  area_code(city)
    remarks   is_remark(cells): headings within a list, and its foot
    digits    plain_digits(text): digits that were numbers for a while
    property_values  text of a cell as value of a custom field
    words     Word; settle(values, words, decided): labels nobody knows
    ditto     filled(rows, columns): cells that say "as above"
    synonyms, proposals  Proposer(field, labels).propose(word) -> Proposal
    cleaning  clean_row(row, mapping, cleaners, lookups) -> CleanRow;
              split_parts(values) -> Parts(customer, contact)
    compact_index  a mapping for millions of keys
    planning  keys_of(parts, makers) -> RowKeys;
              plan_rows(inputs, existing, policy, seen) -> [PlannedRow]
    sheets_out  refused_workbook(), template_workbook() -> bytes
    sampling  sample_ids()

A caller reads, cleans and stages the file in batches, then plans and writes it
in batches::

    table = open_table(content, sheet)
    header = find_header(table.head())
    matches = match_headers(header.labels, remembered)
    mapping = {m.index: m.field for m in matches if m.field}
    for row in data_rows(table, header):
        clean = clean_row(row, mapping, cleaners, lookups)      # stage it
    ...
    for batch in batches:
        inputs = [PlanInput(number, keys_of(split_parts(values), makers), ...)]
        wanted = {key for item in inputs for key in item.keys.search_keys()}
        planned = plan_rows(inputs, find_existing(wanted), policy, seen)

Every row that ``data_rows`` yields comes out of ``clean_row`` and of
``plan_rows`` exactly once: created + updated + skipped + refused = rows read.
"""
