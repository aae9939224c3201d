"""The tools table: rows, numbers and dates at their borders."""

from odoo.tests import BaseCase

from ..tools import table
from ..tools.errors import ImportFileError
from ..tools.table import (
    CellProblem,
    Fills,
    Limits,
    Row,
    Table,
    date_text,
    date_value,
    make_row,
    number_text,
)


class TestRows(BaseCase):
    """# C8: rows as they are stored."""

    def row(self, *cells, problems=(), number=1, limits=None):
        return make_row(number, list(cells), list(problems), limits or Limits())

    def test_empty_tails_and_rows(self):
        self.assertEqual(self.row("a", "", " ", ""), Row(1, ("a",)))
        self.assertEqual(self.row("", "a"), Row(1, ("", "a")))
        self.assertIsNone(self.row("", " "))
        self.assertIsNone(self.row())
        noted = CellProblem(0, "error_cell", "#N/A")
        self.assertEqual(self.row("", problems=[noted]), Row(1, (), (noted,)))

    def test_limits_are_reached_and_not_passed(self):
        limits = Limits(rows=5, columns=3)
        self.assertEqual(len(self.row("a", "b", "c", "", limits=limits).cells), 3)
        self.assertEqual(self.row("a", number=5, limits=limits).number, 5)
        for cells, number, code, limit in (
            (("a",) * 4, 1, "too_many_columns", "3"),
            (("a",), 6, "too_many_rows", "5"),
        ):
            with self.assertRaises(ImportFileError) as caught:
                self.row(*cells, number=number, limits=limits)
            self.assertEqual(caught.exception.code, code)
            self.assertEqual(caught.exception.params["limit"], limit)
        self.assertIsNone(self.row("", number=6, limits=limits))

    def test_the_head_is_thirty_rows(self):
        rows = [Row(number, ("a",)) for number in range(1, 100)]
        head = Table("csv", "", "", lambda: iter(rows)).head()
        self.assertEqual(head, rows[: table.HEAD_ROWS])

    def test_what_protects_digits_goes(self):
        for raw, text in {
            '="001"': "001",
            '=T("001")': "001",
            '="a""b"': 'a"b',
            "=001": "001",
            "='001'": "='001'",
            "'001": "001",
            "`001": "001",
            "‘001": "001",
            "＇001": "001",
            "'t Hooft": "'t Hooft",
            "\t001\t": "001",
            "001\t": "001",
            "0\x0001": "001",
            "a\tb": "a\tb",
            " 001": " 001",
            "=A1": "=A1",
        }.items():
            with self.subTest(raw=raw):
                self.assertEqual(self.row(raw, "b").cells[0], text)
                self.assertEqual(self.row("b", raw).cells[1], text)


class TestNumbersAndDates(BaseCase):
    """# C8: numbers without exponent, dates as ISO."""

    def test_numbers(self):
        for value, text in (
            (float("inf"), ""),
            (float("nan"), ""),
            (-0.5, "-0.5"),
            (1e15, "1" + "0" * 15),
            (123456789.125, "123456789.125"),
            (1.0, "1"),
            (1 / 3, "0.333333333333333"),
        ):
            self.assertEqual(number_text(value), text)

    def test_dates(self):
        for serial, text in (
            (0, "00:00:00"),
            (0.5, "12:00:00"),
            (1, "1900-01-01"),
            (1.5, "1900-01-01 12:00:00"),
            (59, "1900-02-28"),
            (60, "1900-02-28"),
            (61, "1900-03-01"),
            (2_958_465, "9999-12-31"),
            (2_958_466, "2958466"),
            (-0.5, "-0.5"),
            (45322 + 1 / 86400, "2024-01-31 00:00:01"),
        ):
            with self.subTest(serial=serial):
                self.assertEqual(date_text(serial), text)
        for serial, text in (
            (0, "1904-01-01"),
            (0.5, "1904-01-01 12:00:00"),
            (1, "1904-01-02"),
            (60, "1904-03-01"),
        ):
            self.assertEqual(date_text(serial, True), text)

    def test_moments(self):
        for text, expected in {
            "2024-01-31": "2024-01-31",
            "2024-01-31 00:00": "2024-01-31",
            "2024-01-31T00:00:00Z": "2024-01-31",
            "2024-01-31T00:00:01": "2024-01-31 00:00:01",
            "2024-01-31T10:00:00.5": "2024-01-31 10:00:00",
            "": "",
        }.items():
            self.assertEqual(date_value(text), expected)


class TestFills(BaseCase):
    """# C8: a merged value belongs to every row with a cell of its own."""

    def filled(self, ranges, *rows):
        fills, found = Fills(ranges), []
        for number, cells in enumerate(rows, 1):
            fills.fill(number, cells)
            found.append(cells)
        return found

    def test_down_to_the_last_row(self):
        rows = [["甲", "1"], ["", "2"], ["", ""], ["", "3"], ["", "4"]]
        self.assertEqual(
            self.filled({1: [(0, 0, 4)]}, *rows),
            [["甲", "1"], ["甲", "2"], ["", ""], ["甲", "3"], ["", "4"]],
        )

    def test_cells_of_their_own_stay(self):
        self.assertEqual(
            self.filled({1: [(0, 0, 3)]}, ["甲", "1"], ["乙", "2"], ["", "3"]),
            [["甲", "1"], ["乙", "2"], ["甲", "3"]],
        )

    def test_right_of_what_a_row_has(self):
        self.assertEqual(
            self.filled({1: [(2, 2, 2)]}, ["a", "b", "甲"], ["c"]),
            [["a", "b", "甲"], ["c", "", "甲"]],
        )
        self.assertEqual(
            self.filled({1: [(1, 1, 2)]}, ["a", "甲"], ["c"]),
            [["a", "甲"], ["c", "甲"]],
        )

    def test_nothing_is_carried_from_an_empty_cell(self):
        self.assertEqual(
            self.filled({1: [(0, 0, 2), (5, 5, 2)]}, ["", "1"], ["", "2"]),
            [["", "1"], ["", "2"]],
        )

    def test_not_across_and_not_below_its_row(self):
        self.assertEqual(
            self.filled({1: [(0, 1, 1)]}, ["甲", "", "1"], ["", "", "2"]),
            [["甲", "", "1"], ["", "", "2"]],
        )
        fills = Fills({1: [(0, 1, 1), (2, 2, 3), (3, 5, 2)]})
        self.assertEqual(fills.spans(1), ((0, 1), (3, 5)))
        self.assertEqual(fills.spans(2), ())
