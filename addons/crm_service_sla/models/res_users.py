from datetime import datetime

import pytz

from odoo import models

from ..tools.clock import opening, working_time
from .resource_calendar import HORIZONS


class ResUsers(models.Model):
    _inherit = "res.users"

    def _sla_next_working_moment(self, now: datetime) -> datetime:
        """When the person works next: now, or at the beginning of the next shift.

        The person's own working time and leaves count, else the company's. Who never
        works is told at once.

        :param now: naive UTC
        """
        self.ensure_one()
        resource = self.resource_ids.filtered(
            lambda one: one.company_id == self.company_id
        )[:1]
        calendar = resource.calendar_id or self.company_id.resource_calendar_id
        if not calendar or calendar.flexible_hours:
            return now
        for horizon in HORIZONS[:2]:
            begin = pytz.utc.localize(now)
            found = calendar._work_intervals_batch(begin, begin + horizon, resource)
            moment = opening(
                working_time(
                    (calendar._sla_moment(start), calendar._sla_moment(end))
                    for start, end, _attendances in found[resource.id]
                ),
                now,
            )
            if moment:
                return moment
        return now
