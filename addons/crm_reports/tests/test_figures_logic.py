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
            (9_999, "9,999", "9,999"),
            (10_000, "1万", "10K"),
            (125_600, "12.56万", "125.6K"),
            (999_999, "100万", "1M"),
            (6_308_430, "630.8万", "6.3M"),
            (10_853_400, "1,085万", "10.9M"),
            (99_996_000, "1亿", "100M"),
            (99_999_999.5, "1亿", "100M"),
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
