from odoo import api, fields, models

AGENTS = "crm_customer_center.group_service_agent"


class CrmServiceTicket(models.Model):
    """What suppliers are asked about a ticket; see ``crm.service.inquiry``."""

    _inherit = "crm.service.ticket"

    inquiry_ids = fields.One2many(
        "crm.service.inquiry", "ticket_id", "Questions to Suppliers", groups=AGENTS
    )
    supplier_state = fields.Selection(
        [("waiting", "Waiting for Supplier"), ("answered", "Supplier Answered")],
        "Supplier",
        compute="_compute_supplier_state",
        groups=AGENTS,
        help="Waiting while one of the questions is open. The clock goes on.",
    )

    @api.depends("inquiry_ids.state")
    def _compute_supplier_state(self):
        for ticket in self:
            states = set(ticket.inquiry_ids.mapped("state"))
            order = ("waiting", "answered")
            ticket.supplier_state = next((s for s in order if s in states), False)
