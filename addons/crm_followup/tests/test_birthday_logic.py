from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_followup.tools.birthday import (
    birth_days,
    celebrated_from,
    celebrated_in,
)


@tagged("post_install", "-at_install")
class TestBirthdayLogic(BaseCase):
    """# F3: when a birthday comes round."""

    def test_a_leap_day_is_kept_on_the_28th_of_other_years(self):
        """# F3"""
        born = date(1988, 2, 29)
        self.assertEqual(celebrated_in(born, 2026), date(2026, 2, 28))
        self.assertEqual(celebrated_in(born, 2028), date(2028, 2, 29))

    def test_who_was_born_on_a_leap_day_is_found_on_the_day_it_is_kept(self):
        """# F3: with the 28th where there is no 29th, else with the 29th alone."""
        for first, expected in (
            (date(2026, 2, 27), [(2, 27), (2, 28), (2, 29)]),
            (date(2028, 2, 27), [(2, 27), (2, 28)]),
            (date(2028, 2, 28), [(2, 28), (2, 29)]),
            (date(2028, 2, 29), [(2, 29), (3, 1)]),
            (date(2026, 4, 28), [(4, 28), (4, 29)]),
            (date(2026, 4, 30), [(4, 30), (5, 1)]),
        ):
            with self.subTest(first=first):
                self.assertEqual(birth_days(first, 2), expected)

    def test_over_the_end_of_the_year(self):
        """# F3"""
        self.assertEqual(
            celebrated_from(date(1980, 1, 2), date(2026, 12, 30)), date(2027, 1, 2)
        )
        self.assertEqual(birth_days(date(2026, 12, 31), 2), [(12, 31), (1, 1)])

    def test_a_birthday_today_is_the_next_one(self):
        """# F3: not that of the year to come."""
        today = date(2026, 3, 4)
        self.assertEqual(celebrated_from(date(1980, 3, 4), today), today)
        self.assertEqual(celebrated_from(date(1980, 3, 3), today), date(2027, 3, 3))

    @given(
        st.dates(date(1900, 1, 1), date(2020, 1, 1)),
        st.dates(date(2021, 1, 1), date(2090, 1, 1)),
        st.integers(1, 20),
    )
    def test_the_days_of_a_span_are_those_of_who_celebrates_in_it(
        self, born, first, days
    ):
        """# F3: the search finds exactly whose birthday then falls into the span."""
        found = (born.month, born.day) in birth_days(first, days)
        self.assertEqual(found, (celebrated_from(born, first) - first).days < days)
