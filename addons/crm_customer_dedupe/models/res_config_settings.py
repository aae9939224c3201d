from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    conflict_query_limit = fields.Integer(
        related="company_id.conflict_query_limit", readonly=False
    )
    conflict_query_months = fields.Integer(
        related="company_id.conflict_query_months", readonly=False
    )
