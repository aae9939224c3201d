from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_sla.tools import clocks, engine, ledger
from odoo.addons.crm_service_sla.tools.clock import seconds_between, working_time
from odoo.addons.crm_service_sla.tools.engine import Seen, Terms

from .test_clock_logic import (
    HORIZON,
    HOUR,
    OFFICE,
    as_working_time,
    at,
    brute_force,
    calendars,
    moment,
)

TARGETS = {
    clocks.FIRST: HOUR,
    clocks.NEXT: 2 * HOUR,
    clocks.RESOLUTION: 8 * HOUR,
}
TERMS = Terms(1, TARGETS, frozenset({"waiting"}), (50, 80, 100), OFFICE)
STATES = ("pending", "in_progress", "waiting", "resolved", "closed")

# what happens to a ticket: minute, state, team, whether the customer wrote, whether
# the customer was answered
happenings = st.tuples(
    st.integers(1, HORIZON),
    st.sampled_from(STATES),
    st.integers(1, 2),
    st.booleans(),
    st.booleans(),
)
lives = st.lists(happenings, max_size=8).map(
    lambda life: sorted(life, key=lambda event: event[0])
)


def live_through(life, terms, extra=()):
    """Play a life from minute 0 to the end of the horizon.

    ``extra``: minutes at which the clock is looked at though nothing happens.
    :return: the last step, all lines, all results
    """
    seen = Seen("pending", 1, None)
    snapshot = engine.begin(moment(0), seen, terms)
    # a ticket is looked at when it comes: its first deadlines are from then
    snapshot = engine.advance(snapshot, seen, moment(0), terms, terms).snapshot
    events = [(event[0], event) for event in life] + [(at_, None) for at_ in extra]
    lines, results, step = [], [], None
    for minute, event in sorted(events, key=lambda e: e[0]) + [(HORIZON, None)]:
        wrote = answered = False
        if event:
            _minute, state, team, wrote, answered = event
            seen = seen._replace(state=state, team=team)
        step = engine.advance(
            snapshot,
            seen._replace(wrote=wrote, answered=answered),
            moment(minute),
            terms,
            terms,
        )
        snapshot = step.snapshot
        lines += step.lines
        results += step.results
    return step, lines, results


@tagged("post_install", "-at_install")
class TestEngineProperties(BaseCase):
    """# V4: whole lives of tickets, of any kind."""

    @given(calendars(), lives)
    def test_the_ledger_adds_up_whatever_happens(self, calendar, life):
        """# V4: from the ticket's coming to the beginning of its present span, every
        second, without gap or overlap."""
        terms = TERMS._replace(working=as_working_time(calendar))
        step, lines, _results = live_through(life, terms)
        self.assertEqual(
            sum(line.seconds for line in lines),
            seconds_between(moment(0), step.snapshot.since),
        )
        for first, second in pairwise(lines):
            self.assertEqual(first.end, second.start)
        self.assertEqual(step.snapshot.used, ledger.used(lines))

    @given(calendars(), lives, st.lists(st.integers(1, HORIZON), max_size=5))
    def test_looking_at_the_clock_changes_nothing(self, calendar, life, extra):
        """# V4: however often the job runs, the results are the same."""
        terms = TERMS._replace(working=as_working_time(calendar))
        plain, plain_lines, plain_results = live_through(life, terms)
        looked, looked_lines, looked_results = live_through(life, terms, extra)
        self.assertEqual(looked.snapshot, plain.snapshot)
        self.assertEqual(looked_lines, plain_lines)
        self.assertEqual(looked_results, plain_results)
        self.assertEqual(looked.status, plain.status)

    @given(calendars(), lives)
    def test_the_resolution_clock_is_that_of_a_model_of_every_minute(
        self, calendar, life
    ):
        """# V4: used is what was worked while the ticket was neither waiting nor
        done, minute by minute; late from the target on."""
        works = brute_force(calendar)
        expected, used, state = [], 0, "pending"
        by_minute = {}
        for event in life:
            by_minute.setdefault(event[0], []).append(event[1])
        for minute in range(HORIZON + 1):
            for following in by_minute.get(minute, ()):
                done = ("resolved", "closed")
                if following in done and state not in done:
                    expected.append((60 * used, 60 * used >= 8 * HOUR))
                state = following
            if minute < HORIZON and state in ("pending", "in_progress"):
                used += works[minute]
        terms = TERMS._replace(working=as_working_time(calendar))
        _step, _lines, results = live_through(life, terms)
        found = [
            (result.used, result.late)
            for result in results
            if result.kind == clocks.RESOLUTION
        ]
        self.assertEqual(found, expected)

    @given(calendars(), lives)
    def test_deadline_and_colour_agree(self, calendar, life):
        """# V4: a running ticket is late exactly when a deadline has passed, or a
        clock that has ended was late."""
        terms = TERMS._replace(working=as_working_time(calendar))
        step, _lines, results = live_through(life, terms)
        at_ = step.snapshot
        if at_.bucket == ledger.WORKING:
            passed = any(due and due <= moment(HORIZON) for due in at_.dues)
            late = passed or any(result.late for result in results)
            self.assertEqual(step.status == clocks.BREACHED, late)

    @given(calendars(), lives)
    def test_the_next_look_is_in_the_future(self, calendar, life):
        """# V4: so that no job runs in a circle."""
        terms = TERMS._replace(working=as_working_time(calendar))
        step, _lines, _results = live_through(life, terms)
        if step.check_at is not None:
            self.assertGreater(step.check_at, moment(HORIZON))


