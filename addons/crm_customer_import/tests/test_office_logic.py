from odoo.tests import BaseCase

from ..tools.office import worksheet_part

FIRST, SECOND = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"


class Names(list):
    """A package, of which only the names of its parts are asked."""

    def names(self):
        return self


class TestWorksheetPart(BaseCase):
    """# C8: a sheet is the part its relation names."""

    def test_by_its_relation(self):
        package = Names([FIRST, SECOND])
        self.assertEqual(worksheet_part(package, {"r2": SECOND}, "r2", 1), SECOND)

    def test_a_relation_that_is_not_there_is_not_guessed(self):
        package = Names([FIRST, SECOND])
        self.assertEqual(worksheet_part(package, {"r1": FIRST}, "r9", 2), "")

    def test_without_relations_by_its_number(self):
        package = Names(["xl/chartsheets/sheet2.xml", FIRST, SECOND])
        self.assertEqual(worksheet_part(package, {}, "r2", 2), SECOND)
        self.assertEqual(worksheet_part(package, {}, "r3", 3), "")
