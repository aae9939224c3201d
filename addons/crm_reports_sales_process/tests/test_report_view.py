from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SalesReportsCommon


@tagged("post_install", "-at_install")
class TestReportView(SalesReportsCommon):
    """# A11: own figures, filters, grouping, periods."""

    def make(self, *measures, user=None, **values):
        reports = self.env["crm.report.view"].with_user(user or self.crm_admin)
        return reports.create(
            {
                "name": "Mine",
                "line_ids": [(0, 0, {"measure": measure}) for measure in measures],
                **values,
            }
        )

    def rows(self, report):
        (panel,) = report.get_report()["panels"]
        return {row["label"]: row["values"] for row in panel["rows"]}

    def test_by_person_beside_the_period_before(self):
        """# A11: (now, before) of each figure; by hand."""
        report = self.make("won_revenue", "won_deals", group_by="person")
        rows = self.rows(report)
        self.assertEqual(rows[self.rep.name], [1000, 800, 1, 1])
        self.assertEqual(rows[self.colleague.name], [500, 0, 1, 0])

    def test_by_day(self):
        """# A11: a row per day; together they are the figure."""
        report = self.make("won_revenue", is_compared=False)
        rows = self.rows(report)
        self.assertEqual(len(rows), 24)
        self.assertEqual(rows["2026-11-10"], [1000])
        self.assertEqual(sum(value for (value,) in rows.values()), 1500)

    def test_every_row_opens_its_records(self):
        """# A8"""
        for group in ("time", "source"):
            report = self.make("won_deals", group_by=group)
            (panel,) = report.get_report()["panels"]
            self.assertTrue(any(row["values"][0] for row in panel["rows"]), group)
            for row in panel["rows"]:
                leads = self.env["crm.lead"].search(row["drills"][0]["domain"])
                self.assertEqual(len(leads), row["values"][0], row["label"])

    def test_a_figure_has_a_filter_of_its_own(self):
        """# A11: of the tile as of the table."""
        report = self.make("won_revenue", group_by="person")
        report.line_ids.domain = "[('expected_revenue', '<', 600)]"
        self.assertEqual(self.rows(report), {self.colleague.name: [500, 0]})
        self.assertEqual(report.get_report()["tiles"][0]["value"], 500)

    def test_the_reader_sees_what_the_reader_may(self):
        """# G1: made by the administrator, read by a rep."""
        report = self.make("won_revenue", group_by="person")
        report.group_ids = self.env.ref("crm_customer_center.group_sales_rep")
        self.assertEqual(
            self.rows(report.with_user(self.rep)), {self.rep.name: [1000, 800]}
        )

    def test_what_cannot_be_is_refused_with_a_way_out(self):
        """# A11"""
        with self.assertRaisesRegex(ValidationError, "cannot be grouped"):
            self.make("new_customers", group_by="stage")
        with self.assertRaisesRegex(ValidationError, "first and the last day"):
            self.make("won_deals", period="custom")
        with self.assertRaisesRegex(ValidationError, "does not have"):
            self.make("won_deals").line_ids.domain = "[('no_such_field', '=', 1)]"
        with self.assertRaisesRegex(UserError, "no figure you may see"):
            self.make("won_deals", user=self.marketing).get_report()

    def test_each_figure_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception):  # noqa: B017
            self.make("won_deals", "won_deals")

    def test_the_screen_opens(self):
        """# A11: the button leads to the dashboard's screen."""
        report = self.make("won_deals")
        action = report.action_open()
        self.assertEqual(action["params"], {"report_id": report.id})
