import io
import random
import time
import tracemalloc
from datetime import datetime

import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.errors import KINDS, MESSAGES, ImportFileError
from ..tools.table import Limits, _bare, date_text, number_text
from ..tools.workbook import CellProblem, open_table, sheet_names, sniff
from .workbooks import (
    HEADER,
    ROWS,
    biff2_bytes,
    csv_bytes,
    openpyxl_bytes,
    surgery,
    xls_bytes,
    xlsx_bytes,
    zip_bytes,
)

SHEET = "xl/worksheets/sheet1.xml"
# What a spreadsheet can hold: no control characters, no lone surrogates.
cell_texts = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cc", "Cs", "Cn")),
        st.sampled_from("客户,;\t|\"'\n<>&_x000D_=+-@１２"),
    ),
    max_size=20,
).filter(lambda text: _bare(text) == text)  # what is taken off has tests of its own
tables = st.lists(st.lists(cell_texts, min_size=1, max_size=5), min_size=1, max_size=8)


def cells_of(content, sheet=None):
    return [list(row.cells) for row in open_table(content, sheet).rows()]


def trimmed(rows):
    """What reading gives of written rows: no empty tails, no empty rows."""
    kept = []
    for cells in rows:
        while cells and not cells[-1].strip():
            cells = cells[:-1]
        if cells:
            kept.append(list(cells))
    return kept


class WorkbookCase(BaseCase):
    def assert_refused(self, content, code, of_sheet=None, **params):
        """Opening or reading ends in a clear code with a message to read."""
        with self.assertRaises(ImportFileError) as caught:
            list(open_table(content, of_sheet).rows())
        self.assertEqual(caught.exception.code, code)
        self.assertIn(code, MESSAGES)
        for name, value in params.items():
            self.assertEqual(caught.exception.params[name], value)
        self.assertNotIn("%(", str(caught.exception))


class TestWorkbookKinds(WorkbookCase):
    def test_every_kind_gives_the_same_rows(self):
        """# C8: .xls, .xlsx and .csv, recognised by content."""
        table = [HEADER, *ROWS]
        html = "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
            for cells in table
        )
        for kind, content in {
            "xlsx": xlsx_bytes(table),
            "xls": xls_bytes(table),
            "csv": csv_bytes(table),
            "html": f"<html><table>{html}</table></html>".encode(),
        }.items():
            with self.subTest(kind=kind):
                self.assertEqual(sniff(content), kind)
                self.assertEqual(cells_of(content), table)

    def test_xls_of_old_programs_in_gbk(self):
        content = biff2_bytes([HEADER, *ROWS])
        self.assertEqual(sniff(content), "xls")
        self.assertEqual(cells_of(content), [HEADER, *ROWS])

    def test_reading_again_starts_anew(self):
        for content in (xlsx_bytes([HEADER, *ROWS]), csv_bytes([HEADER, *ROWS])):
            table = open_table(content)
            self.assertEqual(list(table.rows()), list(table.rows()))
            self.assertEqual(len(table.head()), 3)

    def test_row_numbers_are_those_of_the_spreadsheet(self):
        table = [["标题"], [], [], HEADER, [], *ROWS]
        for content in (xlsx_bytes(table), xls_bytes(table), csv_bytes(table)):
            rows = list(open_table(content).rows())
            self.assertEqual([row.number for row in rows], [1, 4, 6, 7])

    def test_sheets(self):
        def fill(book):
            book.active.title = "空表"
            book.create_sheet("客户").append(["A"])
            book.create_sheet("隐藏").append(["B"])
            book["隐藏"].sheet_state = "hidden"

        content = openpyxl_bytes(fill)
        self.assertEqual(sheet_names(content), ["空表", "客户"])
        self.assertEqual(open_table(content).sheet, "客户")
        self.assertEqual(cells_of(content, "隐藏"), [["B"]])
        self.assert_refused(content, "empty_sheet", "空表", sheet="空表")
        self.assert_refused(content, "no_such_sheet", "没有", sheets="空表, 客户, 隐藏")
        self.assertEqual(sheet_names(csv_bytes([HEADER])), [])
        self.assertEqual(sheet_names(xls_bytes([HEADER], sheet="客户")), ["客户"])

    @settings(max_examples=60, deadline=None)
    @given(tables)
    def test_xlsx_reads_back_what_was_written(self, rows):
        expected = trimmed(rows)
        content = openpyxl_bytes(lambda book: [book.active.append(r) for r in rows])
        plain = openpyxl_bytes(
            lambda book: [
                setattr(book.active.cell(n, c, None), "value", text)
                or setattr(book.active.cell(n, c), "data_type", "s")
                for n, cells in enumerate(rows, 1)
                for c, text in enumerate(cells, 1)
            ]
        )
        self.assertTrue(sniff(content) == sniff(plain) == "xlsx")
        if expected:
            self.assertEqual(cells_of(plain), expected)
        else:
            self.assert_refused(plain, "empty_file")

    @settings(max_examples=60, deadline=None)
    @given(tables, st.sampled_from(",;\t|"), st.sampled_from(["utf-8-sig", "utf-16"]))
    def test_csv_loses_no_row(self, rows, mark, encoding):
        """A quoted cell may hold anything, line breaks and separators included."""
        others = str.maketrans(dict.fromkeys(set(",;\t|") - {mark}, "x"))
        rows = [["客户名称", "电话"], *([c.translate(others) for c in r] for r in rows)]
        self.assertEqual(cells_of(csv_bytes(rows, encoding, mark)), trimmed(rows))


