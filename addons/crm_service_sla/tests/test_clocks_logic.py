from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_sla.tools import clocks, replay
from odoo.addons.crm_service_sla.tools.clock import ALWAYS, elapsed, working_time
from odoo.addons.crm_service_sla.tools.clocks import Running

from .test_clock_logic import HOUR, OFFICE, as_working_time, at, calendars, moment

shares = st.lists(st.integers(1, 200), max_size=5)
SECOND = timedelta(seconds=1)


@tagged("post_install", "-at_install")
class TestClocksLogic(BaseCase):
    """# V4: first response, next response and resolution on one counter."""

    def clock(self, used=0, target=4 * HOUR, was_due=None):
        return Running(clocks.RESOLUTION, target, used, was_due)

    def test_what_was_used_is_kept(self):
        """# V4: two of four hours used, so two are left; with a target of three
        hours, one; with a target of one hour it is late at once."""
        since = at(2, 14)
        for target, expected in ((4, at(2, 16)), (3, at(2, 15)), (1, since)):
            with self.subTest(target=target):
                found = clocks.due(self.clock(2 * HOUR, target * HOUR), since, OFFICE)
                self.assertEqual(found, expected)

    def test_a_deadline_that_has_passed_stays(self):
        """# V4: a hand-over does not make a late ticket a little less late."""
        late = self.clock(5 * HOUR, 4 * HOUR, was_due=at(2, 14))
        self.assertEqual(clocks.due(late, at(2, 15), OFFICE), at(2, 14))

    def test_a_deadline_is_missed_at_the_moment_it_is_seen_to_be(self):
        """# V4: one that never was shown, or lay ahead under other terms, is now."""
        for was_due, expected in (
            (None, at(2, 15)),
            (at(2, 16), at(2, 15)),
            (at(2, 15), at(2, 15)),
        ):
            with self.subTest(was_due=was_due):
                late = self.clock(4 * HOUR, 4 * HOUR, was_due)
                self.assertEqual(clocks.due(late, at(2, 15), OFFICE), expected)

    def test_a_share_is_rounded_up_to_the_second(self):
        """# V4"""
        for target, percent, expected in (
            (100, 50, 50),
            (3, 50, 2),
            (3, 100, 3),
            (1, 1, 1),
            (1000, 150, 1500),
        ):
            with self.subTest(target=target, percent=percent):
                self.assertEqual(clocks.threshold(target, percent), expected)

    def test_a_ticket_is_urgent_from_four_fifths_on(self):
        """# V4: not a second before."""
        for used, expected in (
            (8 * HOUR - 1, clocks.ON_TRACK),
            (8 * HOUR, clocks.WARNING),
            (10 * HOUR - 1, clocks.WARNING),
            (10 * HOUR, clocks.BREACHED),
        ):
            with self.subTest(used=used):
                clock = self.clock(used, 10 * HOUR)
                self.assertEqual(clocks.state_of([clock], False, True, False), expected)

    def test_red_is_what_is_late_now(self):
        """# V4: what was late once is a small mark, a pause is never hidden."""
        for state, left, is_running, expected in (
            (clocks.ON_TRACK, 100, True, clocks.ON_TRACK),
            (clocks.BREACHED, 100, True, clocks.ON_TRACK),
            (clocks.BREACHED, 21, True, clocks.ON_TRACK),
            (clocks.BREACHED, 20, True, clocks.WARNING),
            (clocks.BREACHED, 20, False, clocks.PAUSED),
            (clocks.BREACHED, 1, True, clocks.WARNING),
            (clocks.BREACHED, 0, True, clocks.BREACHED),
            (clocks.BREACHED, -5, False, clocks.BREACHED),
            (clocks.BREACHED, None, False, clocks.MISSED),
            (clocks.MET, None, False, clocks.MET),
        ):
            with self.subTest(state=state, left=left, is_running=is_running):
                found = clocks.look_of(state, 100, left, is_running)
                self.assertEqual(found, expected)

    def test_the_deadline_itself_is_late(self):
        """# V4: with a deadline at closing time, an answer in the night used no
        more than the target and is late."""
        self.assertTrue(clocks.is_late(HOUR, HOUR))
        self.assertFalse(clocks.is_late(HOUR - 1, HOUR))

    def test_marks_are_moments_of_working_time(self):
        """# V4: half, four fifths and all of four hours from 11:00, lunch between;
        what was passed already is reached at once."""
        found = clocks.marks(self.clock(), (100, 50, 80), at(2, 11), OFFICE)
        self.assertEqual(
            [(mark.percent, mark.moment) for mark in found],
            [(50, at(2, 14)), (80, at(2, 15, 12)), (100, at(2, 16))],
        )
        passed = clocks.marks(self.clock(3 * HOUR), (50,), at(2, 11), OFFICE)
        self.assertEqual([mark.moment for mark in passed], [at(2, 11)])

    def test_a_mark_out_of_sight_is_none(self):
        """# V4: no working time, no moment, no loop."""
        self.assertEqual(
            clocks.marks(self.clock(), (50,), at(2, 11), working_time([])), []
        )

    def test_the_next_mark_is_the_first_after_now(self):
        """# V4"""
        found = clocks.marks(self.clock(), (50, 80, 100), at(2, 11), OFFICE)
        self.assertEqual(clocks.next_mark(found, at(2, 14)), at(2, 15, 12))
        self.assertIsNone(clocks.next_mark(found, at(2, 16)))

    @given(calendars(), shares, st.integers(0, 5000), st.integers(1, 90_000))
    def test_a_mark_is_the_first_second_of_its_share(
        self, calendar, percents, start, target
    ):
        """# V4: the share is reached then, and was not a second before."""
        working = as_working_time(calendar)
        clock = self.clock(0, target)
        for mark in clocks.marks(clock, percents, moment(start), working):
            used = elapsed(working, moment(start), mark.moment)
            self.assertGreaterEqual(used * 100, target * mark.percent)
            if mark.moment > moment(start):
                before = elapsed(working, moment(start), mark.moment - SECOND)
                self.assertLess(before * 100, target * mark.percent)

    @given(calendars(), st.integers(0, 5000), st.integers(1, 90_000))
    def test_the_last_mark_is_the_deadline(self, calendar, start, target):
        """# V4"""
        working, clock = as_working_time(calendar), self.clock(0, target)
        found = clocks.marks(clock, (100,), moment(start), working)
        due = clocks.due(clock, moment(start), working)
        self.assertEqual([mark.moment for mark in found], [due] if due else [])

    def test_how_a_ticket_stands(self):
        """# V4: the colour of the badge."""
        fresh, urgent, late = (self.clock(hours * HOUR) for hours in (1, 3.5, 4))
        for running, breached, is_running, is_done, expected in (
            ([fresh], False, True, False, clocks.ON_TRACK),
            ([fresh, urgent], False, True, False, clocks.WARNING),
            ([fresh, late], False, True, False, clocks.BREACHED),
            ([fresh], True, True, False, clocks.BREACHED),
            ([fresh], False, False, False, clocks.PAUSED),
            ([late], False, False, False, clocks.BREACHED),
            ([], False, False, True, clocks.MET),
            ([], True, False, True, clocks.BREACHED),
        ):
            with self.subTest(expected=expected, breached=breached):
                found = clocks.state_of(running, breached, is_running, is_done)
                self.assertEqual(found, expected)

    def test_a_pause_that_policy_does_not_know_costs_time_in_a_replay(self):
        """# V4: four working hours with one of waiting are three or four, as the
        policy says; the calendar counts too."""
        past = [
            replay.Past(at(2, 9), at(2, 11), "in_progress"),
            replay.Past(at(2, 11), at(2, 12), "waiting"),
            replay.Past(at(2, 12), at(2, 14), "in_progress"),
        ]
        for pauses, working, expected in (
            ({"waiting"}, OFFICE, 3),
            (set(), OFFICE, 4),
            (set(), ALWAYS, 5),
        ):
            with self.subTest(pauses=pauses, expected=expected):
                found = replay.outcome(
                    past, at(2, 9), at(2, 14), 4 * HOUR, pauses, working
                )
                self.assertEqual(found, (expected * HOUR, expected >= 4))
