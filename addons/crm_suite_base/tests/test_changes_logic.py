from odoo.tests import BaseCase, tagged

from ..tools.changes import (
    AFTER,
    BEFORE,
    EVERYTHING,
    declared,
    follows,
    precedes,
)


class Below:
    """What one module says."""

    @follows(20, "stage", before="look", new=True)
    def second(self, change):
        """Called after the first, though it is declared before it."""

    @follows(10, "stage", "owner")
    def first(self, change):
        """Called for either field."""

    @precedes(90, "owner")
    def refuse(self, vals):
        """Called before the write, whatever its number."""


class Above(Below):
    """What another adds."""

    def second(self, change):
        """Extended without a mark: it keeps its place."""

    @follows(15, EVERYTHING, reads=["name"])
    def between(self, change):
        """Called at every write."""


@tagged("post_install", "-at_install")
class TestChangesLogic(BaseCase):
    """# V2: the order is the declared one, not that of classes."""

    def test_the_order_is_that_of_phases_and_numbers(self):
        hooks = declared(Above)
        self.assertEqual(
            [(hook.phase, hook.name) for hook in hooks],
            [
                (BEFORE, "refuse"),
                (AFTER, "first"),
                (AFTER, "between"),
                (AFTER, "second"),
            ],
        )

    def test_what_was_said_is_kept(self):
        _refuse, _first, between, second = declared(Above)
        self.assertEqual(second.watched, {"stage"})
        self.assertEqual((second.before, second.new), ("look", True))
        self.assertEqual((between.reads, between.new), ({"name"}, False))
        self.assertEqual(second.module, "crm_suite_base")

    def test_fields_wake(self):
        _refuse, first, between, second = declared(Above)
        self.assertTrue(first.is_woken_by({"owner": 1, "name": 2}))
        self.assertFalse(second.is_woken_by({"owner": 1, "name": 2}))
        self.assertTrue(between.is_woken_by({"owner": 1}))

    def test_a_place_is_taken_once(self):
        class Twice(Above):
            @follows(10, "name")
            def late(self, change):
                """Wants the place of the first."""

        with self.assertRaisesRegex(ValueError, r"Twice: .*(first|late)"):
            declared(Twice)

    def test_the_same_number_before_and_after_are_two_places(self):
        class Both(Above):
            @precedes(10, "name")
            def early(self, vals):
                """Before is no after."""

        self.assertEqual(
            [hook.name for hook in declared(Both)][:2], ["early", "refuse"]
        )
