from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_import_line_ids = fields.One2many(
        "crm.customer.import.line",
        "partner_id",
        string="Import Rows",
        help="Rows of imported lists that created or changed this customer.",
    )

    @api.model
    def _derived_references(self):
        """The journal of an import tells what it did and uses nobody."""
        return super()._derived_references() | {
            ("crm_customer_import_line", "partner_id"),
            ("crm_customer_import_line", "contact_id"),
        }
