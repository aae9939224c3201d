from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.lifecycle import (
    BUSINESS,
    CONDITION,
    GONE,
    PERSON,
    REFUND,
    RELEASE,
    SILENCE,
    STAY,
    TOUCH,
    WITHDRAWN,
    Days,
    Event,
    Move,
    Rule,
    Told,
    corrections,
    decide,
    in_order,
    just_before,
    replay,
    state_at,
    timeline,
)

CHINA = Days(ZoneInfo("Asia/Shanghai"))
DAY = timedelta(days=1)
START = datetime(2026, 1, 1)
NOW = datetime(2027, 1, 1)
RULES = (
    Rule(1, frozenset({"potential"}), "active", BUSINESS),
    Rule(2, frozenset({"dormant", "lost"}), "active", BUSINESS),
    Rule(3, frozenset({"active"}), "potential", WITHDRAWN),
    Rule(4, frozenset({"active"}), "dormant", SILENCE, 60),
    Rule(5, frozenset({"dormant"}), "lost", SILENCE, 120),
    Rule(6, frozenset({"lost"}), "potential", STAY, 90),
)
UNHURRIED = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
MOMENTS = st.integers(0, 365 * 4).map(lambda quarter: START + quarter * DAY / 4)
KEYS = st.integers(1, 3).map(lambda number: ("order", number))
STATES = st.sampled_from(["potential", "active", "dormant", "lost"])
EVENTS = st.one_of(
    st.builds(Event, MOMENTS, st.just(BUSINESS), KEYS, st.just(100.0)),
    st.builds(Event, MOMENTS, st.just(GONE), KEYS),
    st.builds(Event, MOMENTS, st.just(REFUND), KEYS, st.sampled_from([50.0, 100.0])),
    st.builds(Event, MOMENTS, st.just(TOUCH)),
    st.builds(Event, MOMENTS, st.just(RELEASE)),
    st.builds(
        Event, MOMENTS, st.just(PERSON), st.just(()), st.just(0.0), STATES,
        st.booleans(), st.one_of(st.none(), MOMENTS),
    ),
)  # fmt: skip


class Book:
    """What the models do with one customer: events arrive, a history is kept."""

    def __init__(self):
        self.told, self.known, self.events = [Told(START, "potential")], [START], []

    def line(self):
        return timeline(self.told)

    def settle(self, begin, now):
        line = self.line()
        before = just_before(line, begin)
        moves = replay(before.to, before.at, begin, self.events, RULES, CHINA, now)
        added = corrections(line, begin, before.to, moves)
        self.told += [Told(one.at, one.to) for one in added]
        self.known += [now] * len(added)

    def arrive(self, event, now):
        self.events.append(event)
        if event.at <= now:
            self.settle(event.at, now)

    def night(self, now):
        last = self.line()[-1]
        self.settle(last.at, now)


