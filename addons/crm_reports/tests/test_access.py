from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ReportsCommon

# role: targets read (rep, colleague, other rep, team, other team), targets written
TARGETS = {
    "rep": ("r", "r"),
    "colleague": ("c", ""),
    "other_rep": ("o", ""),
    "manager": ("rct", "rct"),
    "other_manager": ("ou", "ou"),
    "crm_admin": ("rcotu", "rcotu"),
    "agent": ("", ""),
    "marketing": ("", ""),
    "plain": ("", ""),
}


@tagged("post_install", "-at_install")
class TestReportsAccess(ReportsCommon):
    """# G1: who reads and changes what, role by role."""

    def test_targets(self):
        targets = {
            letter: self.env["crm.sales.target"].create({"amount": 1, **values})
            for letter, values in (
                ("r", {"user_id": self.rep.id}),
                ("c", {"user_id": self.colleague.id}),
                ("o", {"user_id": self.other_rep.id}),
                ("t", {"team_id": self.team.id}),
                ("u", {"team_id": self.other_team.id}),
            )
        }
        for role, (readable, writable) in TARGETS.items():
            if role == "rep":
                writable = ""
            for letter, target in targets.items():
                mine = target.with_user(self.roles[role])
                with self.subTest(role=role, target=letter):
                    self.assertEqual(mine.has_access("read"), letter in readable)
                    self.assertEqual(mine.has_access("write"), letter in writable)

    def test_snapshots(self):
        rows = {
            letter: self.snapshots.create(
                {"date": self.today(), "measure": f"test_{letter}", **values}
            )
            for letter, values in (
                ("r", {"user_id": self.rep.id, "team_id": self.team.id}),
                ("o", {"user_id": self.other_rep.id}),
                ("t", {"team_id": self.team.id}),
            )
        }
        rows["k"] = self.snapshots.create(
            {"date": self.today(), "measure": "customers", "user_id": self.rep.id}
        )
        for role, readable in (
            ("rep", "rk"),
            ("other_rep", "o"),
            ("manager", "rtk"),
            ("other_manager", "o"),
            ("crm_admin", "rotk"),
            ("agent", "k"),
            ("marketing", "k"),
            ("plain", ""),
        ):
            for letter, row in rows.items():
                mine = row.with_user(self.roles[role])
                with self.subTest(role=role, row=letter):
                    self.assertEqual(mine.has_access("read"), letter in readable)
                    self.assertFalse(mine.has_access("write"))

    def test_own_reports_are_shared_by_role(self):
        """# A11: with figures of the reader's own rights."""
        report = (
            self.env["crm.report.view"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Customers",
                    "group_by": "person",
                    "line_ids": [(0, 0, {"measure": "customers"})],
                }
            )
        )
        for role in ("rep", "other_manager", "marketing", "plain"):
            mine = report.with_user(self.roles[role])
            self.assertFalse(mine.has_access("read"), role)
        report.group_ids = self.env.ref("crm_customer_center.group_sales_rep")
        mine = report.with_user(self.rep)
        self.assertTrue(mine.has_access("read") and mine.line_ids.has_access("read"))
        self.assertFalse(mine.has_access("write") or mine.line_ids.has_access("write"))
        data = mine.get_report()
        self.assertEqual(data["tiles"][0]["value"], 1)
        self.assertFalse(report.with_user(self.marketing).has_access("read"))
        self.assertTrue(report.with_user(self.crm_admin).has_access("write"))

    def test_scheduled_reports(self):
        mail = (
            self.env["crm.report.subscription"]
            .with_user(self.manager)
            .create({"dashboard": "manager", "user_ids": self.rep.ids})
        )
        self.assertTrue(mail.with_user(self.rep).has_access("read"))
        self.assertFalse(mail.with_user(self.rep).has_access("write"))
        self.assertFalse(mail.with_user(self.colleague).has_access("read"))
        self.assertTrue(mail.with_user(self.crm_admin).has_access("write"))
        delivery = mail._prepare_deliveries()
        self.assertTrue(delivery.with_user(self.rep).has_access("read"))
        self.assertFalse(delivery.with_user(self.colleague).has_access("read"))
        with self.assertRaises(AccessError):
            delivery.with_user(self.rep).action_retry()

    def test_only_administrators_count_past_days(self):
        with self.assertRaises(AccessError):
            self.env["crm.report.backfill"].with_user(self.manager).create({})
