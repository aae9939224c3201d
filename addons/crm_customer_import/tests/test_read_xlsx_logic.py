"""The tools read_xlsx: cells, styles, merged ranges and parts by hand."""

from odoo.tests import BaseCase

from ..tools import read_xlsx
from ..tools.errors import ImportFileError
from ..tools.package import CHUNK
from ..tools.table import DEFAULT_LIMITS
from .workbooks import zip_bytes

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = '<workbook><sheets><sheet name="客户" id="r1"/></sheets></workbook>'


def relations(**targets):
    kinds = {
        "r1": "worksheet",
        "r2": "sharedStrings",
        "r3": "styles",
        "r4": "worksheet",
        "r5": "chartsheet",
    }
    lines = "".join(
        f'<Relationship Id="{id}" Type="{OFFICE}/{kinds[id]}" Target="{target}"/>'
        for id, target in targets.items()
    )
    return f"<Relationships>{lines}</Relationships>"


RELATED = {"r1": "s1.xml", "r2": "strings.xml", "r3": "looks.xml"}


def book_of(
    body, styles="", strings="", book=BOOK, related=RELATED, behind="", more=()
):
    parts = {
        **dict(more),
        "xl/workbook.xml": book,
        "xl/s1.xml": f"<worksheet><sheetData>{body}</sheetData>{behind}</worksheet>",
        "xl/strings.xml": f"<sst>{strings}</sst>",
        "xl/looks.xml": f"<styleSheet>{styles}</styleSheet>",
    }
    if related:
        parts["xl/_rels/workbook.xml.rels"] = relations(**related)
    return read_xlsx.Workbook(zip_bytes(parts), DEFAULT_LIMITS)


def read(*args, **kwargs):
    workbook = book_of(*args, **kwargs)
    return list(workbook.rows(workbook.sheets()[0]))


def cells(*args, **kwargs):
    return [list(row.cells) for row in read(*args, **kwargs)]


