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
