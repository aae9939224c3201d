from odoo.tests import BaseCase

from ..statements.merge_moving import holds
from ..tools.merging import (
    CHANGED,
    GONE,
    Change,
    Merge,
    Pointer,
    in_the_way,
    without_lines,
)


class TestMergingLogic(BaseCase):
    """# C4: which merge has to be taken back first, planned apart from the database."""

    def merge(self, id_, survivor, absorbed, *changes):
        return Merge(id_, survivor, frozenset(absorbed), changes)

    def changed(self, table, ids, *columns):
        return Change(CHANGED, table, tuple(ids), frozenset(columns))

    def asked(self, one, *later, soft=()):
        return in_the_way(one, later, soft)

    def test_who_went_further_comes_back_first(self):
        self.assertEqual(self.asked(self.merge(1, 7, [8]), self.merge(2, 9, [7])), 2)
        self.assertIsNone(self.asked(self.merge(1, 7, [8]), self.merge(2, 7, [9])))

    def test_of_several_the_latest_goes_first(self):
        later = (self.merge(2, 9, [7]), self.merge(3, 9, [7]))
        self.assertEqual(self.asked(self.merge(1, 7, [8]), *later), 3)

    def test_two_that_changed_the_same_column_of_a_row(self):
        one = self.merge(1, 7, [8], self.changed("lead", [1, 2], "partner_id"))
        for change, expected in (
            (self.changed("lead", [2], "partner_id"), 2),
            (self.changed("lead", [3], "partner_id"), None),
            (self.changed("lead", [2], "user_id"), None),
            (self.changed("task", [2], "partner_id"), None),
            (Change(GONE, "lead", (2,)), 2),
            (Change(GONE, "lead"), None),
        ):
            with self.subTest(change=change):
                found = self.asked(one, self.merge(2, 7, [9], change))
                self.assertEqual(found, expected)

    def test_names_and_dates_are_in_nobodys_way(self):
        columns = ("write_date", "write_uid", "former_names")
        change = self.changed("res_partner", [7], *columns)
        one, other = self.merge(1, 7, [8], change), self.merge(2, 7, [9], change)
        self.assertIsNone(self.asked(one, other))

    def test_what_is_computed_anew_is_in_nobodys_way(self):
        change = self.changed("key", [7], "keys")
        one, other = self.merge(1, 7, [8], change), self.merge(2, 7, [9], change)
        self.assertEqual(self.asked(one, other), 2)
        self.assertIsNone(self.asked(one, other, soft={"key"}))

    def test_only_its_own_lines_are_taken_out(self):
        for now, before, after, expected in (
            ("B", "", "B", ""),
            ("B\nC", "", "B", "C"),
            ("A\nB\nC", "A", "A\nB", "A\nC"),
            ("", "", "B", ""),
        ):
            with self.subTest(now=now, after=after):
                self.assertEqual(without_lines(now, before, after), expected)

    def test_a_pointer_of_each_kind_is_asked_in_its_way(self):
        for pointer, expected in (
            (Pointer("t", "c"), '"c" = ANY(%s)'),
            (Pointer("t", "c", "pair", "m"), '"m" = %s AND "c" = ANY(%s)'),
            (Pointer("t", "c", "pair", "m", only="x IS NULL"), "AND x IS NULL)"),
            (Pointer("t", "c", "text", prefix="res.partner,"), '"c" = ANY(%s)'),
        ):
            with self.subTest(kind=pointer.kind):
                self.assertIn(expected, holds(pointer, "res.partner", [1]).code)
