from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_portal_scope = fields.Selection(
        related="company_id.service_portal_scope", readonly=False
    )
    service_form_active = fields.Boolean(
        related="company_id.service_form_active", readonly=False
    )
    service_form_team_id = fields.Many2one(
        related="company_id.service_form_team_id", readonly=False
    )
    service_form_limit_address = fields.Integer(
        related="company_id.service_form_limit_address", readonly=False
    )
    service_form_limit_contact = fields.Integer(
        related="company_id.service_form_limit_contact", readonly=False
    )
