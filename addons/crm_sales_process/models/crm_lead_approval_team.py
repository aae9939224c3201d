from odoo import fields, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    deputy_user_id = fields.Many2one(
        "res.users",
        "Deputy",
        domain="[('share', '=', False)]",
        index="btree_not_null",
        help="Approves opportunities when the team leader is away, or owns them.",
    )
