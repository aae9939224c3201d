from odoo.tests import BaseCase

from ..tools.cleaning import Problem
from ..tools.table import CellProblem, Row
from ..tools.wrong_cells import WrongCell, corrected_row, wrong_cells

MAPPING = {0: "company_name", 1: "phone", 2: "phone", 4: "email"}


class TestWrongCells(BaseCase):
    def test_the_cell_that_holds_the_value(self):
        """# C8: of two columns for phones the one with the wrong number."""
        row = Row(2, ("甲", "021-62399110", "12 / 34", "", "x@"))
        problems = [
            Problem("email", "email_form", "x@"),
            Problem("phone", "short", "34"),
        ]
        self.assertEqual(
            wrong_cells(row, MAPPING, problems),
            [
                WrongCell(2, "short", "34", "12 / 34"),
                WrongCell(4, "email_form", "x@", "x@"),
            ],
        )

    def test_a_row_without_a_name_lacks_it_in_the_first_column_for_one(self):
        row = Row(2, ("", "12"))
        problem = Problem("company_name", "no_name", "")
        self.assertEqual(
            wrong_cells(row, MAPPING, [problem]), [WrongCell(0, "no_name", "", "")]
        )
        self.assertEqual(
            wrong_cells(row, {1: "phone", 3: "contact_name"}, [problem])[0].column, 3
        )
        self.assertEqual(wrong_cells(row, {1: "phone"}, [problem]), [])

    def test_a_row_as_a_whole_has_no_cell(self):
        row = Row(2, ("甲", "12"))
        problems = [Problem("", "extra_cell", "x"), Problem("", "total_row", "")]
        self.assertEqual(wrong_cells(row, MAPPING, problems), [])

    def test_one_cell_is_wrong_once(self):
        row = Row(2, ("甲", "12 / 34"))
        problems = [Problem("phone", "short", "12"), Problem("phone", "short", "34")]
        self.assertEqual(len(wrong_cells(row, MAPPING, problems)), 1)

    def test_a_value_written_otherwise_is_in_the_first_filled_column(self):
        row = Row(2, ("甲", "", "1\u202d2"))
        problems = [Problem("phone", "short", "1[U+202D]2")]
        self.assertEqual(wrong_cells(row, MAPPING, problems)[0].column, 2)

    def test_what_is_corrected_is_no_longer_what_the_file_had_wrong(self):
        lost = CellProblem(1, "digits_lost", "1.3E10")
        whole = CellProblem(-1, "hidden_row", "")
        row = Row(2, ("甲", "1.3E10"), (lost, whole))
        right = corrected_row(row, {1: "13800138000", 3: "x"})
        self.assertEqual(right, Row(2, ("甲", "13800138000", "", "x"), (whole,)))
        self.assertEqual(corrected_row(row, {}), row)
