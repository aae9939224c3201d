"""The tools read_html: tags, spans and tables at their borders."""

from odoo.tests import BaseCase

from ..tools import read_html
from ..tools.errors import ImportFileError
from ..tools.read_html import MAX_COLUMNS, MAX_SPAN
from ..tools.table import DEFAULT_LIMITS, Limits


def read(text):
    return list(read_html.rows(text, DEFAULT_LIMITS))


def cells(text):
    return [list(row.cells) for row in read(text)]


def table(*rows):
    """A table of texts without end tags, as many systems write it."""
    lines = ("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in rows)
    return f"<table>{''.join(lines)}</table>"


HEAD, ONE, TWO = ["名称", "电话", "x"], ["甲", "1", "x"], ["乙", "2", "x"]


class TestTags(BaseCase):
    """# C8: what a browser shows in a cell is its text."""

    def cell(self, inner, attributes=""):
        return cells(f"<table><tr><td>a</td><td{attributes}>{inner}</td></table>")[0][1]

    def test_words_of_a_cell(self):
        for inner, text in {
            "a&amp;b": "a&b",
            "<b>a</b>b": "ab",
            "a<br>b<br/>c": "a\nb\nc",
            "<p>a</p><p>b</p>": "a\nb",
            "<div>a</div><div>b": "a\nb",
            "a <!-- <td>x</td> --> b": "a  b",
            "a<!doctype x>b": "ab",
            "a<?xml x?>b": "ab",
            "1 < 2": "1 < 2",
            "a<script>if (a<b) x('</td>')</script>b": "ab",
            "a<style>td<b {}</style>b": "ab",
            "a<title>t</title>b": "ab",
            "<a title='x>y'>b</a>": "b",
            '<a title="x>y>z">b</a>': "b",
            "<B>a</B>": "a",
            "&#" + "9" * 6000 + ";": "&#" + "9" * 6000 + ";",
        }.items():
            with self.subTest(inner=inner[:50]):
                self.assertEqual(self.cell(inner), text)

    def test_a_remark_never_closed_hides_nothing(self):
        self.assertEqual(cells("<table><tr><td>a<!-- b<td>c</table>"), [["a b", "c"]])
        self.assertEqual(cells("<table><tr><td>a<! b<td>c<!d>"), [["ac"]])
        self.assertEqual(cells("<table><tr><td>a<td>c<! b"), [["a", "c b"]])
        twice = "<table><tr><td>a<!--x--><td>b<!--y-->c</table>"
        self.assertEqual(cells(twice), [["a", "bc"]])
        self.assertEqual(cells("<table><tr><td>a<!-- <!-- --><td>b"), [["a", "b"]])

    def test_a_quote_never_closed_hides_no_words(self):
        for attributes in ('title="x', "title='x", 'title="' + "x" * 3000):
            text = f"<table><tr><td>a<td {attributes}>甲</table>"
            self.assertEqual(cells(text), [["a", "甲"]])
        text = '<table><tr><td>a<td title="x>1>2>3>4>5</table>'
        self.assertEqual(cells(text), [["a", "4>5"]])

    def test_heads_are_hidden_even_without_end(self):
        page = "<head><title>a</title></head>"
        self.assertEqual(cells(page + table(HEAD)), [HEAD])
        self.assertEqual(cells("</head></title>" + table(HEAD)), [HEAD])

    def test_numbers_shown_shortened(self):
        """# C8: Excel and LibreOffice write the whole number beside it."""
        for attributes, shown, text in (
            (' x:num="13800138000"', "1.38E+10", "13800138000"),
            (" sdval='13800138000'", "1.38E+10", "13800138000"),
            (" SDVAL=13800138000", "1,38e+10", "13800138000"),
            (' x:num="13800138000"', "138", "138"),
            (' x:num="no"', "1.38E+10", "1.38E+10"),
            (' x:num="nan"', "1.38E+10", "1.38E+10"),
            ("", "1.38E+10", "1.38E+10"),
        ):
            with self.subTest(attributes=attributes, shown=shown):
                self.assertEqual(self.cell(shown, attributes), text)


class TestSpans(BaseCase):
    """# C8: merged cells as a browser lays them out; names go down, not across."""

    def test_across_and_down(self):
        text = (
            "<table><tr><td>a<td colspan=2>b<td>c<tr><td rowspan=3>甲<td>1<td>2<td>3"
            "<tr><td>4<td>5<td>6<tr><td>7<td>8<td>9<tr><td>乙<td>x<td>y<td>z</table>"
        )
        self.assertEqual(
            cells(text),
            [
                ["a", "b", "", "c"],
                ["甲", "1", "2", "3"],
                ["甲", "4", "5", "6"],
                ["甲", "7", "8", "9"],
                ["乙", "x", "y", "z"],
            ],
        )

    def test_a_cell_spans_down_in_the_last_column(self):
        text = "<table><tr><td>1<td rowspan=2>a<tr><td>2<tr><td>3<td>b</table>"
        self.assertEqual(cells(text), [["1", "a"], ["2", "a"], ["3", "b"]])

    def test_a_cell_spans_down_between_others(self):
        text = "<table><tr><td>1<td rowspan=2>a<td>x<tr><td>2<td>y</table>"
        self.assertEqual(cells(text), [["1", "a", "x"], ["2", "a", "y"]])

    def test_spans_end_with_their_table(self):
        text = "<table><tr><td rowspan=9>a<td>b</table>" + table(["c", "d"])
        self.assertEqual(cells(text), [["a", "b"], ["c", "d"]])

    def test_absurd_spans(self):
        for span in ("0", "-1", "x", "", "1"):
            self.assertEqual(
                cells(f"<table><tr><td colspan='{span}'>a<td>b</table>"), [["a", "b"]]
            )
        text = "<table><tr><td colspan=99999999999>a<td>b</table>"
        (row,) = read_html.rows(text, Limits(columns=MAX_COLUMNS))
        self.assertEqual(len(row.cells), MAX_SPAN + 1)

    def test_no_more_columns_than_excel_has(self):
        for more, refused in ((0, False), (1, True)):
            spans = [1000] * (MAX_COLUMNS // 1000) + [MAX_COLUMNS % 1000 + more]
            row = "".join(f"<td colspan={span}>" for span in spans)
            text = f"<table><tr><td>a</table><table><tr>{row}</table>"
            if refused:
                with self.assertRaises(ImportFileError) as caught:
                    read(text)
                self.assertEqual(caught.exception.params["limit"], str(MAX_COLUMNS))
            else:
                self.assertEqual(len(read(text)), 1)


class TestTables(BaseCase):
    """# C8: tables of the same columns are one list, others are marked."""

    def test_pages_of_a_list(self):
        rows = read(table(HEAD, ONE) + table(TWO))
        self.assertEqual([list(row.cells) for row in rows], [HEAD, ONE, TWO])
        self.assertEqual([row.number for row in rows], [1, 2, 3])
        self.assertFalse(any(row.problems for row in rows))

    def test_a_title_of_two_lines_belongs_to_the_list(self):
        title = table(["客户表", "2024"], ["a", "b"])
        rows = read(title + table(HEAD, ONE, TWO))
        self.assertEqual(
            [row.cells[0] for row in rows], ["客户表", "a", "名称", "甲", "乙"]
        )
        self.assertFalse(any(row.problems for row in rows))

    def test_longer_tables_before_the_list_come_last_and_marked(self):
        other = table(["a", "b"], ["c", "d"], ["", "e"])
        rows = read(other + table(HEAD, ONE, TWO))
        self.assertEqual([row.cells[0] for row in rows[:3]], ["名称", "甲", "乙"])
        self.assertEqual([row.number for row in rows], [1, 2, 3, 4, 5, 6])
        self.assertEqual(
            [tuple(row.problems) for row in rows[3:]],
            [((-1, "other_table", value),) for value in ("a", "c", "e")],
        )

    def test_a_menu_before_the_list_is_left_out(self):
        menu = table(["a"], ["b"], ["c"])
        self.assertEqual(cells(menu + table(HEAD, ONE, TWO)), [HEAD, ONE, TWO])

    def test_blank_tables_and_rows_count_but_are_nothing(self):
        blank = table(["", ""], ["", ""])
        rows = read(blank + table(HEAD, ONE))
        self.assertEqual(
            [(row.number, list(row.cells)) for row in rows], [(1, HEAD), (2, ONE)]
        )
        rows = read(table(HEAD, ["", "", ""], ONE))
        self.assertEqual([row.number for row in rows], [1, 3])
        rows = read(table(HEAD, ONE) + table(["", ""], ["s", "t"]))
        self.assertEqual(rows[-1].problems, ((-1, "other_table", "s"),))
        self.assertEqual(len(rows), 3)

    def test_pages_without_a_table(self):
        nested = "<table><tr><td>a<table><tr><td>b</table></table>"
        for text in ("<p>x", "<tr><td>a", "<table></table>", "</table><td>a", nested):
            with self.assertRaises(ImportFileError) as caught:
                read(text)
            self.assertEqual(caught.exception.code, "unsupported_html_table")

    def test_a_table_behind_an_open_one(self):
        """Tags between cells are no cells."""
        self.assertEqual(cells("<table><td>x<tr><td>a<td>b"), [["a", "b"]])
        self.assertEqual(cells("</table>" + table(HEAD, ONE)), [HEAD, ONE])
