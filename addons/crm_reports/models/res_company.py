from datetime import datetime

import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    report_snapshot_hour = fields.Integer(
        "Hour of the Snapshot",
        default=2,
        help="From this hour on, where the company is, the key figures of the day "
        "before are kept for trends.",
    )
    report_snapshot_date = fields.Date(
        "Last Snapshot", readonly=True, help="The last day whose figures are kept."
    )

    _snapshot_hour_check = models.Constraint(
        "CHECK (report_snapshot_hour BETWEEN 0 AND 23)",
        "The hour of the snapshot is between 0 and 23.",
    )

    def _report_tz(self) -> str:
        """The time zone whose days figures are counted in: that of the company's
        working hours, so that everybody reads the same figure."""
        self.ensure_one()
        # sudo: the time zone of the own company is no secret
        company = self.sudo()
        return company.resource_calendar_id.tz or company.partner_id.tz or "UTC"

    def _report_now(self) -> datetime:
        """The time of day where the company is, without zone."""
        zone = pytz.timezone(self._report_tz())
        return (
            pytz.utc.localize(fields.Datetime.now())
            .astimezone(zone)
            .replace(tzinfo=None)
        )

    def _report_today(self):
        """Today's date where the company is."""
        return self._report_now().date()
