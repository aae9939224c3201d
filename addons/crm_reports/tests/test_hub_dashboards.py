from datetime import date

from odoo.tests import tagged

from ..hooks import post_init_hook
from ..models.crm_dashboard import Addition, Dashboard
from ..tools.periods import Period
from .common import ReportsCommon

DASHBOARDS = {
    "rep": ["rep"],
    "manager": ["manager", "rep"],
    "marketing": ["marketing"],
    "crm_admin": ["owner", "manager", "marketing", "rep"],
    "plain": [],
}


@tagged("post_install", "-at_install")
class TestHubDashboards(ReportsCommon):
    """# A8 O2: with customers alone, and whatever else is installed."""

    def test_each_role_has_figures_without_deals_and_follow_ups(self):
        """What other modules count may stand there or not."""
        for role, keys in DASHBOARDS.items():
            mine = self.env["crm.dashboard"].with_user(self.roles[role])
            own = [key for key in mine._dashboards() if key in DASHBOARDS["crm_admin"]]
            self.assertEqual(own, keys)
            for key in keys:
                data = self.dashboard(self.roles[role], key)
                with self.subTest(role=role, dashboard=key):
                    self.assertTrue(data["tiles"])
                    self.assertTrue(data["panels"])
                    blocks = data["tiles"] + data["panels"]
                    self.assertFalse([one for one in blocks if one["error"]])

    def test_what_customers_tell_by_hand(self):
        """# A6: three entered, one of them active and one lost."""
        tiles = self.tiles(self.crm_admin, "owner")
        self.assertEqual((tiles["new_customers"], tiles["lost_share"]), (3, 50))
        panels = {one["key"]: one for one in self.dashboard(self.marketing, "marketing")
                  ["panels"]}  # fmt: skip
        counts = {row["label"]: row["values"][0] for row in panels["lifecycle"]["rows"]}
        self.assertEqual(counts, {"Active": 1, "Potential": 1, "Lost": 1})

    def test_a_source_costs_by_new_customer(self):
        """# A2: 750 for November, 24 of its 30 days over: 600 for one customer."""
        self.env["crm.source.cost"].search([]).unlink()
        self.customer.customer_source_id = self.source
        self.env["crm.source.cost"].create(
            {"source_id": self.source.id, "month": date(2026, 11, 1), "amount": 750}
        )
        panels = self.dashboard(self.marketing, "marketing")["panels"]
        [panel] = [one for one in panels if one["key"] == "sources"]
        heads = [column["label"] for column in panel["columns"]]
        self.assertEqual(heads[-2:], ["Cost", "Cost per New Customer"])
        [row] = [row for row in panel["rows"] if row["label"] == "Fair"]
        self.assertEqual(row["values"][-2:], [600, 600])

    def test_what_is_added_has_its_place(self):
        """# A8: in order of the numbers, whatever loads first."""
        own = Dashboard("one", "One", (), ("own",), ("own panel",))
        late = Addition("one", ("late",), sequence=70)
        early = Addition("one", ("early",), ("first",), sequence=10)
        joined = own.joined([late, early])
        self.assertEqual(joined.measures, ("early", "own", "late"))
        self.assertEqual(joined.panels, ("first", "own panel"))

    def test_a_dashboard_nobody_fills_shows_what_it_has_alone(self):
        alone = Dashboard("one", "One", (), alone=("customers",))
        self.assertEqual(alone.joined([]).measures, ("customers",))
        deals = Addition("one", ("won_deals",))
        self.assertEqual(alone.joined([deals]).measures, ("won_deals",))

    def test_a_module_that_comes_later_brings_its_past(self):
        """# A10: figures of which nothing is kept are counted back; those kept, and
        the day up to which all are, stay as they are."""
        company, kept = self.env.company, "new_customers"
        company.report_snapshot_date = date(2026, 11, 20)
        day = Period(date(2026, 11, 2), date(2026, 11, 3))
        self.snapshots.create({"date": day.start, "measure": kept, "amount": 77,
                               "company_id": company.id})  # fmt: skip
        self.snapshots.search([("measure", "!=", kept)]).unlink()
        self.env.flush_all()
        post_init_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual(company.report_snapshot_date, date(2026, 11, 20))
        rows = self.snapshots.search([("measure", "=", kept)])
        self.assertEqual(rows.mapped("amount"), [77])
        counted = self.snapshots.search([("measure", "=", "customers")])
        self.assertEqual(sum(counted.mapped("amount")), 3)
