import io
import time
from pathlib import PurePosixPath

import olefile
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile

from odoo.tests import BaseCase

from ..tools.cleaning import Lookups, clean_row
from ..tools.errors import ImportFileError
from ..tools.header import data_rows, find_header, match_headers
from ..tools.workbook import open_table, sheet_names, sniff
from .engine_common import CLEANERS
from .workbooks import (
    HEADER,
    ROWS,
    csv_bytes,
    formatted_xls,
    formatted_xlsx,
    renamed,
    surgery,
    xls_bytes,
    xlsx_bytes,
    zip_bytes,
)

# every character that shows nothing and may be copied along with a number
UNSEEN = [
    *map(chr, (0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164,
               0xFEFF, 0xFFA0)),
    *map(chr, range(0x180B, 0x1810)),
    *map(chr, range(0x200B, 0x2010)),
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2060, 0x2065)),
    *map(chr, range(0x2066, 0x2070)),
    *map(chr, range(0xFE00, 0xFE10)),
    "\U000e0001", "\U000e0030", "\U000e0100", "\U000e01ef",
]  # fmt: skip


def cells_of(content, sheet=None):
    return [list(row.cells) for row in open_table(content, sheet).rows()]


def cleaned(content):
    """Read a list to its end: (values, problem codes) of the rows below the titles."""
    table = open_table(content)
    header = find_header(table.head())
    mapping = {
        match.index: match.field
        for match in match_headers(header.labels)
        if match.field
    }
    rows = []
    for row in data_rows(table, header):
        clean = clean_row(row, mapping, CLEANERS, Lookups())
        rows.append((clean.values, [problem.code for problem in clean.problems]))
    return rows


class TestPackages(BaseCase):
    """# C8: a workbook that Excel opens is read, however its zip was made."""

    def assert_read(self, content):
        self.assertEqual(sniff(content), "xlsx")
        self.assertEqual(sheet_names(content), ["Sheet1"])
        self.assertEqual(cells_of(content), [HEADER, *ROWS])

    def test_part_names_have_no_case(self):
        content = xlsx_bytes([HEADER, *ROWS])
        self.assert_read(renamed(content, str.upper))
        self.assert_read(renamed(content, str.title))
        self.assert_read(
            renamed(content, lambda name: name.replace("sharedS", "SharedS"))
        )

    def test_backslashes(self):
        content = xlsx_bytes([HEADER, *ROWS])
        self.assert_read(renamed(content, lambda name: name.replace("/", "\\")))
        rels = "xl/_rels/workbook.xml.rels"
        both = surgery(
            content, rels, lambda data: data.replace(b"heets/s", b"heets\\s")
        )
        self.assert_read(renamed(both, lambda name: name.replace("/", "\\")))

    def test_a_slash_before_names_and_a_folder_around_them(self):
        content = xlsx_bytes([HEADER, *ROWS])
        self.assert_read(renamed(content, lambda name: f"/{name}"))
        self.assert_read(renamed(content, lambda name: f"名单/{name}"))

    def test_a_workbook_in_the_root(self):
        """Every part beside the others, as some libraries write them."""

        def flat(name):
            return name if name.startswith(("_rels", "[")) else PurePosixPath(name).name

        content = renamed(
            surgery(xlsx_bytes([HEADER, *ROWS]), "_rels/.rels",
                    lambda data: data.replace(b"xl/workbook", b"workbook")),
            lambda name: "_rels/workbook.xml.rels" if name.endswith("workbook.xml.rels")
            else flat(name))  # fmt: skip
        content = surgery(content, "_rels/workbook.xml.rels",
                          lambda data: data.replace(b"worksheets/", b""))  # fmt: skip
        self.assert_read(content)

    def test_a_minimal_set_of_parts(self):
        """No content types, properties, styles, theme, relations: parts by name."""
        content = xlsx_bytes([HEADER, *ROWS])
        needed = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml")
        for rels in (
            ("_rels/.rels", "xl/_rels/workbook.xml.rels"),
            ("_rels/.rels",),
            (),
        ):
            kept = {*needed, *rels}
            with self.subTest(kept=kept):
                self.assert_read(
                    renamed(
                        content, lambda name, kept=kept: name if name in kept else ""
                    )
                )

    def test_strict_open_xml(self):
        """Other names of the relations, dates as ISO text."""

        def strict(data):
            old = b"http://schemas.openxmlformats.org/officeDocument/2006"
            data = data.replace(old, b"http://purl.oclc.org/ooxml/officeDocument")
            return data.replace(b"<v>45322</v>", b"<v>2024-01-31T00:00:00.000</v>")

        content = xlsx_bytes([HEADER, *ROWS, [45322]])
        for part in ("_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml",
                     "xl/worksheets/sheet1.xml"):  # fmt: skip
            content = surgery(content, part, strict)
        sheet = "xl/worksheets/sheet1.xml"
        content = surgery(
            content, sheet, lambda data: data.replace(b'r="A4"', b'r="A4" t="d"')
        )
        self.assertEqual(cells_of(content), [HEADER, *ROWS, ["2024-01-31"]])

    def test_hidden_rows_and_columns_are_read(self):
        def hidden(data):
            data = data.replace(b'<row r="2"', b'<row r="2" hidden="1"')
            column = b'<cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
            return data.replace(b"<sheetData>", column)

        content = surgery(
            xlsx_bytes([HEADER, *ROWS]), "xl/worksheets/sheet1.xml", hidden
        )
        self.assertEqual(cells_of(content), [HEADER, *ROWS])

    def test_other_packages_are_named(self):
        for part, what in (("word/document.xml", "word"), ("ppt/presentation.xml",
                           "powerpoint"), ("list.csv", "archive")):  # fmt: skip
            with self.assertRaises(ImportFileError) as caught:
                sniff(zip_bytes({part: "<x/>"}))
            self.assertEqual(caught.exception.params["what"], what)

    def test_a_document_within_an_xls_is_no_document(self):
        """Words in a cell that name a stream of another program decide nothing."""
        rows = [HEADER, ["WordDocument", "EncryptedPackage", "1", "2"]]
        self.assertEqual(sniff(xls_bytes(rows)), "xls")
        self.assertEqual(cells_of(xls_bytes(rows)), rows)


