from datetime import datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_sla.tools.clock import (
    ALWAYS,
    Piece,
    deadline,
    elapsed,
    opening,
    pieces,
    seconds_between,
    working_time,
)

# a Monday
START = datetime(2026, 3, 2)
MINUTE = timedelta(minutes=1)
HORIZON = 4 * 24 * 60

minutes = st.integers(0, HORIZON)


@st.composite
def calendars(draw):
    """Intervals in minutes within four days, touching and overlapping ones too."""
    bounds = st.tuples(minutes, st.integers(0, 600))
    return [(at, min(at + n, HORIZON)) for at, n in draw(st.lists(bounds, max_size=12))]


def moment(minute):
    return START + minute * MINUTE


def as_working_time(intervals):
    return working_time((moment(start), moment(end)) for start, end in intervals)


def brute_force(intervals):
    """The same calendar as one truth per minute: works, works not."""
    works = [False] * HORIZON
    for start, end in intervals:
        works[start:end] = [True] * (end - start)
    return works


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute)


# Monday and Tuesday with a lunch break, Friday (after a holiday) in the morning only
OFFICE = working_time(
    [
        (at(2, 9), at(2, 12)),
        (at(2, 13), at(2, 18)),
        (at(3, 9), at(3, 12)),
        (at(3, 13), at(3, 18)),
        (at(6, 9), at(6, 12)),
    ]
)
HOUR = 3600


