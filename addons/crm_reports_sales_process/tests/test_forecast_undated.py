from odoo.tests import tagged

from .common import SalesReportsCommon


@tagged("post_install", "-at_install")
class TestForecastUndated(SalesReportsCommon):
    """# S7 A4: what a forecast does not know."""

    def tile(self, user, key, measure, **filters):
        data = self.dashboard(user, key, **filters)
        return next(one for one in data["tiles"] if one["key"] == measure)

    def test_it_says_how_many_deals_have_no_closing_date_and_opens_them(self):
        self.assertFalse(self.tile(self.rep, "rep", "forecast")["aside"])
        mine = self.deal(self.rep, 100, 3)
        self.deal(self.rep, 100, 3, won=5).date_deadline = False
        aside = self.tile(self.rep, "rep", "forecast")["aside"]
        self.assertEqual(aside["text"], "1 deal without a closing date")
        dashboards = self.env["crm.dashboard"].with_user(self.rep)
        action = dashboards.open_records(
            aside["drill"]["measure"], aside["drill"]["domain"], aside["text"]
        )
        found = self.env["crm.lead"].with_user(self.rep).search(action["domain"])
        self.assertEqual(found, mine)
        self.deal(self.colleague, 100, 3)
        aside = self.tile(self.manager, "manager", "forecast", user_id=0)["aside"]
        self.assertEqual(aside["text"], "2 deals without a closing date")
        self.assertFalse(
            self.tile(self.other_manager, "manager", "forecast", user_id=0)["aside"]
        )

    def test_nothing_before_is_a_dash(self):
        """# A8: no 0, and no arrow."""
        tile = self.tile(self.colleague, "rep", "won_revenue")
        self.assertEqual((tile["value"], tile["before"]), (500, 0))
        self.assertEqual(tile["before_text"], "–")
        trend = tile["trend"]
        self.assertEqual((trend["direction"], trend["change"]), (0, None))