class TestXlsThatExcelOpens(BaseCase):
    """# C8: faults of .xls that Excel overlooks cost neither a row nor a format."""

    LIST = (HEADER, *ROWS, ["石家庄公司", "", "", (50000, "000000")])

    def changed(self, old, new, offset=0):
        """The list with bytes replaced at an offset behind a pattern."""
        content = bytearray(formatted_xls(self.LIST))
        at = content.find(old) + offset
        self.assertGreater(at, offset)
        content[at : at + len(new)] = new
        return bytes(content)

    def assert_read(self, content):
        self.assertEqual(
            cells_of(content)[1:], [*ROWS, ["石家庄公司", "", "", "050000"]]
        )

    def test_a_count_of_strings_that_is_too_high(self):
        whole = formatted_xls(self.LIST)
        at = whole.find(b"\xfc\x00")
        for more in (1, 7, 100_000):
            count = int.from_bytes(whole[at + 8 : at + 12], "little") + more
            new = count.to_bytes(4, "little")
            self.assert_read(self.changed(b"\xfc\x00", new, 8))

    def test_a_name_that_does_not_parse(self):
        self.assert_read(self.changed(b"\xe1\x00\x02\x00", b"\x18\x00"))

    def test_an_order_of_bytes_that_is_none(self):
        self.assert_read(self.changed(b"\xfe\xff\x09\x00", b"\xff\xfe"))

    def test_a_container_whose_sectors_cross(self):
        """The table of sectors says that the last one is used twice."""
        content = bytearray(formatted_xls(self.LIST))
        with olefile.OleFileIO(io.BytesIO(bytes(content))) as file:
            directory = file.first_dir_sector
            table = (file.fat.itemsize, file.nb_sect)
            entry = next(e for e in file.direntries if e and e.name == "Workbook")
            last = entry.isectStart
            while file.fat[last] < file.nb_sect:
                last = file.fat[last]
            first = int.from_bytes(content[76:80], "little")
        at = 512 * (first + 1) + table[0] * last
        content[at : at + 4] = directory.to_bytes(4, "little")
        self.assert_read(bytes(content))


