from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.approval import (
    GATE,
    RELEASE,
    TOLERANCE,
    Approved,
    Deal,
    Threshold,
    covered,
    exceeded,
    has_grown,
    has_shrunk,
    judge,
    offends,
)

EAST, SOUTH = 1, 2
money = st.floats(0, 1e7, allow_nan=False)
percent = st.floats(0, 100, allow_nan=False)


def deal(amount=0.0, discount=0.0, teams=(EAST,), company=1, place=1, won=False):
    return Deal(amount, discount, frozenset(teams), company, place, won)


def threshold(amount=0.0, discount=0.0, team=None, company=None, gate=None):
    return Threshold(team, company, amount, discount, gate)


class TestApprovalLogic(BaseCase):
    def test_past_an_amount_or_a_discount(self):
        """# S9: past means more than; exactly the threshold is allowed."""
        for limit, past in (
            (threshold(amount=1000), deal(1000.01)),
            (threshold(discount=10), deal(discount=10.01)),
            (threshold(amount=1000, discount=10), deal(5, 20)),
        ):
            with self.subTest(limit):
                self.assertEqual(exceeded(past, [limit]), [limit])
                within = deal(limit.amount or 0, limit.discount or 0)
                self.assertFalse(exceeded(within, [limit]))

    def test_a_threshold_for_the_one_does_not_ask_of_the_other(self):
        """# S9: none for the amount is any amount, and so with the discount."""
        self.assertFalse(exceeded(deal(5000, 5), [threshold(discount=10)]))
        self.assertFalse(exceeded(deal(5, 50), [threshold(amount=1000)]))

    def test_what_differs_by_less_than_a_cent_is_the_same(self):
        """# S9: for thresholds, approvals and growth, in amount and in discount."""
        more = TOLERANCE
        for one, near, limit in (
            (deal(8), deal(8 + more), threshold(amount=8)),
            (deal(0, 8), deal(0, 8 + more), threshold(discount=8)),
        ):
            with self.subTest(near):
                self.assertFalse(exceeded(near, [limit]))
                self.assertTrue(covered(near, [Approved(one.amount, one.discount)]))
                self.assertFalse(has_grown(one, near))
        self.assertTrue(has_grown(deal(), deal(discount=1)))
        self.assertTrue(has_grown(deal(), deal(amount=1)))

    def test_a_threshold_concerns_its_team_and_company(self):
        """# S9: also when the owner or who acts is in the team, not the deal."""
        limit = threshold(amount=1000, team=EAST, company=1)
        self.assertTrue(exceeded(deal(2000), [limit]))
        self.assertTrue(exceeded(deal(2000, teams=(SOUTH, EAST)), [limit]))
        self.assertFalse(exceeded(deal(2000, teams=(SOUTH,)), [limit]))
        self.assertFalse(exceeded(deal(2000, company=2), [limit]))
        self.assertTrue(exceeded(deal(2000, company=None), [limit]))

    def test_the_gate_is_winning_or_a_stage(self):
        """# S9"""
        only_won, from_three = threshold(100), threshold(100, gate=3)
        for limit, place, won, offence in (
            (only_won, 9, False, False),
            (only_won, 1, True, True),
            (from_three, 2, False, False),
            (from_three, 3, False, True),
            (from_three, 4, False, True),
            (from_three, 1, True, True),
        ):
            with self.subTest(limit=limit, place=place, won=won):
                big = deal(200, place=place, won=won)
                self.assertEqual(offends(big, [limit], []), offence)
                self.assertFalse(offends(big, [limit], [Approved(200, 0)]))

    @given(money, percent, money, percent)
    def test_an_approval_reaches_as_far_as_it_was_given(self, amount, off, more, extra):
        """# S9: never further, in amount or in discount."""
        approved = [Approved(amount, off)]
        self.assertTrue(covered(deal(amount, off), approved))
        reaches = more <= amount + 0.005 and extra <= off + 0.005
        self.assertEqual(covered(deal(more, extra), approved), reaches)

    @given(st.lists(st.tuples(money, percent), max_size=5), money, percent)
    def test_two_approvals_do_not_add_up(self, given_, amount, off):
        """# S9: one that agreed to the amount and one to the discount are not both."""
        approvals = [Approved(*pair) for pair in given_]
        alone = any(covered(deal(amount, off), [one]) for one in approvals)
        self.assertEqual(covered(deal(amount, off), approvals), alone)

    @given(money, percent, money, percent)
    def test_growing_is_shrinking_the_other_way(self, amount, off, more, extra):
        one, other = deal(amount, off), deal(more, extra)
        self.assertEqual(has_grown(one, other), has_shrunk(other, one))
        self.assertFalse(has_grown(one, one))

    def test_the_verdict_on_a_change(self):
        """# S9: into the gate, growing behind it, out of the team; and what is free."""
        none, south = frozenset(), frozenset({SOUTH})
        east = threshold(1000, team=EAST)
        big, signed = deal(2000), deal(2000, won=True)
        elsewhere = deal(2000, teams=(SOUTH,))
        for words, before, after, acting, approved, verdict in (
            ("win", big, signed, none, [], GATE),
            ("win, approved", big, signed, none, [Approved(2000, 0)], ""),
            ("win, approved for less", big, signed, none, [Approved(1999, 0)], GATE),
            ("won before the threshold", signed, signed, none, [], ""),
            ("grow behind the gate", signed, deal(3000, won=True), none, [], GATE),
            ("move away", big, elsewhere, none, [], RELEASE),
            ("move away, approved", big, elsewhere, none, [Approved(2000, 0)], ""),
            ("move away and shrink", big, deal(1, teams=(SOUTH,)), none, [], ""),
            ("grow, still open", big, deal(3000), none, [], ""),
            (
                "other team wins its own",
                elsewhere,
                elsewhere._replace(won=True),
                south,
                [],
                "",
            ),
            (
                "ours wins theirs",
                elsewhere,
                elsewhere._replace(won=True),
                {EAST},
                [],
                GATE,
            ),
        ):
            with self.subTest(words):
                found = judge(before, after, frozenset(acting), [east], approved)
                self.assertEqual(found, verdict)
