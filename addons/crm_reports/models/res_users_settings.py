from odoo import fields, models


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    crm_dashboard_filters = fields.Json(
        help="The dashboard a person opened last, and its period, team and person."
    )
