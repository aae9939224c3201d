from odoo import api, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    @api.model
    def _cron_assign_leads(self, force_quota=False, creation_delta_days=7):
        """Odoo's daily run stands back while the rules find owners."""
        if self.env["crm.lead"]._assigned_by_rules():
            return True
        return super()._cron_assign_leads(force_quota, creation_delta_days)