@tagged("post_install", "-at_install")
class TestClockProperties(BaseCase):
    """# V4: the clock against a model that looks at every single minute."""

    @given(calendars(), minutes, minutes)
    def test_elapsed_is_the_number_of_minutes_worked(self, intervals, one, other):
        """# V4"""
        start, end = sorted((one, other))
        expected = 60 * sum(brute_force(intervals)[start:end])
        found = elapsed(as_working_time(intervals), moment(start), moment(end))
        self.assertEqual(found, expected)

    @given(calendars(), minutes, st.integers(1, 3000))
    def test_the_deadline_is_the_first_moment_at_which_the_budget_is_used(
        self, intervals, start, budget
    ):
        """# V4: no working time left gives no deadline, and always an answer."""
        works, expected, left = brute_force(intervals), None, budget
        for minute in range(start, HORIZON):
            left -= works[minute]
            if not left:
                expected = moment(minute + 1)
                break
        found = deadline(as_working_time(intervals), moment(start), 60 * budget)
        self.assertEqual(found, expected)

    @given(calendars(), minutes, st.integers(0, 200_000))
    def test_what_elapses_until_the_deadline_is_the_budget(
        self, intervals, start, budget
    ):
        """# V4: to the second, and not one second earlier."""
        working = as_working_time(intervals)
        found = deadline(working, moment(start), budget)
        if found is not None:
            self.assertEqual(elapsed(working, moment(start), found), budget)
            if budget:
                before = found - timedelta(seconds=1)
                self.assertEqual(elapsed(working, moment(start), before), budget - 1)

    @given(calendars(), minutes, minutes, minutes)
    def test_time_adds_up(self, intervals, one, other, third):
        """# V4: two stretches take as long as both together."""
        working = as_working_time(intervals)
        a, b, c = map(moment, sorted((one, other, third)))
        self.assertEqual(
            elapsed(working, a, b) + elapsed(working, b, c), elapsed(working, a, c)
        )

    @given(calendars(), minutes, st.integers(0, 5000), st.integers(0, 5000))
    def test_a_larger_budget_is_due_later(self, intervals, start, one, other):
        """# V4"""
        working = as_working_time(intervals)
        small, large = sorted((one, other))
        early = deadline(working, moment(start), small)
        late = deadline(working, moment(start), large)
        if late is not None:
            self.assertLessEqual(early, late)

    @given(calendars(), minutes, minutes)
    def test_pieces_tell_the_whole_stretch_minute_by_minute(
        self, intervals, one, other
    ):
        """# V4: they touch, none is empty, and each is open or closed throughout."""
        start, end = sorted((one, other))
        found = pieces(as_working_time(intervals), moment(start), moment(end))
        told = [
            piece.is_open
            for piece in found
            for _minute in range(seconds_between(piece.start, piece.end) // 60)
        ]
        self.assertEqual(told, brute_force(intervals)[start:end])
        self.assertTrue(all(piece.start < piece.end for piece in found))
        for first, second in pairwise(found):
            self.assertEqual(first.end, second.start)
            self.assertNotEqual(first.is_open, second.is_open)

    @given(calendars(), minutes)
    def test_the_opening_is_the_first_minute_worked(self, intervals, start):
        """# V4"""
        works = brute_force(intervals)
        expected = next((m for m in range(start, HORIZON) if works[m]), None)
        found = opening(as_working_time(intervals), moment(start))
        self.assertEqual(found, None if expected is None else moment(expected))


@tagged("post_install", "-at_install")
class TestClockExamples(BaseCase):
    """# V4: what people expect, by example."""

    def test_lunch_night_and_holiday_do_not_count(self):
        """# V4: four hours from Tuesday 16:00 end on Friday at 11:00."""
        self.assertEqual(deadline(OFFICE, at(3, 16), 4 * HOUR), at(6, 11))
        self.assertEqual(elapsed(OFFICE, at(2, 11, 30), at(2, 13, 30)), HOUR)
        self.assertEqual(elapsed(OFFICE, at(2, 18), at(3, 9)), 0)

    def test_what_comes_in_the_night_counts_from_the_morning(self):
        """# V4"""
        self.assertEqual(deadline(OFFICE, at(2, 23), HOUR), at(3, 10))

    def test_a_budget_that_ends_at_closing_time_is_due_then(self):
        """# V4: not at the opening of the next day."""
        self.assertEqual(deadline(OFFICE, at(2, 9), 8 * HOUR), at(2, 18))

    def test_a_budget_used_up_is_due_at_once(self):
        """# V4"""
        self.assertEqual(deadline(OFFICE, at(2, 20), 0), at(2, 20))
        self.assertEqual(deadline(OFFICE, at(2, 20), -5), at(2, 20))

    def test_without_working_time_there_is_no_deadline(self):
        """# V4: no crash, no endless loop."""
        nothing = working_time([])
        self.assertIsNone(deadline(nothing, START, 1))
        self.assertIsNone(opening(nothing, START))
        self.assertEqual(elapsed(nothing, START, at(9, 9)), 0)
        self.assertEqual(
            pieces(nothing, START, at(9, 9)), [Piece(START, at(9, 9), False)]
        )
        self.assertIsNone(deadline(OFFICE, at(6, 11), 2 * HOUR))

    def test_a_stretch_ends_and_begins_where_work_does(self):
        """# V4: no empty piece where both meet."""
        night = [Piece(at(2, 18), at(3, 9), False)]
        self.assertEqual(pieces(OFFICE, at(2, 18), at(3, 9)), night)
        morning = [Piece(at(3, 9), at(3, 12), True)]
        self.assertEqual(pieces(OFFICE, at(3, 9), at(3, 12)), morning)
        self.assertEqual(pieces(OFFICE, at(2, 18), at(3, 12)), night + morning)
        self.assertEqual(pieces(OFFICE, at(3, 9), at(3, 9)), [])

    def test_at_the_end_of_work_it_opens_the_next_time(self):
        """# V4: and while people work, at once."""
        for moment_, expected in (
            (at(2, 8), at(2, 9)),
            (at(2, 9), at(2, 9)),
            (at(2, 11, 59), at(2, 11, 59)),
            (at(2, 12), at(2, 13)),
            (at(6, 12), None),
        ):
            with self.subTest(moment=moment_):
                self.assertEqual(opening(OFFICE, moment_), expected)

    def test_intervals_that_touch_or_overlap_are_one(self):
        """# V4: empty ones and those the wrong way round are none."""
        found = working_time(
            [
                (at(2, 12), at(2, 14)),
                (at(2, 9), at(2, 12)),
                (at(2, 10), at(2, 11)),
                (at(2, 20), at(2, 20)),
                (at(2, 22), at(2, 21)),
                (at(3, 9), at(3, 10)),
            ]
        )
        self.assertEqual(found.starts, (at(2, 9), at(3, 9)))
        self.assertEqual(found.ends, (at(2, 14), at(3, 10)))
        self.assertEqual(found.before, (0, 5 * HOUR))
        self.assertEqual(found.after, (5 * HOUR, 6 * HOUR))

    def test_round_the_clock_is_the_time_on_the_wall(self):
        """# V4"""
        self.assertEqual(deadline(ALWAYS, at(7, 23), 2 * HOUR), at(8, 1))
        self.assertEqual(elapsed(ALWAYS, at(2, 0), at(3, 0)), 24 * HOUR)
        self.assertEqual(
            pieces(ALWAYS, at(2, 0), at(3, 0)), [Piece(at(2, 0), at(3, 0), True)]
        )

    def test_daylight_saving_changes_the_wall_not_the_work(self):
        """# V4: in Berlin the clock went forward in the night to 29 March 2026. Two
        hours of work from Saturday 22:00 on, with a shift from 22:00 to 06:00, end
        at midnight; seven hours end at 06:00 sharp, for the night has only seven."""
        berlin = ZoneInfo("Europe/Berlin")

        def utc(day, hour):
            local = datetime(2026, 3, day, hour, tzinfo=berlin)
            return local.astimezone(timezone.utc).replace(tzinfo=None)

        night = working_time([(utc(28, 22), utc(29, 6))])
        self.assertEqual(elapsed(night, utc(28, 22), utc(29, 6)), 7 * HOUR)
        self.assertEqual(deadline(night, utc(28, 22), 2 * HOUR), utc(29, 0))
        self.assertEqual(deadline(night, utc(28, 22), 7 * HOUR), utc(29, 6))
