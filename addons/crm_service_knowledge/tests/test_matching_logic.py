import unittest

from odoo.addons.crm_service_knowledge.tools.matching import closest, units


class TestMatchingLogic(unittest.TestCase):
    """# V5: what shares enough with a question may answer it."""

    def test_two_neighbouring_pairs_are_a_word(self):
        self.assertEqual(units(["漂移", "sensor", "hc-200", "零点"]), [1, 2, 2, 1])

    def test_what_is_far_from_the_closest_is_about_something_else(self):
        self.assertEqual(closest([(4, 10.0), (2, 4.0), (9, 3.9)]), [4, 2])
        self.assertEqual(closest([(4, 1.0)]), [4])
        self.assertEqual(closest([]), [])
