from odoo import fields, models

from .crm_team import MODE_PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    is_closing_reason_required = fields.Boolean(
        related="company_id.is_closing_reason_required", readonly=False
    )
    lead_probability_mode = fields.Selection(
        selection=lambda self: (
            self.env["crm.team"]._fields["probability_mode"].selection
        ),
        string="Probability of New Teams",
        default="fixed",
        config_parameter=MODE_PARAMETER,
        help="Of new sales teams, and of deals that have no team.",
    )
