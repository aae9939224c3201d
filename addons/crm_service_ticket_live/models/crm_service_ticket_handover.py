from odoo import api, models


class CrmServiceTicketHandover(models.Model):
    """Who gets a ticket hears of it at once."""

    _inherit = "crm.service.ticket.handover"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env["crm.service.live"]._gather_handovers(rows)
        return rows
