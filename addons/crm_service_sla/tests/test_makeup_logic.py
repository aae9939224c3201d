from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_sla.tools.makeup import Day, overlap, stretches

WEEK = [
    Day(0, (9, 12), "Monday morning"),
    Day(1, (8, 16), "Tuesday"),
    Day(0, (13, 18), "Monday afternoon"),
]


@tagged("post_install", "-at_install")
class TestMakeupLogic(BaseCase):
    """# V4: days worked though the week says they rest."""

    def test_a_day_worked_like_a_monday_has_all_of_its_hours(self):
        """# V4: morning and afternoon, with what the calendar attaches to them."""
        self.assertEqual(stretches(0, (10, 11), WEEK), [WEEK[0], WEEK[2]])
        self.assertEqual(stretches(1, (10, 11), WEEK), [WEEK[1]])

    def test_a_day_worked_like_a_day_of_rest_has_none(self):
        """# V4"""
        self.assertEqual(stretches(6, (10, 11), WEEK), [])

    def test_a_day_with_hours_of_its_own_has_these_alone(self):
        """# V4: of no weekday, so that no line of the week can be meant."""
        self.assertEqual(stretches(None, (10, 11), WEEK), [Day(-1, (10, 11), None)])

    def test_stretches_overlap_when_one_begins_before_the_other_ends(self):
        """# V4: in any order; what touches does not overlap."""
        for hours, expected in (
            ([], False),
            ([(9, 12)], False),
            ([(9, 12), (12, 18)], False),
            ([(12, 18), (9, 12)], False),
            ([(11, 18), (9, 12)], True),
            ([(9, 18), (10, 11)], True),
            ([(9, 10), (11, 14), (13, 15)], True),
            ([(9, 12), (9, 12)], True),
        ):
            with self.subTest(hours=hours):
                self.assertEqual(overlap(hours), expected)
