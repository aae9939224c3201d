from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.makeup import overlap

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class ResourceCalendarMakeupDay(models.Model):
    """A day on which people work although the week says they rest.

    In China a public holiday of several days is made up for on weekends (调休). A
    make-up day is worked like a weekday of the calendar, or at hours of its own.
    """

    _name = "resource.calendar.makeup.day"
    _description = "Make-up Working Day"
    _order = "date desc, hour_from, id"
    _rec_name = "name"

    name = fields.Char(
        required=True,
        default=lambda self: self.env._("Make-up day"),
        help="For which holiday, e.g. National Day.",
    )
    date = fields.Date(required=True, index=True)
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Time",
        index=True,
        ondelete="cascade",
        domain="[('company_id', 'in', [company_id, False])]",
        help="Empty: all calendars of the company.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    works_like = fields.Selection(
        [*WEEKDAYS, ("own", "Hours of its own")],
        required=True,
        default="0",
        help="Whose hours are worked: those of a weekday of the calendar, or own "
        "ones. For a day with a break, add a line for each part.",
    )
    hour_from = fields.Float("From", default=9.0)
    hour_to = fields.Float("To", default=18.0)
    list_year = fields.Integer(
        readonly=True,
        copy=False,
        help="From the list of this year; 0: entered by hand.",
    )

    _hours_check = models.Constraint(
        "CHECK (works_like <> 'own' OR"
        " (hour_from >= 0 AND hour_from < hour_to AND hour_to <= 24))",
        "A make-up day begins before it ends, between 0:00 and 24:00.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("calendar_id")
    def _compute_company_id(self):
        for day in self:
            day.company_id = (
                day.calendar_id.company_id or day.company_id or self.env.company
            )

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains("date", "calendar_id", "company_id", "works_like", "hour_from")
    def _check_not_twice(self):
        """Two days at once would count an hour twice, or leave it open which holds."""
        for day in self:
            same = self.search(day._same_day_domain())
            if len(same) < 2:
                continue
            own = same.filtered(lambda one: one.works_like == "own")
            if own != same or overlap([(one.hour_from, one.hour_to) for one in own]):
                raise ValidationError(
                    self.env._(
                        "%(date)s is a make-up day of this calendar already. Change "
                        "that one, or give both hours of their own that do not "
                        "overlap.",
                        date=fields.Date.to_string(day.date),
                    )
                )

    def _same_day_domain(self) -> Domain:
        self.ensure_one()
        domain = Domain("date", "=", self.date) & Domain(
            "company_id", "=", self.company_id.id
        )
        if self.calendar_id:
            domain &= Domain("calendar_id", "in", [self.calendar_id.id, False])
        return domain

    @api.constrains("date", "calendar_id", "company_id")
    def _check_no_holiday(self):
        """A holiday would win, and the day would be a day off without a word."""
        for day in self:
            holiday = self.env["resource.calendar.leaves"].search(
                day._holiday_domain(), limit=1
            )
            if holiday:
                raise ValidationError(
                    self.env._(
                        "%(date)s is within the holiday “%(holiday)s”. Shorten the "
                        "holiday first, then add the make-up day.",
                        date=fields.Date.to_string(day.date),
                        holiday=holiday.name or self.env._("without name"),
                    )
                )

    def _holiday_domain(self) -> Domain:
        self.ensure_one()
        zone = pytz.timezone(self.calendar_id.tz or self._company_zone())
        noon = datetime.combine(self.date, time(12))
        noon = zone.localize(noon).astimezone(pytz.utc).replace(tzinfo=None)
        domain = (
            Domain("resource_id", "=", False)
            & Domain("date_from", "<=", noon)
            & Domain("date_to", ">=", noon)
            & Domain("company_id", "=", self.company_id.id)
        )
        if self.calendar_id:
            domain &= Domain("calendar_id", "in", [self.calendar_id.id, False])
        return domain

    def _company_zone(self) -> str:
        return self.company_id.resource_calendar_id.tz or "UTC"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        days = super().create(vals_list)
        days._calendars()._sla_changed()
        return days

    def write(self, vals):
        before = self._calendars()
        result = super().write(vals)
        (before | self._calendars())._sla_changed()
        return result

    def unlink(self):
        calendars = self._calendars()
        result = super().unlink()
        calendars._sla_changed()
        return result

    def _calendars(self):
        """The calendars these days belong to."""
        everywhere = self.filtered(lambda day: not day.calendar_id).company_id
        found = self.calendar_id
        if everywhere:
            found |= found.search([("company_id", "in", [*everywhere.ids, False])])
        return found

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_move(self):
        """Move a make-up day, and see first which tickets it moves."""
        self.ensure_one()
        return self.env["crm.service.holiday.move"]._open(
            makeup_id=self.id,
            date=fields.Date.to_string(self.date),
            works_like=self.works_like,
            hour_from=self.hour_from,
            hour_to=self.hour_to,
        )

    def action_remove(self):
        """Take make-up days out, and see first which tickets that moves."""
        return self.env["crm.service.holiday.remove"]._open(makeup_ids=self)

    # ------------------------------------------------------------
    # WORKING TIME
    # ------------------------------------------------------------

    @api.model
    def _between(self, calendar, start: datetime, end: datetime):
        """The make-up days of a calendar around two moments, in any time zone."""
        day = timedelta(days=1)
        companies = calendar.company_id or self.env.companies
        # sudo: working time is no secret, and whoever plans with a calendar must not
        # get another answer than its owner
        return self.sudo().search(
            [
                ("date", ">=", (start - day).date()),
                ("date", "<=", (end + day).date()),
                "|",
                ("calendar_id", "=", calendar.id),
                "&",
                ("calendar_id", "=", False),
                ("company_id", "in", companies.ids),
            ]
        )
