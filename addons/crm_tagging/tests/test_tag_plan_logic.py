"""The definition of what rules do to one record, and of the order of rules."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_tagging.tools.tag_plan import (
    Beaten,
    Says,
    Shape,
    order,
    plan,
)

# the first example may come while the machine is busy
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TAGS = range(1, 9)
RULES = range(101, 107)
# 1 and 2 exclude each other, so do 3, 4 and 5
EXCLUSIVE = {1: 10, 2: 10, 3: 20, 4: 20, 5: 20}


def one_per_group(tags):
    """Return the tags without those of an exclusive group that has one already."""
    kept, seen = [], set()
    for tag in tags:
        group = EXCLUSIVE.get(tag)
        if group is None or group not in seen:
            kept.append(tag)
            seen.add(group)
    return kept


@st.composite
def worlds(draw):
    """Rules that match, and the tags of a record that could be there."""
    rules = draw(st.lists(st.sampled_from(RULES), unique=True))
    matched = []
    for rule in rules:
        puts = one_per_group(
            draw(st.lists(st.sampled_from(TAGS), unique=True, max_size=3))
        )
        takes = draw(st.lists(st.sampled_from(TAGS), unique=True, max_size=3))
        matched.append(
            Says(rule, tuple(puts), tuple(t for t in takes if t not in puts))
        )
    there = one_per_group(draw(st.lists(st.sampled_from(TAGS), unique=True)))
    holders = st.one_of(st.none(), st.sampled_from([*RULES, 999]))
    by_rule = {t: draw(holders) for t in there if draw(st.booleans())}
    locked = {t for t in there if t not in by_rule}
    running = set(rules) | draw(st.sets(st.sampled_from(RULES)))
    return by_rule, matched, locked, running


@tagged("post_install", "-at_install")
class TestPlan(BaseCase):
    def test_a_matching_rule_puts_its_tags_on(self):
        """And is their reason. # T3"""
        result = plan({}, [Says(1, puts=(7, 8))], (), {}, {1})
        self.assertEqual(result.add, {7, 8})
        self.assertEqual(result.reasons, {7: 1, 8: 1})

    def test_a_rule_that_no_longer_matches_takes_its_tags_off(self):
        """Only its own. # T3"""
        result = plan({7: 1, 8: 2}, [], (), {}, {1})
        self.assertEqual((result.add, result.remove), (frozenset(), {7}))
        self.assertEqual(result.reasons, {8: 2})

    def test_the_first_rule_decides_about_a_tag(self):
        """The other one is told that it was beaten. # T3"""
        matched = [Says(1, takes=(7,)), Says(2, puts=(7,))]
        result = plan({7: 2}, matched, (), {}, {1, 2})
        self.assertEqual(result.remove, {7})
        self.assertEqual(result.beaten, (Beaten(2, 7, 1),))

    def test_a_locked_tag_of_an_exclusive_group_beats_all_rules(self):
        """Nobody's rule, so nobody is the winner. # T1"""
        result = plan({}, [Says(1, puts=(1,))], {2}, EXCLUSIVE, {1})
        self.assertFalse(result.add)
        self.assertEqual(result.beaten, (Beaten(1, 1, None),))

    def test_of_an_exclusive_group_the_first_rule_has_its_tag(self):
        """The other one is told by whom it was beaten. # T1"""
        matched = [Says(11, puts=(1,)), Says(12, puts=(2,)), Says(13, puts=(3,))]
        result = plan({}, matched, (), EXCLUSIVE, {11, 12, 13})
        self.assertEqual(result.add, {1, 3})
        self.assertEqual(result.reasons, {1: 11, 3: 13})
        self.assertEqual(result.beaten, (Beaten(12, 2, 11),))

    def test_what_another_rule_put_on_stays_when_a_tag_by_hand_stands_there(self):
        """Though both are of a group that became exclusive later. # T1"""
        result = plan({1: 99}, [Says(11, puts=(1,))], {2}, EXCLUSIVE, {11})
        self.assertFalse(result.remove)
        self.assertEqual(result.reasons, {1: 99})

    def test_a_tag_of_a_deleted_rule_goes_when_another_rule_says_so(self):
        """Else it stays. # T3"""
        left = plan({7: None}, [], (), {}, {1})
        self.assertFalse(left.remove)
        self.assertEqual(left.reasons, {})
        result = plan({7: None}, [Says(1, takes=(7,))], (), {}, {1})
        self.assertEqual(result.remove, {7})

    @PATIENT
    @given(worlds())
    def test_planning_twice_changes_nothing_the_second_time(self, world):
        """plan ∘ plan = plan. # T3"""
        by_rule, matched, locked, running = world
        first = plan(by_rule, matched, locked, EXCLUSIVE, running)
        after = {t: r for t, r in by_rule.items() if t not in first.remove}
        after |= {t: r for t, r in first.reasons.items()}
        second = plan(after, matched, locked, EXCLUSIVE, running)
        self.assertFalse(second.add)
        self.assertFalse(second.remove)
        self.assertEqual({t: after[t] for t in second.reasons}, second.reasons)

    @PATIENT
    @given(worlds())
    def test_a_locked_tag_is_never_touched(self, world):
        """By hand stays by hand. # T3"""
        by_rule, matched, locked, running = world
        result = plan(by_rule, matched, locked, EXCLUSIVE, running)
        self.assertFalse(locked & (result.add | result.remove | result.reasons.keys()))
        self.assertLessEqual(result.remove, by_rule.keys())
        self.assertFalse(result.add & by_rule.keys())

    @PATIENT
    @given(worlds())
    def test_an_exclusive_group_has_one_tag_afterwards(self, world):
        """Whatever the rules want. # T1"""
        by_rule, matched, locked, running = world
        result = plan(by_rule, matched, locked, EXCLUSIVE, running)
        after = (set(by_rule) | locked | result.add) - result.remove
        for group in set(EXCLUSIVE.values()):
            self.assertLessEqual(
                len([tag for tag in after if EXCLUSIVE.get(tag) == group]), 1
            )


