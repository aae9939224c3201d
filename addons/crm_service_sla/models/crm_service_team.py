from odoo import models


class CrmServiceTeam(models.Model):
    _inherit = "crm.service.team"

    def _sla_leader(self):
        """Who leads the team, if somebody does."""
        return self.user_id.filtered("active")
