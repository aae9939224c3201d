import base64
import io
import zipfile

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..phases.list_file import ListFile
from .common import HEADERS, ImportCase, company_rows, csv_bytes, xlsx_bytes


@tagged("post_install", "-at_install")
class TestImportBadFiles(ImportCase):
    """Whatever is uploaded ends in a message or in refused rows. Spec C8, issue 2."""

    def assertUnreadable(self, content, pattern, name="list.xls"):
        record = self.preview(content=content, file_name=name)
        self.assertEqual(record.state, "error")
        self.assertRegex(record.error_message, pattern)
        self.assertFalse(record.line_ids)
        return record

    def test_pdf_renamed_xls(self):
        self.assertUnreadable(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF")

    def test_picture_and_noise(self):
        self.assertUnreadable(b"\x89PNG\r\n\x1a\n" + bytes(100), "picture")
        self.assertUnreadable(bytes(range(256)) * 20, r"\S")

    def test_encrypted_workbook(self):
        """An OLE file with an EncryptedPackage stream is what Excel writes."""
        head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
        name = "EncryptedPackage".encode("utf-16-le")
        self.assertUnreadable(head + name + bytes(1024), r"\S", "secret.xlsx")

    def test_empty_and_headerless(self):
        self.assertUnreadable(csv_bytes([[""]]), "no filled cell")
        self.assertUnreadable(xlsx_bytes([[]]), "no filled cell", "list.xlsx")
        self.assertUnreadable(csv_bytes([["1", "2"], ["3", "4"]]), "titles")

    def test_titles_without_rows(self):
        self.assertUnreadable(csv_bytes([HEADERS]), "no row below")

    def test_zip_bomb(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("[Content_Types].xml", "<Types/>")
            bomb.writestr("xl/workbook.xml", "<workbook/>")
            with bomb.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
                for _chunk in range(900):
                    part.write(b" " * 1024 * 1024)
        self.assertUnreadable(out.getvalue(), r"\S", "bomb.xlsx")

    def test_error_is_left_behind_by_a_right_file(self):
        record = self.assertUnreadable(b"%PDF-1.7\n", "PDF")
        record.data_file = base64.b64encode(csv_bytes([HEADERS, *company_rows(2)]))
        record.action_preview()
        self.assertEqual(record.state, "preview")
        self.assertFalse(record.error_message)

    def test_unexpected_failure_is_a_message_too(self):
        """A bug in the reader must not show a traceback nor lock the import."""
        record = self.make_import([HEADERS, *company_rows(2)])

        def broken(_self):
            raise ZeroDivisionError

        self.patch(ListFile, "open", broken)
        logger = "odoo.addons.crm_customer_import.models.crm_customer_import_background"
        with mute_logger(logger):
            record.action_preview()
        self.assertEqual(record.state, "error")
        self.assertIn("ZeroDivisionError", record.error_message)

    def test_rows_with_trouble_are_refused_not_lost(self):
        """Long cells, formulas, floats for phones, full width, twice one title."""
        rows = [
            ["客户名称", "电话", "电话", "备注"],
            ["长文本有限公司", "13800138000", "", "文" * 10_000],
            ["甲" * 10_000, "13800138001", "", ""],
            ["浮点有限公司", 1.3800138002e10, "", ""],
            ["ＡＢＣ　全角（中国）有限公司", "１３８００１３８００３", "", ""],
            ["=1/0", "", "", ""],
        ]
        content = xlsx_bytes(rows)
        record = self.preview(content=content, file_name="odd.xlsx")
        self.assertEqual(record.state, "preview", record.error_message)
        self.assertAccounted(record, 5)
        decisions = self.decisions(record)
        self.assertEqual(decisions[1], "refuse")
        self.assertEqual(decisions[2], "create")
        self.assertEqual(decisions[4], "refuse")
        record.action_import()
        self.assertEqual(record.state, "done")
        self.assertAccounted(record, 5)
        wide = record.line_ids.sorted("row_number")[3].partner_id
        self.assertEqual(wide.name, "ABC 全角（中国）有限公司")
        self.assertEqual(wide.phone, "+86 138 0013 8003")

    def test_gbk_text(self):
        record = self.preview(content=csv_bytes([HEADERS, *company_rows(2)], "gb18030"))
        self.assertEqual(self.decisions(record), ["create", "create"])
