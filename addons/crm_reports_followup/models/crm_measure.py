from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_reports.models.crm_measure import Measure
from odoo.addons.crm_reports.tools.figures import COUNT, HOURS, PERCENT


class CrmMeasure(models.AbstractModel):
    """Figures of follow-up; the same definitions as in the follow-up analysis."""

    _inherit = "crm.measure"

    @api.model
    def _measure_list(self):
        return super()._measure_list() + [
            *self._followup_measures(),
            *self._planned_measures(),
        ]

    def _followup_measures(self) -> list[Measure]:
        common = {
            "grain": self.env._("A follow-up written"),
            "date_field": "date",
            "team_field": None,
            "action": "crm_followup.action_followup",
            "dimensions": (("method", "method"),),
        }
        return [
            Measure(
                "followups",
                self.env._("Follow-ups"),
                COUNT,
                "crm.followup",
                Domain.TRUE,
                self.env._(
                    "Follow-ups written, by the day of the contact and who made it."
                ),
                icon="fa-comments-o",
                **common,
            ),
            Measure(
                "response_hours",
                self.env._("Response to New Leads (h)"),
                HOURS,
                "crm.followup",
                Domain("is_first_contact", "=", True),
                self.env._(
                    "Average working hours from the arrival of a lead to its first "
                    "follow-up, by the day of that follow-up."
                ),
                aggregate="response_hours:avg",
                better=-1,
                icon="fa-bolt",
                **common,
            ),
        ]

    def _planned_measures(self) -> list[Measure]:
        today = fields.Date.to_string(self.env.company._today())
        overdue = Domain("state", "=", "open") & Domain("date_due", "<", today)
        common = {
            "grain": self.env._("A planned follow-up"),
            "team_field": None,
            "action": "crm_followup.action_followup_task",
        }
        return [
            Measure(
                "on_time",
                self.env._("Follow-ups on Time"),
                PERCENT,
                "crm.followup.task",
                Domain("state", "=", "done") | overdue,
                self.env._(
                    "Of the planned follow-ups due in the period that are done or "
                    "overdue, the share done on time."
                ),
                aggregate="share",
                numerator=Domain("on_time", "=", True),
                date_field="date_due",
                icon="fa-check-square-o",
                **common,
            ),
            Measure(
                "overdue",
                self.env._("Overdue Follow-ups"),
                COUNT,
                "crm.followup.task",
                overdue,
                self.env._(
                    "Planned follow-ups whose day has passed and that are not done."
                ),
                better=-1,
                icon="fa-exclamation-circle",
                **common,
            ),
        ]
