from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.recycle import (
    FIRST,
    KEEP,
    LAST,
    LOSE,
    WAIT,
    Days,
    Rule,
    Told,
    decide,
    lost_on,
    passed,
)

START = date(2026, 1, 1)
LENGTH = 120
day_sets = st.frozensets(
    st.integers(0, LENGTH).map(lambda n: START + timedelta(days=n))
)
rules = st.tuples(st.integers(1, 12), st.integers(0, 12), st.integers(0, 30)).map(
    lambda t: Rule(t[0] + t[1] + t[2], t[0] + t[1], t[0])
)
calendars = st.builds(Days, st.none() | day_sets, day_sets)


def run(rule, since, days, begin=0, silent=()):
    """Let the nights pass; return (night, what) of all that happened.

    :param silent: numbers of nights on which the job did not run
    """
    told, happened = Told(), []
    for number in range(begin, LENGTH):
        today = START + timedelta(days=number)
        if number in silent:
            continue
        what, _left = decide(rule, since, told, today, days)
        if what == KEEP:
            told = Told()
        if what == FIRST:
            told = Told(today)
        if what == LAST:
            told = told._replace(last=today)
        if what not in (KEEP, WAIT):
            happened.append((today, what))
        if what == LOSE:
            break
    return happened


@tagged("post_install", "-at_install")
class TestRecycleLogic(BaseCase):
    """# C10: nobody loses a customer unwarned."""

    def test_warned_twice_and_then_lost(self):
        happened = run(Rule(10, 5, 2), START, Days())
        days = [((day - START).days, what) for day, what in happened]
        self.assertEqual(days, [(5, FIRST), (8, LAST), (11, LOSE)])

    def test_days_off_do_not_count(self):
        week = [START + timedelta(days=n) for n in range(LENGTH)]
        working = frozenset(day for day in week if day.weekday() < 5)
        away = frozenset(week[4:11])
        plain = run(Rule(10, 5, 2), START, Days(working))
        leave = run(Rule(10, 5, 2), START, Days(working, away))
        self.assertGreater(plain[-1][0], START + timedelta(days=11))
        self.assertGreater(leave[-1][0], plain[-1][0])

    @settings(max_examples=300)
    @given(rules, calendars, st.integers(-400, 60), st.sets(st.integers(0, LENGTH)))
    def test_nobody_loses_a_customer_unwarned(self, rule, days, since, silent):
        """Whatever the calendar, whenever the rule was switched on, and whichever
        nights the job did not run."""
        begun = START + timedelta(days=since)
        happened = run(rule, begun, days, max(since + 1, 0), silent)
        if not happened or happened[-1][1] != LOSE:
            return
        (first, one), (last, two), (lost, _lose) = happened[-3:]
        self.assertEqual((one, two), (FIRST, LAST))
        self.assertGreaterEqual(passed(first, lost, 999, days), rule.first)
        self.assertGreaterEqual(passed(last, lost, 999, days), rule.last)
        self.assertGreaterEqual(passed(begun, lost, 999, days), rule.days)

    @given(rules, calendars, st.integers(0, 60))
    def test_a_contact_saves_it(self, rule, days, number):
        today = START + timedelta(days=number)
        told = Told(START, START)
        if rule.days > rule.first + 1:
            yesterday = today - timedelta(days=1)
            decision = decide(rule, yesterday, told, today, days)
            self.assertEqual(decision.what, KEEP)

    @given(calendars, st.integers(0, 30))
    def test_the_day_that_is_promised(self, days, left):
        day = lost_on(START, left, Days(None, days.away))
        counted = passed(START, day, 999, Days(None, days.away))
        self.assertEqual(counted, left)
        self.assertGreaterEqual(lost_on(START, left, days), START)
