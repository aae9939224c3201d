from datetime import datetime, timedelta

import pytz

from odoo import fields, models
from odoo.tools.date_utils import float_to_time
from odoo.tools.intervals import Intervals

from odoo.addons.crm_suite_base.tools.token import Token

from ..tools.clock import ALWAYS, WorkingTime, working_time
from ..tools.makeup import Day, stretches

#: How far ahead deadlines are looked for, step by step. A calendar in which nothing
#: happens for so long has no working time.
HORIZONS = tuple(timedelta(days=days) for days in (45, 400, 1500))
WATCHED = {"tz", "attendance_ids", "global_leave_ids", "two_weeks_calendar"}
#: Several changes in a row: whoever makes them tells of all of them at the end.
TOLD_LATER = Token("sla_told_later")


class ResourceCalendar(models.Model):
    """Make-up working days, and working time as the clock wants it."""

    _inherit = "resource.calendar"

    makeup_day_ids = fields.One2many(
        "resource.calendar.makeup.day", "calendar_id", string="Make-up Days"
    )

    # ------------------------------------------------------------
    # MAKE-UP DAYS
    # ------------------------------------------------------------

    def _attendance_intervals_batch(
        self, start_dt, end_dt, resources=None, domain=None, tz=None, lunch=False
    ):
        """Add the make-up days, so that everything of Odoo's that plans or counts
        with a calendar knows them."""
        result = super()._attendance_intervals_batch(
            start_dt, end_dt, resources=resources, domain=domain, tz=tz, lunch=lunch
        )
        # a selection of attendances (``domain``) is about the week, not about days
        if domain or self.flexible_hours:
            return result
        days = self.env["resource.calendar.makeup.day"]._between(self, start_dt, end_dt)
        if not days:
            return result
        week = self._makeup_week(lunch)
        for resource in [*(resources or []), self.env["resource.resource"]]:
            zone = tz or pytz.timezone((resource or self).tz)
            extra = [
                (
                    max(start, start_dt.astimezone(zone)),
                    min(end, end_dt.astimezone(zone)),
                    hours,
                )
                for day in days
                for start, end, hours in self._makeup_intervals(day, week, zone, lunch)
            ]
            added = Intervals([one for one in extra if one[0] < one[1]])
            result[resource.id] = result[resource.id] | added
        return result

    def _makeup_week(self, lunch: bool) -> list[Day]:
        """What the calendar's weekdays look like; of two alternating weeks, the
        first."""
        lines = self.attendance_ids.filtered(
            lambda line: (
                not line.display_type
                and (line.day_period == "lunch") == lunch
                and (not self.two_weeks_calendar or line.week_type == "0")
            )
        )
        return [
            Day(int(line.dayofweek), (line.hour_from, line.hour_to), line)
            for line in lines
        ]

    def _makeup_intervals(self, day, week, zone, lunch: bool):
        """Yield ``(start, end, attendance)`` of a make-up day in a time zone."""
        own = day.works_like == "own"
        if own and lunch:
            return
        weekday = None if own else int(day.works_like)
        for part in stretches(weekday, (day.hour_from, day.hour_to), week):
            start, end = (
                zone.localize(datetime.combine(day.date, float_to_time(hour)))
                for hour in part.hours
            )
            yield start, end, part.payload or self._makeup_attendance(day)

    def _makeup_attendance(self, day):
        """What core reads of an attendance: how long it is."""
        hours = day.hour_to - day.hour_from
        return self.env["resource.calendar.attendance"].new(
            {
                "name": day.name,
                "hour_from": day.hour_from,
                "hour_to": day.hour_to,
                "duration_hours": hours,
                "duration_days": hours / (self.hours_per_day or 8.0),
            }
        )

    def _works_on_date(self, date):
        if super()._works_on_date(date):
            return True
        midnight = datetime.combine(date, datetime.min.time())
        days = self.env["resource.calendar.makeup.day"]._between(
            self, midnight, midnight
        )
        return date in days.mapped("date")

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_add_holiday(self):
        """Enter a public holiday, and see first which tickets it moves."""
        return self._add_day("holiday")

    def action_add_makeup_day(self):
        """Enter a make-up day, and see first which tickets it moves."""
        return self._add_day("makeup")

    def _add_day(self, kind: str):
        self.ensure_one()
        company = self.company_id or self.env.company
        return self.env["crm.service.holiday.add"]._open(
            kind=kind,
            calendar_id=self.id if self.company_id else False,
            company_id=company.id,
        )

    # ------------------------------------------------------------
    # THE CLOCK
    # ------------------------------------------------------------

    def _sla_working_time(self, start: datetime, end: datetime) -> WorkingTime:
        """Working time, holidays taken out and make-up days put in.

        An empty calendar, or one without fixed hours, is round the clock.

        :param start: naive UTC
        :param end: naive UTC
        """
        if not self or self.flexible_hours:
            return ALWAYS
        found = self._work_intervals_batch(
            pytz.utc.localize(start), pytz.utc.localize(end)
        )
        return working_time(
            (self._sla_moment(begin), self._sla_moment(stop))
            for begin, stop, _attendances in found[False]
        )

    @staticmethod
    def _sla_moment(aware: datetime) -> datetime:
        """Naive UTC, whole seconds; 24:00 is 23:59:59.999999 in Odoo."""
        moment = aware.astimezone(pytz.utc).replace(tzinfo=None)
        rounded = moment + timedelta(microseconds=500_000)
        return rounded.replace(microsecond=0)

    def _sla_changed(self):
        """Hook: the working time of these calendars has changed."""
        if self and not TOLD_LATER.is_on(self.env):
            self.env["crm.service.ticket"]._sla_recheck_calendars(self)

    def write(self, vals):
        result = super().write(vals)
        if WATCHED & vals.keys():
            self._sla_changed()
        return result