class TestCells(BaseCase):
    """# C8: a cell is what Excel shows of it."""

    def cell(self, inner, attributes="", **kwargs):
        (row,) = read(
            f"<row><c><v>1</v></c><c {attributes}>{inner}</c></row>", **kwargs
        )
        return (row.cells + ("",))[1], [tuple(problem) for problem in row.problems]

    def test_kinds_of_cells(self):
        for attributes, inner, text in (
            ("", "<v>1.50</v>", "1.5"),
            ('t="n"', "<v>-3</v>", "-3"),
            ('t="b"', "<v>1</v>", "TRUE"),
            ('t="b"', "<v>true</v>", "TRUE"),
            ('t="b"', "<v>0</v>", "FALSE"),
            ('t="d"', "<v>2024-01-31T00:00:00</v>", "2024-01-31"),
            ('t="str"', "<f>A1</f><v>甲_x000D_</v>", "甲\r"),
            ('t="str"', "<f>A1</f><v></v>", ""),
            ('t="inlineStr"', "<is><t>甲</t></is>", "甲"),
            ("", "<is><t>甲</t></is>", "甲"),
            ('t="inlineStr"', "<is><r><t>甲</t></r><rPh><t>x</t></rPh></is>", "甲"),
            ("", "<v>1</v><f>A1</f>", "1"),
        ):
            with self.subTest(attributes=attributes, inner=inner):
                self.assertEqual(self.cell(inner, attributes), (text, []))

    def test_what_is_wrong_with_a_cell(self):
        for attributes, inner, text, problem in (
            ('t="e"', "<v>#N/A</v>", "", (1, "error_cell", "#N/A")),
            ("", "<f>A1+1</f>", "", (1, "formula_without_value", "=A1+1")),
            ("", "<v>999999999999999</v>", "999999999999999", None),
            (
                "",
                "<v>1000000000000000</v>",
                "1000000000000000",
                (1, "digits_lost", "1000000000000000"),
            ),
            (
                "",
                "<v>-1000000000000000</v>",
                "-1000000000000000",
                (1, "digits_lost", "-1000000000000000"),
            ),
        ):
            with self.subTest(inner=inner):
                found = self.cell(inner, attributes)
                self.assertEqual(found, (text, [problem] if problem else []))

    def test_a_formula_of_one_cell_is_not_that_of_the_next(self):
        (row,) = read("<row><c><f>A1</f><v>1</v></c><c/><c><v>2</v></c></row>")
        self.assertEqual((row.cells, row.problems), (("1", "", "2"), ()))

    def test_shared_strings(self):
        strings = "<si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r></si><si/>"
        body = "".join(f'<c t="s"><v>{number}</v></c>' for number in (1, 0, 2, 0))
        self.assertEqual(
            cells(f"<row>{body}</row>", strings=strings), [["乙丙", "甲", "", "甲"]]
        )
        for number in ("3", "-1"):
            with self.assertRaises(ImportFileError):
                read(f'<row><c t="s"><v>{number}</v></c></row>', strings=strings)

    def test_words_between_cells_are_none(self):
        strings = (
            "<si>x<t>甲</t>y</si>"
            "<si><r><t>乙</t></r><rPh><t>x</t></rPh><r><t>丙</t></r></si>"
        )
        body = '<row>x<c t="s"><v>0</v>y</c><c t="s"><v>1</v></c></row>'
        self.assertEqual(cells(body, strings=strings), [["甲", "乙丙"]])

    def test_control_characters_and_halves(self):
        for raw, text in {
            "_x0041_b": "Ab",
            "_xD83D__xDE00_": "😀",
            "_xD83D_": "\ufffd",
            "a_x": "a_x",
        }.items():
            inner = f"<is><t>{raw}</t></is>"
            self.assertEqual(self.cell(inner, 't="inlineStr"')[0], text)

    def test_styles(self):
        """Those of cells count, not those of named styles, by their number."""
        styles = (
            '<numFmts><numFmt numFmtId="170" formatCode="000000"/>'
            '<numFmt numFmtId="171" formatCode="&quot;KH&quot;@"/></numFmts>'
            '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="14"/>'
            '<xf numFmtId="171"/><xf numFmtId="x"/><xf/></cellXfs>'
            '<cellStyles><xf numFmtId="14"/></cellStyles>'
        )
        strings = "<si><t>甲</t></si>"
        for attributes, raw, text in (
            ('s="0"', "45322", "45322"),
            ('s="1"', "45322", "045322"),
            ('s="2"', "45322", "2024-01-31"),
            ('s="4"', "45322", "45322"),
            ('s="5"', "45322", "45322"),
            ('s="6"', "45322", "45322"),
            ('s="-1"', "45322", "45322"),
            ('s="3" t="s"', "0", "KH甲"),
            ('s="1" t="s"', "0", "甲"),
            ('s="3" t="str"', "乙", "KH乙"),
            ('t="str"', "乙", "乙"),
        ):
            with self.subTest(attributes=attributes):
                inner = f"<v>{raw}</v>"
                found = self.cell(inner, attributes, styles=styles, strings=strings)
                self.assertEqual(found[0], text)

    def test_dates_of_1904(self):
        styles = '<cellXfs><xf numFmtId="14"/></cellXfs>'
        for value, text in (
            ("1", "2028-02-01"),
            ("true", "2028-02-01"),
            ("0", "2024-01-31"),
            ("false", "2024-01-31"),
        ):
            book = BOOK.replace("<sheets>", f'<workbookPr date1904="{value}"/><sheets>')
            found = self.cell("<v>45322</v>", 's="0"', styles=styles, book=book)
            self.assertEqual(found[0], text)


