from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_sla.tools import policy
from odoo.addons.crm_service_sla.tools.policy import Conditions, Facts, Plan

FACTS = Facts(company=1, type_id=4, priority="2", level=7, team=3, stage=5)
ANY = Conditions(1, None, set(), set(), set(), set(), set())

small = st.integers(1, 3)
sets = st.sets(small, max_size=2)
conditions = st.builds(
    Conditions,
    policy=st.integers(1, 99),
    company=st.none() | small,
    types=sets,
    priorities=st.sets(st.sampled_from("012"), max_size=2),
    levels=sets,
    teams=sets,
    stages=sets,
    members=st.none() | sets,
)
facts = st.builds(
    Facts,
    company=small,
    type_id=small,
    priority=st.sampled_from("012"),
    level=st.none() | small,
    team=st.none() | small,
    stage=small,
)


@tagged("post_install", "-at_install")
class TestPolicyLogic(BaseCase):
    """# V4: which policy applies, and which makes no sense."""

    def test_a_policy_without_conditions_is_for_all(self):
        """# V4"""
        self.assertTrue(policy.applies(ANY, FACTS))

    def test_every_condition_must_hold(self):
        """# V4"""
        for change, expected in (
            ({"types": {4}}, True),
            ({"types": {5}}, False),
            ({"priorities": {"1", "2"}}, True),
            ({"priorities": {"0"}}, False),
            ({"levels": {7}}, True),
            ({"levels": {8}}, False),
            ({"teams": {3}, "stages": {5}}, True),
            ({"teams": {3}, "stages": {6}}, False),
            ({"company": 1}, True),
            ({"company": 2}, False),
        ):
            with self.subTest(change=change):
                found = policy.applies(ANY._replace(**change), FACTS)
                self.assertEqual(found, expected)

    def test_a_customer_without_level_meets_no_condition_on_levels(self):
        """# V4"""
        found = policy.applies(ANY._replace(levels={7}), FACTS._replace(level=None))
        self.assertFalse(found)

    def test_the_first_that_applies_is_chosen(self):
        """# V4: in the order of their sequence; an extra domain decides by ticket."""
        special = ANY._replace(policy=2, members={11})
        found = policy.candidates([special, ANY], FACTS)
        self.assertEqual(policy.choose(found, 11), 2)
        self.assertEqual(policy.choose(found, 12), 1)
        self.assertIsNone(policy.choose([special], 12))

    def test_candidates_end_with_the_first_that_surely_applies(self):
        """# V4: what comes after it has no say; what does not apply is none."""
        other = ANY._replace(policy=3, types={"consult"})
        special = ANY._replace(policy=2, members=set())
        found = policy.candidates([other, special, ANY, special], FACTS)
        self.assertEqual(found, [special, ANY])

    @given(st.lists(conditions, max_size=6), facts, small)
    def test_the_choice_is_the_first_that_matches(self, policies, about, ticket):
        """# V4: looking at the candidates only finds what looking at all would."""
        expected = next(
            (
                one.policy
                for one in policies
                if policy.applies(one, about)
                and (one.members is None or ticket in one.members)
            ),
            None,
        )
        found = policy.choose(policy.candidates(policies, about), ticket)
        self.assertEqual(found, expected)

    def test_a_bad_policy_is_told_by_its_reason(self):
        """# V4"""
        for plan, pauses, expected in (
            (Plan(30, 60, 480, (50, 80, 100)), {"waiting"}, []),
            (Plan(0, 0, 480, ()), set(), []),
            (Plan(0, 0, 0, ()), set(), [policy.NO_TARGET]),
            (Plan(-1, 0, 480, ()), set(), [policy.NEGATIVE]),
            (Plan(500, 0, 480, ()), set(), [policy.LATE_RESPONSE]),
            (Plan(2, 0, 1, ()), set(), [policy.LATE_RESPONSE]),
            (Plan(0, 60, 30, ()), set(), []),
            (Plan(1, 0, 0, (0,)), set(), [policy.BAD_PERCENT]),
            (Plan(1, 0, 0, (501,)), set(), [policy.BAD_PERCENT]),
            (Plan(1, 0, 0, (1, 500)), set(), []),
            (Plan(480, 0, 480, ()), set(), []),
            (Plan(1, 0, 0, ()), {"pending", "waiting"}, []),
            (
                Plan(0, 0, -1, (0, 0)),
                set(),
                [policy.NEGATIVE, policy.BAD_PERCENT, policy.DOUBLE_PERCENT],
            ),
            (Plan(1, 0, 0, (80, 80)), set(), [policy.DOUBLE_PERCENT]),
            (
                Plan(1, 0, 0, ()),
                {"pending", "in_progress"},
                [policy.STANDING_STILL],
            ),
        ):
            with self.subTest(plan=plan):
                self.assertEqual(policy.problems(plan, pauses), expected)

    def test_a_target_of_nothing_is_no_target(self):
        """# V4"""
        self.assertEqual(Plan(0, 60, 480, ()).targets(), {
            "next_response": 60,
            "resolution": 480,
        })  # fmt: skip
