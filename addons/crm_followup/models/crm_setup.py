from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_setup import SetupStep


class CrmSetup(models.AbstractModel):
    _inherit = "crm.setup"

    @api.model
    def _setup_steps(self):
        return [
            *super()._setup_steps(),
            SetupStep(
                key="followup",
                title=self.env._("Follow-up rules"),
                why=self.env._(
                    "Rules plan the next contact by level and stage, remind, "
                    "and tell the manager when it stays undone."
                ),
                button=self.env._("Open the rules"),
                icon="fa-phone",
                action="crm_followup.action_followup_rule",
                model="crm.followup.rule",
                done=lambda: self._is_any("crm.followup.rule", [("state", "=", "ok")]),
                sequence=140,
            ),
        ]
