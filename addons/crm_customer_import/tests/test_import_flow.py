from odoo.tests import tagged

from .common import HEADERS, ImportCase, company_rows


@tagged("post_install", "-at_install")
class TestImportFlow(ImportCase):
    """A list from file to customers. Spec row C8."""

    def test_small_list_is_previewed_at_once(self):
        record = self.preview([HEADERS, *company_rows(3)])
        self.assertEqual(record.state, "preview", record.error_message)
        self.assertEqual(self.decisions(record), ["create"] * 3)
        self.assertAccounted(record, 3)
        record.action_import()
        self.assertEqual(record.state, "done")
        lines = record.line_ids.sorted("row_number")
        print(lines.mapped("reason"), lines.read(["values", "failure", "partner_id", "contact_id"]))
        company = lines[0].partner_id
        self.assertRecordValues(
            company,
            [{"name": "测试000000贸易有限公司", "is_company": True,
              "user_id": self.rep.id, "lifecycle_state": "potential"}],
        )
