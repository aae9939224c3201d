from odoo import models
from odoo.fields import Domain

from odoo.addons.crm_suite_base.tools.changes import follows


class ResPartner(models.Model):
    _inherit = "res.partner"

    @follows(80, "customer_level_id")
    def _promises_follow_level(self, _change):
        tickets = self.env["crm.service.ticket"]
        family = Domain("partner_id", "child_of", self.ids)
        tickets._sla_recheck(tickets._sla_open() & family)