def shape(rule, puts=(), takes=(), reads=(), groups=()):
    return Shape(
        rule, frozenset({*puts, *takes, *groups}), frozenset(puts), frozenset(reads)
    )


@tagged("post_install", "-at_install")
class TestOrder(BaseCase):
    def test_rules_about_one_tag_are_a_family(self):
        """Transitively, and in their order. # T3"""
        shapes = [shape(3, puts="a"), shape(1, puts="c"), shape(2, takes="ac")]
        self.assertEqual(order(shapes).families, ((3, 1, 2),))
        apart = [shape(3, puts="a"), shape(1, puts="c")]
        self.assertEqual(order(apart).families, ((3,), (1,)))

    def test_rules_of_an_exclusive_group_are_a_family(self):
        """Their tags exclude each other. # T1"""
        shapes = [shape(1, puts="a", groups="G"), shape(2, puts="b", groups="G")]
        self.assertEqual(order(shapes).families, ((1, 2),))

    def test_readers_come_behind_givers(self):
        """Level by level. # T3"""
        shapes = [
            shape(1, puts="c", reads="b"),
            shape(2, puts="b", reads="a"),
            shape(3, puts="a"),
        ]
        self.assertEqual(order(shapes).levels, (((3,),), ((2,),), ((1,),)))

    def test_loops_are_told_from_those_who_only_wait_for_them(self):
        """1 and 2 go round, 3 waits for them, 4 is free. # T3"""
        shapes = [
            shape(1, puts="a", reads="b"),
            shape(2, puts="b", reads="a"),
            shape(3, puts="c", reads="a"),
            shape(4, puts="d"),
        ]
        result = order(shapes)
        self.assertEqual(result.loops, ((1,), (2,)))
        self.assertEqual(result.levels, (((4,),),))

    @PATIENT
    @given(
        st.lists(
            st.tuples(
                st.sets(st.sampled_from("abcdef"), max_size=2),
                st.sets(st.sampled_from("abcdef"), max_size=2),
                st.sets(st.sampled_from("abcdef"), max_size=2),
            ),
            max_size=8,
        )
    )
    def test_every_rule_has_one_place_or_stands_behind_a_loop(self, drawn):
        """No rule is asked twice, and none before those it reads from. # T3"""
        shapes = [shape(i, *sets) for i, sets in enumerate(drawn)]
        result = order(shapes)
        placed = [
            rule for level in result.levels for family in level for rule in family
        ]
        self.assertEqual(len(placed), len(set(placed)))
        if not result.loops:
            self.assertEqual(set(placed), set(range(len(shapes))))
        seen: set[int] = set()
        for level in result.levels:
            asked = {rule for family in level for rule in family}
            for rule in asked:
                givers = {s.rule for s in shapes if s.puts & shapes[rule].reads}
                self.assertLessEqual(givers, seen)
            seen |= asked