@tagged("post_install", "-at_install")
class TestEngineExamples(BaseCase):
    """# V4: the stories of one ticket, on a Monday from nine."""

    def setUp(self):
        super().setUp()
        self.seen = Seen("pending", 1, None)
        self.snapshot = engine.begin(at(2, 9), self.seen, TERMS)
        self.terms = TERMS
        self.step = None

    def go(self, now, terms=None, wrote=False, answered=False, **changes):
        terms = terms or self.terms
        self.seen = self.seen._replace(**changes)
        seen = self.seen._replace(wrote=wrote, answered=answered)
        self.step = engine.advance(self.snapshot, seen, now, self.terms, terms)
        self.snapshot, self.terms = self.step.snapshot, terms
        return self.step

    def due(self, kind):
        return self.snapshot.dues[clocks.CLOCKS.index(kind)]

    def test_a_new_ticket_has_its_deadlines(self):
        """# V4: one hour and eight, with lunch; looked at again at half an hour."""
        step = self.go(at(2, 9))
        self.assertEqual(self.snapshot.dues, (at(2, 10), None, at(2, 18)))
        self.assertEqual(step.status, clocks.ON_TRACK)
        self.assertEqual(step.check_at, at(2, 9, 30))
        self.assertEqual(step.lines, [])

    def test_the_first_response_ends_its_clock(self):
        """# V4: used half an hour of one; the resolution goes on."""
        step = self.go(at(2, 9, 30), responded=True)
        self.assertEqual(
            [(r.kind, r.used, r.late) for r in step.results],
            [(clocks.FIRST, HOUR // 2, False)],
        )
        self.assertEqual(self.snapshot.dues, (None, None, at(2, 18)))

    def test_waiting_stops_the_clock_and_the_answer_resumes_it(self):
        """# V4: an hour and a half used, asked at 10:30, answered on Tuesday at 9:00;
        six and a half hours are left then, lunch aside."""
        self.go(at(2, 9, 30), answered=True)
        step = self.go(at(2, 10, 30), state="waiting")
        self.assertEqual((step.status, step.check_at), (clocks.PAUSED, None))
        self.assertEqual(self.snapshot.dues, (None, None, None))
        step = self.go(at(3, 9), state="in_progress", wrote=True)
        self.assertEqual([line.bucket for line in step.lines], [ledger.CUSTOMER])
        self.assertEqual(self.due(clocks.RESOLUTION), at(3, 16, 30))
        self.assertEqual(self.due(clocks.NEXT), at(3, 11))

    def test_a_second_question_does_not_restart_the_clock_of_the_first(self):
        """# V4"""
        self.go(at(2, 9, 30), answered=True)
        self.go(at(2, 10), wrote=True)
        self.go(at(2, 11), wrote=True)
        self.assertEqual(self.due(clocks.NEXT), at(2, 12))
        step = self.go(at(2, 11, 30), answered=True)
        self.assertEqual(
            [(r.kind, r.cycle, r.start, r.used) for r in step.results],
            [(clocks.NEXT, 0, at(2, 10), 5400)],
        )
        self.assertIsNone(self.due(clocks.NEXT))

    def test_what_the_customer_adds_before_the_first_response_is_one_matter(self):
        """# V4"""
        self.go(at(2, 9, 15), wrote=True)
        self.assertIsNone(self.due(clocks.NEXT))
        self.assertEqual(self.due(clocks.FIRST), at(2, 10))

    def test_no_clock_runs_after_the_ticket_is_resolved(self):
        """# V4: an open question ends with it."""
        self.go(at(2, 9, 30), answered=True)
        self.go(at(2, 10), wrote=True)
        step = self.go(at(2, 11), state="resolved")
        self.assertEqual(
            [(r.kind, r.late) for r in step.results],
            [(clocks.NEXT, False), (clocks.RESOLUTION, False)],
        )
        self.assertEqual((step.status, step.check_at), (clocks.MET, None))
        self.assertEqual(self.snapshot.dues, (None, None, None))

    def test_a_ticket_resolved_without_a_word_has_been_responded_to(self):
        """# V4"""
        step = self.go(at(2, 11), state="resolved")
        self.assertEqual(
            [(r.kind, r.late) for r in step.results],
            [(clocks.FIRST, True), (clocks.RESOLUTION, False)],
        )
        self.assertEqual(step.status, clocks.BREACHED)

    def test_closing_what_is_resolved_gives_no_second_result(self):
        """# V4"""
        self.go(at(2, 11), state="resolved", responded=True)
        step = self.go(at(2, 12), state="closed")
        self.assertEqual(step.results, [])

    def test_a_reopened_ticket_goes_on_where_it_was(self):
        """# V4: two hours used, reopened on Tuesday: six hours are left."""
        self.go(at(2, 9, 30), responded=True)
        self.go(at(2, 11), state="resolved")
        step = self.go(at(3, 9), state="in_progress")
        self.assertEqual([line.bucket for line in step.lines], [ledger.DONE])
        self.assertEqual(self.due(clocks.RESOLUTION), at(3, 16))
        step = self.go(at(3, 10), state="resolved")
        self.assertEqual([(r.cycle, r.used) for r in step.results], [(1, 3 * HOUR)])

    def test_a_hand_over_changes_whose_time_it_is_and_nothing_else(self):
        """# V4: the ledger names the team that had it; the deadline stays."""
        before = self.go(at(2, 9)).snapshot.dues
        step = self.go(at(2, 9, 30), team=2)
        self.assertEqual(self.snapshot.dues, before)
        self.assertEqual([line.seconds for line in step.lines], [HOUR // 2])

    def test_a_shorter_target_keeps_what_was_used(self):
        """# V4: after five hours the target becomes four: late at once; then twelve:
        seven are left, and it is on track."""
        self.go(at(2, 9, 30), responded=True)
        urgent = TERMS._replace(policy=2, targets={clocks.RESOLUTION: 4 * HOUR})
        step = self.go(at(2, 15), urgent)
        self.assertEqual(step.status, clocks.BREACHED)
        self.assertEqual(self.due(clocks.RESOLUTION), at(2, 15))
        relaxed = TERMS._replace(policy=3, targets={clocks.RESOLUTION: 12 * HOUR})
        step = self.go(at(2, 15), relaxed)
        self.assertEqual(step.status, clocks.ON_TRACK)
        self.assertEqual(self.due(clocks.RESOLUTION), at(3, 13 + 1))

    def test_another_calendar_counts_from_now_on(self):
        """# V4: what was used under the old one stays."""
        self.go(at(2, 9, 30), responded=True)
        morning = working_time([(at(d, 9), at(d, 12)) for d in (2, 3, 4, 5)])
        self.go(at(2, 16), TERMS._replace(policy=2, working=morning))
        self.assertEqual(self.snapshot.used, 6 * HOUR)
        self.assertEqual(self.due(clocks.RESOLUTION), at(3, 11))

    def test_shares_are_told_once_they_are_reached(self):
        """# V4: at 9:50 the first response has used 80 of its 100 per cent."""
        step = self.go(at(2, 9, 50))
        self.assertEqual(
            [(r.kind, r.percent, r.moment) for r in step.reached],
            [
                (clocks.FIRST, 50, at(2, 9, 30)),
                (clocks.FIRST, 80, at(2, 9, 48)),
            ],
        )
        self.assertEqual((step.status, step.check_at), (clocks.WARNING, at(2, 10)))

    def test_a_share_is_reached_at_its_very_moment(self):
        """# V4: the next is looked for from then on, in the intervals there are."""
        step = self.go(at(2, 9, 30))
        self.assertEqual(step.reached, [(clocks.FIRST, 0, 50, at(2, 9, 30))])
        self.assertEqual(step.check_at, at(2, 9, 48))
        self.assertFalse(step.short)

    def test_a_share_nobody_asked_to_be_told_of_changes_the_colour_only(self):
        """# V4"""
        self.terms = TERMS._replace(percents=(50,))
        step = self.go(at(2, 9, 50))
        self.assertEqual([r.percent for r in step.reached], [50])
        self.assertEqual((step.status, step.check_at), (clocks.WARNING, at(2, 10)))

    def test_every_answer_is_counted(self):
        """# V4: so that no result is taken for another of its kind."""
        found = self.go(at(2, 9, 30), answered=True).results
        for hour in (10, 11):
            self.go(at(2, hour), wrote=True)
            step = self.go(at(2, hour, 30), answered=True)
            self.assertEqual(step.snapshot.rounds, hour - 9)
            found += step.results
        found += self.go(at(2, 12), state="resolved").results
        self.assertEqual(
            [(r.kind, r.cycle, r.start, r.end) for r in found],
            [
                (clocks.FIRST, 0, at(2, 9), at(2, 9, 30)),
                (clocks.NEXT, 0, at(2, 10), at(2, 10, 30)),
                (clocks.NEXT, 1, at(2, 11), at(2, 11, 30)),
                (clocks.RESOLUTION, 0, at(2, 9), at(2, 12)),
            ],
        )

    def test_what_waits_a_second_before_its_deadline_is_not_late(self):
        """# V4: however long it waits."""
        last = at(2, 10) - timedelta(seconds=1)
        self.assertEqual(self.go(last, state="waiting").status, clocks.PAUSED)
        self.assertEqual(self.go(at(2, 17)).status, clocks.PAUSED)

    def test_what_the_customer_writes_after_the_end_starts_no_clock(self):
        """# V4: until somebody takes the ticket up again."""
        self.go(at(2, 9, 30), state="resolved")
        step = self.go(at(2, 11), wrote=True)
        self.assertEqual((step.results, self.snapshot.asked), ([], None))

    def test_a_late_ticket_stays_late_while_it_waits(self):
        """# V4: and keeps the deadline it missed."""
        self.go(at(2, 9, 30), responded=True)
        self.go(at(3, 9, 30))
        step = self.go(at(3, 10), state="waiting")
        self.assertEqual(step.status, clocks.BREACHED)
        self.assertEqual(self.due(clocks.RESOLUTION), at(2, 18))

    def test_a_merged_ticket_ends_without_a_result(self):
        """# V4, V8: its clock was that of a double: neither met nor missed."""
        step = self.go(at(2, 11), state="closed", void=True)
        self.assertEqual((step.results, step.status), ([], None))
        self.assertEqual((step.check_at, self.snapshot.dues), (None, (None,) * 3))

    def test_a_merge_taken_back_lets_the_clocks_go_on(self):
        """# V4, V8: with what was used before; the time in between is nobody's."""
        self.go(at(2, 9, 30), state="closed", void=True)
        step = self.go(at(2, 11), state="pending", void=False)
        self.assertEqual(step.status, clocks.ON_TRACK)
        self.assertEqual(self.due(clocks.FIRST), at(2, 11, 30))
        step = self.go(at(2, 11, 15), responded=True)
        self.assertEqual(
            [(r.kind, r.used) for r in step.results], [("first_response", 45 * 60)]
        )

    def test_a_question_that_was_moved_away_ends_without_a_result(self):
        """# V4, V8: nobody waits here for an answer any more."""
        self.go(at(2, 9, 30), responded=True)
        self.go(at(2, 10), wrote=True)
        self.assertTrue(self.due(clocks.NEXT))
        step = self.go(at(2, 11), wrote=False, left=True)
        self.assertEqual(step.results, [])
        self.assertFalse(self.due(clocks.NEXT))
        self.assertEqual(self.snapshot.rounds, 0)

    def test_without_a_policy_there_is_a_ledger_and_no_clock(self):
        """# V4"""
        bare = TERMS._replace(policy=None, targets={})
        self.snapshot = engine.begin(at(2, 9), self.seen, bare)
        self.terms = bare
        step = self.go(at(2, 14), state="in_progress")
        self.assertEqual((step.status, step.check_at), (None, None))
        self.assertEqual(sum(line.seconds for line in step.lines), 5 * HOUR)

    def test_without_working_time_there_is_no_deadline_and_it_is_said(self):
        """# V4: the caller looks further ahead, and in the end shows none."""
        never = TERMS._replace(policy=2, working=working_time([]))
        step = self.go(at(2, 9, 30), never)
        self.assertTrue(step.short)
        self.assertEqual(self.snapshot.dues, (None, None, None))
        self.assertEqual((step.status, step.check_at), (clocks.ON_TRACK, None))
