from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.grouping import Found, groups, in_groups

PEOPLE = st.integers(1, 9)
PAIRS = st.lists(
    st.builds(Found, st.integers(1, 999), PEOPLE, PEOPLE, st.booleans()),
    max_size=12,
    unique_by=lambda pair: pair.id,
)


class TestGroupingLogic(BaseCase):
    def test_what_is_perhaps_the_same_joins_nobody(self):
        """# C4: a maybe pair never joins two through a third."""
        pairs = [
            Found(1, 1, 2, True),
            Found(2, 2, 3, False),
            Found(3, 3, 4, True),
            Found(4, 4, 5, True),
        ]
        self.assertEqual(groups(pairs), [frozenset({1, 2}), frozenset({3, 4, 5})])

    def test_pairs_of_one_group_follow_each_other(self):
        pairs = [
            Found(11, 1, 2, True),
            Found(12, 7, 8, True),
            Found(13, 2, 3, True),
            Found(14, 1, 9, False),
        ]
        self.assertEqual(in_groups(pairs), [11, 13, 12, 14])

    @given(PAIRS, st.randoms())
    def test_the_order_of_pairs_makes_no_other_groups(self, pairs, random):
        mixed = list(pairs)
        random.shuffle(mixed)
        self.assertEqual(groups(mixed), groups(pairs))

    @given(PAIRS)
    def test_a_group_is_held_together_by_sure_pairs_alone(self, pairs):
        sure = [pair for pair in pairs if pair.is_sure]
        for group in groups(pairs):
            reached, before = {min(group)}, set()
            while reached != before:
                before = set(reached)
                for pair in sure:
                    if {pair.one, pair.other} & reached:
                        reached |= {pair.one, pair.other}
            self.assertEqual(reached, group)

    @given(PAIRS)
    def test_no_pair_is_lost(self, pairs):
        self.assertEqual(sorted(in_groups(pairs)), sorted(pair.id for pair in pairs))
