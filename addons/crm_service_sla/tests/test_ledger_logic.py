from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_sla.tools import ledger, replay
from odoo.addons.crm_service_sla.tools.clock import (
    ALWAYS,
    elapsed,
    seconds_between,
    working_time,
)

from .test_clock_logic import (
    HORIZON,
    OFFICE,
    START,
    as_working_time,
    at,
    brute_force,
    calendars,
    moment,
)

STATES = ("pending", "in_progress", "waiting", "resolved", "closed")
# the life of a ticket: from each minute on, in that state
lives = st.lists(
    st.tuples(st.integers(0, HORIZON), st.sampled_from(STATES)), min_size=1, max_size=8
).map(lambda life: sorted(life, key=lambda event: event[0]))
pauses = st.sets(st.sampled_from(("pending", "waiting")), max_size=2)


def past_of(life):
    """The spans of a life, up to the end of the horizon."""
    ends = [minute for minute, _state in life[1:]] + [HORIZON]
    return [
        replay.Past(moment(minute), moment(end), state)
        for (minute, state), end in zip(life, ends, strict=True)
    ]


def segments_of(life, paused, working):
    return [
        segment
        for span in past_of(life)
        for segment in ledger.segments(
            ledger.bucket_of(span.state, paused), span.start, span.end, working
        )
    ]


@tagged("post_install", "-at_install")
class TestLedgerLogic(BaseCase):
    """# V4: a ledger that accounts for every second."""

    @given(calendars(), lives, pauses)
    def test_the_segments_add_up_to_the_age_of_the_ticket(self, calendar, life, paused):
        """# V4: exactly, and without gap or overlap."""
        found = segments_of(life, paused, as_working_time(calendar))
        self.assertEqual(
            sum(segment.seconds for segment in found),
            seconds_between(moment(life[0][0]), moment(HORIZON)),
        )
        for first, second in pairwise(found):
            self.assertEqual(first.end, second.start)

    @given(calendars(), lives, pauses)
    def test_each_minute_is_in_its_bucket(self, calendar, life, paused):
        """# V4: against a model that asks of every minute who had it."""
        works, expected = brute_force(calendar), dict.fromkeys(ledger.BUCKETS, 0)
        events = dict(life)  # the last of several at one minute counts
        state = None
        for minute in range(HORIZON):
            state = events.get(minute, state)
            if state in ("resolved", "closed"):
                expected[ledger.DONE] += 60
            elif state == "waiting" and state in paused:
                expected[ledger.CUSTOMER] += 60
            elif state in paused:
                expected[ledger.PAUSED] += 60
            elif state:
                bucket = ledger.WORKING if works[minute] else ledger.CLOSED
                expected[bucket] += 60
        found = dict.fromkeys(ledger.BUCKETS, 0)
        for segment in segments_of(life, paused, as_working_time(calendar)):
            found[segment.bucket] += segment.seconds
        self.assertEqual(found, expected)

    @given(calendars(), lives, pauses)
    def test_a_replay_without_a_change_finds_what_the_ledger_says(
        self, calendar, life, paused
    ):
        """# V4: the spans read back from the ledger give the same seconds."""
        working = as_working_time(calendar)
        past = past_of(life)
        found = replay.used_between(
            replay.spans(past), moment(0), moment(HORIZON), paused, working
        )
        self.assertEqual(found, ledger.used(segments_of(life, paused, working)))

    @given(lives)
    def test_joined_spans_are_the_same_life(self, life):
        """# V4: as long in each state, and no two neighbours alike."""
        joined = replay.spans(past_of(life))

        def seconds(past):
            total = dict.fromkeys(STATES, 0)
            for span in past:
                total[span.state] += seconds_between(span.start, span.end)
            return total

        self.assertEqual(seconds(joined), seconds(past_of(life)))

    def test_what_each_state_goes_into(self):
        """# V4: a state that does not pause runs the clock, waiting too."""
        for state, paused, expected in (
            ("pending", {"waiting"}, ledger.WORKING),
            ("waiting", {"waiting"}, ledger.CUSTOMER),
            ("waiting", set(), ledger.WORKING),
            ("pending", {"pending"}, ledger.PAUSED),
            ("resolved", {"waiting"}, ledger.DONE),
            ("closed", set(), ledger.DONE),
        ):
            with self.subTest(state=state, paused=paused):
                self.assertEqual(ledger.bucket_of(state, paused), expected)

    def test_a_running_span_shows_lunch_and_night(self):
        """# V4"""
        found = ledger.segments(ledger.WORKING, at(2, 11), at(2, 14), OFFICE)
        self.assertEqual(
            found,
            [
                (at(2, 11), at(2, 12), ledger.WORKING, 3600),
                (at(2, 12), at(2, 13), ledger.CLOSED, 3600),
                (at(2, 13), at(2, 14), ledger.WORKING, 3600),
            ],
        )

    def test_a_paused_span_stays_whole(self):
        """# V4: night or day, it was the customer's turn."""
        found = ledger.segments(ledger.CUSTOMER, at(2, 11), at(3, 11), OFFICE)
        self.assertEqual(found, [(at(2, 11), at(3, 11), ledger.CUSTOMER, 86400)])

    def test_no_time_no_segment(self):
        """# V4"""
        for bucket in ledger.BUCKETS:
            with self.subTest(bucket=bucket):
                self.assertEqual(ledger.segments(bucket, START, START, ALWAYS), [])

    def test_up_to_a_hundred_and_twenty_lines_a_span_is_told_piece_by_piece(self):
        """# V4: one more, and it is told in sums."""
        half = timedelta(hours=12)
        shifts = working_time(
            (START + (2 * n + 1) * half, START + (2 * n + 2) * half) for n in range(99)
        )
        for pieces_, lines in ((120, 120), (121, 2)):
            with self.subTest(pieces=pieces_):
                end = START + pieces_ * half
                found = ledger.segments(ledger.WORKING, START, end, shifts)
                self.assertEqual(len(found), lines)
                total = sum(line.seconds for line in found)
                self.assertEqual(total, pieces_ * 43200)

    def test_spans_join_where_they_touch_in_the_same_state(self):
        """# V4: not over a gap, not with another state; one within another is it."""
        past = [
            replay.Past(at(2, 9), at(2, 12), "pending"),
            replay.Past(at(2, 10), at(2, 11), "pending"),
            replay.Past(at(2, 12), at(2, 13), "pending"),
            replay.Past(at(2, 14), at(2, 15), "pending"),
            replay.Past(at(2, 15), at(2, 16), "waiting"),
        ]
        self.assertEqual(
            replay.spans(reversed(past)),
            [
                replay.Past(at(2, 9), at(2, 13), "pending"),
                replay.Past(at(2, 14), at(2, 15), "pending"),
                replay.Past(at(2, 15), at(2, 16), "waiting"),
            ],
        )

    def test_a_year_of_silence_is_two_lines(self):
        """# V4: so that closing thousands of forgotten tickets stays possible."""
        day = timedelta(days=1)
        year = working_time(
            (START + n * day + day / 2, START + n * day + 3 * day / 4)
            for n in range(365)
        )
        found = ledger.segments(ledger.WORKING, START, START + 365 * day, year)
        self.assertEqual(
            [(segment.bucket, segment.seconds) for segment in found],
            [
                (ledger.WORKING, elapsed(year, START, START + 365 * day)),
                (ledger.CLOSED, 365 * 86400 * 3 // 4),
            ],
        )
