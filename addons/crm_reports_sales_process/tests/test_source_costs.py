from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SalesReportsCommon

# role: read, write
ROLES = {
    "rep": (False, False),
    "manager": (True, False),
    "marketing": (True, True),
    "crm_admin": (True, True),
    "agent": (False, False),
    "plain": (False, False),
}


@tagged("post_install", "-at_install")
class TestSourceCosts(SalesReportsCommon):
    """# A2: what leads of a source cost, and what came back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.costs = cls.env["crm.source.cost"]
        cls.costs.search([]).unlink()

    def cost(self, amount, month=date(2026, 11, 9), source=None):
        return self.costs.create(
            {
                "source_id": (source or self.source).id,
                "month": month,
                "amount": amount,
            }
        )

    def sources(self, user, key, **filters):
        data = self.dashboard(user, key, **filters)
        return next(one for one in data["panels"] if one["key"] == "sources")

    def row(self, panel, label="Fair"):
        heads = [column["label"] for column in panel["columns"]]
        [values] = [row["values"] for row in panel["rows"] if row["label"] == label]
        return dict(zip(heads, values, strict=True))

    def test_cost_each_lead_and_return_by_hand(self):
        """750 for November, 24 of its 30 days over: 600. Five leads; 1500 were won,
        900 more than they cost."""
        self.cost(750)
        row = self.row(self.sources(self.crm_admin, "owner"))
        self.assertEqual(row["New Leads"], 5)
        self.assertEqual(row["Cost"], 600)
        self.assertEqual(row["Cost per Lead"], 120)
        self.assertEqual(row["Return (%)"], 150)

    def test_a_whole_month_costs_what_was_entered(self):
        self.cost(750, date(2026, 10, 31))
        self.cost(90)
        row = self.row(self.sources(self.crm_admin, "owner", period="last_month"))
        self.assertEqual(row["Cost"], 750)

    def test_a_source_that_only_cost_is_shown_as_well(self):
        """What brought nothing is what one looks for."""
        wasted = self.env["utm.source"].create({"name": "Leaflets"})
        self.cost(300, source=wasted)
        row = self.row(self.sources(self.crm_admin, "owner"), "Leaflets")
        self.assertEqual((row["New Leads"], row["Cost"]), (0, 240))
        self.assertIsNone(row["Cost per Lead"])
        self.assertEqual(row["Return (%)"], -100)

    def test_figures_of_one_person_are_not_set_against_the_companys_costs(self):
        self.cost(750)
        panel = self.sources(self.crm_admin, "owner", user_id=self.rep.id)
        self.assertNotIn("Cost", [column["label"] for column in panel["columns"]])
        self.assertIn("choose all teams", panel["note"])

    def test_marketing_sees_what_a_customer_cost(self):
        """# G1: deals, and so the return, are not its to read."""
        self.customer.customer_source_id = self.source
        self.cost(750)
        row = self.row(self.sources(self.marketing, "marketing"))
        self.assertEqual(row["Cost per New Customer"], 600)
        self.assertNotIn("Return (%)", row)

    def test_who_may_not_read_costs_is_not_told_of_them(self):
        """# G1"""
        self.cost(750)
        panel = self.sources(self.rep, "rep")
        self.assertNotIn("Cost", [column["label"] for column in panel["columns"]])
        self.assertFalse(panel["note"])

    def test_without_costs_the_panel_says_where_to_enter_them(self):
        panel = self.sources(self.crm_admin, "owner")
        self.assertIn("Costs of Sources", panel["note"])

    def test_rights_role_by_role(self):
        """# G1"""
        cost = self.cost(1)
        for role, (read, write) in ROLES.items():
            mine = cost.with_user(self.roles[role])
            with self.subTest(role):
                self.assertEqual(mine.has_access("read"), read)
                self.assertEqual(mine.has_access("write"), write)

    def test_costs_of_another_company_stay_there(self):
        """# G1"""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        cost = self.cost(100)
        cost.company_id = other
        cost.flush_recordset()
        with self.assertRaises(AccessError):
            cost.with_user(self.marketing).read(["amount"])

    def test_one_line_a_month_and_nothing_below_zero(self):
        line = self.cost(10)
        self.assertEqual(line.month, date(2026, 11, 1))
        for values in ((20, date(2026, 11, 30)), (-1, date(2026, 9, 1))):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.cost(*values).flush_recordset()
