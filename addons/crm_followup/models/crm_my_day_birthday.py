from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.birthday import birth_days, celebrated_from
from .crm_my_day import AHEAD, LIMIT, MyDaySection

# a birthday at the weekend is still there on Monday
DAYS_BEFORE, DAYS_AFTER = 7, 2


class CrmMyDay(models.AbstractModel):
    """Birthdays of the people at one's own customers."""

    _inherit = "crm.my.day"

    @api.model
    def _my_day_sections(self):
        return [
            *super()._my_day_sections(),
            MyDaySection(
                "birthdays",
                self.env._("Birthdays"),
                "fa-birthday-cake",
                self._birthday_items,
                45,
                AHEAD,
            ),
        ]

    def _birthday_items(self) -> list[dict]:
        """Of the week to come and the last two days, until somebody spoke to the
        person on the day or later."""
        today = self.env.company._today()
        first = today - timedelta(days=DAYS_AFTER)
        people = self.env["res.partner"].search(
            self._birthday_domain(first, DAYS_AFTER + 1 + DAYS_BEFORE),
            limit=LIMIT + 1,
        )
        days = {person: celebrated_from(person.birthday, first) for person in people}
        spoken = self._last_spoken_to(people, first)
        return [
            self._prepare_birthday(person, days[person], today)
            for person in people.sorted(lambda p: (days[p], p.id))
            if person not in spoken or spoken[person] < days[person]
        ]

    def _birthday_domain(self, first, days: int) -> Domain:
        return (
            Domain("customer_owner_id", "=", self.env.uid)
            & Domain("birthday", "!=", False)
            & Domain.OR(
                Domain("birthday.month_number", "=", month)
                & Domain("birthday.day_of_month", "=", day)
                for month, day in birth_days(first, days)
            )
        )

    def _last_spoken_to(self, people, first) -> dict:
        """:return: {person: the last day of a follow-up on the person itself}"""
        return dict(
            self.env["crm.followup"]._read_group(
                [("partner_id", "in", people.ids), ("day", ">=", first)],
                ["partner_id"],
                ["day:max"],
            )
        )

    def _prepare_birthday(self, person, day, today) -> dict:
        return self._prepare_item(
            person,
            note=person.function or "",
            date=fields.Date.to_string(day),
            can_follow_up=day <= today,
            can_put_off=False,
        )
