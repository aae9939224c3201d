from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools.assignment import (
    BUSIER,
    FULL,
    LOAD,
    NO_SKILL,
    SKILL,
    TURN,
    Person,
    left_out,
)

people_st = st.lists(
    st.builds(
        Person,
        key=st.integers(1, 50),
        weight=st.sampled_from([0.0, 0.5, 1.0, 2.0]),
        daily_cap=st.integers(0, 3),
        open_cap=st.integers(0, 5),
        taken=st.integers(0, 4),
        open=st.integers(0, 6),
        skills=st.frozensets(st.integers(1, 4)),
    ),
    unique_by=lambda person: person.key,
    max_size=8,
)


@tagged("post_install", "-at_install")
class TestAssignmentLogic(BaseCase):
    """# V7: who is left out, and why."""

    def test_in_turn_leaves_nobody_out_but_who_is_full(self):
        people = [Person(1), Person(2, open_cap=3, open=3)]
        self.assertEqual(left_out(TURN, people), {2: FULL})

    def test_absence_says_its_own_word(self):
        people = [Person(1), Person(2, open_cap=1, open=1)]
        self.assertEqual(left_out(TURN, people, absent={2: "leave"}), {2: "leave"})

    def test_by_load_only_the_least_busy_stay(self):
        people = [Person(1, open=4), Person(2, open=2), Person(3, open=2)]
        self.assertEqual(left_out(LOAD, people), {1: BUSIER})

    def test_load_counts_for_the_weight(self):
        """Twice the weight bears twice as much."""
        people = [Person(1, weight=2, open=4), Person(2, weight=1, open=2)]
        self.assertEqual(left_out(LOAD, people), {2: BUSIER})

    def test_the_least_busy_who_is_absent_does_not_count(self):
        people = [Person(1, open=4), Person(2, open=0)]
        self.assertEqual(left_out(LOAD, people, absent={2: "leave"}), {2: "leave"})

    def test_by_skill_who_has_most_of_the_skills_stays(self):
        people = [
            Person(1, skills=frozenset({1})),
            Person(2, skills=frozenset({1, 2})),
            Person(3),
        ]
        self.assertEqual(
            left_out(SKILL, people, frozenset({1, 2})), {1: NO_SKILL, 3: NO_SKILL}
        )

    def test_a_ticket_that_needs_nothing_goes_to_anybody(self):
        people = [Person(1, skills=frozenset({1})), Person(2)]
        self.assertEqual(left_out(SKILL, people), {})

    def test_who_has_had_the_days_tickets_does_not_hold_up_the_others(self):
        """Else the best one, being capped, would leave nobody."""
        people = [
            Person(1, skills=frozenset({1}), daily_cap=1, taken=1),
            Person(2),
        ]
        self.assertEqual(left_out(SKILL, people, frozenset({1})), {})

    @given(
        people_st,
        st.sampled_from([TURN, LOAD, SKILL]),
        st.frozensets(st.integers(1, 4)),
    )
    def test_whoever_could_take_it_never_all_are_left_out(self, people, method, needs):
        def may(person):
            return (
                person.weight > 0
                and not 0 < person.open_cap <= person.open
                and not 0 < person.daily_cap <= person.taken
            )

        out = left_out(method, people, needs)
        free = [person for person in people if may(person)]
        self.assertEqual(bool(free), any(person.key not in out for person in free))
