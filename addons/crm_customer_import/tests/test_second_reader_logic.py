import io
import time
import tracemalloc
import zipfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from odoo.tests import BaseCase

from ..tools.errors import ImportFileError
from ..tools.table import number_text
from ..tools.workbook import open_table, sheet_names, sniff
from .workbooks import (
    HEADER,
    ROWS,
    ods_bytes,
    ods_row,
    renamed,
    xls_bytes,
    xlsb_bytes,
    xlsx_bytes,
    zip_bytes,
)

words = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=12
).filter(lambda text: text.strip() and text.strip()[0].isalnum())
cells = st.one_of(
    st.just(""), words, st.integers(0, 10**12), 
    st.integers(1, 10**9).map(lambda n: n / 8)
)  # fmt: skip
sheets = st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=8)


def cells_of(content, sheet=None):
    return [list(row.cells) for row in open_table(content, sheet).rows()]


def second_reading(content):
    """What calamine reads: rows of texts without blank rows and empty tails."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = []
    for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False):
        texts = [number_text(c) if isinstance(c, int | float) else str(c) for c in row]
        while texts and not texts[-1].strip():
            texts.pop()
        if texts:
            found.append(texts)
    return found


def ods_of(rows):
    return ods_bytes("".join(ods_row(*row) for row in rows))


class TestSecondReader(BaseCase):
    """# C8: what this package reads, an independent reader reads as well."""

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(sheets, st.sampled_from([xlsx_bytes, xls_bytes, xlsb_bytes, ods_of]))
    def test_both_readers_agree(self, rows, write):
        content = write(rows)
        expected = second_reading(content)
        if expected:
            self.assertEqual(cells_of(content), expected)
        else:
            self.assertRaises(ImportFileError, open_table, content)

    def test_every_kind_gives_the_same_list(self):
        for kind, content in {
            "xlsb": xlsb_bytes([HEADER, *ROWS]),
            "ods": ods_of([HEADER, *ROWS]),
            "xls": xls_bytes([HEADER, *ROWS]),  # WPS writes .et as such
        }.items():
            with self.subTest(kind=kind):
                self.assertEqual(sniff(content), kind)
                self.assertEqual(cells_of(content), [HEADER, *ROWS])
                self.assertEqual(len(sheet_names(content)), 1)


class TestXlsb(BaseCase):
    def test_cells(self):
        rows = [["客户名称", 1.5, -3, True, 13800138000, 10**17, ""], [], ["甲"]]
        read = list(open_table(xlsb_bytes(rows)).rows())
        self.assertEqual(
            read[0].cells,
            ("客户名称", "1.5", "-3", "TRUE", "13800138000", "100000000000000000"),
        )
        self.assertEqual(read[0].problems[0][:2], (5, "digits_lost"))
        self.assertEqual([row.number for row in read], [1, 3])

    def test_merged_cells(self):
        rows = [HEADER, ["甲公司", "张三"], ["", "李四"], ["乙公司", "王五"]]
        read = cells_of(xlsb_bytes(rows, merges=[(1, 2, 0)]))
        self.assertEqual(read[2], ["甲公司", "李四"])

    def test_broken_records_end_in_a_message(self):
        content = xlsb_bytes([HEADER, *ROWS])
        parts = ("xl/worksheets/sheet1.bin", "xl/workbook.bin", "xl/styles.bin",
                 "xl/sharedStrings.bin")  # fmt: skip
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            whole = {name: package.read(name) for name in package.namelist()}
        for part in parts:
            for size in range(0, len(whole[part]), 7):
                for tail in (b"", b"\xff" * 9, bytes(9)):
                    cut = zip_bytes({**whole, part: whole[part][:size] + tail})
                    try:
                        list(open_table(cut).rows())
                    except ImportFileError as error:
                        self.assertTrue(str(error))

    def test_cells_far_apart_cost_nothing(self):
        """calamine would lay the rectangle out and end the process."""
        rows = [["甲"], *[[]] * 5, ["乙"]]
        content = xlsb_bytes(rows)
        tracemalloc.start()
        self.assertEqual(cells_of(content), [["甲"], ["乙"]])
        self.assertLess(tracemalloc.get_traced_memory()[1], 5_000_000)
        tracemalloc.stop()


