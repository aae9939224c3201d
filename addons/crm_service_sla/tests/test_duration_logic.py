from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_sla.tools.duration import split


@tagged("post_install", "-at_install")
class TestDurationLogic(BaseCase):
    """# V4: lengths of time as people say them."""

    def test_a_length_is_cut_into_hours_minutes_and_seconds(self):
        """# V4: a day is 24 hours, for targets are told in hours."""
        for seconds, expected in (
            (0, (0, 0, 0)),
            (59, (0, 0, 59)),
            (60, (0, 1, 0)),
            (3599, (0, 59, 59)),
            (3600, (1, 0, 0)),
            (90_061, (25, 1, 1)),
        ):
            with self.subTest(seconds=seconds):
                self.assertEqual(split(seconds), expected)

    @given(st.integers(0, 10**7))
    def test_the_parts_are_the_whole(self, seconds):
        """# V4: nothing is lost, and 60 of a part are one of the next."""
        parts = split(seconds)
        self.assertEqual(
            3600 * parts.hours + 60 * parts.minutes + parts.seconds, seconds
        )
        self.assertLess(max(parts.minutes, parts.seconds), 60)
