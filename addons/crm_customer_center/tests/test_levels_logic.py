from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.levels import (
    FORGET,
    MOVE,
    NOTICE,
    STAY,
    Figures,
    Held,
    Rule,
    earned,
    is_lower,
    verdict,
)

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
RANKS = {1: 0, 2: 1, 3: 2}
TODAY = date(2026, 11, 25)
RULES = st.lists(
    st.builds(
        Rule,
        st.integers(1, 9),
        st.integers(1, 3),
        st.integers(0, 5).map(float),
        st.integers(0, 3),
        st.integers(0, 3).map(float),
    )
)
FIGURES = st.builds(
    Figures,
    st.integers(0, 6).map(float),
    st.integers(0, 4),
    st.integers(0, 4).map(float),
)


@tagged("post_install", "-at_install")
class TestLevelsLogic(BaseCase):
    """# C7: which level is earned, and what becomes of the one there is."""

    @UNHURRIED
    @given(FIGURES, RULES)
    def test_the_first_that_is_reached_gives_the_level(self, figures, rules):
        def reached(rule):
            return (
                figures.sales >= rule.sales
                and figures.orders >= rule.orders
                and figures.open >= rule.open
            )

        self.assertEqual(earned(figures, rules), next(filter(reached, rules), None))

    def test_refunds_above_sales_reach_what_asks_for_nothing(self):
        """Less than nothing was sold; a rule that asks for no sales does not mind."""
        self.assertEqual(earned(Figures(-5.0), [Rule(1, 1)]).id, 1)
        self.assertIsNone(earned(Figures(-5.0), [Rule(1, 1, 1.0)]))

    def test_none_is_the_lowest(self):
        self.assertTrue(is_lower(0, 3, RANKS))
        self.assertFalse(is_lower(3, 0, RANKS))
        self.assertTrue(is_lower(2, 1, RANKS))
        self.assertFalse(is_lower(1, 1, RANKS))

    def test_verdicts(self):
        told = TODAY - timedelta(days=30)
        yesterday = TODAY - timedelta(days=29)
        for held, target, grace, expected in (
            (Held(2, True), 2, 30, STAY),
            (Held(2, True, told), 2, 30, FORGET),
            (Held(2, True), 1, 30, MOVE),
            (Held(2, True, told), 1, 30, MOVE),
            (Held(2, True), 3, 0, MOVE),
            (Held(2, True), 3, 30, NOTICE),
            (Held(2, True, yesterday), 3, 30, STAY),
            (Held(2, True, told), 3, 30, MOVE),
            # no rule gives a level: what a person gave stays
            (Held(2, False), 0, 0, STAY),
            (Held(2, False, told), 0, 30, FORGET),
            (Held(2, True), 0, 0, MOVE),
            (Held(2, True), 0, 30, NOTICE),
            (Held(0, False), 0, 30, STAY),
            (Held(0, False), 3, 30, MOVE),
        ):
            with self.subTest(held=held, target=target, grace=grace):
                self.assertEqual(verdict(held, target, RANKS, grace, TODAY), expected)
