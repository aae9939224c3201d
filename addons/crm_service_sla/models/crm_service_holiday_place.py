from datetime import date, datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmServiceHolidayPlace(models.AbstractModel):
    """A change of holidays within one calendar, or within all of a company."""

    _name = "crm.service.holiday.place"
    _description = "Change of Holidays in a Calendar"
    _inherit = "crm.service.holiday.preview"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Time",
        domain="[('company_id', '=', company_id)]",
        help="Empty: all calendars of the company.",
    )

    @api.constrains("calendar_id", "company_id")
    def _check_calendar(self):
        for record in self.filtered("calendar_id"):
            if record.calendar_id.company_id != record.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(calendar)s” is no calendar of %(company)s.",
                        calendar=record.calendar_id.name,
                        company=record.company_id.name,
                    )
                )

    def _calendars(self):
        if self.calendar_id:
            return self.calendar_id
        companies = [self.company_id.id, False]
        return self.env["resource.calendar"].search([("company_id", "in", companies)])

    def _zone(self):
        calendar = self.calendar_id or self.company_id.resource_calendar_id
        return pytz.timezone(calendar.tz or "UTC")

    def _utc(self, day: date, hour: time) -> datetime:
        """A moment of the calendar's clock as it is stored."""
        local = self._zone().localize(datetime.combine(day, hour))
        return local.astimezone(pytz.utc).replace(tzinfo=None, microsecond=0)
