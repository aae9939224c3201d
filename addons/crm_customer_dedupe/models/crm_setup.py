from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_setup import SetupStep


class CrmSetup(models.AbstractModel):
    _inherit = "crm.setup"

    @api.model
    def _setup_steps(self):
        return [
            *super()._setup_steps(),
            SetupStep(
                key="duplicates",
                title=self.env._("Customers that are there twice"),
                why=self.env._(
                    "Decide pairs that look alike before people begin to work "
                    "with both."
                ),
                button=self.env._("Look through the duplicates"),
                icon="fa-clone",
                action="crm_customer_dedupe.action_pair_review",
                model="res.partner",
                done=self._are_pairs_decided,
                sequence=90,
            ),
        ]

    def _are_pairs_decided(self) -> bool:
        """Somebody has decided some, and none waits."""
        waiting = self._is_any("crm.customer.pair", [("state", "=", "open")])
        return not waiting and self._is_any(
            "crm.customer.pair", [("state", "!=", "open")]
        )
