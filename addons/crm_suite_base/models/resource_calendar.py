from datetime import date, datetime, time, timedelta

import pytz

from odoo import models


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            # see res.company._zone
            self.env.registry.clear_cache()
        return result

    def _working_days(self, first: date, last: date) -> frozenset[date] | None:
        """Return the days with working time, public holidays taken out and make-up
        days put in, from ``first`` to ``last``.

        :return: ``None`` of an empty calendar: all days are worked
        """
        if not self:
            return None
        self.ensure_one()
        zone = pytz.timezone(self.tz or "UTC")
        begin = zone.localize(datetime.combine(first, time.min))
        end = zone.localize(datetime.combine(last + timedelta(days=1), time.min))
        found = self._work_intervals_batch(begin, end, tz=zone)[False]
        return frozenset(start.date() for start, stop, _source in found if stop > start)

    def _leave_intervals_batch(
        self, start_dt, end_dt, resources=None, domain=None, tz=None
    ):
        """Of the holidays for all calendars of a company, only those of this
        calendar's. Record rules see to it for a person, and nobody for the system."""
        if self.company_id:
            if domain is None:
                domain = [("time_type", "=", "leave")]
            domain = [
                *domain,
                "|",
                ("calendar_id", "!=", False),
                ("company_id", "in", [*self.company_id.ids, False]),
            ]
        return super()._leave_intervals_batch(
            start_dt, end_dt, resources=resources, domain=domain, tz=tz
        )
