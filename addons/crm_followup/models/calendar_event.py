from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_suite_base.models.crm_job import Step

BATCH = 200
# how far back a meeting is looked for: covers downtime, and does not turn years of
# calendar into follow-ups at installation
LOOK_BACK = timedelta(days=7)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    followup_recorded = fields.Boolean(
        readonly=True,
        copy=False,
        help="The meeting is over and was looked at for the history of customers.",
    )

    def write(self, vals):
        if vals.keys() & {"start", "stop"} and "followup_recorded" not in vals:
            # held again: the record of the first time stays the only one
            vals = {**vals, "followup_recorded": False}
        return super().write(vals)

    @api.model
    def _held_meetings_domain(self) -> Domain:
        now = fields.Datetime.now()
        return (
            Domain("stop", "<", now)
            & Domain("stop", ">=", now - LOOK_BACK)
            & Domain("followup_recorded", "!=", True)
        )

    @api.model
    def _cron_record_meetings(self):
        """Turn held meetings into follow-ups; a cancelled one is archived or gone."""
        if not self.env["crm.followup"]._setting("record_meeting"):
            return
        self.env["crm.job"]._work_off(
            Step(
                "crm_followup.meeting",
                self,
                self._held_meetings_domain(),
                lambda events: events._record_held(),
                order="stop, id",
                size=BATCH,
            )
        )

    def _record_held(self):
        self.env["crm.followup"]._record_meetings(self)
        self.with_context(dont_notify=True).write({"followup_recorded": True})
