import base64
import io
from unittest.mock import patch

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import HEADERS, ImportCase, company_rows, csv_bytes, xlsx_bytes


@tagged("post_install", "-at_install")
class TestImportFlow(ImportCase):
    """A list from file to customers. Spec row C8."""

    def test_small_list_becomes_customers_with_contacts(self):
        """Row → company of the importing rep, contact below it, all cleaned."""
        record = self.preview([HEADERS, *company_rows(3)])
        self.assertEqual(record.state, "preview", record.error_message)
        self.assertEqual(self.decisions(record), ["create"] * 3)
        record.action_import()
        self.assertEqual(record.state, "done")
        line = record.line_ids.sorted("row_number")[0]
        self.assertRecordValues(
            line.partner_id,
            [
                {
                    "name": "测试000000贸易有限公司",
                    "is_company": True,
                    "user_id": self.rep.id,
                    "lifecycle_state": "potential",
                    "country_id": self.env.ref("base.cn").id,
                }
            ],
        )
        self.assertEqual(line.partner_id.state_id.country_id.code, "CN")
        self.assertRecordValues(
            line.contact_id,
            [
                {
                    "name": "张0",
                    "parent_id": line.partner_id.id,
                    "phone": "+86 138 0000 0000",
                    "state_id": line.partner_id.state_id.id,
                    "customer_owner_id": self.rep.id,
                }
            ],
        )
        self.assertAccounted(record, 3)
        self.assertEqual(record.done_count, 3)
        self.assertEqual(record.progress, 100)

    def test_rows_of_one_company_become_one_customer(self):
        """Several contacts of one company: one customer, one contact a row."""
        rows = [
            HEADERS,
            ["北京云帆科技有限公司", "李雷", "13800138000", "", ""],
            ["上海锦程物流有限公司", "韩梅", "13900139000", "", ""],
            ["北京云帆科技 有限公司", "王芳", "13700137000", "", "北京"],
        ]
        record = self.preview(rows)
        self.assertEqual(self.decisions(record), ["create", "create", "update"])
        record.action_import()
        first, _second, third = record.line_ids.sorted("row_number")
        self.assertEqual(first.partner_id, third.partner_id)
        self.assertEqual(first.partner_id.child_ids.mapped("name"), ["李雷", "王芳"])
        self.assertTrue(first.partner_id.state_id, "filled by the later row")

    def test_later_batch_adds_to_customer_of_earlier_batch(self):
        """The same across a batch border, where the customer is stored already."""
        rows = [HEADERS, *company_rows(501)]
        rows.append([rows[1][0], "陈新", "13600136000", "", ""])
        record = self.make_import(rows)
        record.action_preview()
        self.run_to_end(record)
        record.action_import()
        self.run_to_end(record)
        lines = record.line_ids.sorted("row_number")
        self.assertEqual(lines[0].partner_id, lines[-1].partner_id)
        self.assertEqual(len(lines[0].partner_id.child_ids), 2)
        self.assertAccounted(record, 502)

    def test_person_without_company_is_a_customer(self):
        record = self.preview([HEADERS, ["", "张伟", "18600186000", "", "江苏"]])
        record.action_import()
        partner = record.line_ids.partner_id
        self.assertFalse(partner.is_company)
        self.assertEqual(partner.lifecycle_state, "potential")

    def test_policy_decides_about_known_customers(self):
        """skip leaves, update writes, create makes a second one."""
        known = self.customer("镇海自有客户有限公司", self.rep, city="宁波")
        rows = [["客户名称", "城市"], ["镇海自有客户有限公司", "余姚"]]
        record = self.preview(rows)
        self.assertEqual(self.decisions(record), ["skip"])
        record.duplicate_policy = "update"
        self.assertEqual(record.state, "preview")
        self.assertEqual(self.decisions(record), ["update"])
        record.action_import()
        self.assertEqual(known.city, "余姚")
        second = self.preview(rows, duplicate_policy="create")
        second.action_import()
        self.assertNotEqual(second.line_ids.partner_id, known)

    def test_a_switchboard_of_two_is_no_sign_of_a_third(self):
        """# C4: a number that people know to be shared does not ask again, and the
        customers are still recognised by their names."""
        known = self.customer("镇海总机一号有限公司", self.rep, phone="0574 8888 1234")
        rows = [
            ["客户名称", "公司电话"],
            ["镇海新来客户有限公司", "0574-88881234"],
            ["镇海总机一号有限公司", "0574-88881234"],
        ]
        self.assertEqual(self.decisions(self.preview(rows))[0], "refuse")
        shared = {known.id: frozenset({"phone:" + known.phone_sanitized})}
        keys = type(self.env["crm.partner.key"])
        with patch.object(keys, "_shared_numbers", lambda _keys, _ids: shared):
            self.assertEqual(self.decisions(self.preview(rows)), ["create", "skip"])

    def test_bad_values_refuse_their_row_only(self):
        """Spec C3: a bad value never enters; the row comes back with the reason."""
        rows = [
            HEADERS,
            ["好客户有限公司", "张三", "13800138001", "ok@example.com", ""],
            ["坏电话有限公司", "李四", "1380013", "", ""],
            ["坏邮箱有限公司", "王五", "13800138002", "wu.x.cn", ""],
        ]
        record = self.preview(rows)
        self.assertEqual(self.decisions(record), ["create", "refuse", "refuse"])
        bad = record.line_ids.sorted("row_number")[1]
        self.assertIn("1380013", bad.reason)
        record.action_import()
        self.assertAccounted(record, 3)
        self.assertFalse(bad.partner_id)

    def test_refused_rows_come_back_as_workbook_that_imports_again(self):
        """Download, correct, import: the reason column does no harm."""
        rows = [HEADERS, ["坏电话有限公司", "李四", "1380013", "", ""]]
        record = self.preview(rows)
        action = record.action_download_refused()
        self.assertIn(f"/{record.id}/refused_file", action["url"])
        content = base64.b64decode(record.refused_file)
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [[cell.value for cell in row] for row in book.active.rows]
        self.assertEqual(cells[0], ["Reason", *HEADERS])
        self.assertIn("1380013", cells[1][0])
        again = self.preview(content=content, file_name="refused.xlsx")
        self.assertEqual(self.decisions(again), ["refuse"])
        cells[1][3] = "13800138003"
        fixed = self.preview(content=xlsx_bytes(cells), file_name="refused.xlsx")
        self.assertEqual(self.decisions(fixed), ["create"], fixed.line_ids.reason)

    def test_mapping_is_remembered_for_lists_with_the_same_titles(self):
        rows = [["客户名称", "奇怪的列"], ["好客户有限公司", "绍兴"]]
        record = self.preview(rows)
        column = record.column_ids[1]
        self.assertFalse(column.target)
        record.write({"column_ids": [(1, column.id, {"target": "city"})]})
        self.assertEqual(column.confidence, "person")
        self.assertEqual(record.line_ids.values["city"], "绍兴")
        record.action_import()
        self.assertEqual(record.line_ids.partner_id.city, "绍兴")
        again = self.preview(rows, user=self.other_rep)
        self.assertEqual(again.column_ids[1].target, "city")

    def test_decisions_by_hand_hold_and_are_guarded(self):
        """A person may skip anything, but never send in a bad row."""
        rows = [
            HEADERS,
            *company_rows(1),
            ["坏电话有限公司", "李四", "1380013", "", ""],
        ]
        record = self.preview(rows)
        good, bad = record.line_ids.sorted("row_number")
        with self.assertRaisesRegex(UserError, "1380013"):
            bad.decision = "create"
        with self.assertRaises(UserError):
            good.decision = "update"
        good.decision = "skip"
        record.duplicate_policy = "update"  # decides anew
        self.assertEqual(good.decision, "skip")
        action = record.line_ids.action_decide_create()
        self.assertIn("1 of 2", action["params"]["message"])
        record.action_import()
        self.assertTrue(good.partner_id)
        with self.assertRaises(UserError):
            good.decision = "skip"

    def test_row_that_others_add_to_may_be_skipped(self):
        """Row 3 adds a contact to the customer of row 2; with row 2 left out it
        creates the customer itself."""
        rows = [
            HEADERS,
            ["北京云帆科技有限公司", "李雷", "13800138000", "", ""],
            ["北京云帆科技有限公司", "王芳", "13700137000", "", ""],
        ]
        record = self.preview(rows)
        first, second = record.line_ids.sorted("row_number")
        first.decision = "skip"
        record.action_import()
        self.assertFalse(first.partner_id)
        self.assertEqual(second.partner_id.child_ids.mapped("name"), ["王芳"])

    def test_customer_entered_since_the_preview_is_not_created_twice(self):
        record = self.preview([HEADERS, *company_rows(2)])
        self.customer("测试000000贸易有限公司", self.rep)
        record.action_import()
        self.assertEqual(self.decisions(record), ["skip", "create"])
        self.assertAccounted(record, 2)

    def test_row_the_database_refuses_does_not_take_the_batch_down(self):
        """A constraint of another module hits row 7 of 20: 19 are imported."""
        Partner = self.env.registry["res.partner"]
        sentence = "Six is not welcome."

        def refuse(records):
            if any("000006" in (partner.name or "") for partner in records):
                raise UserError(sentence)

        create = Partner.create

        def checked(self_, vals_list):
            partners = create(self_, vals_list)
            refuse(partners)
            return partners

        self.patch(Partner, "create", checked)
        record = self.preview([HEADERS, *company_rows(20)])
        record.action_import()
        refused = record.line_ids.filtered(lambda line: line.decision == "refuse")
        self.assertEqual(refused.title, "测试000006贸易有限公司")
        self.assertEqual(refused.reason, sentence)
        self.assertAccounted(record, 20)
        self.assertEqual(record.create_count, 19)

    def test_new_tags_are_created_and_no_word_refuses_a_row(self):
        """Spec C8: only what nobody decided on goes into the notes."""
        rows = [
            ["客户名称", "标签", "客户来源", "客户等级"],
            ["甲有限公司", "测试展位、测试老客户", "广交会2024", ""],
            ["乙有限公司", "测试老客户", "广交会2024", ""],
            ["丙有限公司", "", "", "皇冠"],
        ]
        record = self.preview(rows, user=self.admin)
        self.assertEqual(self.decisions(record), ["create"] * 3)
        record.action_import()
        customers = record.line_ids.partner_id
        self.assertEqual(len(customers), 3)
        self.assertEqual(
            set(customers.category_id.mapped("name")), {"测试展位", "测试老客户"}
        )
        self.assertIn("广交会2024", customers[0].comment)
        self.assertIn("皇冠", customers[2].comment)
        self.assertEqual(record.noted_count, 3)

    def test_choices_are_known_in_every_language_and_by_code(self):
        industry = self.env["res.partner.industry"].search([("code", "!=", False)])[0]
        rows = [
            ["客户名称", "行业", "客户等级", "业务员"],
            ["甲有限公司", industry.with_context(lang="zh_CN").name, "A", "User rep"],
            ["乙有限公司", industry.code, "a", "import_rep"],
        ]
        record = self.preview(rows)
        reasons = record.line_ids.mapped("reason")
        self.assertEqual(self.decisions(record), ["create"] * 2, reasons)
        record.action_import()
        self.assertEqual(record.line_ids.partner_id.industry_id, industry)
        self.assertEqual(record.line_ids.partner_id.user_id, self.rep)

    def test_custom_fields_are_filled_by_their_label(self):
        """Spec C9: properties usable in import."""
        self.env["res.partner"].action_add_example_properties()
        rows = [
            ["客户名称", "Years Together", "Contract Amount"],
            ["甲有限公司", "5", "12.5万"],
            ["乙有限公司", "many", ""],
        ]
        record = self.preview(rows)
        self.assertEqual(self.decisions(record), ["create", "create"])
        record.action_import()
        partner, other = record.line_ids.sorted("row_number").partner_id
        self.assertIn("many", other.comment, "no number, but not lost")
        self.assertEqual(partner.properties["crm_years_together"], 5)
        self.assertEqual(partner.properties["crm_contract_amount"], 125000)

    def test_sheet_of_a_workbook_is_chosen(self):
        content = xlsx_bytes([HEADERS, *company_rows(2)], ("说明", "名单"))
        record = self.preview(content=content, file_name="two.xlsx")
        self.assertEqual(record.sheet_names, ["说明", "名单"])
        record.sheet = "名单"
        self.assertEqual(record.state, "preview")
        self.assertEqual(record.sheet, "名单")
        self.assertAccounted(record, 2)

    def test_first_sheet_that_is_a_list_is_taken(self):
        """A cover sheet in front does no harm, and the sheets can be chosen from
        after an error too."""
        book = openpyxl.Workbook()
        book.active.title = "说明"
        book.active.append(["内部资料", None])
        for row in [HEADERS, *company_rows(2)]:
            if row is HEADERS:
                sheet = book.create_sheet("名单")
            sheet.append(row)
        out = io.BytesIO()
        book.save(out)
        record = self.preview(content=out.getvalue(), file_name="cover.xlsx")
        self.assertEqual(record.sheet, "名单")
        self.assertAccounted(record, 2)
        record.sheet = "说明"
        self.assertEqual(record.state, "error")
        self.assertEqual(record.sheet_names, ["说明", "名单"])
        record.sheet = "名单"
        self.assertEqual(record.state, "preview")

    def test_another_file_starts_over(self):
        record = self.preview([HEADERS, *company_rows(2)])
        record.action_cancel()
        self.assertEqual(record.state, "draft")
        self.assertFalse(record.line_ids)
        record.data_file = base64.b64encode(csv_bytes([HEADERS, *company_rows(3)]))
        record.action_preview()
        self.assertAccounted(record, 3)

    def test_buttons_refuse_the_wrong_step(self):
        record = self.make_import([HEADERS, *company_rows(1)])
        for action in ("action_import", "action_undo"):
            with self.assertRaises(UserError):
                getattr(record, action)()
        record.action_preview()
        record.action_import()
        for action in ("action_import", "action_preview", "action_cancel"):
            with self.assertRaises(UserError):
                getattr(record, action)()
        with self.assertRaises(UserError):
            record.duplicate_policy = "update"

    def test_sample_shows_source_beside_result(self):
        record = self.preview([HEADERS, *company_rows(30)])
        action = record.action_sample(5)
        lines = self.env["crm.customer.import.line"].search(action["domain"])
        self.assertEqual(len(lines), 5)
        self.assertIn("138", lines[0].source_text)
        self.assertIn("+86 138", lines[0].result_text)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "crm_customer_import.report_import_sample", record.ids
        )[0]
        self.assertIn(lines[0].title, html.decode())

    def test_template_imports_into_itself(self):
        """What a person fills into the template is recognised without a click."""
        Import = self.env["crm.customer.import"].with_user(self.rep)
        for lang in ("en_US", "zh_CN"):
            content = base64.b64decode(
                self.make_import([HEADERS]).with_context(lang=lang).template_file
            )
            record = self.preview(content=content, file_name="template.xlsx")
            targets = record.column_ids.mapped("target")
            self.assertNotIn(False, targets, record.error_message)
            self.assertEqual(len(set(targets)), len(targets))
        self.assertEqual(
            Import.action_download_template()["url"], "/crm_customer_import/template"
        )

    def test_queries_per_batch_do_not_grow_with_the_rows(self):
        """Issue 2: queries per row constant, memory flat. Each batch of the same
        list costs the same as the one before."""
        record = self.make_import([HEADERS, *company_rows(2000)]).sudo()
        for state in ("reading", "importing", "undoing"):
            record.state = state
            counts, before = [], self.env.cr.sql_log_count
            for _rows in record._phase():
                counts.append(self.env.cr.sql_log_count - before)
                before = self.env.cr.sql_log_count
            self.assertEqual(len(counts), 4)
            self.assertLessEqual(counts[-1], counts[1], state)
            self.assertLess(counts[-1], 100, state)
        self.assertEqual(record.state, "undone")
