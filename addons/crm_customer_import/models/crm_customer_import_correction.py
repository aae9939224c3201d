from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_suite_base.calls import shaped

from ..phases.correcting import Correcting
from ..tools.fields import label_of
from ..tools.sheets_out import RefusedRow
from .cell_panel import CellPanel
from .messages import problem_message

# as much as a cell of a spreadsheet holds
LONGEST_CELL = 32_767


class CrmCustomerImportLine(models.Model):
    """Cells put right in the preview; what the file had in them is kept beside."""

    _inherit = "crm.customer.import.line"

    # column -> what a person wrote there instead of the file
    corrections = fields.Json(readonly=True)
    # {column, code, value, text} of each cell with a problem, see tools/wrong_cells.py
    wrong_cells = fields.Json(readonly=True)
    wrong_count = fields.Integer(
        readonly=True, aggregator=None, string="Number of Wrong Cells"
    )
    is_corrected = fields.Boolean(readonly=True)
    import_state = fields.Selection(related="import_id.state", string="Step")
    chosen_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The customer that a person chose for this row.",
    )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    @shaped
    def get_wrong_cells(self, import_id: int) -> dict:
        """Return the cells to put right in the preview of an import, and those that
        were, each text of a column once with its number of rows.

        :param import_id: the import
        """
        record = self.env["crm.customer.import"].browse(import_id)
        record.check_access("read")
        return CellPanel(record).content()

    @shaped
    def action_correct(self, column: int, text: str, everywhere: bool = False):
        """Write into a cell of these rows what it should have said, and check again.

        :param column: position of the column, from 0
        :param text: the whole cell
        :param everywhere: also in all rows that are wrong for the same text there
        :raises UserError: not in the preview, or no such column
        """
        lines = self._to_correct(column)
        if everywhere:
            lines |= lines._with_same_cell(column)
        for line in lines:
            kept = dict(line.corrections or {})
            kept[str(column)] = text[:LONGEST_CELL].strip()
            line._keep_corrections(kept)
        return lines._decide_again()

    @shaped
    def action_restore(self, column: int, everywhere: bool = False):
        """Let a cell of these rows say again what the file says.

        :param column: position of the column, from 0
        :param everywhere: also in all rows where the same text was put right the same
        """
        lines = self._to_correct(column)
        if everywhere:
            lines |= lines._with_same_correction(column)
        for line in lines:
            kept = dict(line.corrections or {})
            kept.pop(str(column), None)
            line._keep_corrections(kept)
        return lines._decide_again()

    @shaped
    def action_skip_cell(self, column: int):
        """Leave out these rows, and all that are wrong for the same text there."""
        lines = self._to_correct(column)
        lines |= lines._with_same_cell(column)
        return lines.with_env(self.env).action_decide("skip")

    # ------------------------------------------------------------
    # CELLS
    # ------------------------------------------------------------

    def _to_correct(self, column: int):
        """These rows, as the system, once rights and step were asked for."""
        self.check_access("write")
        self.import_id._begin(("preview",))
        self.import_id.ensure_one()
        if column not in self.import_id.column_ids.mapped("index"):
            raise UserError(self.env._("The list has no such column."))
        # sudo: cells and decisions of rows that the person may change, just checked
        return self.sudo()

    def _keep_corrections(self, kept: dict[str, str]):
        """A cell that says what the file says is not corrected."""
        cells = self.source_values or []
        kept = {
            column: text
            for column, text in kept.items()
            if text != (cells[int(column)] if int(column) < len(cells) else "")
        }
        self.write({"corrections": kept or False, "is_corrected": bool(kept)})

    def _corrected_cells(self) -> dict[int, str]:
        return {int(at): text for at, text in (self.corrections or {}).items()}

    @api.model
    def _wrong_vals(self, cells) -> dict:
        """Values that store the wrong cells of a row."""
        stored = [cell._asdict() for cell in cells]
        return {"wrong_cells": stored or False, "wrong_count": len(stored)}

    def _refused_row(self) -> RefusedRow:
        """The row for the workbook of refused ones: as it stands, with what is wrong
        in each cell."""
        labels = {c.index: label_of(c.target, self.env.lang or "en_US")
                  for c in self.import_id.column_ids if c.target}  # fmt: skip
        wrong = {}
        for cell in self.wrong_cells or ():
            sentence = problem_message(self.env, cell["code"], cell["value"])
            label = labels.get(cell["column"])
            wrong[cell["column"]] = f"{label}: {sentence}" if label else sentence
        return RefusedRow(self._source_row().cells, self.reason, wrong)

    def _with_same_cell(self, column: int):
        """Rows of the import that are wrong in the column for the same text. An empty
        cell is not the same as another empty one."""
        texts = {
            cell["text"]
            for line in self
            for cell in line.wrong_cells or ()
            if cell["column"] == column and cell["text"]
        }
        return self._refused().filtered(
            lambda line: any(
                cell["column"] == column and cell["text"] in texts
                for cell in line.wrong_cells or ()
            )
        )

    def _refused(self):
        """Rows of the import that wait for a cell to be put right."""
        return self.search(
            [
                ("import_id", "=", self.import_id.id),
                ("decision", "=", "refuse"),
                ("wrong_count", ">", 0),
            ]
        )

    def _with_same_correction(self, column: int):
        """Rows of the import where the same text was put right in the same way."""
        ways = {line._way(column) for line in self}
        corrected = self.search(
            [("import_id", "=", self.import_id.id), ("is_corrected", "=", True)]
        )
        return corrected.filtered(lambda line: line._way(column) in ways)

    def _way(self, column: int) -> tuple[str, str | None]:
        cells = self.source_values or []
        source = cells[column] if column < len(cells) else ""
        return source, self._corrected_cells().get(column)

    # ------------------------------------------------------------
    # DECIDING
    # ------------------------------------------------------------

    def _decide_again(self) -> bool:
        """Decide anew on these rows and what is compared with them; the whole list
        where that is nearly all of it."""
        # what a person decided about a wrong row does not hold for the right one
        self.filtered(lambda line: line.decision == "refuse").is_forced = False
        record = self.import_id
        if not Correcting(record).plan(self):
            record._plan_again()
        return True

    def _choose_customer(self, customer_id: int | bool) -> bool:
        """A person says which stored customer these rows are; nothing: as it was.

        :raises AccessError: the person may not change the customer
        """
        customer = self.env["res.partner"].browse(customer_id or ())
        customer.check_access("write")
        for record, own in self.grouped("import_id").items():
            record._begin(("preview",))
            # sudo: decisions of rows that the person may change, just checked
            lines = own.sudo()
            lines.chosen_id = customer.commercial_partner_id.id
            lines.is_forced = bool(customer)
            if customer:
                lines.decision = "update"
            if not Correcting(lines.import_id).plan(lines):
                record._plan_again()
        return True
