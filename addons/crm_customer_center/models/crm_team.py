from odoo import api, models

RULE_FIELDS = {"user_id", "active", "crm_team_member_ids", "member_ids"}


class CrmTeam(models.Model):
    _inherit = "crm.team"

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        # the ids of led teams and their members stand in cached rule domains
        self.env.registry.clear_cache()
        return teams

    def write(self, vals):
        result = super().write(vals)
        if RULE_FIELDS & vals.keys():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        # its members go by cascade in the database
        self.env.registry.clear_cache()
        return result
