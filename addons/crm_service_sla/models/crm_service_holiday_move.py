from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .crm_service_holiday_preview import digest


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

    @api.model
    def _open(self, **now):
        """Begin with the days as they are."""
        return {
            **self._reopen(),
            "res_id": False,
            "context": {f"default_{name}": value for name, value in now.items()},
        }

    @api.onchange("date_from", "date_to", "date")
    def _onchange_dates(self):
        self._forget()

    # ------------------------------------------------------------
    # THE CHANGE
    # ------------------------------------------------------------

    def _moved(self):
        """The record that is moved, and its new values."""
        if self.makeup_id:
            return self.makeup_id, {"date": self.date}
        dates = {"date_from": self.date_from, "date_to": self.date_to}
        return self.holiday_id, dates

    def _advice(self):
        record, values = self._moved()
        if not record:
            return self.env._("This holiday is not there any more.")
        if not all(values.values()):
            return self.env._("Say from when to when.")
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
            return self._days([dates[0], dates[0]])
        return " – ".join(
            format_datetime(self.env, moment, dt_format="short") for moment in dates
        )
