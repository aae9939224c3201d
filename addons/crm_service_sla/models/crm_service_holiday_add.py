from datetime import time

from odoo import api, fields, models
from odoo.tools.date_utils import float_to_time

from .crm_service_holiday_preview import digest
from .resource_calendar_makeup_day import WEEKDAYS

HOLIDAY, MAKEUP = "resource.calendar.leaves", "resource.calendar.makeup.day"


class CrmServiceHolidayAdd(models.TransientModel):
    """One holiday or make-up day entered by hand, after a look at what it moves."""

    _name = "crm.service.holiday.add"
    _description = "Add a Holiday"
    _inherit = "crm.service.holiday.place"

    kind = fields.Selection(
        [
            ("holiday", "Nobody works"),
            ("makeup", "Worked although it is a day of rest"),
        ],
        "The Day",
        required=True,
        default="holiday",
    )
    name = fields.Char("Holiday")
    first = fields.Date("From", default=lambda self: self.env.company._today())
    last = fields.Date("To", help="Empty: one day.")
    is_whole = fields.Boolean(
        "Whole Days", default=True, help="Or only some hours, as on Women's Day."
    )
    works_like = fields.Selection(
        [*WEEKDAYS, ("own", "Hours of its own")], required=True, default="0"
    )
    hour_from = fields.Float("From Hour", default=13.0)
    hour_to = fields.Float("To Hour", default=18.0)

    @api.onchange(
        *("company_id", "calendar_id", "kind", "name", "first", "last", "is_whole"),
        *("works_like", "hour_from", "hour_to"),
    )
    def _onchange_day(self):
        self._forget()

    @api.model
    def _open(self, **now):
        """Begin with an empty form, for a calendar or a kind."""
        return {
            **self._reopen(),
            "res_id": False,
            "context": {f"default_{name}": value for name, value in now.items()},
        }

    # ------------------------------------------------------------
    # THE CHANGE
    # ------------------------------------------------------------

    def _advice(self):
        if not (self.name or "").strip():
            return self.env._("Say what the holiday is called.")
        if not self.first:
            return self.env._("Say from when to when.")
        if self._last() < self.first:
            return self.env._("It ends before it begins.")
        if self._has_hours() and not 0 <= self.hour_from < self.hour_to <= 24:
            return self.env._(
                "Hours begin before they end, between 0:00 and 24:00 of a day."
            )
        return ""

    def _is_idle(self):
        return False

    def _last(self):
        return self.last if self.kind == "holiday" and self.last else self.first

    def _has_hours(self) -> bool:
        if self.kind == "holiday":
            return not self.is_whole
        return self.works_like == "own"

    def _values(self) -> dict:
        """The values of the new record."""
        values = {
            "name": self.name,
            "company_id": self.company_id.id,
            "calendar_id": self.calendar_id.id,
        }
        if self.kind == "makeup":
            values |= {"date": self.first, "works_like": self.works_like}
            if self._has_hours():
                values |= {"hour_from": self.hour_from, "hour_to": self.hour_to}
            return values
        begin, end = time.min, time.max
        if self._has_hours():
            begin, end = float_to_time(self.hour_from), float_to_time(self.hour_to)
        return {
            **values,
            "resource_id": False,
            "date_from": self._utc(self.first, begin),
            "date_to": self._utc(self._last(), end),
        }

    def _apply(self):
        model = MAKEUP if self.kind == "makeup" else HOLIDAY
        self._quietly(model).with_company(self.company_id).create(self._values())

    def _fingerprint(self):
        if advice := self._advice():
            return digest(advice)
        there = [f"{one} {one.write_date}" for found in self._there() for one in found]
        values = [f"{name} {value}" for name, value in self._values().items()]
        return digest(repr((self.kind, values, there)))

    def _there(self):
        """The holidays and the make-up days that these days have already."""
        place = [("company_id", "=", self.company_id.id)]
        if self.calendar_id:
            place.append(("calendar_id", "in", [self.calendar_id.id, False]))
        begin = self._utc(self.first, time.min)
        end = self._utc(self._last(), time.max)
        holidays = self.env[HOLIDAY].search(
            [
                *place,
                ("resource_id", "=", False),
                ("date_from", "<=", end),
                ("date_to", ">=", begin),
            ]
        )
        makeups = self.env[MAKEUP].search(
            [*place, ("date", ">=", self.first), ("date", "<=", self._last())]
        )
        return holidays, makeups

    # ------------------------------------------------------------
    # IN WORDS
    # ------------------------------------------------------------

    def _rows(self):
        is_holiday = self.kind == "holiday"
        return [
            {
                "colour": "success",
                "verb": self.env._("New"),
                "kind": self.env._("Day off") if is_holiday else self.env._("Worked"),
                "what": self.name,
                "when": self._when(),
                "was": "",
                "note": self._note() if is_holiday else "",
            }
        ]

    def _when(self) -> str:
        hours = (self.hour_from, self.hour_to)
        if self.kind == "makeup":
            return self._worked(self.first, self.works_like, *hours)
        when = self._days([self.first, self._last()])
        if self._has_hours():
            when += " " + "–".join(f"{float_to_time(hour):%H:%M}" for hour in hours)
        return when

    def _note(self) -> str:
        """What stands there already, and what becomes of it."""
        holidays, makeups = self._there()
        if makeups:
            return self.env._(
                "The make-up day “%s” is within it and is not worked any more.",
                makeups[0].name,
            )
        if holidays:
            return self.env._(
                "The holiday “%s” is there already on some of these days.",
                holidays[0].name or self.env._("without name"),
            )
        return ""
