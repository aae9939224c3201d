from odoo import models


class CrmServiceTeam(models.Model):
    """Another leader sees the team's desk."""

    _inherit = "crm.service.team"

    def write(self, vals):
        before = self.user_id if "user_id" in vals else self.user_id.browse()
        result = super().write(vals)
        if "user_id" in vals:
            (before | self.user_id)._rejoin_desks()
        return result
