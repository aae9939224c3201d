from odoo import api, fields, models

UNOWNED_ACCESS_PARAMETER = "crm_customer_center.unowned_customer_access"


class ResUsers(models.Model):
    _inherit = "res.users"

    led_team_ids = fields.One2many("crm.team", "user_id", string="Led Teams")
    managed_user_ids = fields.Many2many(
        "res.users",
        string="Managed Users",
        compute="_compute_managed_user_ids",
        compute_sudo=True,
        help="The user and the members of the sales teams the user leads: "
        "the people whose customers and leads a team manager works with.",
    )
    unowned_customer_access = fields.Char(
        compute="_compute_unowned_customer_access",
        compute_sudo=True,
        help="What reps may do with customers nobody owns: none, read or write.",
    )

    @api.depends("led_team_ids.crm_team_member_ids.active")
    def _compute_managed_user_ids(self):
        for user in self:
            user.managed_user_ids = user | user.led_team_ids.crm_team_member_ids.user_id

    def _compute_unowned_customer_access(self):
        access = self.env["ir.config_parameter"].get_param(
            UNOWNED_ACCESS_PARAMETER, "write"
        )
        for user in self:
            user.unowned_customer_access = access
