from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_setup import SetupStep


class CrmSetup(models.AbstractModel):
    _inherit = "crm.setup"

    @api.model
    def _setup_steps(self):
        return [
            *super()._setup_steps(),
            SetupStep(
                key="sla",
                title=self.env._("SLA policies"),
                why=self.env._(
                    "Policies come along as drafts: say within which hours an "
                    "answer and a solution are due, then put one in use."
                ),
                button=self.env._("Open the policies"),
                icon="fa-clock-o",
                action="crm_service_sla.action_policy",
                model="crm.service.sla.policy",
                done=lambda: self._is_any(
                    "crm.service.sla.policy", [("state", "=", "ok")]
                ),
                sequence=170,
            ),
            SetupStep(
                key="holidays",
                title=self.env._("Public holidays of this year"),
                why=self.env._(
                    "The clock of a ticket stands still on days nobody works."
                ),
                button=self.env._("Put in the holidays"),
                icon="fa-calendar",
                action="crm_service_sla.action_holiday_year",
                model="crm.service.holiday.year",
                done=self._are_holidays_known,
                sequence=180,
            ),
        ]

    def _are_holidays_known(self) -> bool:
        year = self.env.company._today().replace(month=1, day=1)
        return self._is_any(
            "resource.calendar.leaves",
            [
                ("resource_id", "=", False),
                ("company_id", "in", (False, self.env.company.id)),
                ("date_to", ">=", year),
            ],
        )
