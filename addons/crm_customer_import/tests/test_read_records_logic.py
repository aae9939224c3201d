"""The tools read_ods, read_xls, read_xlsb: records and elements at their borders."""

import io
import struct
import zipfile
from types import SimpleNamespace

import xlrd
import xlwt

from odoo.tests import BaseCase

from ..tools import read_ods, read_xls, read_xlsb
from ..tools.errors import ImportFileError
from ..tools.office import Common, Strings, Styles
from ..tools.package import CHUNK
from ..tools.table import DEFAULT_LIMITS
from .workbooks import (
    _record,
    _wide,
    formatted_xls,
    ods_bytes,
    ods_row,
    xls_bytes,
    xlsb_bytes,
    zip_bytes,
)

COLUMNS = DEFAULT_LIMITS.columns


class TestOds(BaseCase):
    """# C8: cells of .ods as the file shows them."""

    def read(self, body, styles=""):
        workbook = read_ods.Workbook(ods_bytes(body, styles), DEFAULT_LIMITS)
        return list(workbook.rows(workbook.sheets()[0]))

    def cell(self, attributes="", inner=""):
        ready = f"<table:table-cell {attributes}>{inner}</table:table-cell>"
        (row,) = self.read(ods_row("名", ready))
        return (row.cells + ("",))[1], [tuple(one) for one in row.problems]

    def typed(self, kind, value, shown="", name="value"):
        inner = f"<text:p>{shown}</text:p>" if shown else ""
        attributes = f'office:value-type="{kind}" office:{name}="{value}"'
        return self.cell(attributes, inner)

    def test_numbers(self):
        for kind, value, shown, text in (
            ("float", "50000", "050000", "050000"),
            ("float", "50000", " 50000 ", "50000"),
            ("currency", "12.5", "￥12.50", "12.5"),
            ("float", "12", "12 kg", "12 kg"),
            ("float", "120", "12", "120"),
            ("float", "12", "13", "12"),
            ("float", "1234", "1.234", "1234"),
            ("float", "1234", "1,234", "1234"),
            ("float", "1234567", "￥1 234 567", "1234567"),
            ("float", "13800138000", "138 0013 8000", "138 0013 8000"),
            ("float", "0", "000", "000"),
            ("float", "0", "0 Tage", "0"),
            ("float", "-5", "-05", "-5"),
            ("float", "5", "", "5"),
        ):
            with self.subTest(shown=shown):
                self.assertEqual(self.typed(kind, value, shown), (text, []))

    def test_lost_digits(self):
        for value, lost in (
            ("999999999999999", False),
            ("1000000000000000", True),
            ("-1000000000000000", True),
        ):
            problem = [(1, "digits_lost", value)] if lost else []
            self.assertEqual(self.typed("float", value), (value, problem))

    def test_dates_times_and_truth(self):
        for kind, value, text in (
            ("date", "2024-01-31", "2024-01-31"),
            ("time", "PT08H05M09S", "08:05:09"),
            ("time", "PT36H", "36:00:00"),
            ("time", "PT5M", "00:05:00"),
            ("time", "PT7.5S", "00:00:07"),
            ("boolean", "true", "TRUE"),
            ("boolean", "false", "FALSE"),
        ):
            found = self.typed(kind, value, "shown", f"{kind}-value")
            self.assertEqual(found, (text, []))
        self.assertEqual(self.typed("time", "x", "1h", "time-value")[0], "1h")
        self.assertEqual(self.typed("date", "", "gestern", "date-value")[0], "gestern")
        self.assertEqual(self.typed("string", "甲", "", "string-value")[0], "甲")

    def test_errors_and_formulas(self):
        string = 'office:value-type="string"'
        for attributes, inner, expected in (
            (
                'calcext:value-type="error"',
                "<text:p>x</text:p>",
                ("", [(1, "error_cell", "x")]),
            ),
            ("", "<text:p>#N/A</text:p>", ("", [(1, "error_cell", "#N/A")])),
            ("", "<text:p>Err:502</text:p>", ("", [(1, "error_cell", "Err:502")])),
            (string, "<text:p>#N/A</text:p>", ("#N/A", [])),
            ('table:formula="of:=B1"', "", ("", [(1, "formula_without_value", "=B1")])),
            (f'table:formula="of:=B1" {string}', "<text:p>甲</text:p>", ("甲", [])),
        ):
            with self.subTest(attributes=attributes, inner=inner):
                found = self.cell(attributes, inner)
                self.assertEqual(found[1], expected[1])
                if expected[0]:
                    self.assertEqual(found[0], expected[0])

    def test_words_of_a_cell(self):
        for inner, text in {
            "<text:p>a<text:s/>b</text:p>": "a b",
            '<text:p>a<text:s text:c="3"/>b</text:p>': "a   b",
            "<text:p>a<text:tab/>b<text:line-break/>c</text:p>": "a\tb\nc",
            "<text:p/><text:p>a</text:p><text:p/><text:p>b</text:p><text:p/>": "a\n\nb",
            "x<text:s/>y<text:p>a</text:p>": "a",
            "<draw:frame><text:p>x</text:p></draw:frame><text:p>a</text:p>": "a",
            "<text:p>a<office:annotation>x<text:p>y</text:p></office:annotation>b"
            "</text:p>": "ab",
        }.items():
            with self.subTest(inner=inner):
                self.assertEqual(
                    self.cell('office:value-type="string"', inner)[0], text
                )

    def test_repeated_cells(self):
        again = (
            '<table:table-cell table:number-columns-repeated="{}">{}</table:table-cell>'
        )
        text = "<text:p>x</text:p>"
        for count, cells in (("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("²", 1)):
            (row,) = self.read(ods_row("a", again.format(count, text), "b"))
            self.assertEqual(row.cells, ("a", *["x"] * cells, "b"))
        (row,) = self.read(ods_row("a", again.format(COLUMNS - 1, text)))
        self.assertEqual(len(row.cells), COLUMNS)
        for count in (str(COLUMNS), "9" * 12, "9" * 11):
            with self.assertRaises(ImportFileError) as caught:
                self.read(ods_row("a", again.format(count, text)))
            self.assertEqual(caught.exception.params["limit"], str(COLUMNS))
        self.assertEqual(read_ods._count({"table:n": "9" * 11}, "n"), 99_999_999_999)
        self.assertEqual(read_ods._count({"table:n": "9" * 12}, "n"), 10**12)

    def test_merged_and_repeated_rows(self):
        spanned = (
            '<table:table-cell table:number-rows-spanned="3"><text:p>甲</text:p>'
            "</table:table-cell>"
        )
        covered = "<table:covered-table-cell/>"
        body = (
            ods_row(spanned, "1")
            + ods_row(covered, "2")
            + ods_row(covered, "3")
            + ods_row("", "4")
            + ods_row("", repeated=3)
            + ods_row("x", repeated=2)
        )
        rows = self.read(body)
        self.assertEqual(
            [row.cells for row in rows],
            [("甲", "1"), ("甲", "2"), ("甲", "3"), ("", "4"), ("x",), ("x",)],
        )
        self.assertEqual([row.number for row in rows], [1, 2, 3, 4, 8, 9])
        twice = spanned.replace('"3"', '"2"')
        found = self.read(ods_row(twice, "1") + ods_row(covered, "2"))
        self.assertEqual(found[1].cells, ("甲", "2"))
        once = spanned.replace('"3"', '"1"')
        self.assertEqual(
            self.read(ods_row(once, "1") + ods_row("", "2"))[1].cells, ("", "2")
        )

    def test_sheets(self):
        styles = (
            '<style:style style:name="s1"><style:p table:display="false"/>'
            "</style:style>"
            '<style:style style:name="s2"><style:p table:display="true"/></style:style>'
        )
        body = (
            f"{ods_row('1')}</table:table>"
            f'<table:table table:name="乙" table:style-name="s1">{ods_row("2")}'
            "</table:table><table:table><table:table-row/></table:table>"
            f'<table:table table:name="丙" table:style-name="s2">{ods_row("3")}'
        )
        workbook = read_ods.Workbook(ods_bytes(body, styles), DEFAULT_LIMITS)
        sheets = workbook.sheets()
        self.assertEqual(
            sheets, [("客户", 0, False), ("乙", 1, True), ("丙", 2, False)]
        )
        for sheet, text in zip(sheets, "123", strict=True):
            self.assertEqual([row.cells for row in workbook.rows(sheet)], [(text,)])


class TestXls(BaseCase):
    """# C8: cells of .xls."""

    def read(self, content):
        book = read_xls.open_book(content)
        return list(read_xls.rows(book, book.sheet_names()[0], DEFAULT_LIMITS))

    def test_cells(self):
        book = xlwt.Workbook()
        page = book.add_sheet("A")
        for column, value in enumerate(
            ("甲", True, False, 1.5, 10**15 - 1, 10**15, -(10**15))
        ):
            page.write(0, column, value)
        page.row(1).set_cell_error(1, 42)
        output = io.BytesIO()
        book.save(output)
        first, second = self.read(output.getvalue())
        self.assertEqual(
            first.cells,
            ("甲", "TRUE", "FALSE", "1.5", "9" * 15, "1" + "0" * 15, "-1" + "0" * 15),
        )
        self.assertEqual(
            [tuple(one) for one in first.problems],
            [(5, "digits_lost", "1" + "0" * 15), (6, "digits_lost", "-1" + "0" * 15)],
        )
        self.assertEqual(second.problems, ((1, "error_cell", "#N/A"),))
        self.assertEqual((first.number, second.number), (1, 2))

    def test_merged_ranges_of_several_rows(self):
        rows = [["甲", "1"], ["", "2"], ["", "3"], ["", "4"]]
        for merge, filled in (((0, 2, 0, 0), 3), ((0, 1, 0, 0), 2), ((0, 0, 0, 0), 1)):
            found = [row.cells[0] for row in self.read(xls_bytes(rows, [merge]))]
            self.assertEqual(found, ["甲"] * filled + [""] * (4 - filled))

    def test_formats(self):
        (row,) = self.read(
            formatted_xls(
                [
                    [
                        ("甲", '"K"@'),
                        (518, "000000"),
                        (45322, "YYYY-MM-DD"),
                        ("乙", "General"),
                    ]
                ]
            )
        )
        self.assertEqual(row.cells, ("K甲", "000518", "2024-01-31", "乙"))

    def test_without_formats_dates_are_dates_still(self):
        for mode, text in ((0, "2024-01-31"), (1, "2028-02-01")):
            book = SimpleNamespace(datemode=mode, formatting_info=False)
            reader = read_xls._RowReader(book, None)
            date, number = xlrd.XL_CELL_DATE, xlrd.XL_CELL_NUMBER
            self.assertEqual(reader._cell(0, 0, date, 45322.0), (text, ""))
            self.assertEqual(reader._cell(0, 0, number, 45322.0), ("45322", ""))
            self.assertEqual(reader._cell(0, 0, 1, "甲"), ("甲", ""))
            self.assertIsNone(reader._format(0, 0))

    def test_a_style_that_is_not_there_is_none(self):
        sheet = SimpleNamespace(cell_xf_index=lambda _row, column: column)
        style = SimpleNamespace(format_key=1)
        code = SimpleNamespace(format_str="000")
        book = SimpleNamespace(
            datemode=0, formatting_info=True, xf_list=[style], format_map={1: code}
        )
        reader = read_xls._RowReader(book, sheet)
        self.assertEqual(reader._cell(0, 0, 2, 5.0), ("005", ""))
        self.assertEqual(reader._cell(0, 1, 2, 5.0), ("5", ""))
        book.format_map = {}
        self.assertEqual(read_xls._formats(book), [None])
        self.assertEqual(read_xls._error(42), "#N/A")
        self.assertEqual(read_xls._error(1), "#ERROR")

    def test_hidden_sheets_and_sheets_that_are_not_there(self):
        book = xlwt.Workbook()
        for name, state in (("A", 0), ("B", 1), ("C", 2)):
            book.add_sheet(name).visibility = state
        output = io.BytesIO()
        book.save(output)
        opened = read_xls.open_book(output.getvalue())
        self.assertEqual(
            read_xls.sheet_names(opened), [("A", False), ("B", True), ("C", True)]
        )
        with self.assertRaises(ImportFileError) as caught:
            list(read_xls.rows(opened, "D", DEFAULT_LIMITS))
        self.assertEqual(caught.exception.code, "damaged")

    def test_how_many_strings_there_are(self):
        """At most as many as are claimed, and as fit into what is there."""
        item = struct.pack("<HB", 2, 0) + b"ab"
        for claimed, there, count in (
            (3, 3, 3),
            (2, 3, 2),
            (9, 3, 3),
            (0, 3, 0),
            (1, 1, 1),
            (9, 0, 0),
            (4, 7, 4),
        ):
            part = struct.pack("<ii", claimed, claimed) + item * there
            self.assertEqual(read_xls._string_count([part]), count)
        half = struct.pack("<ii", 4, 4) + item * 2
        self.assertEqual(read_xls._string_count([half, item]), 3)

    def test_repaired_records(self):
        """Names of ranges go, text with fonts is plain, strings are counted anew."""

        def record(kind, content):
            return struct.pack("<HH", kind, len(content)) + content

        item = struct.pack("<HB", 2, 0) + b"ab"
        strings = struct.pack("<ii", 99, 99) + item
        stream = b"".join(
            (
                record(0x18, b"xxxx"),
                record(0xD6, b"yyyy"),
                record(0x3C, b"zzzz"),
                record(0xFC, strings),
                record(0x3C, b"\x02\0\0ab"),
                record(0x0A, b""),
            )
        )
        expected = b"".join(
            (
                record(0xEFFF, b"xxxx"),
                record(0x204, b"yyyy"),
                record(0x3C, b"zzzz"),
                record(0xFC, struct.pack("<ii", 99, 2) + item),
                record(0x3C, b"\x02\0\0ab"),
                record(0x0A, b""),
            )
        )
        self.assertEqual(read_xls._repaired(stream), expected)


class TestXlsb(BaseCase):
    """# C8: records of .xlsb."""

    def reader(self):
        strings = Strings()
        for text in ("甲", "乙"):
            strings.append(text)
        return read_xlsb._SheetReader(
            Common(strings, Styles([]), False), DEFAULT_LIMITS
        )

    def read(self, *records):
        stream = io.BytesIO(b"".join(_record(*one) for one in records))
        return [
            (number, cells, [tuple(one) for one in problems])
            for number, cells, problems in self.reader().rows(stream)
        ]

    def test_records_wherever_the_reading_stops(self):
        """Types and lengths of one to several bytes, across the ends of chunks."""
        made = [(1, b"a"), (176, b"b" * 200), (5, b""), (617, b"c" * 20_000)]
        data = b"".join(_record(kind, content) for kind, content in made)
        for shift in (*range(12), *range(200, len(data) - 20_000)):
            size = CHUNK - shift - 4
            stream = io.BytesIO(_record(2, bytes(size)) + data)
            found = list(read_xlsb._records(stream))
            self.assertEqual(found, [(2, bytes(size)), *made])
        for size in range(len(data)):
            if size < 220 or size > len(data) - 3:
                found = list(read_xlsb._records(io.BytesIO(data[:size])))
                self.assertEqual(found, made[: len(found)])
        whole = [
            list(read_xlsb._records(io.BytesIO(data[:end]))) for end in (3, 4, 207)
        ]
        self.assertEqual([len(one) for one in whole], [1, 1, 2])

    def test_the_last_record_whole_or_cut_anywhere(self):
        for kind in (1, 127, 128, 255, 256, 617):
            for size in (0, 1, 127, 128, 16_384):
                data = _record(kind, bytes(size))
                head = len(data) - size
                self.assertEqual(
                    list(read_xlsb._records(io.BytesIO(data))), [(kind, bytes(size))]
                )
                for at in range(head):
                    self.assertIs(read_xlsb._has_whole_head(data[:at], 0), False)
                    cut = io.BytesIO(data[:at])
                    self.assertEqual(list(read_xlsb._records(cut)), [])
                self.assertIs(read_xlsb._has_whole_head(data[:head], 0), True)
                self.assertIs(read_xlsb._has_whole_head(b"\x01\x81" + data, 2), True)

    def test_a_record_that_is_too_long(self):
        head = bytes([1, 0x80, 0x80, 0x80, 0x21])  # 66 MB
        with self.assertRaises(ValueError):
            list(read_xlsb._records(io.BytesIO(head)))
        head = bytes([1, 0x80, 0x80, 0x80, 0x20])  # 64 MB, cut
        self.assertEqual(list(read_xlsb._records(io.BytesIO(head))), [])

    def test_kinds_of_cells(self):
        place = struct.pack("<II", 1, 0)
        for kind, value, expected in (
            (1, b"", None),
            (2, struct.pack("<I", 7 << 2 | 2), "7"),
            (3, b"\x2a", ("error_cell", "#N/A")),
            (3, b"\x01", ("error_cell", "#ERROR")),
            (4, b"\x01", "TRUE"),
            (4, b"\x00", "FALSE"),
            (5, struct.pack("<d", 1.5), "1.5"),
            (6, _wide("丙"), "丙"),
            (7, struct.pack("<I", 1), "乙"),
            (8, _wide("丁"), "丁"),
            (9, struct.pack("<d", 2.0), "2"),
            (10, b"\x01", "TRUE"),
            (11, b"\x07", ("error_cell", "#DIV/0!")),
            (62, b"\0" + _wide("戊"), "戊"),
            (63, b"\0" * 8, None),
        ):
            with self.subTest(kind=kind):
                rows = self.read((0, struct.pack("<I", 3)), (kind, place + value))
                if expected is None:
                    self.assertEqual(rows, [])
                elif isinstance(expected, tuple):
                    self.assertEqual(rows, [(4, [], [(1, *expected)])])
                else:
                    self.assertEqual(rows, [(4, ["", expected], [])])

    def test_short_cells_stand_next_to_each_other(self):
        style = struct.pack("<I", 0)
        number = style + struct.pack("<I", 7 << 2 | 2)
        rows = self.read(
            (0, struct.pack("<I", 0)),
            (13, number),
            (12, style),
            (14, style + b"\x2a"),
            (15, style + b"\x01"),
            (16, style + struct.pack("<d", 2.5)),
            (17, style + _wide("丙")),
            (18, style + struct.pack("<I", 0)),
        )
        self.assertEqual(
            rows,
            [
                (
                    1,
                    ["7", "", "", "TRUE", "2.5", "丙", "甲"],
                    [(2, "error_cell", "#N/A")],
                )
            ],
        )

    def test_rows_in_their_order(self):
        cell = (2, struct.pack("<III", 0, 0, 7 << 2 | 2))
        rows = self.read(
            *(
                (0, struct.pack("<I", at)) if at is not None else cell
                for at in (0, None, 4, 5, None, 2, None)
            )
        )
        self.assertEqual([number for number, _cells, _problems in rows], [1, 6, 7])

    def test_the_last_column(self):
        for column, refused in ((COLUMNS - 1, False), (COLUMNS, True)):
            cell = (2, struct.pack("<III", column, 0, 7 << 2 | 2))
            if refused:
                with self.assertRaises(ImportFileError) as caught:
                    self.read((0, struct.pack("<I", 0)), cell)
                self.assertEqual(caught.exception.params["limit"], str(COLUMNS))
            else:
                rows = self.read((0, struct.pack("<I", 0)), cell)
                self.assertEqual(len(rows[0][1]), COLUMNS)

    def test_lost_digits(self):
        for value, lost in (
            (10.0**15 - 1, False),
            (10.0**15, True),
            (-(10.0**15), True),
        ):
            cell = (5, struct.pack("<IId", 0, 0, value))
            ((_number, cells, problems),) = self.read((0, struct.pack("<I", 0)), cell)
            self.assertEqual(problems, [(0, "digits_lost", cells[0])] if lost else [])

    def test_packed_numbers(self):
        """Whole or the front of a double, maybe in hundredths."""
        double = struct.unpack("<Q", struct.pack("<d", 1.5))[0] >> 32
        for packed, number in (
            (7 << 2 | 2, 7),
            (7 << 2 | 3, 0.07),
            (-7 << 2 & 0xFFFFFFFF | 2, -7),
            (double, 1.5),
            (double | 1, 0.015),
            (((1 << 29) - 1) << 2 | 2, 2**29 - 1),
            (1 << 31 | 2, -(2**29)),
        ):
            self.assertEqual(read_xlsb._rk(packed), number)

    def test_texts_with_their_length(self):
        content = b"xx" + _wide("甲") + b"y"
        self.assertEqual(read_xlsb._wide(content, 2), ("甲", 8))
        self.assertEqual(read_xlsb._wide(b"x\xff\xff\xff\xff", 1), ("", 5))
        self.assertEqual(read_xlsb._wide(_wide("甲"), 0), ("甲", 6))
        with self.assertRaises(ValueError):
            read_xlsb._wide(_wide("甲")[:-1], 0)

    def test_merged_ranges_of_several_rows(self):
        records = b"".join(
            _record(176, struct.pack("<IIII", *one))
            for one in ((2, 4, 1, 3), (5, 5, 0, 9), (2, 3, 0, 0))
        )
        self.assertEqual(
            read_xlsb._merged(io.BytesIO(records)),
            {3: [(1, 3, 5), (0, 0, 4)], 6: [(0, 9, 6)]},
        )

    def test_dates_of_1904_and_hidden_sheets(self):
        rows = [[("甲", '"K"@'), (45322, "yyyy-mm-dd"), (7, "000")]]
        content = xlsb_bytes(rows)
        for flags, date in ((1, "2028-02-01"), (0, "2024-01-31"), (2, "2024-01-31")):
            moved = _with_book(content, _record(153, bytes([flags, 0, 0, 0])))
            workbook = read_xlsb.Workbook(moved, DEFAULT_LIMITS)
            shown, hidden = workbook.sheets()
            self.assertEqual((shown.hidden, hidden.hidden), (False, True))
            self.assertEqual((shown.name, hidden.name), ("客户", "隐"))
            (row,) = workbook.rows(shown)
            self.assertEqual(row.cells, ("K甲", date, "007"))


def _with_book(content, records):
    """Put records and a hidden sheet into the workbook part."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    hidden = struct.pack("<II", 1, 2) + _wide("rId1") + _wide("隐")
    book = parts["xl/workbook.bin"].replace(_record(143), records + _record(143))
    end = _record(144)
    parts["xl/workbook.bin"] = book.replace(end, _record(156, hidden) + end)
    return zip_bytes(parts)
