from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_setup import SetupStep


class CrmSetup(models.AbstractModel):
    _inherit = "crm.setup"

    @api.model
    def _setup_steps(self):
        return [
            *super()._setup_steps(),
            SetupStep(
                key="stages",
                title=self.env._("What a deal needs to enter a stage"),
                why=self.env._(
                    "Fields and checks at a stage keep the pipeline honest, and "
                    "with it the forecast."
                ),
                button=self.env._("Open the stages"),
                icon="fa-columns",
                action="crm.crm_stage_action",
                model="crm.stage",
                done=self._have_stages_requirements,
                sequence=120,
            ),
            SetupStep(
                key="assignment",
                title=self.env._("Who gets new leads"),
                why=self.env._(
                    "A lead that nobody has waits; rules give it at once to a "
                    "person or a team."
                ),
                button=self.env._("Open the rules"),
                icon="fa-random",
                action="crm_sales_process.action_lead_assignment_rule",
                model="crm.lead.assignment.rule",
                done=lambda: self._is_any(
                    "crm.lead.assignment.rule", [("state", "=", "ok")]
                ),
                sequence=130,
            ),
        ]

    def _have_stages_requirements(self) -> bool:
        asking = [
            "|",
            ("required_field_ids", "!=", False),
            ("requirement_ids", "!=", False),
        ]
        return self._is_any("crm.stage", asking)