class TestWorkbookCells(WorkbookCase):
    def test_numbers(self):
        """# C8: phones as floats, no ``.0``, no exponent."""
        for value, text in {
            1.3800138e10: "13800138000",
            0.1 + 0.2: "0.3",
            -3.0: "-3",
            1234.5: "1234.5",
            1e-7: "0.0000001",
            0.0: "0",
        }.items():
            with self.subTest(value=value):
                self.assertEqual(number_text(value), text)
                self.assertEqual(cells_of(xlsx_bytes([["x", value]])), [["x", text]])
                self.assertEqual(cells_of(xls_bytes([["x", value]])), [["x", text]])
        self.assertEqual(number_text(float("nan")), "")

    def test_exponent_in_the_file(self):
        content = surgery(
            xlsx_bytes([["x", 13800138000]]),
            SHEET,
            lambda data: data.replace(b"13800138000", b"1.3800138E10"),
        )
        self.assertEqual(cells_of(content), [["x", "13800138000"]])

    def test_lost_digits_are_said(self):
        value = 110105194912310021.0
        for content in (xlsx_bytes([["x", value]]), xls_bytes([["x", value]])):
            row = next(open_table(content).rows())
            self.assertEqual(row.problems[0][:2], (1, "digits_lost"))

    def test_zero_filled_numbers_keep_their_zeros(self):
        def fill(book):
            book.active["A1"] = 518
            book.active["A1"].number_format = "000000"

        self.assertEqual(cells_of(openpyxl_bytes(fill)), [["000518"]])

    def test_dates(self):
        """# C8: dates as numbers become ISO dates."""
        moment = datetime(2024, 1, 31, 8, 30)

        def fill(book):
            book.active.append([datetime(2024, 1, 31), moment, moment.time()])
            book.active["D1"], book.active["E1"] = 45322, 45322
            book.active["D1"].number_format = 'yyyy"年"m"月"d"日"'
            book.active["E1"].number_format = '0.00"days"'

        texts = ["2024-01-31", "2024-01-31 08:30:00", "08:30:00"]
        expected = [[*texts, "2024-01-31", "45322"]]
        self.assertEqual(cells_of(openpyxl_bytes(fill)), expected)
        book = xlwt.Workbook()
        style = xlwt.easyxf(num_format_str="YYYY-MM-DD")
        book.add_sheet("A").write(0, 0, datetime(2024, 1, 31), style)
        output = io.BytesIO()
        book.save(output)
        self.assertEqual(cells_of(output.getvalue()), [["2024-01-31"]])

    def test_date_numbers(self):
        for serial, text in {
            0.25: "06:00:00",
            1: "1900-01-01",
            59: "1900-02-28",
            61: "1900-03-01",
            45322.999999: "2024-02-01",
            -1: "-1",
            3e6: "3000000",
        }.items():
            with self.subTest(serial=serial):
                self.assertEqual(date_text(serial), text)
        self.assertEqual(date_text(43860, epoch_1904=True), "2024-01-31")

    def test_epoch_1904(self):
        content = xlsx_bytes(
            [[datetime(2024, 1, 31)]], default_date_format="yyyy-mm-dd"
        )
        moved = surgery(
            content,
            "xl/workbook.xml",
            lambda data: data.replace(b"<workbookPr", b'<workbookPr date1904="1"'),
        )
        self.assertEqual(cells_of(content), [["2024-01-31"]])
        self.assertEqual(cells_of(moved), [["2028-02-01"]])

    def test_booleans_errors_and_formulas(self):
        def fill(book):
            book.active.append(["a", True, "=1+1", "#N/A"])
            book.active["D1"].data_type = "e"

        row = next(open_table(openpyxl_bytes(fill)).rows())
        self.assertEqual(row.cells, ("a", "TRUE"))
        self.assertEqual(
            row.problems,
            (
                CellProblem(2, "formula_without_value", "=1+1"),
                CellProblem(3, "error_cell", "#N/A"),
            ),
        )
        stored = xlsx_bytes([["a", "=1+1"]])  # xlsxwriter stores the value 0
        self.assertEqual(cells_of(stored), [["a", "0"]])

    def test_a_sheet_of_formulas_without_values_keeps_its_rows(self):
        def fill(book):
            for number in range(1, 6):
                book.active.append([f"=B{number}"])

        rows = list(open_table(openpyxl_bytes(fill)).rows())
        self.assertEqual(len(rows), 5)
        self.assertTrue(all(row.problems for row in rows))

    def test_long_cells_are_read_whole(self):
        text = "长" * 10_000
        for content in (
            xlsx_bytes([[text, "b"]]),
            xls_bytes([[text, "b"]]),
            csv_bytes([[text, "b"]]),
        ):
            self.assertEqual(cells_of(content), [[text, "b"]])

    def test_rich_and_inline_text_and_phonetic_hints(self):
        strings = surgery(
            xlsx_bytes([["placeholder", "b"]]),
            "xl/sharedStrings.xml",
            lambda data: data.replace(
                b"<t>placeholder</t>",
                "<r><t>深圳</t></r><r><t>公司</t></r><rPh><t>hint</t></rPh>".encode(),
            ),
        )
        self.assertEqual(cells_of(strings), [["深圳公司", "b"]])
        inline = surgery(
            xlsx_bytes([[1]]),
            SHEET,
            lambda data: data.replace(
                b"<v>1</v>", b"<is><t>a_x000D_b</t></is>"
            ).replace(b'<c r="A1">', b'<c t="inlineStr">'),
        )
        self.assertEqual(cells_of(inline), [["a\rb"]])

    def test_prefixed_names(self):
        """Some programs write every name with a prefix."""

        def change(data):
            for tag in (b"worksheet", b"sheetData", b"row", b"c", b"v"):
                data = data.replace(b"<" + tag + b" ", b"<x:" + tag + b" ")
                data = data.replace(b"<" + tag + b">", b"<x:" + tag + b">")
                data = data.replace(b"</" + tag + b">", b"</x:" + tag + b">")
            return data.replace(b" xmlns=", b" xmlns:x=")

        content = surgery(xlsx_bytes([[1, 2]]), SHEET, change)
        self.assertEqual(cells_of(content), [["1", "2"]])

    def test_merged_cells(self):
        """A company merged over its contacts' rows belongs to each of them."""
        rows = [HEADER, ["甲公司", "张三"], ["", "李四"], ["", ""], ["", "王五"]]

        def fill(book):
            for cells in rows:
                book.active.append([cell or None for cell in cells])
            book.active.merge_cells("A2:A4")

        merged = (1, 3, 0, 0)
        for content in (openpyxl_bytes(fill), xls_bytes(rows, [merged])):
            read = cells_of(content)
            self.assertEqual(
                read[1:], [["甲公司", "张三"], ["甲公司", "李四"], rows[4]]
            )

    def test_merged_title_rows_stay_one_cell(self):
        def fill(book):
            book.active["A1"] = "客户一览表"
            book.active.merge_cells("A1:D2")
            book.active.append(HEADER)

        self.assertEqual(cells_of(openpyxl_bytes(fill)), [["客户一览表"], HEADER])

    def test_html_tables(self):
        html = """<html><head><meta charset="gbk"><title>x</title></head><body>
        <table><tr><td>menu</td></tr></table>
        <table border=1><tr><th>客户名称<th>联系人<th colspan=2>电话</tr>
        <tr><td rowspan=3>甲公司<td>张&amp;三<td>1<td>2</tr>
        <tr><td>李<br>四<td>3<td>4<tr><td>王五</table>"""
        for encoding in ("gb18030", "utf-8"):
            self.assertEqual(
                cells_of(html.encode(encoding)),
                [
                    ["menu"],
                    ["客户名称", "联系人", "电话"],
                    ["甲公司", "张&三", "1", "2"],
                    ["甲公司", "李\n四", "3", "4"],
                    ["甲公司", "王五"],
                ],
            )


