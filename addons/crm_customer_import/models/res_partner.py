from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_import_line_ids = fields.One2many(
        "crm.customer.import.line",
        "partner_id",
        string="Import Rows",
        help="Rows of imported lists that created or changed this customer.",
    )
