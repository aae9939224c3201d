import time

from odoo.tests import BaseCase, tagged

from ..tools.errors import ImportFileError
from ..tools.header import data_rows, find_header
from ..tools.workbook import open_table
from .workbooks import HEADER, ROWS, ods_bytes, surgery, xlsb_bytes, xlsx_bytes

SHEET = "xl/worksheets/sheet1.xml"


@tagged("large")
class TestLimits(BaseCase):
    """# B5, B6: a message or the rows, in linear time, whatever the shape."""

    def read(self, content):
        """Read to the end; returns (rows or code, seconds)."""
        started = time.process_time()
        try:
            table = open_table(content)
            found = len(list(data_rows(table, find_header(table.head()))))
        except ImportFileError as error:
            self.assertTrue(str(error))
            found = error.code
        return found, time.process_time() - started

    def assert_linear(self, make, size):
        """Four times the size costs at most ten times the time, and little of it."""
        _found, small = self.read(make(size))
        _found, large = self.read(make(4 * size))
        self.assertLess(large, max(10 * small, 1.0), make)

    def test_a_million_empty_rows(self):
        def change(data):
            rows = b"".join(b'<row r="%d"/>' % n for n in range(4, 1_000_004))
            return data.replace(b"</sheetData>", rows + b"</sheetData>")

        found, seconds = self.read(surgery(xlsx_bytes([HEADER, *ROWS]), SHEET, change))
        self.assertEqual(found, 2)
        self.assertLess(seconds, 30)

    def test_a_million_empty_lines(self):
        text = ",".join(HEADER) + "\n" + ",,,\n" * 1_000_000 + ",".join(ROWS[0])
        found, seconds = self.read(text.encode())
        self.assertEqual(found, 1)
        self.assertLess(seconds, 60)

    def test_absurd_dimensions(self):
        for cell, code in (
            (b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>',
             "too_many_rows"),
            (b'<row r="4"><c r="ZZZZZZZZZZ4"><v>1</v></c></row>', "too_many_columns"),
            (b'<row r="4"><c r="XFD4"><v>1</v></c></row>', "too_many_columns"),
            (b'<row r="' + b"9" * 5000 + b'"><c><v>1</v></c></row>', "damaged"),
            (b'<row r="4"><c><v>' + b"9" * 5000 + b"</v></c></row>", 3),
            (b'<row r="4"><c s="99999999"><v>1</v></c></row>', 3),
            (b'<row r="4"><c t="s"><v>99999999</v></c></row>', "damaged"),
        ):  # fmt: skip
            with self.subTest(cell=cell[:40]):

                def change(data, cell=cell):
                    return data.replace(b"</sheetData>", cell + b"</sheetData>")

                content = surgery(xlsx_bytes([HEADER, *ROWS]), SHEET, change)
                found, seconds = self.read(content)
                self.assertEqual(found, code)
                self.assertLess(seconds, 2)

    def test_absurd_dimensions_of_other_kinds(self):
        far = xlsb_bytes([HEADER, *[[]] * 3, ["x"] * 1500])
        self.assertEqual(self.read(far)[0], "too_many_columns")
        deep = "<text:span>" * 20_000 + "x" + "</text:span>" * 20_000
        cell = f"<table:table-cell><text:p>{deep}</text:p></table:table-cell>"
        found, seconds = self.read(
            ods_bytes(f"<table:table-row>{cell}</table:table-row>")
        )
        self.assertEqual(found, "no_header")
        self.assertLess(seconds, 5)

    def test_long_lines(self):
        head = "客户名称,手机\n"
        for piece in (
            '"',
            '""',
            '","',
            '="',
            ',="""',
            "'",
            "\t",
            "(",
            "1.0",
            "合 ",
            "\u200b",
            "1E+",
            ";|,",
            "\r",
            '"\n',
            "a@",
            "北京市",
            "&#",
            "=T(",
        ):
            with self.subTest(piece=piece):
                self.assert_linear(lambda size, piece=piece:
                                   (head + piece * size).encode(), 10_000)  # fmt: skip

    def test_pages_that_never_close(self):
        for piece in (
            "<",
            "<a ",
            "<!--",
            "<![",
            "</",
            "&#",
            '<a b="',
            "<?",
            "<script>",
            "<td ",
            '<td a="b"',
            "<table>",
            "<table><tr>",
            "<td colspan=999>",
            "<tr><td rowspan=999>x",
            "<title>",
            "<style>",
            "<td a",
            "a=",
            "<a=b ",
        ):
            with self.subTest(piece=piece):
                self.assert_linear(lambda size, piece=piece: (
                    "<table><tr><td>客户名称<td>手机<tr><td>甲</table>" + piece * size
                ).encode(), 10_000)  # fmt: skip

    def test_merged_ranges_that_never_close(self):
        for piece in (b"<mergeCell ", b'<mergeCell ref="A1:A9"/>', b"ref "):

            def change(data, piece=piece):
                return data.replace(b"</worksheet>", piece * 20_000 + b"</worksheet>")

            content = surgery(xlsx_bytes([HEADER, *ROWS]), SHEET, change)
            self.assertLess(self.read(content)[1], 5)
