from datetime import date

from odoo.tests import tagged

from ..models.crm_measure import Scope
from ..tools.periods import Period
from .common import TODAY, ReportsCommon

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 25))
# of the other company's currency for one of the first company's
RATE = 0.5


@tagged("post_install", "-at_install")
class TestCurrencies(ReportsCommon):
    """# A4 A9: two companies with two currencies, looked at together. The first won
    1500; the other 100 of its own, which are 200."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        first = cls.env.company
        cls.foreign = cls.env["res.currency"].create(
            {"name": "XTS", "symbol": "X", "rounding": 0.01}
        )
        cls.other_company = cls.env["res.company"].create(
            {"name": "Abroad", "currency_id": cls.foreign.id}
        )
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.foreign.id,
                "company_id": first.id,
                "name": date(2026, 1, 1),
                "rate": RATE,
            }
        )
        cls.crm_admin.company_ids |= cls.other_company
        lead = cls.deal(
            cls.crm_admin, 100, 4, won=11, company_id=cls.other_company.id, team_id=None
        )
        assert lead.company_currency == cls.foreign
        cls.both = (first | cls.other_company).ids

    def together(self, model):
        return (
            self.env[model]
            .with_user(self.crm_admin)
            .with_context(allowed_company_ids=self.both)
        )

    def test_amounts_are_added_up_in_the_currency_of_the_company(self):
        """# A9: tile = list = pivot = workbook's source."""
        data = self.together("crm.dashboard").get_dashboard("owner", self.NOVEMBER)
        [tile] = [one for one in data["tiles"] if one["key"] == "won_revenue"]
        self.assertAlmostEqual(tile["value"], 1700)
        leads = self.together("crm.lead").search(tile["domain"])
        to = self.env.company.currency_id
        listed = sum(
            lead.company_currency._convert(
                lead.expected_revenue, to, self.env.company, TODAY
            )
            for lead in leads
        )
        self.assertAlmostEqual(listed, 1700)
        [pivot] = leads.formatted_read_group(
            tile["domain"], [], ["expected_revenue:sum_currency"]
        )
        self.assertAlmostEqual(pivot["expected_revenue:sum_currency"], 1700)

    def test_one_company_alone_is_as_it_was(self):
        """# G1: and the other one in its own currency."""
        for company, amount in zip(self.both, (1500, 100), strict=True):
            catalogue = self.together("crm.measure").with_context(
                allowed_company_ids=[company]
            )
            won = catalogue._measures()["won_revenue"]
            self.assertAlmostEqual(catalogue._value(won, Scope(), NOVEMBER), amount)

    def test_people_months_and_targets_are_converted_too(self):
        """# A4: a target of 400 abroad is one of 800."""
        self.env["crm.sales.target"].create(
            {
                "user_id": self.crm_admin.id,
                "team_id": False,
                "company_id": self.other_company.id,
                "amount": 400,
            }
        )
        data = self.together("crm.dashboard").get_dashboard("owner", self.NOVEMBER)
        panels = {panel["key"]: panel["rows"] for panel in data["panels"]}
        rows = {row["label"]: row["values"] for row in panels["targets"]}
        self.assertEqual(rows[self.crm_admin.name], [800, 200, 0, 25])
        months = {row["label"]: row["values"] for row in panels["revenue"]}
        self.assertEqual(months["2026-11"], [1700, 3])

    def test_a_trend_is_converted_too(self):
        """# A10: each company's days are kept in its own currency."""
        for company in (self.env.company, self.other_company):
            self.snapshots._take(company, date(2026, 11, 1), date(2026, 11, 23))
        kept = self.snapshots.search(
            [("measure", "=", "won_revenue"), ("company_id", "=", self.both[1])]
        )
        self.assertEqual(kept.mapped("amount"), [100])
        mine = self.together("crm.report.snapshot")
        won = self.catalogue._measures()["won_revenue"]
        curve, _before = mine._trends([won], Scope(), NOVEMBER)["won_revenue"]
        self.assertAlmostEqual(sum(point or 0 for point in curve), 1700)
