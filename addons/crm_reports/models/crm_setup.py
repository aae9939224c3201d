from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_setup import SetupStep


class CrmSetup(models.AbstractModel):
    _inherit = "crm.setup"

    @api.model
    def _setup_steps(self):
        return [
            *super()._setup_steps(),
            SetupStep(
                key="targets",
                title=self.env._("Sales targets of this year"),
                why=self.env._(
                    "With targets the dashboards say how far each person and "
                    "team is, and where the year will end."
                ),
                button=self.env._("Set the targets"),
                icon="fa-bullseye",
                action="crm_reports.action_sales_target_grid",
                model="crm.sales.target",
                done=self._are_targets_set,
                sequence=190,
            ),
        ]

    def _are_targets_set(self) -> bool:
        year = self.env.company._today().replace(month=1, day=1)
        return self._is_any("crm.sales.target", [("month", ">=", year)])