class TestCsv(WorkbookCase):
    def test_encodings(self):
        """# C8: UTF-8 and GBK, and what else Excel and old programs write."""
        table = [HEADER, *ROWS] * 3
        for encoding in (
            "utf-8",
            "utf-8-sig",
            "gbk",
            "gb18030",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
        ):
            with self.subTest(encoding=encoding):
                content = csv_bytes(table, encoding)
                self.assertEqual(cells_of(content), table)
        traditional = [
            ["客戶名稱", "聯絡人", "電話"],
            ["臺灣電子股份有限公司", "陳小姐", "1"],
        ]
        self.assertEqual(cells_of(csv_bytes(traditional, "big5")), traditional)
        self.assertEqual(cells_of(csv_bytes(traditional, "utf-8")), traditional)

    def test_separators(self):
        for mark in ",;\t|":
            content = csv_bytes([HEADER, ["a,b;c", "x|y", "1", "2"]], delimiter=mark)
            self.assertEqual(cells_of(content)[1], ["a,b;c", "x|y", "1", "2"])
        self.assertEqual(cells_of(b"sep=;\na;b,c\n"), [["a", "b,c"]])

    def test_line_breaks_in_cells(self):
        rows = [HEADER, ["甲公司", "一\n二\r\n三", 'say "hi"', "x"], ROWS[0]]
        read = list(open_table(csv_bytes(rows)).rows())
        self.assertEqual([list(row.cells) for row in read], rows)
        self.assertEqual([row.number for row in read], [1, 2, 3])

    def test_zero_bytes_and_dos_end(self):
        self.assertEqual(
            cells_of(b"name,phone\r\nA\x00cme,1\r\n\x1a"),
            [["name", "phone"], ["Acme", "1"]],
        )

    def test_stray_control_characters(self):
        """A character of an old terminal does not make a list unreadable."""
        for encoding in ("utf-8", "gb18030"):
            content = csv_bytes([HEADER, *ROWS * 20, ["丙\x05公司"]], encoding)
            self.assertEqual(cells_of(content)[-1][0], "丙\x05公司")

    def test_mixed_encodings_lose_no_row(self):
        """# C8: each line is read as what it is; what cannot be is marked."""
        lines = ["客户名称,电话", "深圳创新科技有限公司,1", "北京远大贸易有限公司,2"]
        content = b"\n".join(
            [
                *(line.encode() for line in lines),
                "上海浦东发展有限公司,3".encode("gbk"),
                "广州".encode() + b"\xff\xfe\xff,4",
                "重庆山城火锅有限公司,5".encode(),
            ]
        )
        rows = list(open_table(content).rows())
        self.assertEqual([row.cells[1] for row in rows], ["电话", *"12345"])
        self.assertEqual(rows[3].cells[0], "上海浦东发展有限公司")
        codes = [[problem.code for problem in row.problems] for row in rows]
        expected = [[], [], [], ["other_encoding"], ["bad_encoding"], []]
        self.assertEqual(codes, expected)

    def test_utf8_lines_in_a_gbk_file(self):
        content = "客户名称,电话\n深圳创新科技,1\n".encode("gbk")
        content += "北京远大贸易有限公司,2\n".encode() + "上海,3\n".encode("gbk")
        rows = list(open_table(content).rows())
        self.assertEqual(rows[2].cells, ("北京远大贸易有限公司", "2"))
        self.assertEqual(len(rows), 4)

    def test_an_unclosed_quote_swallows_no_row(self):
        rows = [f"公司{number},{number}" for number in range(500)]
        rows[10] = '"公司,10'
        content = "\n".join(["客户名称,电话", *rows]).encode()
        read = list(open_table(content).rows())
        self.assertEqual(len(read), 501)
        self.assertEqual([row.problems[0].code for row in read if row.problems],
                         ["unclosed_quote"])  # fmt: skip

    def test_a_huge_cell_is_no_error(self):
        content = ("客户名称,备注\n甲," + "x" * 300_000 + "\n").encode()
        self.assertEqual(len(cells_of(content)[1][1]), 300_000)