class TestOds(BaseCase):
    def shown(self, *cells):
        return cells_of(ods_bytes(ods_row("名称", *cells)))[0][1:]

    def number(self, value, shown, kind="float"):
        return (
            f'<table:table-cell office:value-type="{kind}" office:value="{value}">'
            f"<text:p>{shown}</text:p></table:table-cell>"
        )

    def test_numbers_as_the_file_shows_them(self):
        for value, shown, text in (
            ("50000", "050000", "050000"),
            ("1065529988", "010-65529988", "010-65529988"),
            ("13800138000", "1.38E+10", "13800138000"),
            ("1234567", "1,234,567", "1234567"),
            ("1234567", "1 234 567", "1234567"),
            ("3.14159", "3.14", "3.14159"),
            ("12", "KH00012", "KH00012"),
            ("0", "000", "000"),
            ("0", "0-Jan-00", "0"),
        ):
            with self.subTest(shown=shown):
                self.assertEqual(self.shown(self.number(value, shown)), [text])

    def test_other_values(self):
        cell = "<table:table-cell "
        self.assertEqual(
            self.shown(
                f'{cell}office:value-type="date" office:date-value="2024-01-31"/>',
                f'{cell}office:value-type="date" office:date-value='
                '"2024-01-31T08:30:00.000"><text:p>x</text:p></table:table-cell>',
                f'{cell}office:value-type="time" office:time-value="PT36H00M00S"/>',
                f'{cell}office:value-type="boolean" office:boolean-value="true"/>',
                self.number("0.15", "15%", "percentage"),
            ),
            ["2024-01-31", "2024-01-31 08:30:00", "36:00:00", "TRUE", "0.15"],
        )

    def test_text_of_several_parts(self):
        cell = (
            '<table:table-cell office:value-type="string">'
            "<office:annotation><text:p>remark</text:p></office:annotation>"
            '<text:p>深圳<text:s text:c="2"/><text:span>公司</text:span></text:p>'
            "<text:p>二<text:line-break/>三</text:p></table:table-cell>"
        )
        self.assertEqual(self.shown(cell), ["深圳  公司\n二\n三"])

    def test_errors_and_formulas_without_value(self):
        row = ods_row(
            "名称",
            '<table:table-cell calcext:value-type="error" office:value-type="string">'
            "<text:p>#N/A</text:p></table:table-cell>",
            '<table:table-cell table:formula="of:=B1"/>',
        )
        (read,) = open_table(ods_bytes(row)).rows()
        self.assertEqual([problem.code for problem in read.problems],
                         ["error_cell", "formula_without_value"])  # fmt: skip

    def test_repeated_rows_and_cells(self):
        body = (
            ods_row("甲", '<table:table-cell table:number-columns-repeated="2"/>', "乙")
            + ods_row("", repeated=1000)
            + ods_row("丙", repeated=2)
            + ods_row('<table:table-cell table:number-columns-repeated="16384"/>',
                      repeated=1_048_000)
        )  # fmt: skip
        read = list(open_table(ods_bytes(body)).rows())
        self.assertEqual([(row.number, row.cells) for row in read], [
            (1, ("甲", "", "", "乙")), (1002, ("丙",)), (1003, ("丙",))])  # fmt: skip

    def test_merged_cells(self):
        covered = "<table:covered-table-cell/>"
        spanned = (
            '<table:table-cell office:value-type="string" '
            'table:number-rows-spanned="2">'
            "<text:p>甲公司</text:p></table:table-cell>"
        )
        body = ods_row(spanned, "张三") + ods_row(covered, "李四") + ods_row("", "王五")
        self.assertEqual(
            cells_of(ods_bytes(body)),
            [["甲公司", "张三"], ["甲公司", "李四"], ["", "王五"]],
        )

    def test_hidden_sheets_and_files_without_a_mimetype(self):
        content = ods_bytes(ods_row("甲"), mimetype=False)
        self.assertEqual(sniff(content), "ods")
        self.assertEqual(sheet_names(content), ["客户"])

    def test_absurd_repetitions(self):
        """A small file may claim billions of cells: a message, in no time."""
        started = time.process_time()
        for body, code in (
            (ods_row('<table:table-cell office:value-type="string" '
                     'table:number-columns-repeated="999999999"><text:p>x</text:p>'
                     "</table:table-cell>"), "too_many_columns"),
            (ods_row("x", repeated=10**15), "too_many_rows"),
            (ods_row("", repeated=10**15) + ods_row("x"), "too_many_rows"),
        ):  # fmt: skip
            with self.assertRaises(ImportFileError) as caught:
                list(open_table(ods_bytes(body)).rows())
            self.assertEqual(caught.exception.code, code)
        self.assertLess(time.process_time() - started, 10)

    def test_encrypted_and_other_documents(self):
        text = "application/vnd.oasis.opendocument.text"
        with self.assertRaises(ImportFileError) as caught:
            sniff(zip_bytes({"mimetype": text, "content.xml": "<a/>"}))
        self.assertEqual(caught.exception.code, "not_a_table")
        content = ods_of([HEADER])
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
        with self.assertRaises(ImportFileError) as caught:
            open_table(zip_bytes({**parts, "META-INF/manifest.xml": manifest}))
        self.assertEqual(caught.exception.code, "encrypted")

    def test_names_without_case(self):
        content = renamed(ods_of([HEADER, *ROWS]), str.upper)
        self.assertEqual(cells_of(content), [HEADER, *ROWS])
