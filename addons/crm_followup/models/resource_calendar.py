from datetime import date, datetime, time, timedelta

import pytz

from odoo import api, models

from ..tools.schedule import Interval, elapsed_hours, working_dates


class ResourceCalendar(models.Model):
    """The company's working time as the functions in ``tools`` want it.

    Every method works on an empty calendar too: then all days and hours count.
    """

    _inherit = "resource.calendar"

    def _followup_intervals(self, start: datetime, end: datetime) -> list[Interval]:
        """Working time, public holidays taken out, between two naive UTC moments."""
        begin, stop = pytz.utc.localize(start), pytz.utc.localize(end)
        if not self:
            return [(begin, stop)]
        found = self._work_intervals_batch(begin, stop)[False]
        return [(begin, stop) for begin, stop, _attendances in found]

    def _followup_working_dates(self, start: date, days: int) -> frozenset | None:
        """Working days of the ``days`` days from ``start`` on; ``None``: all."""
        if not self:
            return None
        midnight = datetime.combine(start, time.min) - timedelta(days=1)
        return working_dates(
            self._followup_intervals(midnight, midnight + timedelta(days=days + 2))
        )

    def _followup_hours(self, start: datetime, end: datetime) -> float:
        """Working hours between two naive UTC moments."""
        if end <= start:
            return 0.0
        begin, stop = pytz.utc.localize(start), pytz.utc.localize(end)
        return elapsed_hours(self._followup_intervals(start, end), begin, stop)

    def _followup_is_open(self, moment: datetime) -> bool:
        """Whether people work at a naive UTC moment."""
        minute = timedelta(minutes=1)
        return self._followup_hours(moment, moment + minute) > 0

    def _followup_day_end(self, day: date) -> datetime:
        """The end of a day where the company works, as a naive UTC moment."""
        zone = pytz.timezone(self.tz or self.env.user.tz or "UTC")
        midnight = zone.localize(datetime.combine(day + timedelta(days=1), time.min))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _followup_calendar(self, company=None):
        """The working calendar of a company, by default of the current one."""
        # sudo: working time is no secret, and reps have no right to all calendars
        return (company or self.env.company).sudo().resource_calendar_id

    @api.model
    def _followup_users_on_leave(self, moment: datetime):
        """Users whose own time off, as Odoo's or a leave application's calendar has
        it, goes on at a naive UTC moment; one query."""
        # sudo: who is away is no secret to the ladder, why is not asked
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("resource_id.user_id", "!=", False),
                    ("time_type", "=", "leave"),
                    ("date_from", "<=", moment),
                    ("date_to", ">=", moment),
                ]
            )
        )
        return leaves.resource_id.user_id