class TestPlaces(BaseCase):
    """# C8: cells stand where the sheet says, or else next to each other."""

    def test_cells_with_and_without_a_place(self):
        for body, expected in (
            ('<c r="B1"><v>1</v></c><c><v>2</v></c>', ["", "1", "2"]),
            ('<c><v>1</v></c><c r="AA1"><v>2</v></c>', ["1", *[""] * 25, "2"]),
            ('<c r="C1"><v>3</v></c><c r="A1"><v>1</v></c>', ["1", "", "3"]),
            ('<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>', ["2"]),
            ('<c r="A1"><v>1</v></c><c r="B1"/><c><v>3</v></c>', ["1", "", "3"]),
        ):
            with self.subTest(body=body):
                self.assertEqual(cells(f"<row>{body}</row>"), [expected])

    def test_columns_by_their_letters(self):
        for letters, column in {
            "A": 0,
            "Z": 25,
            "AA": 26,
            "AZ": 51,
            "XFD": 16383,
            "AAAAAZ": read_xlsx._column("AAAAA"),
        }.items():
            for _time in range(2):  # the second is remembered
                self.assertEqual(read_xlsx._column(letters), column)

    def test_the_last_column(self):
        limit = DEFAULT_LIMITS.columns
        for column, refused in ((limit - 1, False), (limit, True)):
            letters = next(
                a + b + c
                for a in " ABC"
                for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                if read_xlsx._column((a + b + c).strip()) == column
            ).strip()
            body = f'<row><c r="{letters}1"><v>1</v></c></row>'
            if refused:
                with self.assertRaises(ImportFileError) as caught:
                    read(body)
                self.assertEqual(caught.exception.code, "too_many_columns")
                self.assertEqual(caught.exception.params["limit"], str(limit))
            else:
                self.assertEqual(len(cells(body)[0]), limit)

    def test_rows_with_and_without_a_number(self):
        body = "".join(
            f"<row{number}><c><v>{at}</v></c></row>"
            for at, number in enumerate(("", ' r="5"', "", ' r="3"', ' r="9"'))
        )
        rows = read(body + "<row/><row><c><f>A1</f></c></row>")
        self.assertEqual([row.number for row in rows], [1, 5, 6, 7, 9, 11])
        self.assertEqual(
            [row.cells for row in rows], [("0",), ("1",), ("2",), ("3",), ("4",), ()]
        )

    def test_merged_ranges(self):
        """Down the first column, rows that have a cell of their own; not across."""
        rows = (("甲", "1"), ("", "2"), ("", ""), ("", "3"), ("", "4"), ("乙", "5"))
        body = "".join(
            f'<row r="{number}">'
            + "".join(f'<c t="str"><v>{text}</v></c>' for text in row)
            + "</row>"
            for number, row in enumerate(rows, 1)
        )
        for reference in ("A1:A4", "$A$1:$A$4", "A1:B4"):
            ranges = f'<mergeCells><mergeCell ref="{reference}"/></mergeCells>'
            found = cells(body, behind=ranges)
            self.assertEqual(found[:3], [["甲", "1"], ["甲", "2"], ["甲", "3"]])
            self.assertEqual(found[3:], [["", "4"], ["乙", "5"]])
        across = '<mergeCell ref="A1:B1"/><mergeCell ref="A5:A4"/>'
        self.assertEqual(cells(body, behind=across)[1], ["", "2"])

    def test_merged_ranges_far_down_are_found_once_wherever_a_chunk_ends(self):
        one = '<x:mergeCell ref="A1:A3"/>'
        body = "<row><c><v>1</v></c></row>" + "<row><c/><c><v>2</v></c></row>" * 2
        length = len(f"<worksheet><sheetData>{body}</sheetData>")
        for before in range(0, len(one) + 1, 3):
            gap = " " * (CHUNK * 4 - length - before)
            found = cells(body, behind=gap + one.replace("x:", ""))
            self.assertEqual(found, [["1"], ["1", "2"], ["1", "2"]])


class TestParts(BaseCase):
    """# C8: parts are found by their relations, or else by their names."""

    def test_sheets_in_their_order(self):
        book = (
            '<workbook><sheets><sheet name="一" id="r4" state="hidden"/>'
            '<sheet name="图" id="r5"/><sheet id="r1" state="visible"/>'
            '<sheet name="没有" id="r9"/></sheets></workbook>'
        )
        related = {**RELATED, "r4": "/xl/looks.xml", "r5": "chartsheets/sheet1.xml"}
        page = "xl/worksheets/sheet4.xml"  # by its number it would be the fourth
        more = {"xl/chartsheets/sheet1.xml": "<x/>", page: "<x/>"}
        found = book_of("", book=book, related=related, more=more).sheets()
        self.assertEqual(
            found, [("一", "xl/looks.xml", True), ("Sheet3", "xl/s1.xml", False)]
        )

    def test_a_package_without_relations(self):
        book = '<workbook><sheet name="甲"/><sheet name="乙"/></workbook>'
        page = '<worksheet><row><c t="s" s="0"><v>0</v></c></row></worksheet>'
        parts = {
            "xl/workbook.xml": book,
            "xl/chartsheets/sheet1.xml": "<x/>",
            "xl/sheet1.xml": page,
            "xl/worksheets/sheet2.xml": page,
            "xl/sharedStrings.xml": "<sst><si><t>丙</t></si></sst>",
            "xl/styles.xml": '<s><numFmt numFmtId="170" formatCode="&quot;K&quot;@"/>'
            '<cellXfs><xf numFmtId="170"/></cellXfs></s>',
        }
        workbook = read_xlsx.Workbook(zip_bytes(parts), DEFAULT_LIMITS)
        sheets = workbook.sheets()
        self.assertEqual(
            [(one.name, one.part) for one in sheets],
            [("甲", "xl/sheet1.xml"), ("乙", "xl/worksheets/sheet2.xml")],
        )
        for sheet in sheets:
            self.assertEqual([row.cells for row in workbook.rows(sheet)], [("K丙",)])

    def test_relations_go_before_names(self):
        strings = "<si><t>甲</t></si>"
        more = {"other/sharedStrings.xml": "<sst/>", "other/styles.xml": "<a/>"}
        found = cells('<row><c t="s"><v>0</v></c></row>', strings=strings, more=more)
        self.assertEqual(found, [["甲"]])

    def test_relations_to_parts_that_are_not_there(self):
        related = {**RELATED, "r2": "no.xml", "r3": "no2.xml"}
        self.assertEqual(cells("<row><c><v>1</v></c></row>", related=related), [["1"]])
