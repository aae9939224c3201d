from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .crm_service_holiday_preview import digest
from .resource_calendar_makeup_day import WEEKDAYS


class CrmServiceHolidayMove(models.TransientModel):
    """One public holiday, or one make-up day, moved to other days."""

    _name = "crm.service.holiday.move"
    _description = "Move a Holiday"
    _inherit = "crm.service.holiday.preview"

    holiday_id = fields.Many2one(
        "resource.calendar.leaves",
        readonly=True,
        domain=[("resource_id", "=", False)],
    )
    makeup_id = fields.Many2one(
        "resource.calendar.makeup.day", "Make-up Day", readonly=True
    )
    date_from = fields.Datetime("From")
    date_to = fields.Datetime("To")
    date = fields.Date("To the Day")
    works_like = fields.Selection([*WEEKDAYS, ("own", "Hours of its own")])
    hour_from = fields.Float("From Hour")
    hour_to = fields.Float("To Hour")

    @api.model
    def _open(self, **now):
        """Begin with the days as they are."""
        return {
            **self._reopen(),
            "res_id": False,
            "context": {f"default_{name}": value for name, value in now.items()},
        }

    @api.onchange(
        *("date_from", "date_to", "date", "works_like", "hour_from", "hour_to"),
    )
    def _onchange_dates(self):
        self._forget()

    # ------------------------------------------------------------
    # THE CHANGE
    # ------------------------------------------------------------

    def _moved(self):
        """The record that is moved, and its new values."""
        if self.makeup_id:
            names = ("date", "works_like", "hour_from", "hour_to")
            return self.makeup_id, {name: self[name] for name in names}
        dates = {"date_from": self.date_from, "date_to": self.date_to}
        return self.holiday_id, dates

    def _advice(self):
        record, values = self._moved()
        if not record:
            return self.env._("This holiday is not there any more.")
        if not all(values[name] for name in values if not name.startswith("hour_")):
            return self.env._("Say from when to when.")
        is_own = bool(self.makeup_id) and self.works_like == "own"
        if is_own and not 0 <= self.hour_from < self.hour_to <= 24:
            return self.env._(
                "Hours begin before they end, between 0:00 and 24:00 of a day."
            )
        return ""

    def _is_idle(self):
        record, values = self._moved()
        return all(record[name] == value for name, value in values.items())

    def _fingerprint(self):
        record, values = self._moved()
        was = [record[name] for name in values]
        return digest(repr((record, was, list(values.values()))))

    def _calendars(self):
        if self.makeup_id:
            return self.makeup_id._calendars()
        if self.holiday_id.resource_id:
            raise UserError(self.env._("This is somebody's leave, no public holiday."))
        return self.holiday_id._sla_calendars()

    def _apply(self):
        record, values = self._moved()
        self._quietly(record._name).browse(record.id).write(values)

    def _rows(self):
        if self._is_idle():
            return []
        record, values = self._moved()
        return [
            {
                "colour": "warning",
                "verb": self.env._("Moved"),
                "kind": "",
                "what": record.name,
                "when": self._told(list(values.values())),
                "was": self._told([record[name] for name in values]),
                "note": "",
            }
        ]

    def _told(self, dates: list) -> str:
        if self.makeup_id:
            return self._worked(*dates)
        return " – ".join(
            format_datetime(self.env, moment, dt_format="short") for moment in dates
        )
