from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import bulk_tags

# tags 1 and 2 exclude each other, so do 3, 4 and 5; 6 and 7 are free
EXCLUSIVE = {1: 10, 2: 10, 3: 20, 4: 20, 5: 20}
TAGS = st.integers(1, 7)
GROUPS = (st.none() | st.sampled_from([1, 2]), st.none() | st.sampled_from([3, 4, 5]))
RECORD = st.builds(
    lambda one, other, free: frozenset({one, other} - {None}) | free,
    *GROUPS,
    st.frozensets(st.sampled_from([6, 7])),
)
CURRENT = st.dictionaries(st.integers(1, 9), RECORD, max_size=6)


def apply(current, add, plan):
    return {record: (tags - plan.off) | add for record, tags in current.items()}


class TestBulkTagsLogic(BaseCase):
    def test_example(self):
        plan = bulk_tags.plan({1: {1, 6}, 2: {2}, 3: set()}, {2}, {6}, EXCLUSIVE)
        self.assertEqual(plan.off, {1, 6})
        self.assertEqual(plan.changed, {1, 3})
        self.assertEqual((plan.added[2], plan.kept[2]), (2, 1))
        self.assertEqual(plan.removed[6], 1)
        self.assertEqual(plan.replaced, {(2, 1): 1})

    @given(CURRENT, RECORD, st.frozensets(TAGS))
    def test_what_was_asked_comes_true(self, current, add, remove):
        """# T1: tags are on, others off, and no group has two."""
        remove -= add
        plan = bulk_tags.plan(current, add, remove, EXCLUSIVE)
        for record, tags in apply(current, add, plan).items():
            self.assertLessEqual(add, tags)
            self.assertFalse(remove & tags)
            groups = [EXCLUSIVE[tag] for tag in tags if tag in EXCLUSIVE]
            self.assertEqual(len(groups), len(set(groups)))
            self.assertIs(record in plan.changed, tags != current[record])

    @given(CURRENT, RECORD, st.frozensets(TAGS))
    def test_twice_is_once(self, current, add, remove):
        remove -= add
        plan = bulk_tags.plan(current, add, remove, EXCLUSIVE)
        after = apply(current, add, plan)
        again = bulk_tags.plan(after, add, remove, EXCLUSIVE)
        self.assertFalse(again.changed)
        self.assertEqual(apply(after, add, again), after)

    @given(CURRENT, RECORD, st.frozensets(TAGS))
    def test_the_numbers_add_up(self, current, add, remove):
        plan = bulk_tags.plan(current, add, remove - add, EXCLUSIVE)
        for tag in add:
            self.assertEqual(plan.added[tag] + plan.kept[tag], len(current))
        for (new, old), count in plan.replaced.items():
            self.assertEqual(EXCLUSIVE[new], EXCLUSIVE[old])
            self.assertEqual(count, sum(old in tags for tags in current.values()))

    def test_conflicts_are_found(self):
        for add, remove, wrong in (
            ([1, 3, 6], set(), set()),
            ([1, 2], set(), {1, 2}),
            ([6], {6}, {6}),
            ([3, 5, 6], {7}, {3, 5}),
        ):
            with self.subTest(add=add):
                self.assertEqual(bulk_tags.conflicts(add, remove, EXCLUSIVE), wrong)
