from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_setup import SetupStep


class CrmSetup(models.AbstractModel):
    _inherit = "crm.setup"

    @api.model
    def _setup_steps(self):
        return [
            *super()._setup_steps(),
            SetupStep(
                key="import",
                title=self.env._("Your customer list"),
                why=self.env._(
                    "A list from Excel or your old system comes in with a "
                    "rehearsal first, and can be taken back."
                ),
                button=self.env._("Import customers"),
                icon="fa-upload",
                action="crm_customer_import.action_customer_import",
                model="crm.customer.import",
                done=lambda: self._is_any(
                    "crm.customer.import", [("state", "=", "done")]
                ),
                sequence=80,
            ),
        ]
