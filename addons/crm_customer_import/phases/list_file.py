import base64
from itertools import islice

from ..tools import header, workbook
from ..tools.errors import ImportFileError
from ..tools.fields import PROPERTY_PREFIX, header_key
from .custom_fields import CustomFields

SAMPLES = 3
MOST_SHEETS = 20
LONGEST_SAMPLE = 30


class ListFile:
    """The uploaded file: which of its sheets holds the list, and its columns.

    :param record: the import, as the system
    """

    def __init__(self, record):
        self.record = record
        self.env = record.env

    def content(self) -> bytes:
        record = self.record.with_context(bin_size=False)
        return base64.b64decode(record.data_file or b"")

    def open(self) -> tuple[workbook.Table, header.Header]:
        """Open the file and find its titles; the first time, store the columns.

        :raises ImportFileError: the file as a whole cannot be read
        """
        content = self.content()
        names = workbook.sheet_names(content)
        self.record.sheet_names = names
        table, head, titles = self._find_list(content, names)
        if table.sheet != (self.record.sheet or ""):
            self.record.sheet = table.sheet
        if not self.record.column_ids:
            self._store_columns(titles, head)
        return table, titles

    def _find_list(self, content: bytes, names: list[str]):
        """Open the chosen sheet; none chosen: the first that looks like a list.

        :raises ImportFileError: of the first sheet, when none does
        """
        sheet = self.record.sheet
        chosen = [sheet] if sheet in names else names[:MOST_SHEETS]
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
        remembered = Mapping._recall(self.record.company_id, signature)
        matches = header.match_headers(
            titles.labels, {**self._custom_titles(), **remembered}
        )
        rows = [row for row in head if row.number > titles.row_number]
        Column = self.env["crm.customer.import.column"]
        allowed = dict(Column._selection_target())
        self.record.write(
            {
                "header_row": titles.row_number,
                "header_labels": list(titles.labels),
                "signature": signature,
            }
        )
        Column.create([self._column_vals(match, rows, allowed) for match in matches])

    def _custom_titles(self) -> dict[str, str]:
        """Titles that are the label of a custom field mean that field."""
        return {
            header_key(label): PROPERTY_PREFIX + label
            for label in CustomFields(self.env).by_label()
        }

    def _column_vals(self, match: header.ColumnMatch, rows, allowed) -> dict:
        cells = (row.cells[match.index] for row in rows if match.index < len(row.cells))
        samples = list(islice(filter(None, cells), SAMPLES))
        return {
            "import_id": self.record.id,
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
