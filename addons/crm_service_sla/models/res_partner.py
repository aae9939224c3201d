from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        # a promise may depend on the customer's level
        if "customer_level_id" in vals:
            tickets = self.env["crm.service.ticket"]
            family = Domain("partner_id", "child_of", self.ids)
            tickets._sla_recheck(tickets._sla_open() & family)
        return result
