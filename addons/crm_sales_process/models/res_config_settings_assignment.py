from odoo import api, fields, models

from .crm_lead_assignment import ENABLED_PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    assignment_by_rules = fields.Boolean(
        "Assignment by Ordered Rules",
        config_parameter=ENABLED_PARAMETER,
        help="Leads that come without owner go to people at once, by the rules. "
        "Odoo's own daily assignment is off meanwhile.",
    )

    @api.onchange("assignment_by_rules")
    def _onchange_assignment_by_rules(self):
        if self.assignment_by_rules:
            self.crm_use_auto_assignment = False

    @api.onchange("crm_use_auto_assignment")
    def _onchange_crm_use_auto_assignment(self):
        if self.crm_use_auto_assignment:
            self.assignment_by_rules = False

    def set_values(self):
        if self.assignment_by_rules:
            # only one of the two may look for owners
            self.crm_use_auto_assignment = False
        return super().set_values()
