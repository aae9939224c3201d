import unittest
from datetime import datetime, timedelta

from odoo.addons.crm_service_ticket.tools.aside import moments


class TestMoments(unittest.TestCase):
    """# V7: until when a ticket is put aside with one click."""

    def test_in_the_morning(self):
        # a Wednesday
        offered = moments(datetime(2026, 3, 4, 10, 15))
        self.assertEqual(
            offered,
            {
                "afternoon": datetime(2026, 3, 4, 14),
                "tomorrow": datetime(2026, 3, 5, 9),
                "monday": datetime(2026, 3, 9, 9),
            },
        )

    def test_an_afternoon_that_has_come_is_not_offered(self):
        self.assertIn("afternoon", moments(datetime(2026, 3, 4, 13, 30)))
        self.assertNotIn("afternoon", moments(datetime(2026, 3, 4, 13, 31)))

    def test_on_a_sunday_monday_is_tomorrow(self):
        offered = moments(datetime(2026, 3, 8, 16))
        self.assertEqual(offered, {"tomorrow": datetime(2026, 3, 9, 9)})

    def test_on_a_monday_it_is_the_next_one(self):
        self.assertEqual(
            moments(datetime(2026, 3, 2, 8))["monday"], datetime(2026, 3, 9, 9)
        )

    def test_whenever_it_is_all_of_them_are_to_come(self):
        now = datetime(2026, 12, 20)
        for hours in range(24 * 14):
            moment = now + timedelta(hours=hours)
            for name, until in moments(moment).items():
                with self.subTest(name, now=moment):
                    self.assertGreater(until, moment)
                    self.assertLessEqual(until - moment, timedelta(days=7, hours=9))
