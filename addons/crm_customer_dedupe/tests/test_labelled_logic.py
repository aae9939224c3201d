from odoo.tests import BaseCase

from odoo.addons.crm_customer_center.tools.likeness import MAYBE, SURE, compare
from odoo.addons.crm_customer_center.tools.match_keys import match_keys

from .labelled import pairs, table, tallies, wilson

ALL = pairs()
HELD_OUT = [pair for pair in ALL if pair.held_out]


class TestLabelledLogic(BaseCase):
    """# C4: how often two are rightly taken for one, on pairs that nothing was fitted
    to."""

    def test_the_set_is_large_and_hard(self):
        self.assertGreaterEqual(len(ALL), 500)
        self.assertGreaterEqual(len({pair.kind for pair in ALL}), 25)
        same = sum(pair.same for pair in ALL)
        self.assertTrue(0.4 < same / len(ALL) < 0.6)
        self.assertTrue(0.4 < len(HELD_OUT) / len(ALL) < 0.6)

    def test_no_pair_is_there_twice(self):
        known = {frozenset((pair.one, pair.other)) for pair in ALL}
        self.assertEqual(len(known), len(ALL))

    def test_precision_and_recall_of_the_half_that_was_held_out(self):
        tally = tallies(HELD_OUT)[""]
        print("\n" + "\n".join(table(ALL)))
        self.assertGreaterEqual(tally.precision, 0.95)
        self.assertGreaterEqual(tally.recall, 0.85)

    def test_what_is_called_sure_is(self):
        wrong = [
            (pair.one.name, pair.other.name)
            for pair in ALL
            if not pair.same and compare(pair.one, pair.other).score >= SURE
        ]
        self.assertFalse(wrong)

    def test_pairs_that_would_be_shown_meet_by_a_key(self):
        """What shares no key is never compared: that must cost nearly nothing."""
        shown = [
            pair
            for pair in HELD_OUT
            if pair.same and compare(pair.one, pair.other).score >= MAYBE
        ]
        lost = [
            (pair.one.name, pair.other.name)
            for pair in shown
            if not match_keys(pair.one) & match_keys(pair.other)
        ]
        self.assertGreater(len(shown), 90)
        self.assertLessEqual(len(lost), 0.03 * len(shown), lost)

    def test_the_interval_is_wilsons(self):
        """Against the figures of a textbook: 9 of 10, 0 of 20, 45 of 50."""
        for hits, of, low, high in (
            (9, 10, 0.596, 0.982),
            (0, 20, 0.0, 0.161),
            (45, 50, 0.786, 0.957),
        ):
            found = wilson(hits, of)
            self.assertAlmostEqual(found[0], low, 3)
            self.assertAlmostEqual(found[1], high, 3)