class TestProtected(BaseCase):
    def encrypted(self, password, size=200):
        rows = [HEADER, *ROWS, *[[f"公司{number * 7919}"] for number in range(size)]]
        plain, output = io.BytesIO(xlsx_bytes(rows)), io.BytesIO()
        OOXMLFile(plain).encrypt(password, output)
        return output.getvalue(), rows

    def test_the_password_built_into_excel_opens(self):
        content, rows = self.encrypted("VelvetSweatshop")
        self.assertEqual(sheet_names(content), ["Sheet1"])
        self.assertEqual(cells_of(content), rows)

    def test_other_passwords_are_said(self):
        content, _rows = self.encrypted("geheim")
        with self.assertRaises(ImportFileError) as caught:
            open_table(content)
        self.assertEqual(caught.exception.code, "encrypted")

    def test_a_broken_package_behind_the_right_password_is_no_password(self):
        content, _rows = self.encrypted("VelvetSweatshop")
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            package = file.openstream("EncryptedPackage").read()
        broken = content.replace(package[400:464], bytes(64))
        self.assertNotEqual(broken, content)
        with self.assertRaises(ImportFileError) as caught:
            list(open_table(broken).rows())
        self.assertEqual(caught.exception.code, "damaged")

    def test_a_file_that_asks_for_endless_rounds(self):
        content, _rows = self.encrypted("VelvetSweatshop")
        busy = content.replace(b'spinCount="100000"', b'spinCount="9999999"')
        started = time.process_time()
        with self.assertRaises(ImportFileError):
            open_table(busy)
        self.assertLess(time.process_time() - started, 2)


