import base64
from datetime import date, datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import china, day_sheet
from ..tools.public_days import (
    ADD,
    CHANGE,
    ELSEWHERE,
    IN_HOLIDAY,
    REFUSED,
    REMOVE,
    Change,
    Changes,
    PublicDay,
    Span,
    There,
    changes,
)
from .crm_service_holiday_preview import digest
from .resource_calendar_makeup_day import WEEKDAYS

#: In which month the next year is announced.
ANNOUNCED = 11
#: Of so many rows of a sheet it is said why they are refused.
TOLD = 15
COLOURS = {ADD: "success", CHANGE: "warning", REMOVE: "danger", REFUSED: "secondary"}
HOLIDAY, MAKEUP = "resource.calendar.leaves", "resource.calendar.makeup.day"


class CrmServiceHolidayYear(models.TransientModel):
    """China's public holidays and make-up days of a year, put into a calendar.

    From the library's list of the State Council's announcements, or from a sheet. The
    arithmetic is in ``tools/public_days.py``.
    """

    _name = "crm.service.holiday.year"
    _description = "Public Holidays of a Year"
    _inherit = "crm.service.holiday.place"

    year = fields.Integer(required=True, default=lambda self: self._default_year())
    source = fields.Selection(
        [("list", "State Council's announcement"), ("sheet", "A sheet")],
        "From",
        required=True,
        default="list",
    )
    sheet = fields.Binary(attachment=False)
    sheet_name = fields.Char()
    works_like = fields.Selection(
        WEEKDAYS,
        "Make-up Days Are Worked Like",
        required=True,
        default="0",
    )

    @api.model
    def _default_year(self) -> int:
        """The next year once it is announced, and known."""
        today = self.env.company._today()
        following = today.year + 1
        is_next = today.month >= ANNOUNCED and following in china.known_years()
        return following if is_next else today.year

    @api.model
    def default_get(self, fields):
        """Opened from the menu it shows at once what would change."""
        values = super().default_get(fields)
        if "preview" not in fields:
            return values
        draft = self.new({"source": "list", "works_like": "0", **values})
        return {**values, **draft._look()}

    @api.onchange("company_id", "calendar_id", "year", "source", "sheet", "works_like")
    def _onchange_list(self):
        self._forget()

    # ------------------------------------------------------------
    # THE LIST
    # ------------------------------------------------------------

    def _listed(self) -> list[PublicDay]:
        """The days of the year's list.

        :raise UserError: when there is none, or not all of it can be read
        """
        if self.source == "list":
            return self._announced()
        if not self.sheet:
            raise UserError(
                self.env._(
                    "Choose a sheet (.xlsx or .csv) with the columns date, name, and "
                    "whether the day is worked (上班 or 休息, yes or no)."
                )
            )
        try:
            rows = day_sheet.rows_of(base64.b64decode(self.sheet))
        except day_sheet.SheetRefused as refused:
            raise UserError(self._sheet_words(refused.why)) from refused
        days, refusals = day_sheet.days_of(rows, self.year)
        if refusals:
            words = [self._refusal_words(one) for one in refusals[:TOLD]]
            if len(refusals) > TOLD:
                words.append(self.env._("… and %s more.", len(refusals) - TOLD))
            raise UserError("\n".join(words))
        return days

    def _announced(self) -> list[PublicDay]:
        in_chinese = (self.env.lang or "").startswith("zh")
        days = china.days_of(self.year, in_chinese)
        if not days:
            known = china.known_years()
            raise UserError(
                self.env._(
                    "The holidays of %(year)s are not known yet (known: %(first)s to "
                    "%(last)s). The State Council publishes them in November of the "
                    "year before; the list then comes with the next version of the "
                    "library “chinesecalendar”. If you have the announcement, choose "
                    "“A sheet”.",
                    year=self.year,
                    first=known[0],
                    last=known[-1],
                )
            )
        return days

    @api.model
    def _sheet_words(self, why: str) -> str:
        return {
            day_sheet.NO_SHEET: self.env._(
                "This file cannot be read as a sheet. Save it as .xlsx or .csv."
            ),
            day_sheet.TOO_LARGE: self.env._(
                "This is far more than the days of a year. Give a sheet with at most "
                "%s rows.",
                day_sheet.ROWS,
            ),
        }[why]

    def _refusal_words(self, refusal: day_sheet.Refusal) -> str:
        row, text = refusal.row, refusal.text
        return {
            day_sheet.EMPTY: self.env._(
                "The sheet names no holiday and no make-up day."
            ),
            day_sheet.NO_DATE: self.env._(
                "Row %(row)s: “%(text)s” is no date. Write it like 2027-01-01.",
                row=row,
                text=text,
            ),
            day_sheet.OTHER_YEAR: self.env._(
                "Row %(row)s: %(text)s is not in %(year)s.",
                row=row,
                text=text,
                year=self.year,
            ),
            day_sheet.TWICE: self.env._(
                "Row %(row)s: %(text)s stands above already.", row=row, text=text
            ),
            day_sheet.NO_NAME: self.env._(
                "Row %(row)s: %(text)s has no name. Say which holiday it is for.",
                row=row,
                text=text,
            ),
            day_sheet.NO_KIND: self.env._(
                "Row %(row)s: “%(text)s” does not say whether the day is worked. "
                "Write 上班 or 休息, yes or no.",
                row=row,
                text=text,
            ),
        }[refusal.why]

    # ------------------------------------------------------------
    # THE CALENDAR
    # ------------------------------------------------------------

    def _there_domain(self) -> list:
        domain = [("company_id", "=", self.company_id.id)]
        if self.calendar_id:
            domain.append(("calendar_id", "in", [self.calendar_id.id, False]))
        return domain

    def _level(self, record) -> str:
        if record.calendar_id == self.calendar_id:
            return "own"
        return "wider" if self.calendar_id else "narrower"

    def _holidays_there(self) -> list[There]:
        """The public holidays from the December before to the January after."""
        found = self.env[HOLIDAY].search(
            [
                *self._there_domain(),
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("date_from", "<", datetime(self.year + 1, 2, 1)),
                ("date_to", ">", datetime(self.year - 1, 12, 1)),
            ]
        )
        return [self._holiday_there(one) for one in found]

    def _holiday_there(self, leave) -> There:
        zone = self._zone()
        begin, end = (
            pytz.utc.localize(moment).astimezone(zone)
            for moment in (leave.date_from, leave.date_to)
        )
        # 23:59 as people type it is the end of a day, and so is 00:00 of the next
        last = end - timedelta(seconds=1)
        return There(
            leave.id,
            Span(begin.date(), last.date(), leave.name or ""),
            self._level(leave),
            leave.list_year,
            begin.time() == time.min and last.time() >= time(23, 58),
        )

    def _makeups_there(self) -> list[There]:
        found = self.env[MAKEUP].search(
            [
                *self._there_domain(),
                ("date", ">=", date(self.year, 1, 1)),
                ("date", "<=", date(self.year, 12, 31)),
            ]
        )
        return [
            There(
                one.id,
                Span(one.date, one.date, one.name),
                self._level(one),
                one.list_year,
            )
            for one in found
        ]

    # ------------------------------------------------------------
    # THE CHANGE
    # ------------------------------------------------------------

    def _changes(self) -> Changes:
        return changes(
            self._listed(), self._holidays_there(), self._makeups_there(), self.year
        )

    def _advice(self):
        try:
            self._listed()
        except UserError as error:
            return str(error)
        return ""

    def _is_idle(self):
        return not self._changes()

    def _fingerprint(self):
        if advice := self._advice():
            return digest(advice)
        asked = self.company_id.id, self.calendar_id.id, self.year, self.works_like
        return digest(repr((asked, self._changes())))

    def _apply(self):
        found = self._changes()
        holidays, makeups = self._quietly(HOLIDAY), self._quietly(MAKEUP)
        makeups.browse(self._keys(found.makeups, REMOVE)).unlink()
        holidays.browse(self._keys(found.holidays, REMOVE)).unlink()
        for one in found.holidays:
            if one.verb == CHANGE:
                holidays.browse(one.old.key).write(self._holiday_values(one.new))
        holidays.with_company(self.company_id).create(
            [
                {
                    **self._holiday_values(one.new),
                    "company_id": self.company_id.id,
                    "calendar_id": self.calendar_id.id,
                    "resource_id": False,
                }
                for one in found.holidays
                if one.verb == ADD
            ]
        )
        makeups.create(
            [self._makeup_values(one.new) for one in found.makeups if one.verb == ADD]
        )

    @staticmethod
    def _keys(found: list[Change], verb: str) -> list[int]:
        return [one.old.key for one in found if one.old and one.verb == verb]

    def _holiday_values(self, span: Span) -> dict:
        return {
            "name": span.name,
            "date_from": self._utc(span.first, time.min),
            "date_to": self._utc(span.last, time.max),
            "list_year": self.year,
        }

    def _makeup_values(self, span: Span) -> dict:
        return {
            "name": span.name,
            "date": span.first,
            "company_id": self.company_id.id,
            "calendar_id": self.calendar_id.id,
            "works_like": self.works_like,
            "list_year": self.year,
        }

    # ------------------------------------------------------------
    # IN WORDS
    # ------------------------------------------------------------

    def _rows(self):
        found = self._changes()
        rows = [
            (one.new or one.old.span, self._row(one, self._kind_words(kind)))
            for kind, own in ((HOLIDAY, found.holidays), (MAKEUP, found.makeups))
            for one in own
        ]
        return [row for _span, row in sorted(rows, key=lambda pair: pair[0])]

    @api.model
    def _kind_words(self, kind: str) -> str:
        if kind == HOLIDAY:
            return self.env._("Day off")
        return self.env._("Worked")

    def _row(self, change: Change, kind: str) -> dict:
        span = change.new or change.old.span
        return {
            "colour": COLOURS[change.verb],
            "verb": self._verb(change.verb),
            "kind": kind,
            "what": span.name,
            "when": self._days(span),
            "was": self._days(change.old.span) if change.verb == CHANGE else "",
            "note": self._why(change),
        }

    @api.model
    def _verb(self, verb: str) -> str:
        return {
            ADD: self.env._("New"),
            CHANGE: self.env._("Changed"),
            REMOVE: self.env._("Removed"),
            REFUSED: self.env._("Left out"),
        }[verb]

    @api.model
    def _why(self, change: Change) -> str:
        if change.why == IN_HOLIDAY:
            return self.env._(
                "It is within the holiday “%s”, which wins. Shorten that one if the "
                "day is worked.",
                change.old.span.name,
            )
        if change.why == ELSEWHERE:
            return self.env._(
                "One calendar has this make-up day of its own. Remove it there to have "
                "it for all."
            )
        return ""