class TestBadFiles(WorkbookCase):
    def test_files_that_are_no_tables(self):
        """# C8: a PDF renamed .xls and the like end in a clear message."""
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
        for what, content in {
            "pdf": b"%PDF-1.7\n%\xe2\xe3",
            "image": b"\x89PNG\r\n\x1a\n\0\0",
            "program": b"MZ\x90\x00\x03",
            "word": zip_bytes({"word/document.xml": "<w/>"}),
            "powerpoint": zip_bytes({"ppt/presentation.xml": "<p/>"}),
            "archive": zip_bytes({"readme.txt": "x"}),
            "unknown": bytes(range(256)) * 8,
            "media": b"RIFF\x00\x00WAVE",
        }.items():
            with self.subTest(what=what):
                self.assert_refused(content, "not_a_table", what=what)
                self.assertIn(what, KINDS)
        document = ole + "WordDocument".encode("utf-16-le")
        self.assert_refused(document, "not_a_table", what="word")

    def test_formats_to_save_anew(self):
        xml = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:'
        for what, content in {
            "xml_spreadsheet": xml + b'office:spreadsheet"></Workbook>',
            "rtf": b"{\\rtf1\\ansi a}",
            "mhtml": b"MIME-Version: 1.0\nContent-Type: multipart/related",
        }.items():
            with self.subTest(what=what):
                self.assert_refused(content, "old_format", what=what)

    def test_encrypted_workbooks(self):
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
        self.assert_refused(ole + "EncryptedPackage".encode("utf-16-le"), "encrypted")
        content = bytearray(xlsx_bytes([HEADER]))
        for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = content.find(sign)
            while at >= 0:
                content[at + offset] |= 1
                at = content.find(sign, at + 1)
        self.assert_refused(bytes(content), "encrypted")

    def test_encrypted_xls(self):
        content = bytearray(xls_bytes([HEADER, *ROWS]))
        # FILEPASS in the place of a record that means nothing (0x00E1 INTERFACEHDR)
        at = content.find(b"\xe1\x00\x02\x00")
        content[at : at + 2] = b"\x2f\x00"
        self.assert_refused(bytes(content), "encrypted")

    def test_empty_files(self):
        for content in (
            b"",
            b" \r\n\t",
            b"\xef\xbb\xbf",
            b",,,\n,,\n",
            xlsx_bytes([]),
            xls_bytes([["  "]]),
        ):
            self.assert_refused(content, "empty_file")

    def test_too_large(self):
        limits = Limits(file_bytes=10)
        with self.assertRaises(ImportFileError) as caught:
            open_table(b"x" * 11, None, limits)
        self.assertEqual(caught.exception.code, "too_large")
        rows = open_table(csv_bytes([["a"]] * 9), None, Limits(rows=5)).rows
        self.assertRaises(ImportFileError, lambda: list(rows()))

    def test_too_many_columns(self):
        self.assert_refused(xlsx_bytes([["x"] * 1500]), "too_many_columns")
        self.assert_refused(csv_bytes([["x"] * 1500]), "too_many_columns")

    def test_zip_bomb(self):
        def bomb(data):
            return data.replace(b"<sheetData>", b"<sheetData>" + b" " * 60_000_000)

        content = surgery(xlsx_bytes([HEADER]), SHEET, bomb)
        self.assertLess(len(content), 100_000)
        started = time.process_time()
        self.assert_refused(content, "zip_bomb")
        self.assertLess(time.process_time() - started, 5)

    def test_entity_bomb(self):
        doctype = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>'

        def change(data):
            return data.replace(b"<worksheet", doctype + b"<worksheet", 1)

        self.assert_refused(surgery(xlsx_bytes([HEADER]), SHEET, change), "damaged")

    def test_damaged_packages(self):
        content = xlsx_bytes([HEADER, *ROWS])
        for damaged in (
            content[: len(content) // 2],
            surgery(content, SHEET, lambda data: None),
            surgery(content, SHEET, lambda data: data[: len(data) // 2]),
            surgery(content, "xl/sharedStrings.xml", lambda data: b"<sst></sst>"),
            surgery(content, "xl/workbook.xml", lambda data: b"no xml"),
            surgery(content, "xl/styles.xml", lambda data: b"<a></b>"),
        ):
            with self.assertRaises(ImportFileError) as caught:
                list(open_table(damaged).rows())
            self.assertIn(caught.exception.code, ("damaged", "empty_file"))

    def test_odd_styles_are_no_hindrance(self):
        """Exports of some systems carry styles that openpyxl refuses."""
        content = surgery(
            xlsx_bytes([HEADER, *ROWS]),
            "xl/styles.xml",
            lambda data: data.replace(b"<fill>", b"<fill><nonsense/>"),
        )
        self.assertEqual(cells_of(content), [HEADER, *ROWS])

    def test_a_million_declared_rows_cost_nothing(self):
        def fill(book):
            for cells in (HEADER, *ROWS):
                book.active.append(cells)
            book.active.cell(1_048_576, 1, "尾行")

        content = surgery(
            openpyxl_bytes(fill),
            SHEET,
            lambda data: data.replace(b"<dimension", b"<dimension x='1'"),
        )
        started = time.process_time()
        rows = list(open_table(content).rows())
        self.assertLess(time.process_time() - started, 2)
        self.assertEqual(rows[-1].cells, ("尾行",))
        self.assertEqual(rows[-1].number, 1_048_576)

    def test_html_without_a_simple_table(self):
        self.assert_refused(b"<html><p>Login</p></html>", "unsupported_html_table")
        nested = b"<table><tr><td><table><tr><td>x</td></tr></table></td></tr></table>"
        self.assert_refused(nested, "unsupported_html_table")

    def test_text_in_no_known_character_set(self):
        self.assert_refused(b"\x80\xff\x81\xff\xfe,\xff\n" * 50, "unknown_encoding")


class TestArbitraryBytes(BaseCase):
    """Whatever is uploaded, nothing but ImportFileError comes out."""

    def read(self, content):
        try:
            sheet_names(content)
            for row in open_table(content).rows():
                self.assertTrue(any(row.cells) or row.problems)
        except ImportFileError as error:
            self.assertTrue(str(error))

    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=300))
    def test_random_bytes(self, content):
        self.read(content)

    @settings(max_examples=150, deadline=None)
    @given(
        st.sampled_from([b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>",
                         b"<table><tr><td>", b"\x09\x08\x10\x00", b"\xff\xfe", b'"']),
        st.binary(max_size=600),
    )  # fmt: skip
    def test_random_bytes_behind_a_signature(self, signature, content):
        self.read(signature + content)

    @settings(
        max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(st.randoms(use_true_random=False))
    def test_broken_workbooks(self, chance: random.Random):
        content = bytearray(chance.choice(SAMPLES))
        for _time in range(chance.randint(0, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.5:
            del content[chance.randrange(len(content)) :]
        self.read(bytes(content))

    @settings(
        max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(st.randoms(use_true_random=False), st.sampled_from(
        [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml",
         "xl/_rels/workbook.xml.rels", "_rels/.rels"]))  # fmt: skip
    def test_broken_parts(self, chance: random.Random, part):
        def change(data):
            data = bytearray(data)
            for _time in range(chance.randint(1, 6)):
                data[chance.randrange(len(data))] = chance.choice(b'<>"/=0a9 ')
            return bytes(data)

        self.read(surgery(SAMPLES[0], part, change))


SAMPLES = [
    xlsx_bytes([HEADER, *ROWS, [1, 2.5, True, datetime(2024, 1, 1)]]),
    xls_bytes([HEADER, ROWS[0], ["", 1, 2.5, True]], [(1, 2, 0, 0)]),
    csv_bytes([HEADER, *ROWS], "gb18030"),
]


@tagged("large")
class TestFlatMemory(BaseCase):
    def peak(self, content):
        table = open_table(content)
        tracemalloc.start()
        count = sum(1 for _row in table.rows())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return count, peak

    def test_memory_does_not_grow_with_the_rows(self):
        """Four times the rows: the packed texts grow, no objects per row stay."""
        for write, per_row in ((xlsx_bytes, 60), (csv_bytes, 1)):
            with self.subTest(write=write.__name__):
                small, large = (
                    self.peak(write([[f"公司{n}", "13800138000"] for n in range(size)]))
                    for size in (8000, 24000)
                )
                self.assertEqual((small[0], large[0]), (8000, 24000))
                self.assertLess(large[1] - small[1], 16_000 * per_row + 100_000)
