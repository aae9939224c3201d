import base64
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from odoo import models
from odoo.tools import split_every

from ..phases.choices import Choices
from ..phases.custom_fields import CustomFields
from ..phases.deciding import cleaners
from ..phases.known_customers import KnownCustomers, key_makers
from ..phases.phase import BATCH_ROWS
from ..phases.word_list import WordList
from ..tools import cleaning, ditto, header, planning, words, workbook
from ..tools.errors import ImportFileError
from ..tools.fields import PROPERTY_PREFIX, header_key

# a list up to this many rows is read, and one up to this many imported, in the
# request itself, so that the person sees the result at once
DIRECT_READ_ROWS = 2000
# bigger files are not even opened in the request: parsing alone takes seconds
DIRECT_READ_BYTES = 1024 * 1024
SAMPLES = 3
MOST_SHEETS = 20
LONGEST_SAMPLE = 30


class Planner(NamedTuple):
    """What deciding needs besides the rows; shaping: see words.SHAPING."""

    mapping: dict[int, str]
    cleaners: cleaning.Cleaners
    lookups: cleaning.Lookups
    makers: planning.KeyMakers
    shaping: dict[tuple[str, str], str]
    seen: planning.Seen


class CrmCustomerImport(models.Model):
    """Reading the file into rows with decisions."""

    _inherit = "crm.customer.import"

    # ------------------------------------------------------------
    # PHASE
    # ------------------------------------------------------------

    def _start_reading(self):
        self._drop_rows()
        self._enter("reading", error_code=False, error_params=False)
        content = self._file_content()
        if len(content) > DIRECT_READ_BYTES:
            self._wake_worker()
        else:
            self._run_direct(DIRECT_READ_ROWS)

    def _plan_again(self):
        """Decide anew for the rows read, after a column or choice changed."""
        # sudo: rows are written by the model; the right to change inputs was checked
        record = self.sudo()
        record.env.flush_all()
        record.env.cr.execute(
            "UPDATE crm_customer_import_line SET is_planned = false"
            " WHERE import_id IN %s",
            [tuple(record.ids)],
        )
        record.env.invalidate_all()
        record._enter("reading")
        record._run_direct(DIRECT_READ_ROWS)

    def _iter_reading(self) -> Iterator[int]:
        """Do the phase in batches; yields the rows handled after each.

        Goes on where a former run stopped. A file that cannot be read ends in
        state error.
        """
        try:
            table, titles = self._open()
            planner = self._planner()
            yield from self._iter_staging(table, titles, planner)
        except ImportFileError as error:
            self._fail(error.code, error.params)
            return
        yield from self._iter_planning(planner)
        self._finish_reading()

    def _finish_reading(self):
        if not self.row_count:
            self._fail("no_rows", {})
            return
        WordList(self).sync()
        self._enter("preview")

    def _file_content(self) -> bytes:
        return base64.b64decode(self.with_context(bin_size=False).data_file or b"")

    # ------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------

    def _open(self) -> tuple[workbook.Table, header.Header]:
        """Open the file and find its titles; the first time, store the columns.

        :raises ImportFileError: the file as a whole cannot be read
        """
        content = self._file_content()
        names = workbook.sheet_names(content)
        self.sheet_names = names
        table, head, titles = self._find_list(content, names)
        if table.sheet != (self.sheet or ""):
            self.sheet = table.sheet
        if not self.column_ids:
            self._store_columns(titles, head)
        return table, titles

    def _find_list(self, content: bytes, names: list[str]):
        """Open the chosen sheet; none chosen: the first that looks like a list.

        :raises ImportFileError: of the first sheet, when none does
        """
        chosen = [self.sheet] if self.sheet in names else names[:MOST_SHEETS]
        errors = []
        for name in chosen or [None]:
            try:
                table = workbook.open_table(content, name)
                head = table.head()
                return table, head, header.find_header(head)
            except ImportFileError as error:
                errors.append(error)
        raise errors[0]

    def _store_columns(self, titles: header.Header, head: list[workbook.Row]):
        signature = header.signature(titles.labels)
        Mapping = self.env["crm.customer.import.mapping"]
        remembered = Mapping._recall(self.company_id, signature)
        matches = header.match_headers(
            titles.labels, {**self._property_titles(), **remembered}
        )
        rows = [row for row in head if row.number > titles.row_number]
        allowed = dict(self.env["crm.customer.import.column"]._selection_target())
        self.write(
            {
                "header_row": titles.row_number,
                "header_labels": list(titles.labels),
                "signature": signature,
            }
        )
        self.env["crm.customer.import.column"].create(
            [self._column_vals(match, rows, allowed) for match in matches]
        )

    def _property_titles(self) -> dict[str, str]:
        """Titles that are the label of a custom field mean that field."""
        return {
            header_key(label): PROPERTY_PREFIX + label
            for label in CustomFields(self.env).by_label()
        }

    def _column_vals(self, match: header.ColumnMatch, rows, allowed) -> dict:
        cells = (row.cells[match.index] for row in rows if match.index < len(row.cells))
        samples = list(islice(filter(None, cells), SAMPLES))
        return {
            "import_id": self.id,
            "index": match.index,
            "header": match.header,
            "samples": " · ".join(text[:LONGEST_SAMPLE] for text in samples),
            "target": match.field if match.field in allowed else False,
            "confidence": self._confidence(match),
        }

    def _confidence(self, match: header.ColumnMatch) -> str:
        if not match.field:
            return "none"
        return "sure" if match.confidence >= 0.9 else "likely"

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    def _iter_staging(self, table, titles, planner) -> Iterator[int]:
        """Copy the rows of the file, those not there yet, into decided lines."""
        if self.is_staged:
            return
        Line = self.env["crm.customer.import.line"]
        last = self._last_row_number()
        read = header.data_rows(table, titles)
        filled = ditto.filled(read, ditto.columns(planner.mapping))
        rows = (row for row in filled if row.number > last)
        for batch in split_every(BATCH_ROWS, rows, list):
            planned = self._plan_rows(batch, [""] * len(batch), planner)
            Line.create(
                [
                    vals | self._source_vals(row)
                    for row, vals in zip(batch, planned, strict=True)
                ]
            )
            self.env.flush_all()
            Line.invalidate_model()  # or the memory grows with the file
            yield len(batch)
        self.is_staged = True

    def _source_vals(self, row: workbook.Row) -> dict:
        return {
            "import_id": self.id,
            "row_number": row.number,
            "source_values": list(row.cells),
            "cell_problems": [list(problem) for problem in row.problems] or False,
        }

    def _last_row_number(self) -> int:
        groups = self.env["crm.customer.import.line"]._read_group(
            [("import_id", "=", self.id)], [], ["row_number:max"]
        )
        return groups[0][0] or 0

    def _iter_planning(self, planner) -> Iterator[int]:
        """Decide for the lines not decided yet, in the order of the file."""
        Line = self.env["crm.customer.import.line"]
        domain = [("import_id", "=", self.id), ("is_planned", "=", False)]
        while lines := Line.search(domain, order="row_number", limit=BATCH_ROWS):
            rows = [line._source_row() for line in lines]
            forced = [line.decision if line.is_forced else "" for line in lines]
            planned = self._plan_rows(rows, forced, planner)
            for line, vals in zip(lines, planned, strict=True):
                line.write(vals)
            lines.flush_recordset()
            lines.invalidate_recordset()  # or the memory grows with the file
            yield len(lines)

    # ------------------------------------------------------------
    # DECISIONS
    # ------------------------------------------------------------

    def _planner(self) -> Planner:
        """What every batch needs and no row changes, fetched once a run."""
        return Planner(
            mapping={c.index: c.target for c in self.column_ids if c.target},
            cleaners=cleaners(self._country_code()),
            lookups=Choices(self).lookups(),
            makers=key_makers(self._country_code()),
            shaping=WordList(self).shaping(),
            seen=self._rebuild_seen(),
        )

    def _rebuild_seen(self) -> planning.Seen:
        """What the rows decided before a crash had claimed."""
        seen = planning.Seen()
        Line = self.env["crm.customer.import.line"]
        domain = [("import_id", "=", self.id), ("is_planned", "=", True)]
        for line in Line.search(domain, order="row_number"):
            seen.claim(line._as_planned(), line._row_keys())
        Line.invalidate_model()
        return seen

    def _plan_rows(self, rows, forced: list[str], planner: Planner) -> list[dict]:
        """Clean rows and decide; returns the values of their lines, in order."""
        cleaned = [
            cleaning.clean_row(row, planner.mapping, planner.cleaners, planner.lookups)
            for row in rows
        ]
        keys = [self._keys_of(clean, planner) for clean in cleaned]
        inputs = [
            planning.PlanInput(row.number, key, tuple(clean.problems), choice)
            for row, key, clean, choice in zip(rows, keys, cleaned, forced, strict=True)
        ]
        existing = KnownCustomers(self, self._importer_env()).by_key(
            {k for key in keys for k in key.search_keys()}
        )
        planned = planning.plan_rows(
            inputs, existing, self.duplicate_policy, planner.seen
        )
        Line = self.env["crm.customer.import.line"]
        return [
            Line._plan_vals(clean, key, plan)
            for clean, key, plan in zip(cleaned, keys, planned, strict=True)
        ]

    def _keys_of(self, clean: cleaning.CleanRow, planner: Planner) -> planning.RowKeys:
        settled = words.settle(clean.values, clean.words, planner.shaping)
        parts = cleaning.split_parts(settled.values, planner.lookups.lang)
        return planning.keys_of(parts, planner.makers)

    def _plan_contacts(self, lines):
        """What becomes of the contacts of rows a person sent in."""
        for batch in split_every(BATCH_ROWS, lines.ids, lines.browse):
            keys = {line: line._row_keys() for line in batch}
            wanted = {text for key in keys.values() for text in key.search_keys()}
            existing = KnownCustomers(self, self._importer_env()).by_key(wanted)
            for line, key in keys.items():
                row = planning.PlanInput(line.row_number, key, (), line.decision)
                (plan,) = planning.plan_rows(
                    [row], existing, self.duplicate_policy, planning.Seen()
                )
                if plan.match_id in (None, line.partner_id.id):
                    line.contact_action = plan.contact or False
                    line.contact_id = plan.contact_id or False
