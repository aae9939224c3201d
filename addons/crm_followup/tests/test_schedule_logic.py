from datetime import date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_followup.tools.schedule import (
    OpenTask,
    Step,
    due_date,
    elapsed_hours,
    is_settled,
    ladder_step,
    next_working_day,
    overdue_days,
    promised_date,
    quick_date,
    working_dates,
)

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
# Monday to Friday of four weeks, without the Wednesday of the first
WEEKDAYS = frozenset(
    MONDAY + n * DAY for n in range(28) if (MONDAY + n * DAY).weekday() < 5
) - {date(2026, 3, 4)}
days = st.integers(0, 20).map(lambda n: MONDAY + n * DAY)


def moment(day, hour):
    return datetime(2026, 3, day, hour, tzinfo=timezone.utc)


OFFICE = [
    (moment(day, start), moment(day, stop))
    for day in (2, 3, 5, 6)
    for start, stop in ((9, 12), (13, 18))
]


@tagged("post_install", "-at_install")
class TestScheduleLogic(BaseCase):
    """# F2: due dates and working time, without a database."""

    def test_a_due_day_moves_to_the_next_working_day(self):
        """# F2: weekend and holiday; a working day stays."""
        for day, expected in (
            (2, 2),
            (4, 5),  # holiday on Wednesday
            (7, 9),  # Saturday
            (8, 9),
        ):
            with self.subTest(day=day):
                found = next_working_day(date(2026, 3, day), WEEKDAYS)
                self.assertEqual(found, date(2026, 3, expected))

    def test_without_a_calendar_every_day_works(self):
        """# F2"""
        self.assertEqual(next_working_day(date(2026, 3, 7), None), date(2026, 3, 7))

    def test_a_calendar_without_working_days_leaves_the_day(self):
        """# F2: never a loop."""
        self.assertEqual(next_working_day(MONDAY, frozenset()), MONDAY)

    @given(days)
    def test_the_next_working_day_is_the_first_not_before(self, day):
        """# F2"""
        found = next_working_day(day, WEEKDAYS)
        self.assertIn(found, WEEKDAYS)
        self.assertGreaterEqual(found, day)
        between = {day + n * DAY for n in range((found - day).days)}
        self.assertFalse(between & WEEKDAYS)
        self.assertEqual(next_working_day(found, WEEKDAYS), found)

    @given(days, st.integers(0, 10), days)
    def test_a_rule_never_plans_into_the_past(self, base, number, today):
        """# F2: and never earlier than its days allow."""
        due = due_date(base, number, today, WEEKDAYS)
        self.assertGreaterEqual(due, today)
        self.assertGreaterEqual(due, base + number * DAY)

    def test_quick_choices_fall_on_working_days(self):
        """# F1: tomorrow, in three days, next week."""
        friday = date(2026, 3, 6)
        for choice, expected in (
            ("tomorrow", date(2026, 3, 9)),
            ("three_days", date(2026, 3, 9)),
            ("next_week", date(2026, 3, 13)),
        ):
            with self.subTest(choice=choice):
                self.assertEqual(quick_date(choice, friday, WEEKDAYS), expected)
        with self.assertRaises(KeyError):
            quick_date("never", friday, WEEKDAYS)

    def test_working_hours_leave_out_nights_breaks_and_holidays(self):
        """# F2"""
        for start, end, expected in (
            (moment(2, 9), moment(2, 18), 8),
            (moment(2, 11), moment(2, 14), 2),
            (moment(2, 17), moment(3, 10), 2),
            (moment(3, 17), moment(5, 10), 2),
            (moment(7, 0), moment(8, 0), 0),
            (moment(3, 10), moment(2, 10), 0),
        ):
            with self.subTest(start=start, end=end):
                self.assertEqual(elapsed_hours(OFFICE, start, end), expected)

    @given(st.tuples(*[st.integers(0, 140)] * 3).map(sorted))
    def test_working_hours_add_up(self, hours):
        """# F2: a to b and b to c make a to c."""
        a, b, c = (moment(2, 0) + timedelta(hours=h) for h in hours)
        total = elapsed_hours(OFFICE, a, b) + elapsed_hours(OFFICE, b, c)
        self.assertAlmostEqual(total, elapsed_hours(OFFICE, a, c))

    def test_days_with_working_time_are_working_days(self):
        """# F2"""
        found = working_dates([*OFFICE, (moment(7, 9), moment(7, 9))])
        self.assertEqual(found, {date(2026, 3, d) for d in (2, 3, 5, 6)})

    def test_overdue_days_count_working_days_after_the_due_day(self):
        """# F2"""
        for due, today, expected in (
            (2, 2, 0),
            (2, 3, 1),
            (3, 5, 1),  # the holiday between does not count
            (6, 9, 1),  # nor does the weekend
            (9, 2, 0),
        ):
            with self.subTest(due=due, today=today):
                found = overdue_days(date(2026, 3, due), date(2026, 3, today), WEEKDAYS)
                self.assertEqual(found, expected)
        self.assertEqual(overdue_days(MONDAY, date(2026, 3, 9), None), 7)

    def test_the_ladder_is_climbed_by_hours_and_days(self):
        """# F2: never down, and over several steps at once after downtime."""
        steps = [Step(4, "hours"), Step(3, "days")]
        for reached, hours, late, expected in (
            (0, 3.9, 1, 0),
            (0, 4, 1, 1),
            (1, 20, 2, 1),
            (1, 24, 3, 2),
            (0, 24, 3, 2),
            (2, 0, 0, 2),
        ):
            with self.subTest(reached=reached, hours=hours, late=late):
                self.assertEqual(ladder_step(steps, reached, hours, late), expected)
        self.assertEqual(ladder_step([], 0, 99, 99), 0)

    @given(
        st.lists(
            st.builds(Step, st.integers(1, 9), st.sampled_from(["hours", "days"]))
        ),
        st.integers(0, 5),
        st.floats(0, 50),
        st.integers(0, 9),
    )
    def test_the_ladder_climbed_twice_is_climbed_once(
        self, steps, reached, hours, late
    ):
        """# F2: idempotent."""
        once = ladder_step(steps, reached, hours, late)
        self.assertGreaterEqual(once, reached)
        self.assertEqual(ladder_step(steps, once, hours, late), once)

    def test_what_a_contact_settles(self):
        """# F2: cycle always, event once announced, next step when due or renewed."""
        cycle = OpenTask(False, False, MONDAY + 9 * DAY, 1)
        event = OpenTask(False, True, MONDAY + 9 * DAY, 2)
        step = OpenTask(True, False, MONDAY + 9 * DAY, 0)
        for task, after, has_next, expected in (
            (cycle, 0, False, True),
            (event, 6, False, False),
            (event, 7, False, True),
            (step, 8, False, False),
            (step, 9, False, True),
            (step, 8, True, True),
        ):
            with self.subTest(task=task, after=after, has_next=has_next):
                found = is_settled(task, MONDAY + after * DAY, has_next)
                self.assertEqual(found, expected)

    def test_putting_off_what_is_late_does_not_make_it_timely(self):
        """# F4"""
        today, later = MONDAY + DAY, MONDAY + 5 * DAY
        self.assertEqual(promised_date(MONDAY, later, today), MONDAY)
        self.assertEqual(promised_date(today, later, today), later)
