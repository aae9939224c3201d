from odoo import api, fields, models
from odoo.tools import SQL


class CrmServiceTicketReport(models.Model):
    """Service figures know when each ticket is due."""

    _inherit = "crm.service.ticket.report"

    sla_deadline = fields.Datetime(
        "Due",
        readonly=True,
        help="The deadline that comes first; empty while the clock is paused.",
    )

    @api.model
    def _select(self) -> SQL:
        return SQL("%s, ticket.sla_deadline", super()._select())