class TestValues(BaseCase):
    def test_line_ends_of_csv(self):
        """Rows end at \\r\\n, \\n and \\r; nothing else ends one."""
        for mark in "\u2028\u2029\x0b\x0c\x1c\x1d\x1e\x85":
            for end in ("\r\n", "\n", "\r"):
                lines = ["客户名称,地址,手机", f"甲公司,一号{mark}二楼,13800138000",
                         f'乙公司,"二号{mark}三楼",13800138001', ""]  # fmt: skip
                for encoding in ("utf-8", "utf-16", "gb18030"):
                    with self.subTest(mark=mark, end=end, encoding=encoding):
                        read = cells_of(end.join(lines).encode(encoding))
                        self.assertEqual(read[1:], [
                            ["甲公司", f"一号{mark}二楼", "13800138000"],
                            ["乙公司", f"二号{mark}三楼", "13800138001"],
                        ])  # fmt: skip

    def test_values_wrapped_for_excel(self):
        for wrapped in ('="00451"', '=T("00451")', '= "00451" ', "'00451", "`00451",
                        "‘00451", "＇00451", "00451\t", "\t00451", "'00451\t",
                        "=00451"):  # fmt: skip
            rows = [["客户名称", "客户编号", "邮编"], ["甲公司", wrapped, wrapped]]
            for content in (csv_bytes(rows), xls_bytes(rows), xlsx_text(rows)):
                with self.subTest(wrapped=wrapped):
                    self.assertEqual(cells_of(content)[1], ["甲公司", "00451", "00451"])

    def test_wrapped_without_quotes_around(self):
        text = '客户名称,客户编号,地址\n="甲公司",="00451",="杭州,西湖"\n'
        self.assertEqual(cells_of(text.encode())[1], ["甲公司", "00451", "杭州,西湖"])

    def test_tabs_of_wechat_and_alipay(self):
        text = '客户名称\t,手机\t,客户编号\t\n"甲公司"\t,"13800138000"\t,`00451\t\n' * 2
        self.assertEqual(cells_of(text.encode())[1], ["甲公司", "13800138000", "00451"])

    def test_marks_that_belong_to_a_value_stay(self):
        for text in ("'t Hooft", "'s-Hertogenbosch", "O'Neil", "=A1+B1", '"甲"公司',
                     "`a` und `b`", "'", "`", "=", '="', "=x"):  # fmt: skip
            rows = [["客户名称", "备注"], ["甲", text]]
            self.assertEqual(cells_of(csv_bytes(rows))[1][1], text)

    def test_invisible_marks_go(self):
        for mark in UNSEEN:
            with self.subTest(mark=f"U+{ord(mark):04X}"):
                rows = [["客户名称", "手机", "邮箱", "客户编号"],
                        [f"甲{mark}公司", f"{mark}138{mark}00138000{mark}",
                         f"{mark}a@b{mark}.cn", f"K{mark}1"]]  # fmt: skip
                values, problems = cleaned(csv_bytes(rows))[0]
                self.assertEqual(problems, [])
                self.assertEqual(
                    [values[name] for name in ("company_name", "mobile", "email",
                                               "customer_code")],
                    ["甲公司", "+86 138 0013 8000", "a@b.cn", "K1"],
                )  # fmt: skip

    def test_decimal_tails_of_digits(self):
        rows = [["客户名称", "手机", "客户编号", "邮编", "QQ", "传真"],
                ["甲公司", "13800138113.0", "1001.0", "200030.00", "12345678.0",
                 "02165432100.0"],
                ["乙公司", "13,800,138,114.00", "1,002", "200,031.00", "12345679.000",
                 "１３８.０"],
                ["丙公司", "13800138115.0/13800138116.0", "A-1.0"]]  # fmt: skip
        first, second, third = (
            values for values, _problems in cleaned(csv_bytes(rows))
        )
        self.assertEqual(first["mobile"], "+86 138 0013 8113")
        self.assertEqual(
            [first[name] for name in ("customer_code", "zip", "qq", "fax")],
            ["1001", "200030", "12345678", "02165432100"],
        )
        self.assertEqual(second["mobile"], "+86 138 0013 8114")
        self.assertEqual(
            [second[name] for name in ("customer_code", "zip", "qq", "fax")],
            ["1002", "200031", "12345679", "138"],
        )
        self.assertEqual(third["mobile"], "+86 138 0013 8115")
        self.assertEqual(third["phone2"], "+86 138 0013 8116")
        self.assertEqual(third["customer_code"], "A-1.0")

    def test_exponents_are_refused_in_every_column_of_digits(self):
        titles = ["手机", "电话", "客户编号", "邮编", "身份证号", "信用代码", "QQ",
                  "微信", "传真", "其他电话"]  # fmt: skip
        for title in titles:
            for shortened in ("1.38E+10", "2.02401E+11", "4.40301e+17", "1E+10",
                              "1,38E+10", "1.38E10", "１.３８Ｅ+10"):  # fmt: skip
                with self.subTest(title=title, shortened=shortened):
                    rows = [["客户名称", title], ["甲公司", shortened]]
                    values, problems = cleaned(csv_bytes(rows))[0]
                    self.assertEqual(problems, ["exponent"])
                    self.assertEqual(list(values), ["company_name"])
        values, problems = cleaned(
            csv_bytes([["客户名称", "客户编号"], ["甲", "12E5"]])
        )[0]
        self.assertEqual((values["customer_code"], problems), ("12E5", []))

    def test_lost_digits_are_refused_in_every_column_of_digits(self):
        for title in ("客户编号", "QQ", "微信", "传真"):
            rows = [["客户名称", title], ["甲公司", 6222021234567890123]]
            for content in (formatted_xlsx(rows), formatted_xls(rows)):
                self.assertEqual(cleaned(content)[0][1], ["digits_lost"])

    def test_a_row_with_more_cells_than_titles_is_refused(self):
        rows = [["客户名称", "联系人", "城市", "职务"],
                ["甲公司", "张三", "杭州", "经理"],
                ["TEST TRADING CO.", "LIMITED", "Lau", "深圳", "Buyer"],
                ["乙公司", "李四", "宁波", "经理", "", "-", ""],
                ["丙公司", "", "", "", "", "", "尾"]]  # fmt: skip
        for content in (csv_bytes(rows), xlsx_bytes(rows), xls_bytes(rows)):
            problems = [codes for _values, codes in cleaned(content)]
            self.assertEqual(problems, [[], ["extra_cell"], [], ["extra_cell"]])

    def test_what_cannot_be_stored_is_no_value(self):
        """Zeros and halves of pairs, as a workbook may write them."""
        content = surgery(
            xlsx_bytes([["客户名称"], ["placeholder"]]),
            "xl/sharedStrings.xml",
            lambda data: data.replace(
                b"placeholder", b"a_x0000_b_xD83D__xDE00_c_xD800_"
            ),
        )
        self.assertEqual(cells_of(content)[1], ["ab\U0001f600c\ufffd"])

    @settings(max_examples=200, deadline=None)
    @given(st.text(st.sampled_from("\"',=`\t ;12甲"), max_size=12))
    def test_no_character_of_a_value_is_lost(self, text):
        """Of whatever marks: what is taken off is the wrapping, no digit or letter."""
        rows = [["客户名称", "备注"], ["甲", text]]
        read = (cells_of(csv_bytes(rows))[1] + [""])[1]
        kept = [char for char in read if char.isalnum()]
        self.assertEqual(kept, [char for char in text if char.isalnum()])