@tagged("post_install", "-at_install")
class TestLifecycleLogic(BaseCase):
    """# C6: what becomes of a customer by events and by silence."""

    def told(self, events, begin=START, state="potential", rules=RULES, now=NOW):
        moves = replay(state, START, begin, events, rules, CHINA, now)
        return [(move.at, move.to, move.rule) for move in moves]

    # ------------------------------------------------------------
    # BY HAND
    # ------------------------------------------------------------

    def test_a_first_order_silence_and_an_order_again(self):
        """Ordered on 2 March at noon in Shanghai; sixty full days later, at the
        midnight after 1 May, dormant; after 120, at that after 30 June, lost; in
        August there again."""
        events = [
            Event(datetime(2026, 3, 2, 4), BUSINESS, ("order", 1), 100),
            Event(datetime(2026, 8, 3, 4), BUSINESS, ("order", 2), 100),
        ]
        self.assertEqual(
            self.told(events, now=datetime(2026, 9, 1)),
            [
                (datetime(2026, 3, 2, 4), "active", 1),
                (datetime(2026, 5, 1, 16), "dormant", 4),
                (datetime(2026, 6, 30, 16), "lost", 5),
                (datetime(2026, 8, 3, 4), "active", 2),
            ],
        )

    def test_a_contact_breaks_the_silence(self):
        events = [
            Event(datetime(2026, 3, 2, 4), BUSINESS, ("order", 1), 100),
            Event(datetime(2026, 4, 30, 4), TOUCH),
        ]
        self.assertEqual(self.told(events, now=datetime(2026, 6, 29))[1:], [])
        self.assertEqual(
            self.told(events, now=datetime(2026, 6, 29, 16))[1:],
            [(datetime(2026, 6, 29, 16), "dormant", 4)],
        )

    def test_no_date_is_never_long_ago(self):
        self.assertEqual(self.told([], state="active", now=datetime(2099, 1, 1)), [])

    def test_an_only_order_that_is_cancelled_makes_potential_again(self):
        first = Event(datetime(2026, 3, 2), BUSINESS, ("order", 1), 100)
        other = Event(datetime(2026, 3, 3), BUSINESS, ("order", 2), 100)
        gone = Event(datetime(2026, 3, 9), GONE, ("order", 1))
        now = datetime(2026, 4, 1)
        self.assertEqual(self.told([first, gone], now=now)[-1][1:], ("potential", 3))
        self.assertEqual(self.told([first, other, gone], now=now)[-1][1], "active")
        # as the rule says: without it, it stays what it is
        rules = [rule for rule in RULES if rule.trigger != WITHDRAWN]
        self.assertEqual(
            self.told([first, gone], rules=rules, now=now)[-1][1], "active"
        )

    def test_what_is_refunded_in_full_is_as_cancelled(self):
        first = Event(datetime(2026, 3, 2), BUSINESS, ("order", 1), 100)
        half = Event(datetime(2026, 3, 8), REFUND, ("refund", 1), 50)
        rest = Event(datetime(2026, 3, 9), REFUND, ("refund", 2), 50)
        now = datetime(2026, 4, 1)
        self.assertEqual(self.told([first, half], now=now)[-1][1], "active")
        self.assertEqual(
            self.told([first, half, rest], now=now)[-1],
            (datetime(2026, 3, 9), "potential", 3),
        )

    def test_what_a_person_holds_no_rule_moves(self):
        hold = Event(
            datetime(2026, 3, 1), PERSON, to="lost", held=True,
            until=datetime(2026, 6, 1),
        )  # fmt: skip
        order = Event(datetime(2026, 4, 1), BUSINESS, ("order", 1), 100)
        self.assertEqual(
            self.told([hold, order], now=datetime(2026, 5, 31))[1:],
            [],
        )
        # what was bought meanwhile counts when the hold ends
        self.assertEqual(
            self.told([hold, order], now=datetime(2026, 6, 1))[1:],
            [(datetime(2026, 6, 1), "active", 2)],
        )
        for_good = hold._replace(until=None)
        self.assertEqual(self.told([for_good, order])[1:], [])
        released = Event(datetime(2026, 5, 2), RELEASE)
        self.assertEqual(
            self.told([for_good, order, released], now=datetime(2026, 5, 3))[1:],
            [(datetime(2026, 5, 2), "active", 2)],
        )

    def test_what_was_cancelled_during_a_hold_does_not_count_after_it(self):
        events = [
            Event(datetime(2026, 3, 1), PERSON, to="lost", held=True),
            Event(datetime(2026, 4, 1), BUSINESS, ("order", 1), 100),
            Event(datetime(2026, 4, 2), GONE, ("order", 1)),
            Event(datetime(2026, 5, 1), RELEASE),
        ]
        self.assertEqual(self.told(events, now=datetime(2026, 5, 3))[1:], [])

    def test_nobody_swings_at_a_threshold(self):
        """Two conditions that are both met: a day at least lies between the moves."""
        swing = (
            Rule(1, frozenset({"active"}), "dormant", CONDITION),
            Rule(2, frozenset({"dormant"}), "active", CONDITION),
        )
        at = START + DAY
        self.assertEqual(
            self.told([], state="active", rules=swing, now=at), [(at, "dormant", 1)]
        )
        early = at - timedelta(minutes=1)
        self.assertEqual(self.told([], state="active", rules=swing, now=early), [])

    def test_days_in_a_state(self):
        stay = (Rule(1, frozenset({"potential"}), "lost", STAY, 30),)
        due = datetime(2026, 1, 31, 16)
        self.assertEqual(self.told([], rules=stay, now=due - timedelta(seconds=1)), [])
        self.assertEqual(self.told([], rules=stay, now=due), [(due, "lost", 1)])

    def test_the_first_rule_that_fits_decides(self):
        rules = (RULES[0]._replace(id=9, to="dormant"), *RULES)
        order = Event(datetime(2026, 3, 2), BUSINESS, ("order", 1), 100)
        moved = self.told([order], rules=rules, now=datetime(2026, 3, 3))
        self.assertEqual(moved, [(order.at, "dormant", 9)])

    def test_what_lies_ahead_has_not_happened(self):
        order = Event(datetime(2026, 3, 2), BUSINESS, ("order", 1), 100)
        self.assertEqual(self.told([order], now=datetime(2026, 3, 1)), [])

    def test_circles_of_rules_end(self):
        circle = (
            Rule(1, frozenset({"active"}), "dormant", STAY, 0),
            Rule(2, frozenset({"dormant"}), "active", STAY, 0),
        )
        moves = self.told([], state="active", rules=circle, now=datetime(2099, 1, 1))
        self.assertEqual(len(moves), 200)

    # ------------------------------------------------------------
    # DAYS
    # ------------------------------------------------------------

    def test_working_days_with_holidays_and_make_up_days(self):
        """From Wednesday 30 September 2026: holidays to 7 October, Saturday 10 October
        is made up for. Three working days: 8, 9, 10 October."""
        worked = frozenset(
            [date(2026, 9, 30)]
            + [date(2026, 10, day) for day in (8, 9, 10, 12, 13, 14, 15, 16)]
        )
        days = Days(ZoneInfo("Asia/Shanghai"), worked)
        moment = datetime(2026, 9, 30, 2)
        self.assertEqual(days.full(moment, 3, True), datetime(2026, 10, 10, 16))
        self.assertEqual(days.full(moment, 3, False), datetime(2026, 10, 3, 16))

    @UNHURRIED
    @given(
        st.sets(st.integers(0, 60), min_size=1), st.integers(0, 20), st.booleans(),
        st.integers(61, 90), st.sampled_from(["Asia/Shanghai", "America/New_York"]),
    )  # fmt: skip
    def test_the_last_silent_day_is_the_last(
        self, worked, number, working, today, zone
    ):
        """What SQL compares agrees with what is decided for one."""
        first = date(2026, 3, 1)
        days = Days(ZoneInfo(zone), frozenset(first + DAY * day for day in worked))
        now = days.midnight(first + DAY * today) + timedelta(hours=5)
        last = days.last_silent_day(now, number, working)
        noon = days.midnight(last) + timedelta(hours=12)
        self.assertLessEqual(days.full(noon, number, working), now)
        self.assertGreater(days.full(noon + DAY, number, working), now)

    # ------------------------------------------------------------
    # PROPERTIES
    # ------------------------------------------------------------

    @UNHURRIED
    @given(st.lists(EVENTS, max_size=7), st.randoms())
    def test_the_order_of_arrival_does_not_matter(self, events, chance):
        """Events that arrive late or at once, before nights and after them: the same
        state since the same moment, and the same history."""
        ordered = Book()
        for event in in_order(events):
            ordered.night(event.at)
            ordered.arrive(event, event.at)
        ordered.night(NOW)
        shuffled = list(set(events))
        chance.shuffle(shuffled)
        late = Book()
        for number, event in enumerate(shuffled):
            late.arrive(event, NOW)
            if number % 2:
                late.night(NOW)
        late.night(NOW)
        self.assertEqual(late.line(), ordered.line())

    @UNHURRIED
    @given(st.lists(EVENTS, max_size=7))
    def test_what_was_told_then_is_not_told_otherwise_later(self, events):
        """The history as of a day is what was stored on that day, whatever arrives
        afterwards."""
        book, stored = Book(), []
        for number, event in enumerate(events):
            now = NOW + number * DAY
            book.arrive(event, now)
            stored.append((now, book.told[-1].to, book.line()[-1]))
        for moment, state, last in stored:
            then = [
                told
                for told, known in zip(book.told, book.known, strict=True)
                if known <= moment
            ]
            self.assertEqual(then[-1].to, state)
            self.assertEqual(timeline(then)[-1], last)

    @UNHURRIED
    @given(st.lists(EVENTS, max_size=7))
    def test_a_second_time_nothing_is_to_be_said(self, events):
        book = Book()
        for event in events:
            book.arrive(event, NOW)
        book.night(NOW)
        told = list(book.told)
        book.night(NOW)
        for event in events:
            book.settle(event.at, NOW)
        self.assertEqual(book.told, told)

    @UNHURRIED
    @given(st.lists(EVENTS, max_size=7))
    def test_moves_are_in_order_and_lead_somewhere(self, events):
        moves = replay("potential", START, START, events, RULES, CHINA, NOW)
        states = ["potential", *(move.to for move in moves)]
        self.assertTrue(all(a != b for a, b in pairwise(states)))
        self.assertTrue(all(a.at <= b.at for a, b in pairwise(moves)))
        self.assertTrue(all(START <= move.at <= NOW for move in moves))

    @UNHURRIED
    @given(
        st.lists(st.tuples(MOMENTS, STATES), min_size=1),
        st.lists(st.tuples(MOMENTS, STATES)), MOMENTS,
    )  # fmt: skip
    def test_corrections_make_the_history_say_what_is_known(self, told, fresh, begin):
        told = [Told(*one) for one in told]
        line = timeline(told)
        first = just_before(line, begin)
        moves, state = [], first.to
        for at, to in sorted(fresh):
            if at >= begin and to != state and not (moves and moves[-1].at == at):
                moves.append(Move(at, to, SILENCE))
                state = to
        added = corrections(line, begin, first.to, moves)
        after = timeline(told + [Told(one.at, one.to) for one in added])
        wanted = [Told(begin, first.to), *(Told(m.at, m.to) for m in moves)]
        for moment in [begin + quarter * DAY / 4 for quarter in range(0, 365 * 4, 29)]:
            self.assertEqual(state_at(after, moment).to, state_at(wanted, moment).to)
        self.assertEqual(just_before(after, begin).to, first.to)

    def test_time_alone(self):
        line = decide(
            "active", START, [Event(START + DAY, TOUCH)], RULES, CHINA,
            datetime(2026, 4, 1),
        )  # fmt: skip
        self.assertEqual([move.to for move in line], ["dormant"])
        self.assertEqual(
            CHINA.day(datetime(2026, 3, 1, 16, tzinfo=timezone.utc)).day, 2
        )
