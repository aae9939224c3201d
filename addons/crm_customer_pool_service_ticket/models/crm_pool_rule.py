from odoo import fields, models


class CrmPoolRule(models.Model):
    """Whether open tickets keep a customer with its owner."""

    _inherit = "crm.pool.rule"

    tickets_protect = fields.Boolean(
        "Open Tickets Protect",
        default=True,
        help="A customer with a ticket that is not resolved yet stays with its owner.",
    )
