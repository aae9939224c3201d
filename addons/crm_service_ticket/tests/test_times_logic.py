from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools.times import Times, after_move

NOW = datetime(2026, 3, 2, 10)
LATER = datetime(2026, 3, 3, 11)
FRESH = Times(False, False, 0)
STATES = ("pending", "in_progress", "waiting", "resolved", "closed")


@tagged("post_install", "-at_install")
class TestTimesLogic(BaseCase):
    """# V1: resolved and closed time follow from the moves, reopening counts."""

    def test_resolving_stamps_the_time(self):
        self.assertEqual(
            after_move("in_progress", "resolved", NOW, FRESH), Times(NOW, False, 0)
        )

    def test_closing_what_was_resolved_keeps_that_time(self):
        resolved = Times(NOW, False, 0)
        self.assertEqual(
            after_move("resolved", "closed", LATER, resolved), Times(NOW, LATER, 0)
        )

    def test_closing_at_once_resolves_too(self):
        self.assertEqual(
            after_move("pending", "closed", NOW, FRESH), Times(NOW, NOW, 0)
        )

    def test_reopening_clears_and_counts(self):
        for before in ("resolved", "closed"):
            with self.subTest(before=before):
                times = Times(NOW, before == "closed" and NOW, 1)
                self.assertEqual(
                    after_move(before, "in_progress", LATER, times),
                    Times(False, False, 2),
                )

    def test_taking_a_closing_back_is_no_reopening(self):
        closed = Times(NOW, LATER, 0)
        self.assertEqual(
            after_move("closed", "resolved", LATER, closed), Times(NOW, False, 0)
        )

    @given(st.lists(st.sampled_from(STATES), max_size=20))
    def test_any_walk_leaves_times_that_fit_the_state(self, walk):
        state, times, reopened = "pending", FRESH, 0
        for target in walk:
            if target == state:
                continue
            reopened += state in ("resolved", "closed") and target not in (
                "resolved",
                "closed",
            )
            times = after_move(state, target, NOW, times)
            state = target
        self.assertEqual(bool(times.resolved_date), state in ("resolved", "closed"))
        self.assertEqual(bool(times.closed_date), state == "closed")
        self.assertEqual(times.reopen_count, reopened)
