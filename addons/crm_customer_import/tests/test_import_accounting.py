from odoo.tests import tagged

from .common import ImportCase
from .workbooks import (
    csv_bytes,
    formatted_xls,
    formatted_xlsx,
    ods_bytes,
    ods_row,
    renamed,
    surgery,
    xls_bytes,
    xlsb_bytes,
    xlsx_bytes,
)

TITLES = ["客户名称", "联系人", "手机", "客户编号", "备注"]


def customers(count, start=0):
    return [
        [
            f"记账{number:04}贸易有限公司",
            f"张{number}",
            f"136{number:08}",
            f"K{number:05}",
            "",
        ]
        for number in range(start, start + count)
    ]


def page(*tables):
    return "".join(
        "<table>"
        + "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
            for cells in table
        )
        + "</table>"
        for table in tables
    ).encode()


@tagged("post_install", "-at_install")
class TestImportAccounting(ImportCase):
    """# C8: rows read = created + updated + skipped + refused; nothing vanishes.

    For every kind of file and fault: what is expected of each row, then the sum of
    the result after the import, and that every customer stands there as written.
    """

    def assert_counted(self, content, expected, name="list"):
        record = self.preview(content=content, file_name=name, user=self.admin)
        self.assertEqual(record.state, "preview", record.error_message)
        self.assertEqual(self.decisions(record), expected)
        self.assertAccounted(record, len(expected))
        silent = record.line_ids.filtered(
            lambda line: line.decision in ("skip", "refuse") and not line.reason
        )
        self.assertFalse(silent)
        if "create" in expected:
            record.action_import()
            self.run_to_end(record)
            self.assertEqual(record.state, "done")
            self.assertAccounted(record, len(expected))
            self.assertEqual(self.decisions(record), expected)
            created = record.line_ids.filtered(lambda line: line.decision == "create")
            self.assertTrue(all(line.partner_id.exists() for line in created))
        return record

    def test_every_kind_of_file(self):
        rows = [TITLES, *customers(3), ["合计", "", "", "", "3"]]
        expected = ["create"] * 3 + ["skip"]
        for number, (name, write) in enumerate({
            "csv": csv_bytes, "xlsx": xlsx_bytes, "xls": xls_bytes, "xlsb": xlsb_bytes,
            "html": page,
            "ods": lambda lines: ods_bytes("".join(ods_row(*row) for row in lines)),
        }.items()):  # fmt: skip
            with self.subTest(kind=name):
                own = [TITLES, *customers(3, 100 * number), rows[-1]]
                content = write(own) if name != "html" else page(own)
                self.assert_counted(content, expected)

    def test_packages_of_other_writers(self):
        for number, rename in enumerate(
            (str.upper, lambda name: name.replace("/", "\\"), lambda name: f"x/{name}")
        ):
            content = xlsx_bytes([TITLES, *customers(2, 1000 + 10 * number)])
            self.assert_counted(renamed(content, rename), ["create"] * 2)

    def test_numbers_with_formats(self):
        for number, write in enumerate((formatted_xlsx, formatted_xls, xlsb_bytes)):
            phone = 1065520000 + number
            rows = [
                ["客户名称", "电话", "邮编", "客户编号"],
                [f"格式{number}有限公司", (phone, "000-00000000"),
                 (50000 + number, "[$-804]000000"), (45123 + number, "[Magenta]0")],
            ]  # fmt: skip
            record = self.assert_counted(write(rows), ["create"])
            partner = record.line_ids.partner_id
            self.assertEqual(partner.phone, f"+86 10 6552 000{number}")
            self.assertEqual(partner.zip, f"05000{number}")
            self.assertEqual(partner.ref, f"4512{3 + number}")

    def test_faults_of_rows(self):
        good = customers(9, 2000)
        good[1][0] += "\u2028二部"
        good[2][2] = f"='\"{good[2][2]}\"'".replace("'", "")
        good[3][2] = f"\u202d{good[3][2]}\u202c"
        good[4][2] = f"{good[4][2]}.0"
        good[4][3] = "20230.0"
        rows = [
            TITLES,
            *good[:5],
            ["短号一有限公司", "", "1.38E+10", "", ""],
            ["短号二有限公司", "", "", "2.02401E+11", ""],
            ["TEST CO.", "LIMITED", "Lau", "13600009999", "X", "深圳"],
            TITLES,
            ["", "合 计", "合计", "27", ""],
            ["", "", "", "", ""],
            good[5],
        ]
        expected = ["create"] * 5 + ["refuse"] * 3 + ["skip"] * 2 + ["create"]
        record = self.assert_counted(csv_bytes(rows), expected)
        partners = record.line_ids.sorted("row_number").partner_id
        self.assertEqual(partners[1].name, good[1][0].replace("\u2028", " "))
        self.assertEqual(partners[4].ref, "20230")
        reasons = record.line_ids.sorted("row_number").mapped("reason")
        self.assertIn("shortened", reasons[5])
        self.assertIn("shortened", reasons[6])
        self.assertIn("more cells than there are titles", reasons[7])
        self.assertTrue(record._refused_workbook())

    def test_several_tables_of_a_page(self):
        rows = customers(6, 3000)
        content = page(
            [TITLES], rows[:3], [TITLES, *rows[3:]], [["开户行", "工商银行"]]
        )
        self.assert_counted(
            content, ["create"] * 3 + ["skip"] + ["create"] * 3 + ["refuse"]
        )

    def test_odd_characters_are_stored_or_gone(self):
        """Zeros and halves of characters would break the database."""
        content = surgery(
            xlsx_bytes([TITLES, ["placeholder有限公司", "", "13612340001", "", ""]]),
            "xl/sharedStrings.xml",
            lambda data: data.replace(b"placeholder", b"\xe7\x94\xb2_x0000__xD800_"),
        )
        record = self.assert_counted(content, ["create"])
        self.assertEqual(record.line_ids.partner_id.name, "甲\ufffd有限公司")

    def test_broken_files_have_no_rows_and_a_message(self):
        content = xlsx_bytes([TITLES, *customers(50, 4000)])
        sheet = "xl/worksheets/sheet1.xml"
        for broken in (
            content[:-100],
            content[: len(content) // 2],
            surgery(content, sheet, lambda data: data[: len(data) // 2]),
            surgery(content, sheet, lambda data: data + b"<"),
            surgery(content, sheet, lambda data: None),
            xls_bytes([TITLES, *customers(50, 4000)])[:2000],
            xlsb_bytes([TITLES])[:-30],
        ):
            record = self.preview(content=broken, file_name="list.xlsx")
            self.assertEqual(record.state, "error")
            self.assertTrue(record.error_message)
            self.assertAccounted(record, 0)
