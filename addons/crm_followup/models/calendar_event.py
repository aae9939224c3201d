from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

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
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(self._held_meetings_domain()))
        while number := self._record_held_batch():
            if not cron._commit_progress(number):
                break

    @api.model
    def _record_held_batch(self) -> int:
        """Record one batch; return how many meetings it had."""
        events = self.search(
            self._held_meetings_domain(), order="stop, id", limit=BATCH
        )
        self.env["crm.followup"]._record_meetings(events)
        events.with_context(dont_notify=True).write({"followup_recorded": True})
        return len(events)
