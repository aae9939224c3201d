import base64
import io

import openpyxl
import xlwt

from odoo.tests import HttpCase, tagged

from .common import ImportCase, csv_bytes

ROWS = [
    ["青岛旅途样本科技有限公司", "李雷", 13800991101.0, "lilei@tour-sample.cn", "北京"],
    [
        "烟台　样本　物流有限公司",
        "韩梅",
        "０２１－６２３９９１１０",
        "han＠tour-sample2.cn",
        "",
    ],
    ["青岛旅途样本科技有限公司", "王芳", "13900991102", "wang@tour-sample.cn", "北京"],
    ["珠海样本坏电话有限公司", "周八", "1380013", "zhou@tour-sample3.cn", "广东"],
]


def messy_xls() -> bytes:
    """A GBK workbook with a merged title row, doubles and bad phones."""
    book = xlwt.Workbook(encoding="gbk")
    sheet = book.add_sheet("客户")
    sheet.write_merge(0, 0, 0, 4, "2016-2026 客户名单（内部）")
    for column, title in enumerate(["客户名称", "联系人", "联系电话", "邮箱", "省份"]):
        sheet.write(1, column, title)
    for number, row in enumerate(ROWS, start=2):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class ImportTourCase(HttpCase, ImportCase):
    """A rep brings in a messy old list in the browser. Issue 2, done when."""

    def check_result(self):
        record = self.env["crm.customer.import"].search(
            [("create_uid", "=", self.rep.id)], limit=1
        )
        self.assertEqual(record.state, "done")
        self.assertRecordValues(
            record,
            [
                {
                    "create_count": 2,
                    "update_count": 1,
                    "skip_count": 0,
                    "refuse_count": 1,
                }
            ],
        )
        customer = record.line_ids.sorted("row_number")[0].partner_id
        self.assertEqual(customer.user_id, self.rep)
        self.assertEqual(set(customer.child_ids.mapped("name")), {"李雷", "王芳"})
        return record

    def run_tour(self):
        # the tour takes the workbook from this address as a person from the disk
        self.env["ir.attachment"].create(
            {
                "name": "old_list.xls",
                "url": "/crm_customer_import/tests/old_list.xls",
                "raw": messy_xls(),
                "mimetype": "application/vnd.ms-excel",
                "public": True,
            }
        )
        self.start_tour(
            "/odoo/import-customers",
            "crm_customer_import_messy_xls",
            login="import_rep",
        )


@tagged("post_install", "-at_install")
class TestImportTour(ImportTourCase):
    def test_rep_imports_a_messy_list(self):
        self.run_tour()
        record = self.check_result()
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(record.refused_file)))
        self.assertEqual(book.active.max_row, 2)


@tagged("post_install", "-at_install")
class TestImportTourPhone(ImportTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_rep_imports_a_messy_list_on_a_phone(self):
        self.run_tour()
        self.check_result()


@tagged("post_install", "-at_install")
class TestImportWordsTour(HttpCase, ImportCase):
    """A list in the company's own words: decided, imported, undone. Spec C8."""

    ROWS = (
        ["客户名称", "行业", "客户等级", "客户来源"],
        ["青岛词语样本甲有限公司", "软件", "重点客户", ""],
        ["青岛词语样本乙有限公司", "量子通信", "重点客户", ""],
        ["青岛词语样本丙有限公司", "软件", "", "梦到的"],
        ["青岛词语样本丁有限公司", "", "", ""],
    )

    def test_own_words_are_decided_imported_and_undone(self):
        self.env["ir.attachment"].create(
            {
                "name": "own_words.csv",
                "url": "/crm_customer_import/tests/own_words.csv",
                "raw": csv_bytes(self.ROWS),
                "mimetype": "text/csv",
                "public": True,
            }
        )
        self.start_tour(
            "/odoo/import-customers",
            "crm_customer_import_own_words",
            login="import_crm_admin",
        )
        record = self.env["crm.customer.import"].search(
            [("create_uid", "=", self.admin.id)], limit=1
        )
        self.assertEqual(record.state, "undone")
        self.assertEqual(record.kept_count, 0)
        Industry = self.env["res.partner.industry"]
        self.assertFalse(Industry.search([("name", "=", "量子通信")]))
        remembered = self.env["crm.customer.import.memory"].search(
            [("company_id", "=", self.company.id)]
        )
        decisions = {memory.word: memory.decision for memory in remembered}
        self.assertEqual(
            {word: decisions.get(word) for word in ("软件", "量子通信", "梦到的")},
            {"软件": "choice", "量子通信": "new", "梦到的": "out"},
        )


@tagged("post_install", "-at_install")
class TestImportCellsTour(HttpCase, ImportCase):
    """Wrong cells are put right in the preview, by the keyboard. Spec C8."""

    ROWS = (
        ["客户名称", "电话", "邮箱", "联系人"],
        ["青岛单元格样本甲有限公司", "无效12", "", "王一"],
        ["青岛单元格样本甲有限公司", "无效12", "", "王二"],
        ["青岛单元格样本丙有限公司", "", "bad@@x", ""],
    )

    def test_cells_are_put_right_one_after_the_other(self):
        record = self.preview(self.ROWS)
        self.start_tour(
            f"/odoo/import-customers/{record.id}",
            "crm_customer_import_cells",
            login="import_rep",
        )
        self.assertEqual((record.create_count, record.update_count), (2, 1))
        first, second, third = record.line_ids.sorted("row_number")
        self.assertEqual((first.corrections, second.corrections),
                         ({"1": "13800991201"}, {"1": "13800991201"}))  # fmt: skip
        self.assertEqual(third.corrections, {"2": "right@cell-sample.cn"})
