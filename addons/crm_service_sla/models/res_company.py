from odoo import models
from odoo.fields import Domain


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        # policies that count in the working time of the company
        if "resource_calendar_id" in vals:
            tickets = self.env["crm.service.ticket"]
            own = Domain("company_id", "in", self.ids)
            tickets._sla_recheck(tickets._sla_open() & own)
        return result
