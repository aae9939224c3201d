from collections.abc import Iterator

from odoo.tools import split_every

from ..tools import ditto, header, planning, workbook
from ..tools.errors import ImportFileError
from .deciding import Planner
from .list_file import ListFile
from .phase import BATCH_ROWS, Phase
from .word_list import WordList

# bigger files are not even opened in the request: parsing alone takes seconds
DIRECT_BYTES = 1024 * 1024


class Reading(Phase):
    """Reading the file into rows with decisions.

    Twice through the rows at most: a row is decided on as it is copied, and again when
    a column or a choice changed since.
    """

    state = "reading"
    direct_rows = 2000
    blames_file = True

    def __init__(self, record):
        super().__init__(record)
        self.file = ListFile(self.record)

    def prepare(self):
        self.record._drop_rows()

    def is_long(self) -> bool:
        return len(self.file.content()) > DIRECT_BYTES

    def batches(self) -> Iterator[int]:
        """A file that cannot be read ends in state error."""
        try:
            table, titles = self.file.open()
            planner = Planner(self.record, self.known)
            yield from self._staged(table, titles, planner)
        except ImportFileError as error:
            self.record._fail(error.code, error.params)
            return
        yield from self._planned(planner)
        if not self.record.row_count:
            self.record._fail("no_rows", {})
            return
        WordList(self.record).sync()
        self.record._enter("preview")

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    def _staged(self, table, titles, planner) -> Iterator[int]:
        """Copy the rows of the file, those not there yet, into decided lines."""
        if self.record.is_staged:
            return
        last = self._last_row_number()
        read = header.data_rows(table, titles)
        filled = ditto.filled(read, ditto.columns(planner.mapping))
        rows = (row for row in filled if row.number > last)
        for batch in split_every(BATCH_ROWS, rows, list):
            planned = planner.plan(batch, [""] * len(batch))
            self.lines.create(
                [
                    vals | self._source_vals(row)
                    for row, vals in zip(batch, planned, strict=True)
                ]
            )
            self.system.flush_all()
            self.lines.invalidate_model()  # or the memory grows with the file
            yield len(batch)
        self.record.is_staged = True

    def _source_vals(self, row: workbook.Row) -> dict:
        return {
            "import_id": self.record.id,
            "row_number": row.number,
            "source_values": list(row.cells),
            "cell_problems": [list(problem) for problem in row.problems] or False,
        }

    def _last_row_number(self) -> int:
        own = [("import_id", "=", self.record.id)]
        return self.lines._read_group(own, [], ["row_number:max"])[0][0] or 0

    def _planned(self, planner) -> Iterator[int]:
        """Decide for the lines not decided yet, in the order of the file."""
        for lines in self._worked_off([("is_planned", "=", False)], "row_number"):
            for line, vals in zip(lines, planner.plan_lines(lines), strict=True):
                line.write(vals)
            lines.flush_recordset()
            lines.invalidate_recordset()  # or the memory grows with the file
            yield len(lines)

    # ------------------------------------------------------------
    # DECISIONS
    # ------------------------------------------------------------

    def forget_decisions(self):
        """Every row read is to be decided on anew. SQL: any number by one statement."""
        self.system.flush_all()
        self.system.cr.execute(
            "UPDATE crm_customer_import_line SET is_planned = false"
            " WHERE import_id = %s",
            [self.record.id],
        )
        self.system.invalidate_all()

    def plan_contacts(self, lines):
        """What becomes of the contacts of rows a person sent in."""
        for batch in split_every(BATCH_ROWS, lines.ids, self.lines.browse):
            keys = {line: line._row_keys() for line in batch}
            wanted = {text for key in keys.values() for text in key.search_keys()}
            existing = self.known.by_key(wanted)
            for line, key in keys.items():
                row = planning.PlanInput(line.row_number, key, (), line.decision)
                (plan,) = planning.plan_rows(
                    [row], existing, self.record.duplicate_policy, planning.Seen()
                )
                if plan.match_id in (None, line.partner_id.id):
                    line.contact_action = plan.contact or False
                    line.contact_id = plan.contact_id or False
