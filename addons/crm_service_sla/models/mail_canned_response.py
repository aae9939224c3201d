from odoo import api, models


class MailCannedResponse(models.Model):
    _inherit = "mail.canned.response"

    @api.model
    def _promised_time(self, ticket):
        """The next deadline, in the customer's zone where it is known."""
        due = ticket.sla_deadline
        if not due:
            return super()._promised_time(ticket)
        return ticket._sla_local(due, ticket.partner_id.tz or None)
