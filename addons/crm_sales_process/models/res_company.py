from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    is_closing_reason_required = fields.Boolean(
        "Reason Required to Close a Deal",
        default=True,
        help="A deal cannot be won or lost without a reason.",
    )
