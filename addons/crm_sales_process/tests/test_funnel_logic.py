from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_sales_process.tools.funnel import Step, steps


@tagged("post_install", "-at_install")
class TestFunnelLogic(BaseCase):
    """# S5, A1: funnel arithmetic by hand."""

    def test_ten_deals_by_hand(self):
        """Of ten deals four got to stage 1 only (one still open), three to stage 2
        (two open), three were won: stage 1 was reached by 10, passed by 6."""
        funnel = steps([1, 2, 3], {1: 4, 2: 3, 3: 3}, {1: 1, 2: 2})
        self.assertEqual(
            funnel,
            [
                Step(1, 10, 6, 1, 3, 0.6),
                Step(2, 6, 3, 2, 1, 0.5),
                Step(3, 3, 0, 0, 3, 0.0),
            ],
        )

    def test_a_stage_jumped_over_counts_as_reached(self):
        """Who was won from the first stage has come past the second."""
        funnel = steps([1, 2, 3], {3: 2}, {})
        self.assertEqual([step.reached for step in funnel], [2, 2, 2])

    def test_an_empty_pipeline_has_no_conversion(self):
        self.assertEqual(steps([5], {}, {}), [Step(5, 0, 0, 0, 0, None)])

    @given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=8))
    def test_a_funnel_never_widens_and_loses_nobody(self, counts):
        stages = list(range(len(counts)))
        furthest = {n: count for n, (count, _open) in enumerate(counts)}
        waiting = {n: min(pair) for n, pair in enumerate(counts)}
        funnel = steps(stages, furthest, waiting)
        reached = [step.reached for step in funnel]
        self.assertEqual(reached, sorted(reached, reverse=True))
        for step in funnel:
            self.assertEqual(
                step.reached, step.passed + step.waiting + step.dropped, step
            )
