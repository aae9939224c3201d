from odoo import api, models
from odoo.tools import email_normalize


class CrmServiceTicket(models.Model):
    """Who wrote, and what of it is new: each mail as the ticket's team reads it."""

    _inherit = "crm.service.ticket"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        ticket = super().message_new(msg_dict, custom_values)
        ticket._name_author(msg_dict)
        return ticket

    def message_update(self, msg_dict, update_vals=None):
        for ticket in self:
            ticket._name_author(msg_dict)
        return super().message_update(msg_dict, update_vals)

    def _name_author(self, msg_dict):
        """An address may be known in several companies; in a ticket it is its customer,
        not whom the company of the mail gateway knows."""
        address = email_normalize(msg_dict.get("email_from"))
        if address and address == self.partner_id.email_normalized:
            msg_dict["author_id"] = self.partner_id.id
