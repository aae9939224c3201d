from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import periods
from ..tools.periods import Period
from ..tools.schedule import next_run

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@tagged("post_install", "-at_install")
class TestPeriods(BaseCase):
    def test_periods_of_a_tuesday(self):
        """# A11"""
        for key, start, last in (
            ("today", TODAY, TODAY),
            ("yesterday", date(2026, 11, 23), date(2026, 11, 23)),
            ("this_week", date(2026, 11, 23), TODAY),
            ("last_week", date(2026, 11, 16), date(2026, 11, 22)),
            ("this_month", date(2026, 11, 1), TODAY),
            ("last_quarter", date(2026, 7, 1), date(2026, 9, 30)),
            ("last_year", date(2025, 1, 1), date(2025, 12, 31)),
            ("last_30", date(2026, 10, 26), TODAY),
        ):
            with self.subTest(key):
                found = periods.period(key, TODAY)
                self.assertEqual((found.start, found.last), (start, last))

    def test_a_custom_period_has_both_days(self):
        """# A11"""
        found = periods.period("custom", TODAY, date(2026, 1, 1), date(2026, 1, 1))
        self.assertEqual(found.days, 1)
        for key, days in (
            ("custom", (TODAY, date(2026, 1, 1))),
            ("custom", ()),
            ("nonsense", ()),
            ("this_30", ()),
            ("next_week", ()),
        ):
            with self.subTest(key), self.assertRaises(ValueError):
                periods.period(key, TODAY, *days)

    def test_what_lies_ahead_belongs_to_the_whole_of_a_running_period(self):
        """# A11: other periods stay as they are."""
        october = Period(date(2026, 10, 1), date(2026, 11, 1))
        part = Period(date(2026, 10, 5), date(2026, 10, 10))
        for key, chosen, expected in (
            ("this_month", part._replace(start=october.start), october),
            ("this_quarter", october, october._replace(end=date(2027, 1, 1))),
            ("last_month", part, part),
            ("last_30", part, part),
            ("custom", part, part),
        ):
            with self.subTest(key):
                self.assertEqual(periods.whole(key, chosen), expected)

    def test_a_whole_unit_compares_with_the_unit_before(self):
        """# A8: October with September, whatever their lengths; other periods with
        as many days directly before."""
        for key, before in (
            ("last_month", Period(date(2026, 9, 1), date(2026, 10, 1))),
            ("last_30", Period(date(2026, 9, 26), date(2026, 10, 26))),
            ("today", Period(date(2026, 11, 23), TODAY)),
        ):
            with self.subTest(key):
                chosen = periods.period(key, TODAY)
                self.assertEqual(periods.previous(key, chosen), before)

    def test_a_running_month_compares_with_as_many_days(self):
        """# A8: 1 to 24 November with 1 to 24 October."""
        chosen = periods.period("this_month", TODAY)
        before = periods.previous("this_month", chosen)
        self.assertEqual(before, Period(date(2026, 10, 1), date(2026, 10, 25)))

    def test_the_31st_does_not_compare_with_its_own_month(self):
        """# A8: February ends on its last day."""
        chosen = periods.period("this_month", date(2026, 3, 31))
        before = periods.previous("this_month", chosen)
        self.assertEqual(before, Period(date(2026, 2, 1), date(2026, 3, 1)))

    @given(st.sampled_from(periods.KEYS[:-1]), DAYS)
    def test_the_period_before_ends_before(self, key, today):
        """# A8"""
        chosen = periods.period(key, today)
        before = periods.previous(key, chosen)
        self.assertLessEqual(before.end, chosen.start)
        self.assertGreater(before.days, 0)
        self.assertGreaterEqual(periods.whole(key, chosen).end, chosen.end)

    @given(DAYS, st.integers(1, 800), st.sampled_from(["day", "week", "month"]))
    def test_steps_make_up_the_period(self, start, days, step):
        """# A11: no day twice, none forgotten."""
        chosen = Period(start, start + timedelta(days=days))
        cut = periods.steps(chosen, step)
        self.assertEqual(sum(one.days for one in cut), days)
        self.assertEqual((cut[0].start, cut[-1].end), chosen)
        for one, other in pairwise(cut):
            self.assertEqual(one.end, other.start)

    def test_steps_are_days_weeks_and_months_of_the_calendar(self):
        """# A11: from a Wednesday on; the first and the last may be parts."""
        start, day = date(2026, 9, 30), timedelta(days=1)
        for step, days, starts in (
            ("day", 3, [start, start + day, start + 2 * day]),
            ("week", 10, [start, date(2026, 10, 5)]),
            ("month", 40, [start, date(2026, 10, 1), date(2026, 11, 1)]),
        ):
            with self.subTest(step):
                cut = periods.steps(Period(start, start + days * day), step)
                self.assertEqual([one.start for one in cut], starts)

    def test_a_longer_period_has_longer_steps(self):
        """# A8: days for a month, weeks for half a year."""
        for days, step in (
            (31, "day"),
            (32, "week"),
            (186, "week"),
            (187, "month"),
        ):
            with self.subTest(days=days):
                chosen = Period(TODAY, TODAY + timedelta(days=days))
                self.assertEqual(periods.step_for(chosen), step)

    def test_curves_have_few_points(self):
        """# A8"""
        for days in (1, 31, 90, 365):
            chosen = Period(TODAY, TODAY + timedelta(days=days))
            self.assertLessEqual(
                len(periods.steps(chosen, periods.step_for(chosen))), 31
            )


