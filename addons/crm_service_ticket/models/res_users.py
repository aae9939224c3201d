from odoo import api, fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    service_member_ids = fields.One2many(
        "crm.service.team.member", "user_id", "Service Memberships"
    )
    led_service_team_ids = fields.One2many(
        "crm.service.team", "user_id", "Led Service Teams"
    )
    service_team_ids = fields.Many2many(
        "crm.service.team",
        string="Service Teams",
        compute="_compute_service_team_ids",
        compute_sudo=True,
        help="Teams the user is a member or the leader of; access rules use it.",
    )

    @api.depends(
        "service_member_ids.team_id",
        "service_member_ids.active",
        "led_service_team_ids",
    )
    def _compute_service_team_ids(self):
        for user in self:
            user.service_team_ids = (
                user.service_member_ids.team_id | user.led_service_team_ids
            )