def xlsx_text(rows):
    """Write .xlsx with every cell as text."""
    return xlsx_bytes(rows, strings_to_formulas=False, strings_to_numbers=False)


class TestTablesOfAPage(BaseCase):
    """# C8: a page saved as .xls may hold several tables; no row vanishes."""

    def page(self, *tables):
        return "".join(
            "<table>" + "".join(
                "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
                for cells in table
            ) + "</table>"
            for table in tables
        ).encode()  # fmt: skip

    def rows(self, start, count):
        return [[f"甲{number}公司", "张三", f"138{number:08}"]
                for number in range(start, start + count)]  # fmt: skip

    def problems(self, content):
        return [codes[:1] for _values, codes in cleaned(content)]

    def test_titles_apart(self):
        titles = ["客户名称", "联系人", "手机"]
        content = self.page([titles], self.rows(0, 5))
        self.assertEqual(self.problems(content), [[]] * 5)

    def test_a_table_for_every_page(self):
        titles = ["客户名称", "联系人", "手机"]
        content = self.page(*([titles, *self.rows(9 * page, 3)] for page in range(3)))
        repeated = ["repeated_header"]
        expected = [[], [], [], repeated, [], [], [], repeated, [], [], []]
        self.assertEqual(self.problems(content), expected)

    def test_tables_of_other_columns_are_counted_and_refused(self):
        titles = ["客户名称", "联系人", "手机"]
        content = self.page(
            [["菜单"]],
            [titles, *self.rows(0, 3)],
            [["丁公司", "李四"]],
            self.rows(5, 1),
        )
        self.assertEqual(self.problems(content), [[], [], [], ["other_table"], []])
        content = self.page(
            [["编号", "金额"], ["1", "2"], ["3", "4"]], [titles, *self.rows(0, 3)]
        )
        self.assertEqual(self.problems(content), [[]] * 3 + [["other_table"]] * 3)

    def test_titles_apart_with_other_columns(self):
        """A column without cells below, or cells without a title: nothing shifts."""
        titles = ["客户名称", "联系人", "手机"]
        content = self.page([["名单"]], [[*titles, "操作"]], self.rows(0, 3))
        self.assertEqual(self.problems(content), [[]] * 3)
        rows = [[*cells, "x"] for cells in self.rows(0, 3)]
        content = self.page([titles], rows)
        self.assertEqual(self.problems(content), [["extra_cell"]] * 3)

    def test_numbers_that_are_shown_shortened(self):
        cells = '<td x:num="13800138000">1.38E+10<td sdval="13800138001">1,38E+10'
        content = f"<table><tr><td>a<td>b<tr>{cells}</table>".encode()
        self.assertEqual(cells_of(content)[1], ["13800138000", "13800138001"])

    def test_scripts_and_remarks_are_no_words(self):
        content = (
            "<html><style>td{}</style><!-- <table><tr><td>no</td></tr></table> -->"
            "<script>if (a<b) document.write('<td>')</script>"
            "<table><tr><td title='a>b'>甲 &amp; 1<2<br>乙</td></tr></table>"
        ).encode()
        self.assertEqual(cells_of(content), [["甲 & 1<2\n乙"]])
