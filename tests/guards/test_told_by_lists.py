"""# C18 A6: a list of names and numbers tells no more than the questions it costs."""

from odoo.tests import tagged

from odoo.addons.crm_customer_import.tests.common import ImportCase

LIMIT = 2


@tagged("post_install", "-at_install")
class TestToldByLists(ImportCase):
    """A rep imports what a colleague has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.conflict_query_limit = LIMIT
        cls.names = [f"{letter}隐藏客户有限公司" for letter in "甲乙丙丁"]
        cls.hidden = [cls.customer(name, cls.other_rep) for name in cls.names]

    def lines(self, names):
        record = self.preview([["客户名称"], *([name] for name in names)])
        return record.line_ids.sorted("row_number")

    def named(self, lines):
        return [self.other_rep.name in line.reason for line in lines]

    def test_so_many_owners_as_questions(self):
        lines = self.lines([*self.names, "没有这个客户有限公司"])
        self.assertEqual(self.named(lines), [True, True, False, False, False])
        self.assertEqual(lines.mapped("decision"), ["refuse"] * 4 + ["create"])
        for line in lines[:4]:
            self.assertFalse(line.partner_id)
        noted = self.env["crm.conflict.query"].search([("user_id", "=", self.rep.id)])
        self.assertEqual(noted.mapped("purpose"), ["import"] * 4)
        self.assertEqual(sorted(noted.mapped("asked")), sorted(self.names))
        self.assertEqual(len(noted.filtered("is_over")), 2)

    def test_the_same_list_costs_once_a_day(self):
        for _time in range(3):
            lines = self.lines(self.names[:2])
            self.assertEqual(self.named(lines), [True, True])
        self.assertEqual(self.named(self.lines(self.names[2:])), [False, False])

    def test_what_was_used_up_by_asking_is_used_up(self):
        queries = self.env["crm.conflict.query"].with_user(self.rep)
        for _time in range(LIMIT):
            queries.ask("没有这个客户", "work", False)
        self.assertEqual(self.named(self.lines(self.names)), [False] * 4)

    def test_numbers_of_who_went_into_another_lead_to_that_one(self):
        """# C4: by phone, e-mail, code and name of the one that was merged away."""
        stays = self.customer("宁波海川塑业有限公司", self.rep, phone="0574-87654321")
        gone = self.customer(
            "宁波海穿塑业有限公司",
            self.rep,
            phone="0574-87651111",
            email="old@haichuan.example.com",
            ref="OLD-7",
        )
        stays.write({"email": "new@haichuan.example.com", "ref": "NEW-7"})
        code = gone.customer_code
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge([stays.id, gone.id], stays)
        rows = [
            ["客户名称", "客户编码", "电话", "邮箱"],
            ["宁波海穿塑业有限公司", "", "", ""],
            ["宁波海川塑业有限公司", "", "0574-87651111", ""],
            ["宁波海穿塑业", "", "", "old@haichuan.example.com"],
            ["宁波海穿塑业", code, "", ""],
        ]
        for row in rows[1:]:
            record = self.preview([rows[0], row], duplicate_policy="update")
            line = record.line_ids
            with self.subTest(row=row):
                self.assertEqual(line.partner_id, stays, line.reason)
                self.assertEqual(line.decision, "update")
