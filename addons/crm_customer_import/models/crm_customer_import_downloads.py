import base64
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import sampling, sheets_out
from ..tools.fields import REASON_HEADERS
from .template_workbook import TemplateWorkbook

SAMPLE_SIZE = 20


class CrmCustomerImport(models.Model):
    """Workbooks to download and the sample of rows to look over."""

    _inherit = "crm.customer.import"

    refused_file = fields.Binary(
        compute="_compute_refused_file",
        string="Refused Rows",
        help="The refused rows as in the file, with the reason in the first column; "
        "correct them and import the workbook again.",
    )
    refused_file_name = fields.Char(compute="_compute_refused_file_name")
    sample_line_ids = fields.One2many(
        "crm.customer.import.line",
        "import_id",
        domain=[("is_sampled", "=", True)],
        string="Sample",
    )

    # ------------------------------------------------------------
    # REFUSED ROWS
    # ------------------------------------------------------------

    @api.depends("line_ids.decision")
    @api.depends_context("lang")
    def _compute_refused_file(self):
        for record in self:
            content = record._refused_workbook() if record.refuse_count else b""
            record.refused_file = base64.b64encode(content)

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_refused_file_name(self):
        for record in self:
            record.refused_file_name = self.env._(
                "%(name)s - refused rows.xlsx", name=record.name or ""
            )

    def _refused_workbook(self) -> bytes:
        is_chinese = (self.env.lang or "").startswith("zh")
        return sheets_out.refused_workbook(
            self.header_labels or (),
            (
                line._refused_row()
                for line in self.env["crm.customer.import.line"].search(
                    [("import_id", "=", self.id), ("decision", "=", "refuse")],
                    order="row_number",
                )
            ),
            REASON_HEADERS[1 if is_chinese else 0],
            self.env._("Refused rows"),
        )

    def action_download_refused(self):
        """Download the refused rows as a workbook, ready to correct.

        :return: the address of the workbook; over RPC read ``refused_file``
        :raises UserError: no row was refused
        """
        self.ensure_one()
        if not self.refuse_count:
            raise UserError(self.env._("No row of this list was refused."))
        return self._download("refused_file", "refused_file_name", self.id)

    def _download(self, field: str, name_field: str, record_id: int):
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{self._name}/{record_id}/{field}"
            f"?filename_field={name_field}&download=true",
        }

    # ------------------------------------------------------------
    # TEMPLATE
    # ------------------------------------------------------------

    template_file = fields.Binary(compute="_compute_template_file")
    template_file_name = fields.Char(compute="_compute_template_file")

    @api.depends_context("lang", "uid")
    def _compute_template_file(self):
        content = base64.b64encode(TemplateWorkbook(self.env).content())
        for record in self:
            record.template_file = content
            record.template_file_name = self.env._("Customer list.xlsx")

    @api.model
    def action_download_template(self):
        """Download an empty workbook with every column, choices and explanations."""
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": "/crm_customer_import/template",
        }

    # ------------------------------------------------------------
    # SAMPLE
    # ------------------------------------------------------------

    def action_sample(self, size: int = SAMPLE_SIZE):
        """Draw ``size`` random rows and show source beside result.

        :return: the action that lists them; a new draw every time
        """
        self.ensure_one()
        self.check_access("read")
        Line = self.env["crm.customer.import.line"]
        ids = Line.search([("import_id", "=", self.id)]).ids
        drawn = sampling.sample_ids(ids, size, uuid4().hex)
        # sudo: a mark on rows the person may read, which no write right guards
        lines = Line.sudo()
        lines.browse(self.sample_line_ids.ids).write({"is_sampled": False})
        lines.browse(drawn).write({"is_sampled": True})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_import.action_customer_import_sample"
        )
        action["domain"] = [("import_id", "=", self.id), ("is_sampled", "=", True)]
        action["context"] = {"sample_import_id": self.id}
        return action
