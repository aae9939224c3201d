from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools.rate_limit import (
    WINDOW,
    counter_key,
    digest,
    is_exceeded,
    window_start,
)


@tagged("post_install", "-at_install")
class TestRateLimitLogic(BaseCase):
    """# V2: counters that name nobody."""

    NOW = datetime(2026, 11, 24, 9, 59, 59)

    def test_a_counter_lives_for_one_hour_of_one_sender(self):
        """# V2: another sender, kind, hour or database has another counter."""
        key = counter_key("secret", "address", "10.0.0.1", self.NOW)
        same = counter_key("secret", "address", "10.0.0.1", window_start(self.NOW))
        self.assertEqual(key, same)
        others = {
            counter_key("secret", "address", "10.0.0.2", self.NOW),
            counter_key("secret", "contact", "10.0.0.1", self.NOW),
            counter_key("other", "address", "10.0.0.1", self.NOW),
            counter_key(
                "secret", "address", "10.0.0.1", self.NOW + timedelta(seconds=1)
            ),
        }
        self.assertEqual(len(others | {key}), 5)
        self.assertNotIn("10.0.0.1", key)

    def test_case_does_not_make_another_sender(self):
        """# V2: A@B.CN is a@b.cn."""
        self.assertEqual(
            counter_key("s", "contact", "A@B.CN", self.NOW),
            counter_key("s", "contact", "a@b.cn", self.NOW),
        )

    def test_the_limit_itself_is_allowed(self):
        """# V2: 0 means no limit."""
        self.assertEqual([is_exceeded(n, 2) for n in (1, 2, 3)], [False, False, True])
        self.assertFalse(is_exceeded(10**6, 0))

    @given(st.datetimes())
    def test_every_moment_lies_in_its_window(self, moment):
        """# V2: windows follow each other without gap."""
        start = window_start(moment)
        self.assertTrue(timedelta(0) <= moment - start < WINDOW)
        self.assertEqual(window_start(start), start)

    def test_a_digest_is_forty_digits_that_know_where_a_part_ends(self):
        """# V2: as long as its column; moving a letter to the next part changes it."""
        self.assertRegex(digest("s", "a", "b"), "^[0-9a-f]{40}$")
        self.assertEqual(digest("s", "a", "b"), digest("s", "a", "b"))
        self.assertNotEqual(digest("s", "ab", "c"), digest("s", "a", "bc"))
        self.assertEqual(len(digest("s", "\ud800")), 40)
