import base64
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import sampling, sheets_out
from ..tools.fields import (
    FIELDS,
    IGNORE,
    REASON_HEADERS,
    label_of,
)

SAMPLE_SIZE = 20
LONGEST_CHOICE_LIST = 200


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
                (line.source_values or (), line.reason)
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
        content = base64.b64encode(self._template_workbook())
        for record in self:
            record.template_file = content
            record.template_file_name = self.env._("Customer list.xlsx")

    def _template_workbook(self) -> bytes:
        """The workbook to fill in, in the reader's language with today's choices."""
        texts = sheets_out.TemplateTexts(
            sheet=self.env._("Customers"),
            help_sheet=self.env._("How to fill in"),
            lists_sheet=self.env._("Lists"),
            column=self.env._("Column"),
            explanation=self.env._("What to write"),
            required=self.env._("required"),
            bad_choice=self.env._("Choose a value from the list."),
        )
        names = [name for name in FIELDS if name != IGNORE]
        return sheets_out.template_workbook(
            [self._template_column(name) for name in names], texts
        )

    def _template_column(self, name: str) -> sheets_out.TemplateColumn:
        field = FIELDS[name]
        return sheets_out.TemplateColumn(
            label=label_of(name, self.env.lang or "en_US"),
            help=self._template_help(field),
            choices=self._template_choices(field),
            required=field.target == "name",
        )

    def _template_help(self, field) -> str:
        helps = {
            "phone": self.env._("With area code, several separated by a comma."),
            "email": self.env._("Like name@company.com."),
            "credit_code": self.env._("The 18 characters of the business licence."),
            "id_number": self.env._("The 18 characters of the ID card."),
            "choice": self.env._(
                "One value of the list. Other words are decided on in the preview."
            ),
            "tags": self.env._("Several separated by a comma; new ones are created."),
            "date": self.env._("Like 2026-12-31."),
        }
        return helps.get(field.kind, "")

    def _template_choices(self, field) -> tuple[str, ...]:
        Partner = self.env["res.partner"]
        definition = Partner._fields.get(field.target)
        if field.kind != "choice" or definition is None:
            return ()
        if definition.type == "selection":
            return tuple(x for _k, x in definition._description_selection(self.env))
        if field.target == "user_id":
            return ()  # colleagues' names do not belong into a file that travels
        if field.target == "state_id":
            domain = [("country_id.code", "=", "CN")]
            return tuple(self.env["res.country.state"].search(domain).mapped("name"))
        records = self.env[definition.comodel_name].search([])[:LONGEST_CHOICE_LIST]
        return tuple(records.mapped("display_name"))

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

    def action_print_sample(self):
        """Print the sample drawn last as PDF; draws one when there is none."""
        self.ensure_one()
        if not self.sample_line_ids:
            self.action_sample()
        report = self.env.ref("crm_customer_import.action_report_import_sample")
        return report.report_action(self)