@tagged("post_install", "-at_install")
class TestSchedule(BaseCase):
    def test_when_it_is_due(self):
        """# A11: Tuesday 24 November 2026, ten past eight."""
        now = datetime(2026, 11, 24, 8, 10)
        for frequency, values, due in (
            ("daily", {"hour": 9}, datetime(2026, 11, 24, 9)),
            ("daily", {"hour": 8}, datetime(2026, 11, 25, 8)),
            ("weekly", {"hour": 8, "weekday": 0}, datetime(2026, 11, 30, 8)),
            ("weekly", {"hour": 9, "weekday": 1}, datetime(2026, 11, 24, 9)),
            ("monthly", {"hour": 8, "month_day": 1}, datetime(2026, 12, 1, 8)),
            ("monthly", {"hour": 8, "month_day": 31}, datetime(2026, 11, 30, 8)),
        ):
            with self.subTest(frequency, **values):
                self.assertEqual(next_run(now, frequency, **values), due)
        with self.assertRaises(ValueError):
            next_run(now, "hourly", 8)

    def test_it_is_due_the_next_time_even_at_the_minute_of_one(self):
        """# A11: at eight sharp, that of today is being done."""
        now = datetime(2026, 11, 24, 8)
        self.assertEqual(next_run(now, "daily", 8), datetime(2026, 11, 25, 8))
        self.assertEqual(
            next_run(now, "monthly", 9, month_day=24), datetime(2026, 11, 24, 9)
        )

    def test_without_a_day_it_is_monday_and_the_first(self):
        """# A11"""
        now = datetime(2026, 11, 24, 8, 10)
        self.assertEqual(next_run(now, "weekly", 8), datetime(2026, 11, 30, 8))
        self.assertEqual(next_run(now, "monthly", 8), datetime(2026, 12, 1, 8))

    @given(
        st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),
        st.sampled_from(["daily", "weekly", "monthly"]),
        st.integers(0, 23),
        st.integers(0, 6),
        st.integers(1, 31),
    )
    def test_it_is_always_later_and_not_two_months_away(self, now, what, hour, day, of):
        """# A11"""
        due = next_run(now, what, hour, day, of)
        self.assertLess(now, due)
        self.assertLess(due - now, timedelta(days=63))
        self.assertEqual(due.hour, hour)


@tagged("post_install", "-at_install")
class TestPartOfMonth(BaseCase):
    """# A2: what a month cost counts day by day."""

    def test_days_of_the_month_that_lie_in_the_period(self):
        november = date(2026, 11, 1)
        for first, last, days in (
            ((2026, 11, 1), (2026, 12, 1), 30),
            ((2026, 11, 1), (2026, 11, 25), 24),
            ((2026, 10, 20), (2026, 11, 4), 3),
            ((2026, 1, 1), (2027, 1, 1), 30),
            ((2026, 12, 1), (2027, 1, 1), 0),
            ((2026, 9, 1), (2026, 11, 1), 0),
        ):
            chosen = Period(date(*first), date(*last))
            with self.subTest(chosen):
                part = periods.part_of_month(november, chosen)
                self.assertAlmostEqual(part, days / 30)

    @given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 800))
    def test_the_months_of_a_period_add_up_to_its_days(self, start, length):
        chosen = Period(start, start + timedelta(days=length))
        months = periods.steps(chosen, "month")
        days = 0.0
        for step in months:
            first = step.start.replace(day=1)
            whole_month = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
            days += periods.part_of_month(first, chosen) * (whole_month - first).days
        self.assertAlmostEqual(days, length)
