from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_reports.tools.spread import spread


@tagged("-at_install", "post_install")
class TestSpread(BaseCase):
    """# A4: a year over its months."""

    def test_evenly_where_nothing_says_otherwise(self):
        self.assertEqual(spread(120, [0] * 12), [10] * 12)
        self.assertEqual(spread(14, [1] * 12), [1] * 10 + [2] * 2)
        self.assertEqual(spread(0, [1, 2]), [0, 0])
        self.assertEqual(spread(5, []), [])

    def test_as_they_are_to_one_another(self):
        self.assertEqual(spread(300, [10, 20, 0]), [100, 200, 0])
        self.assertEqual(spread(10, [1, 1, 1], digits=2), [3.33, 3.33, 3.34])

    @given(
        st.integers(0, 10**9),
        st.lists(st.floats(0, 10**6), min_size=1, max_size=12),
    )
    def test_nothing_is_lost(self, total, weights):
        parts = spread(total, weights)
        self.assertEqual(sum(parts), total)
        self.assertTrue(all(part >= 0 for part in parts))
        if any(weights):
            pairs = zip(parts, weights, strict=True)
            self.assertFalse(any(part for part, weight in pairs if not weight))
