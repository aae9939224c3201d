from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.history import Change, value_at

NOON = datetime(2026, 3, 2, 12)


@tagged("post_install", "-at_install")
class TestHistoryLogic(BaseCase):
    """# V4: what held then."""

    def test_without_a_change_it_always_was_what_it_is(self):
        """# V4"""
        self.assertEqual(value_at([], "high", NOON), "high")

    def test_what_the_next_change_replaced_is_what_held(self):
        """# V4: nothing is a value as well."""
        changes = [Change(NOON, None), Change(NOON + timedelta(hours=1), "low")]
        for hours, expected in ((-1, None), (0.5, "low"), (2, "high")):
            with self.subTest(hours=hours):
                moment = NOON + timedelta(hours=hours)
                self.assertEqual(value_at(changes, "high", moment), expected)

    def test_a_change_within_the_second_of_the_end_counts_as_made(self):
        """# V4: a clock that ended at 12:00:00.7 is noted down as 12:00:00."""
        change = Change(NOON + timedelta(milliseconds=700), "low")
        self.assertEqual(value_at([change], "high", NOON), "high")
        following = Change(NOON + timedelta(seconds=1), "low")
        self.assertEqual(value_at([following], "high", NOON), "low")
        earlier = NOON - timedelta(seconds=1)
        self.assertEqual(value_at([change], "high", earlier), "low")

    @given(st.lists(st.integers(0, 50), min_size=1, unique=True), st.integers(-5, 60))
    def test_it_is_what_walking_through_the_changes_gives(self, minutes, asked):
        """# V4: against keeping the value from change to change."""
        moments = [NOON + timedelta(minutes=minute) for minute in sorted(minutes)]
        changes = [Change(moment, number) for number, moment in enumerate(moments)]
        when = NOON + timedelta(minutes=asked)
        walked = 0
        for number, moment in enumerate(moments, 1):
            if moment <= when:
                walked = number
        self.assertEqual(value_at(changes, len(moments), when), walked)
