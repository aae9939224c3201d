from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_suite_base.tools.journal import (
    Entry,
    changed_values,
    reverse,
    take_back,
)

NAMES = ("name", "city", "phone", "tags")
VALUES = st.one_of(st.booleans(), st.integers(0, 3), st.sampled_from(["", "a", "b"]))
# a loaded machine draws slowly; the property is what counts
UNHURRIED = settings(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
STATES = st.fixed_dictionaries({name: VALUES for name in NAMES})


@tagged("post_install", "-at_install")
class TestJournal(BaseCase):
    """What undo makes of the journal. Spec C8 ★."""

    def test_what_is_so_already_is_not_written(self):
        present = {"name": "Acme", "city": "", "phone": "1"}
        wanted = {"name": "Acme", "city": "Wuxi"}
        self.assertEqual(changed_values(present, wanted), {"city": "Wuxi"})

    @UNHURRIED
    @given(before=STATES, wanted=STATES)
    def test_writing_and_reversing_is_the_identity(self, before, wanted):
        changed = changed_values(before, wanted)
        after = {**before, **changed}
        previous = {name: before[name] for name in changed}
        reversal = reverse(previous, changed, after)
        self.assertEqual({**after, **reversal.back}, before)
        self.assertEqual(reversal.changed, [])

    @UNHURRIED
    @given(before=STATES, wanted=STATES, later=STATES)
    def test_what_somebody_changed_since_is_left_alone(self, before, wanted, later):
        changed = changed_values(before, wanted)
        previous = {name: before[name] for name in changed}
        reversal = reverse(previous, changed, later)
        for name in reversal.back:
            self.assertEqual(later[name], changed[name])
        for name in reversal.changed:
            self.assertNotIn(later[name], (changed[name], before[name]))

    @UNHURRIED
    @given(before=STATES, wanted=STATES)
    def test_reversing_twice_changes_nothing(self, before, wanted):
        changed = changed_values(before, wanted)
        previous = {name: before[name] for name in changed}
        self.assertEqual(reverse(previous, changed, before), ({}, []))

    @UNHURRIED
    @given(
        steps=st.lists(st.tuples(st.integers(0, 4), st.sampled_from("abc"))),
        first=st.fixed_dictionaries({key: st.sampled_from("abc") for key in range(5)}),
    )
    def test_taking_back_a_run_is_the_identity(self, steps, first):
        """However often a run changes a thing, it is as before the run."""
        present, entries = dict(first), []
        for key, value in steps:
            entries.append(Entry(key, present[key], value))
            present[key] = value
        taken = take_back(entries, present)
        self.assertEqual({**present, **taken.back}, first)
        self.assertEqual(taken.left, [])

    @UNHURRIED
    @given(st.dictionaries(st.integers(0, 4), st.sampled_from("abc")))
    def test_taking_back_leaves_what_was_changed_since_or_is_gone(self, present):
        entries = [Entry(key, "a", "b") for key in range(5)]
        taken = take_back(entries, present)
        for key in range(5):
            self.assertEqual(key in taken.back, present.get(key) == "b")
            self.assertEqual(key in taken.left, present.get(key) != "b")
