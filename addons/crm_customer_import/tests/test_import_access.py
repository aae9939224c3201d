import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..phases.importing import Importing
from .common import HEADERS, ImportCase, company_rows


@tagged("post_install", "-at_install")
class TestImportAccess(ImportCase):
    """Who sees which import, and that an import can do no more than its person.

    Spec row G1.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._user("agent", "service_agent")
        cls.marketing = cls._user("marketing", "marketing")
        cls.nobody = cls._user("nobody")
        cls.portal = new_test_user(cls.env, "import_portal", "base.group_portal")

    def sees(self, user, record) -> bool:
        Import = self.env["crm.customer.import"].with_user(user)
        return bool(Import.search([("id", "=", record.id)]))

    def test_own_team_and_all_imports(self):
        record = self.preview([HEADERS, *company_rows(1)])
        expected = {
            self.rep: True,
            self.other_rep: False,
            self.manager: True,
            self.admin: True,
            self.agent: False,
            self.marketing: False,
        }
        for user, visible in expected.items():
            self.assertEqual(self.sees(user, record), visible, user.name)
            lines = self.env["crm.customer.import.line"].with_user(user)
            found = lines.search_count([("import_id", "=", record.id)])
            self.assertEqual(bool(found), visible, user.name)
        for user in (self.nobody, self.portal):
            with self.assertRaises(AccessError):
                self.sees(user, record)
            with self.assertRaises(AccessError):
                record.with_user(user).read(["refused_file"])

    def test_roles_that_enter_customers_import_them(self):
        for number, user in enumerate((self.agent, self.marketing, self.manager)):
            rows = [["客户名称", "城市"], [f"角色{number}贸易有限公司", "杭州"]]
            record = self.preview(rows, user=user)
            record.action_import()
            self.assertEqual(record.create_count, 1, record.line_ids.failure)
            self.assertEqual(record.line_ids.partner_id.user_id, user)

    def test_imports_stay_in_their_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        record = self.preview([HEADERS, *company_rows(1)], user=self.admin)
        self.admin.company_ids = [(4, other.id)]
        seen = self.env["crm.customer.import"].with_user(self.admin)
        domain = [("id", "=", record.id)]
        here = seen.with_context(allowed_company_ids=self.company.ids)
        there = seen.with_context(allowed_company_ids=other.ids)
        self.assertTrue(here.search(domain))
        self.assertFalse(there.search(domain))

    def test_customer_of_somebody_else_is_refused_without_a_name(self):
        """The row says that it exists, not whose it is nor what it holds."""
        known = self.customer(
            "秘密客户有限公司", self.other_rep, phone="0571-87651234", city="杭州"
        )
        rows = [HEADERS, ["秘密客户有限公司", "孙七", "13600136000", "", "浙江"]]
        # nobody is told whose it is, unless a module says so
        keys = type(self.env["crm.partner.key"])
        self.startPatcher(patch.object(keys, "_owners_told", lambda *_args: {}))
        for policy in ("skip", "update", "create"):
            record = self.preview(rows, duplicate_policy=policy)
            line = record.line_ids
            self.assertEqual(line.decision, "refuse", policy)
            self.assertFalse(line.partner_id)
            self.assertNotIn(self.other_rep.name, line.reason)
            self.assertNotIn("87651234", json.dumps(line.read()[0], default=str))
            with self.assertRaises(UserError):
                line.decision = "create"
        self.assertEqual(known.city, "杭州")

    def test_a_module_may_say_whose_it_is(self):
        """# C18: of what a whole key has found, not of codes one can count through."""
        known = self.customer("秘密客户有限公司", self.other_rep)
        other = self.customer("机密客户有限公司", self.other_rep)
        asked = []

        def told(keys, titles):
            asked.append((keys.env.user, titles))
            return dict.fromkeys(titles, "Ms Li")

        keys = type(self.env["crm.partner.key"])
        rows = [
            ["客户名称", "客户编码"],
            ["秘密客户有限公司", ""],
            ["不同名称有限公司", other.customer_code],
            ["宁波海川塑业有限公司", ""],
        ]
        with patch.object(keys, "_owners_told", told):
            lines = self.preview(rows).line_ids.sorted("row_number")
        self.assertEqual(asked, [(self.rep, {known.id: "秘密客户有限公司"})])
        self.assertEqual(lines.mapped("decision"), ["refuse", "refuse", "create"])
        self.assertIn("It is looked after by Ms Li.", lines[0].reason)
        self.assertNotIn("Ms Li", " ".join(lines[1:].mapped("reason")))

    def test_leaving_a_row_out_first_does_not_let_it_in(self):
        """A6: why a row can never be imported outlives every other decision."""
        self.customer("秘密客户有限公司", self.other_rep, phone="0571-87651234")
        record = self.preview([["客户名称", "电话"], ["秘密客户", "0571-87651234"]])
        line = record.line_ids
        for decision in ("skip", "refuse"):
            line.write({"decision": decision})
            with self.assertRaises(UserError):
                line.write({"decision": "create"})
            line.action_decide_create()
            self.assertNotEqual(line.decision, "create")

    def test_contact_phone_of_a_hidden_customer_is_no_way_in(self):
        hidden = self.customer("隐藏客户有限公司", self.other_rep)
        self.env["res.partner"].create(
            {"name": "钱一", "parent_id": hidden.id, "phone": "+86 139 1111 2222"}
        )
        rows = [HEADERS, ["隐藏客户有限公司", "钱一", "13911112222", "", ""]]
        record = self.preview(rows)
        self.assertEqual(record.line_ids.decision, "refuse")

    def test_owner_whom_the_person_may_not_choose(self):
        """The row goes to the default owner, as that of an owner nobody knows."""
        rows = [
            ["客户名称", "业务员"],
            ["甲业务有限公司", self.other_rep.login],
            ["乙业务有限公司", self.rep.login],
        ]
        expected = {
            self.rep: self.rep + self.rep,
            self.manager: self.manager + self.rep,
            self.admin: self.other_rep + self.rep,
        }
        for user, owners in expected.items():
            record = self.preview(rows, user=user, duplicate_policy="create")
            self.assertEqual(self.decisions(record), ["create", "create"])
            record.action_import()
            customers = record.line_ids.sorted("row_number").mapped("partner_id")
            self.assertEqual([c.user_id for c in customers], list(owners))
            record.action_undo()

    def test_default_owner_is_held_to_the_same_rule(self):
        record = self.preview([HEADERS, *company_rows(2)])
        with self.assertRaisesRegex(ValidationError, self.other_rep.name):
            record.default_user_id = self.other_rep
        as_admin = self.preview([HEADERS, *company_rows(2)], user=self.admin)
        as_admin.default_user_id = self.other_rep
        self.assertEqual(self.decisions(as_admin), ["create", "create"])

    def test_state_and_journal_are_not_writable(self):
        """Undo trusts them with more than the caller's rights."""
        victim = self.customer("受害客户有限公司", self.other_rep)
        record = self.preview([HEADERS, *company_rows(1)])
        for vals in (
            {"state": "done"},
            {"user_id": self.admin.id},
            {"stamps": [victim.write_date.isoformat()]},
            {"created_options": {"res.partner": victim.ids}},
            {"line_ids": [(0, 0, {"row_number": 9, "created_ids": victim.ids})]},
            {"sample_line_ids": [(1, record.line_ids.id, {"state": "done"})]},
        ):
            with self.assertRaises(AccessError, msg=str(vals)):
                record.write(vals)
        for vals in (
            {"created_ids": victim.ids},
            {"previous_values": {str(victim.id): {"name": "X"}}},
            {"partner_id": victim.id, "decision": "update"},
            {"values": {"company_name": "X"}},
        ):
            with self.assertRaises(AccessError, msg=str(vals)):
                record.line_ids.write(vals)
        with self.assertRaises(AccessError):
            record.line_ids.unlink()
        with self.assertRaises(AccessError):
            record.line_ids.create({"import_id": record.id, "row_number": 7})
        with self.assertRaises(AccessError):
            self.make_import([HEADERS], user_id=self.admin.id)
        with self.assertRaises(AccessError):
            record.column_ids[0].write({"index": 3})

    def test_someone_elses_import_cannot_be_run(self):
        record = self.preview([HEADERS, *company_rows(1)])
        for action in ("action_import", "action_cancel", "action_sample"):
            with self.assertRaises(AccessError):
                getattr(record.with_user(self.other_rep), action)()

    def test_import_by_the_manager_uses_the_managers_rights(self):
        """Who presses the button is who creates."""
        record = self.preview([HEADERS, *company_rows(1)])
        record.with_user(self.manager).action_import()
        self.assertEqual(record.user_id, self.manager)
        self.assertTrue(self.sees(self.rep, record), "who uploaded it still sees it")
        self.assertEqual(record.line_ids.partner_id.create_uid, self.manager)

    def test_background_work_uses_the_persons_rights(self):
        """The cron runs as the system, the customers belong to the person."""
        hidden = self.customer("测试000001贸易有限公司", self.other_rep)
        record = self.make_import([HEADERS, *company_rows(3)])
        record.sudo().state = "reading"
        self.run_to_end(record)
        self.assertEqual(self.decisions(record), ["create", "refuse", "create"])
        Importing(record).settle_untouched()
        record.sudo().state = "importing"
        self.run_to_end(record)
        self.assertEqual(record.line_ids.partner_id.create_uid, self.rep)
        self.assertNotIn(hidden, record.line_ids.partner_id)

    def test_undo_leaves_customers_handed_over_since(self):
        """An updated customer that is no longer the rep's keeps its values."""
        known = self.customer("移交客户有限公司", self.rep, city="宁波")
        rows = [["客户名称", "城市"], ["移交客户有限公司", "余姚"]]
        record = self.preview(rows, duplicate_policy="update")
        record.action_import()
        known.user_id = self.other_rep
        record.action_undo()
        self.assertEqual(known.city, "余姚")
        self.assertEqual(record.kept_count, 1)
        self.assertNotIn(known.name, record.line_ids.undo_note)


@tagged("post_install", "-at_install")
class TestImportDownloads(HttpCase, ImportCase):
    @mute_logger("odoo.http")  # Odoo logs each refusal, which is what is provoked
    def test_template_and_refused_rows_by_address(self):
        rows = [HEADERS, ["坏电话有限公司", "李四", "1380013", "", ""]]
        record = self.preview(rows)
        self.env.flush_all()
        refused = record.action_download_refused()["url"]
        self.authenticate("import_rep", "import_rep")
        for url in ("/crm_customer_import/template", refused):
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.content[:2], b"PK")
            self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.authenticate("import_other_rep", "import_other_rep")
        self.assertNotEqual(self.url_open(refused).content[:2], b"PK")
        self._user("without_role")
        self.authenticate("import_without_role", "import_without_role")
        answer = self.url_open("/crm_customer_import/template")
        self.assertEqual(answer.status_code, 403)
