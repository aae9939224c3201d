"""The tools digits and ditto: cells that do not say what they mean."""

from odoo.tests import BaseCase

from ..tools import digits, ditto
from ..tools.table import Row


class TestDigits(BaseCase):
    """# C8: what a program of numbers made of a phone or a code."""

    def test_digits_of_a_number(self):
        for text, expected in {
            "13800138113.0": ("13800138113", ""),
            "13800138113,00": ("13800138113", ""),
            "13,800,138,113.00": ("13800138113", ""),
            "+8613800138113.0": ("+8613800138113", ""),
            "13800138113": ("13800138113", ""),
            "1.38E+10": ("1.38E+10", "exponent"),
            "1,38e10": ("1,38e10", "exponent"),
            "12E5": ("12E5", ""),
            "12E+5": ("12E+5", "exponent"),
            "13800138113.5": ("13800138113.5", ""),
            "1,38": ("1,38", ""),
            "A-1.0": ("A-1.0", ""),
            "": ("", ""),
        }.items():
            with self.subTest(text=text):
                self.assertEqual(digits.plain_digits(text), expected)


class TestDitto(BaseCase):
    """# C8: 同上 is what stands above, never another customer's number."""

    MAPPING = {  # noqa: RUF012 read only
        0: "company_name",
        1: "phone",
        2: "email",
        3: "industry",
        4: "customer_code",
        5: "ignore",
        6: "no_such_field",
        7: "vat",
        8: "id_number",
    }

    def filled(self, *rows):
        found = ditto.filled(
            [Row(number, tuple(cells)) for number, cells in enumerate(rows, 1)],
            ditto.columns(self.MAPPING),
        )
        return [list(row.cells) for row in found]

    def test_columns_that_may_be_taken_from_above(self):
        self.assertEqual(ditto.columns(self.MAPPING), {0, 3})

    def test_marks_are_replaced_row_by_row(self):
        for mark in ("同上", " 同上 ", "〃", '"', "Ditto", "DO.", "”"):
            rows = self.filled(
                ["甲", "1", "", "软件"],
                [mark, "2", "", mark],
                ["乙", "3"],
                [mark, mark],
            )
            self.assertEqual(
                rows,
                [
                    ["甲", "1", "", "软件"],
                    ["甲", "2", "", "软件"],
                    ["乙", "3"],
                    ["乙", mark],
                ],
            )

    def test_a_mark_with_nothing_above_it_stays(self):
        self.assertEqual(self.filled(["同上"], ["甲"]), [["同上"], ["甲"]])
        self.assertEqual(
            self.filled(["甲"], ["乙", "", "", "同上"]),
            [["甲"], ["乙", "", "", "同上"]],
        )

    def test_blank_rows_are_no_rows_above(self):
        self.assertEqual(self.filled(["甲"], [""], ["同上"]), [["甲"], [""], ["甲"]])

    def test_other_words_stay(self):
        self.assertEqual(self.filled(["甲"], ["同上海"]), [["甲"], ["同上海"]])
