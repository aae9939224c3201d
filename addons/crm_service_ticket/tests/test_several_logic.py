import unittest

from odoo.addons.crm_service_ticket.tools.several import by_reason


class TestByReason(unittest.TestCase):
    """# V7: what is left out is named, with its reason."""

    def test_each_reason_once_in_the_order_they_came_up(self):
        left_out = [("1", "closed"), ("2", "merged"), ("3", "closed")]
        self.assertEqual(
            by_reason(left_out), [("closed", ["1", "3"], 2), ("merged", ["2"], 1)]
        )

    def test_of_many_the_first_are_named(self):
        left_out = [(str(number), "closed") for number in range(9)]
        self.assertEqual(by_reason(left_out, most=2), [("closed", ["0", "1"], 9)])

    def test_what_is_not_to_be_named_is_counted(self):
        self.assertEqual(
            by_reason([("", "hidden"), ("", "hidden")]), [("hidden", [], 2)]
        )

    def test_nothing(self):
        self.assertEqual(by_reason([]), [])
