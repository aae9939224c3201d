from datetime import date, datetime

import pytz

from odoo import fields, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    """The company's day: caps, deadlines, reminders and figures all turn over at the
    midnight of the company, not of the server, of a job's user or of a reader on the
    road. See docs/adr/0020-whose-day-it-is.md."""

    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if {"resource_calendar_id", "partner_id"} & vals.keys():
            self.env.registry.clear_cache()
        return result

    @ormcache("self.id")
    def _zone(self) -> str:
        """Return the name of the time zone the company works in: that of its working
        hours, else of its address, else UTC. Remembered, as lists ask it for each
        record; whoever writes one of the three empties the memory."""
        self.ensure_one()
        # sudo: the time zone of an own company is no secret
        company = self.sudo()
        return company.resource_calendar_id.tz or company.partner_id.tz or "UTC"

    def _local_now(self) -> datetime:
        """Return the time on the company's clock, without a zone."""
        return self._local(fields.Datetime.now())

    def _local(self, moment: datetime) -> datetime:
        """Return a moment as the company's clock shows it.

        :param moment: naive, UTC, as Odoo stores it
        :return: naive, in the company's zone
        """
        zone = pytz.timezone(self._zone())
        return pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)

    def _today(self) -> date:
        """Return the date where the company is.

        Jobs, caps, due dates and figures ask this; ``fields.Date.today()`` is UTC's
        day and ``context_today`` that of whoever happens to ask.
        """
        return self._local_now().date()
