from odoo import api, models


class CrmServiceTeamMember(models.Model):
    """Who comes to a team, or leaves it, sees another desk."""

    _inherit = "crm.service.team.member"

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members.user_id._rejoin_desks()
        return members

    def write(self, vals):
        before = self.user_id
        result = super().write(vals)
        if {"active", "team_id", "user_id"} & vals.keys():
            (before | self.user_id)._rejoin_desks()
        return result

    @api.ondelete(at_uninstall=False)
    def _leave_desk(self):
        self.user_id._rejoin_desks()
