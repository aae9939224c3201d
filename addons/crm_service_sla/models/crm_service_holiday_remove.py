from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .crm_service_holiday_preview import digest


class CrmServiceHolidayRemove(models.TransientModel):
    """Holidays or make-up days taken out again, after a look at what that moves."""

    _name = "crm.service.holiday.remove"
    _description = "Remove Holidays"
    _inherit = "crm.service.holiday.preview"

    holiday_ids = fields.Many2many(
        "resource.calendar.leaves",
        "crm_service_holiday_remove_leave_rel",
        readonly=True,
        domain=[("resource_id", "=", False)],
    )
    makeup_ids = fields.Many2many(
        "resource.calendar.makeup.day",
        "crm_service_holiday_remove_makeup_rel",
        string="Make-up Days",
        readonly=True,
    )

    @api.model
    def _open(self, **gone):
        """Show at once what becomes of deadlines without these days."""
        record = self.create(
            {name: [Command.set(records.ids)] for name, records in gone.items()}
        )
        return record.action_preview()

    # ------------------------------------------------------------
    # THE CHANGE
    # ------------------------------------------------------------

    def _advice(self):
        if self._is_idle():
            return self.env._("This holiday is not there any more.")
        return ""

    def _is_idle(self):
        return not (self.holiday_ids or self.makeup_ids)

    def _fingerprint(self):
        holidays = [f"{one} {one.date_from} {one.date_to}" for one in self.holiday_ids]
        makeups = [
            f"{one} {one.date} {one.works_like} {one.hour_from} {one.hour_to}"
            for one in self.makeup_ids
        ]
        return digest(repr((sorted(holidays), sorted(makeups))))

    def _calendars(self):
        if self.holiday_ids.resource_id:
            raise UserError(self.env._("This is somebody's leave, no public holiday."))
        return self.holiday_ids._sla_calendars() | self.makeup_ids._calendars()

    def _apply(self):
        for records in (self.holiday_ids, self.makeup_ids):
            self._quietly(records._name).browse(records.ids).unlink()

    # ------------------------------------------------------------
    # IN WORDS
    # ------------------------------------------------------------

    def _rows(self):
        holidays = [
            self._row(self.env._("Day off"), one, self._span(one))
            for one in self.holiday_ids
        ]
        makeups = [
            self._row(
                self.env._("Worked"),
                one,
                self._worked(one.date, one.works_like, one.hour_from, one.hour_to),
            )
            for one in self.makeup_ids
        ]
        return holidays + makeups

    def _row(self, kind: str, record, when: str) -> dict:
        return {
            "colour": "danger",
            "verb": self.env._("Removed"),
            "kind": kind,
            "what": record.name or self.env._("without name"),
            "when": when,
            "was": "",
            "note": "",
        }

    def _span(self, holiday) -> str:
        return " – ".join(
            format_datetime(self.env, moment, dt_format="short")
            for moment in (holiday.date_from, holiday.date_to)
        )
