from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_setup import SetupStep


class CrmSetup(models.AbstractModel):
    _inherit = "crm.setup"

    @api.model
    def _setup_steps(self):
        return [
            *super()._setup_steps(),
            SetupStep(
                key="pool",
                title=self.env._("Rules of the pool"),
                why=self.env._(
                    "Customers nobody works on come back for others after the "
                    "days you say; nothing comes back while no rule is in use."
                ),
                button=self.env._("Open the rules"),
                icon="fa-life-ring",
                action="crm_customer_pool.action_pool_rule",
                model="crm.pool.rule",
                done=lambda: self._is_any("crm.pool.rule", [("state", "=", "ok")]),
                sequence=100,
            ),
        ]
