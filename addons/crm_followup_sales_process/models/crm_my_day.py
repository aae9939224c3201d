from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_followup.models.crm_my_day import AHEAD, LIMIT, MyDaySection

DAYS_AHEAD = 7


class CrmMyDay(models.AbstractModel):
    """Milestones to come. One that is due or late has an activity, which stands above
    with the buttons."""

    _inherit = "crm.my.day"

    @api.model
    def _my_day_sections(self):
        return [
            *super()._my_day_sections(),
            MyDaySection(
                "milestones",
                self.env._("Milestones This Week"),
                "fa-flag-checkered",
                self._milestone_items,
                42,
                AHEAD,
            ),
        ]

    def _milestone_domain(self) -> Domain:
        today = self.env.company._today()
        return (
            Domain("user_id", "=", self.env.uid)
            & Domain("done", "=", False)
            & Domain("date", ">", today)
            & Domain("date", "<=", today + timedelta(days=DAYS_AHEAD))
            & Domain("lead_id.active", "=", True)
            & Domain("lead_id.won_status", "=", "pending")
        )

    def _milestone_items(self) -> list[dict]:
        found = self.env["crm.lead.milestone"].search(
            self._milestone_domain(), limit=LIMIT + 1
        )
        return [
            self._prepare_item(
                milestone.lead_id,
                note=milestone.name,
                date=fields.Date.to_string(milestone.date),
                can_follow_up=False,
                key=milestone.id,
            )
            for milestone in found
        ]
