from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import figures


@tagged("post_install", "-at_install")
class TestFigures(BaseCase):
    def test_large_amounts_are_short_in_the_readers_way(self):
        """# A8: 万 and 亿, or K, M and B; none is rounded up to 1000K or 10000万."""
        for number, chinese, english in (
            (0, "0", "0"),
            (12.345, "12.35", "12.35"),
            (100.4, "100", "100"),
            (1_234.4, "1,234", "1,234"),
            (9_999, "9,999", "9,999"),
            (9_999.97, "10,000", "10,000"),
            (10_000, "1万", "10K"),
            (125_600, "12.56万", "125.6K"),
            (123_456, "12.35万", "123.5K"),
            (999_000, "99.9万", "999K"),
            (999_960, "100万", "1M"),
            (999_999, "100万", "1M"),
            (1_005_600, "100.6万", "1M"),
            (6_308_430, "630.8万", "6.3M"),
            (10_006_000, "1,001万", "10M"),
            (10_853_400, "1,085万", "10.9M"),
            (99_996_000, "1亿", "100M"),
            (99_999_999.5, "1亿", "100M"),
            (123_456_789, "1.23亿", "123.5M"),
            (250_000_000, "2.5亿", "250M"),
            (-36_000, "-3.6万", "-36K"),
        ):
            with self.subTest(number=number):
                self.assertEqual(figures.compact(number, True), chinese)
                self.assertEqual(figures.compact(number, False), english)

    def test_units(self):
        """# A8"""
        self.assertEqual(figures.text(None, "money"), "–")
        self.assertEqual(figures.text(-36000, "money", True, "¥"), "-¥3.6万")
        self.assertEqual(figures.text(62.5, "percent"), "62.5%")
        self.assertEqual(figures.text(4.25, "score"), "4.25")
        self.assertEqual(figures.text(1234, "count"), "1,234")
        self.assertEqual(figures.text(3.04, "days"), "3")
        self.assertEqual(figures.text(4.256, "score"), "4.26")
        self.assertEqual(figures.text(62.56, "percent"), "62.6%")
        self.assertEqual(figures.text(3.4, "count"), "3")
        self.assertEqual(figures.text(1000, "count"), "1,000")
        self.assertEqual(figures.text(1_000_000, "count"), "1M")
        self.assertEqual(figures.text(-2_000_000, "count"), "-2M")
        self.assertEqual(figures.text(36000, "money"), "36K")

    def test_nothing_has_no_sign(self):
        """# A8: what is rounded to 0 is neither -0 nor -¥0."""
        self.assertEqual(figures.rounded(-0.001, 1), "0")
        self.assertEqual(figures.rounded(1234.50, 2), "1,234.5")
        self.assertEqual(figures.text(-0.001, "money", False, "$"), "$0")

    def test_a_figure_is_an_amount_or_a_part_of_its_weight(self):
        """# A10: a sum has no weight; where the weight is 0, nothing is known."""
        for amount, weight, unit, expected in (
            (5, None, "count", 5),
            (5, False, "money", 5),
            (None, None, "count", 0),
            (3, 2, "days", 1.5),
            (None, 2, "days", 0),
            (3, 0, "days", None),
            (1, 4, "percent", 25),
        ):
            with self.subTest(amount=amount, weight=weight, unit=unit):
                self.assertEqual(figures.value(amount, weight, unit), expected)

    def test_a_trend_knows_what_is_good(self):
        """# A8: more overdue follow-ups are bad, more revenue is good."""
        self.assertEqual(figures.trend(150, 100, 1), (1, 50, "good"))
        self.assertEqual(figures.trend(150, 100, -1), (1, 50, "bad"))
        self.assertEqual(figures.trend(100, 100, 1), (0, 0, "neutral"))
        # from nothing there is no change to be measured, and no arrow
        self.assertEqual(figures.trend(5, 0, 1), (0, None, "neutral"))
        self.assertEqual(figures.trend(0, 0, 1, "money"), (0, None, "neutral"))
        self.assertEqual(figures.trend(60, 0, 1, "percent"), (1, 60, "good"))
        self.assertEqual(figures.trend(60, 40, 1, "percent"), (1, 20, "good"))
        self.assertIsNone(figures.trend(None, 4, 1))
        self.assertIsNone(figures.trend(4, None, 1))
        self.assertEqual(figures.trend(50, 100, 1), (-1, -50, "bad"))
        self.assertEqual(figures.trend(50, 100, -1), (-1, -50, "good"))
        self.assertEqual(figures.trend(50, 100, 0), (-1, -50, "neutral"))
        # a smaller loss is more
        self.assertEqual(figures.trend(-50, -100, 1), (1, 50, "good"))

    def test_what_reads_as_no_change_is_none(self):
        """# A8: no red arrow beside "0%" or "0 pts"."""
        for now, before, unit in ((100_001, 100_000, "money"), (50.04, 50, "percent")):
            with self.subTest(unit=unit):
                direction, _change, mood = figures.trend(now, before, -1, unit)
                self.assertEqual((direction, mood), (0, "neutral"))
        self.assertEqual(figures.trend(50.06, 50, -1, "percent").mood, "bad")

    @given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=1))
    def test_parts_of_a_ratio_add_up(self, parts):
        """# A10: a share over many days is that of all their records."""
        amount = sum(part for part, _whole in parts)
        weight = sum(whole for _part, whole in parts)
        self.assertAlmostEqual(
            figures.value(amount, weight, "percent"), 100 * amount / weight
        )
        self.assertIsNone(figures.value(0, 0, "percent"))

    @given(st.floats(-1e12, 1e12), st.booleans())
    def test_a_figure_is_never_long(self, number, chinese):
        """# A8: it fits a tile of a phone."""
        self.assertLessEqual(len(figures.text(number, "money", chinese, "¥")), 12)
