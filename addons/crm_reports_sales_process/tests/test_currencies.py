import io
from datetime import date

from openpyxl import load_workbook

from odoo.tests import tagged

from odoo.addons.crm_reports.models.crm_measure import Scope
from odoo.addons.crm_reports.tests.common import TODAY
from odoo.addons.crm_reports.tools.periods import Period

from .common import SalesReportsCommon

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 25))
# of the other company's currency for one of the first company's, by the day
RATES = {date(2026, 1, 1): 0.5, date(2026, 11, 15): 0.25, date(2026, 12, 1): 0.001}


@tagged("post_install", "-at_install")
class TestCurrencies(SalesReportsCommon):
    """# A4 A9: two companies with two currencies, looked at together. The first won
    1500; the other 100 of its own on a day on which they were worth 200 (today 400).
    A rate of December is known already, and is not used."""

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
        for day, rate in RATES.items():
            cls.rate(cls.foreign, day, rate, first)
        cls.crm_admin.company_ids |= cls.other_company
        lead = cls.deal(
            cls.crm_admin, 100, 4, won=11, company_id=cls.other_company.id, team_id=None
        )
        assert lead.company_currency == cls.foreign
        cls.both = (first | cls.other_company).ids

    @classmethod
    def rate(cls, currency, day, rate, company=None):
        return cls.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": company and company.id,
                "name": day,
                "rate": rate,
            }
        )

    def abroad(self, amount, **values):
        """A deal of the other company."""
        return self.deal(
            self.crm_admin,
            amount,
            4,
            company_id=self.other_company.id,
            team_id=None,
            **values,
        )

    def owner(self, **filters):
        dashboards = self.together("crm.dashboard")
        return dashboards.get_dashboard("owner", {**self.NOVEMBER, **filters})

    def tile(self, key, data=None):
        data = data or self.owner()
        [tile] = [one for one in data["tiles"] if one["key"] == key]
        return tile

    def together(self, model):
        return (
            self.env[model]
            .with_user(self.crm_admin)
            .with_context(allowed_company_ids=self.both)
        )

    def test_amounts_are_added_up_in_the_currency_of_the_company(self):
        """# A9: tile = list = pivot = workbook's source."""
        data = self.owner()
        tile = self.tile("won_revenue", data)
        self.assertAlmostEqual(tile["value"], 1700)
        self.assert_opens(tile, "converted_revenue", "expected_revenue")
        dashboards = self.together("crm.dashboard")
        book = load_workbook(io.BytesIO(dashboards._workbook(data)))
        rows = {
            row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)
        }
        self.assertAlmostEqual(rows["Amount Won"], 1700)
        self.assertEqual((tile["note"], data["note"]), ("", ""))

    def assert_opens(self, tile, column, amount):
        """List and pivot of a tile add up to it."""
        dashboards = self.together("crm.dashboard")
        action = dashboards.open_records(tile["key"], tile["domain"])
        views = {kind: view for view, kind in action["views"]}
        leads = self.together("crm.lead")
        [arch] = [leads.get_view(views["list"], "list")["arch"]]
        self.assertIn(f'name="{column}" sum=', arch)
        self.assertNotRegex(arch, r'name="expected_revenue"[^>]* sum=')
        found = leads.search(action["domain"])
        self.assertAlmostEqual(sum(found.mapped(column)), tile["value"])
        for spec in (f"{amount}:sum_currency", f"{column}:sum"):
            [pivot] = leads.formatted_read_group(tile["domain"], [], [spec])
            self.assertAlmostEqual(pivot[spec], tile["value"])

    def test_what_is_open_counts_at_todays_rate(self):
        """# A4: 100 abroad are 400 today; half of them is to be expected."""
        self.abroad(100, probability=50, date_deadline=TODAY)
        data = self.owner()
        for key, amount, columns in (
            ("pipeline", 2000, ("converted_revenue", "expected_revenue")),
            ("forecast", 640, ("converted_prorated", "prorated_revenue")),
        ):
            tile = self.tile(key, data)
            self.assertAlmostEqual(tile["value"], amount)
            self.assert_opens(tile, *columns)

    def test_the_other_way_round(self):
        """# A4: read from abroad, where the first one's currency has no rate and
        is what all are measured by."""
        for rate in self.foreign.rate_ids:
            rate.company_id = False
        mine = self.together("crm.dashboard").with_context(
            allowed_company_ids=self.both[::-1]
        )
        data = mine.get_dashboard("owner", self.NOVEMBER)
        # 1000 on the tenth at 0.5, 500 on the twentieth at 0.25, and 100
        self.assertAlmostEqual(self.tile("won_revenue", data)["value"], 725)

    def test_a_missing_rate_is_said_and_not_taken_as_1(self):
        """# A9: on the tile, above the figures, in the workbook and in the PDF; a
        program gets no number."""
        for name, rates in (
            ("none at all", ()),
            ("to come", (date(2026, 11, 25),)),
            ("since then", (date(2026, 11, 12),)),
        ):
            self.foreign.rate_ids.unlink()
            for day in rates:
                self.rate(self.foreign, day, 0.5)
            # a currency of its own without any rate could be what all are measured by
            self.rate(self.env.company.currency_id, date(2026, 1, 1), 1)
            if not rates:
                self.rate(self.foreign, date(2030, 1, 1), 1)
            with self.subTest(name):
                data = self.owner()
                tile = self.tile("won_revenue", data)
                self.assertAlmostEqual(tile["value"], 1500)
                for note in (tile["note"], data["note"]):
                    self.assertIn("XTS", note)
                self.assertEqual(self.tile("won_deals", data)["value"], 3)
                self.assertFalse(self.tile("won_deals", data)["note"])
                dashboards = self.together("crm.dashboard")
                book = load_workbook(io.BytesIO(dashboards._workbook(data)))
                cells = [
                    str(cell)
                    for row in book.worksheets[0].iter_rows(values_only=True)
                    for cell in row
                ]
                self.assertTrue(any("XTS" in cell for cell in cells))
                api = self.together("crm.measure")
                values = api.get_values(
                    ["won_revenue", "won_deals"], "2026-11-01", "2026-11-24"
                )
                self.assertEqual(values, {"won_revenue": None, "won_deals": 3})
                [lead] = self.together("crm.lead").search(
                    [("company_id", "=", self.both[1]), ("won_status", "=", "won")]
                )
                self.assertIs(lead.converted_revenue, False)

    def test_two_currencies_without_any_rate_have_none(self):
        """# A9: neither is what the other is measured by when a third has none."""
        self.foreign.rate_ids.unlink()
        self.env.company.currency_id.rate_ids.unlink()
        data = self.owner()
        self.assertAlmostEqual(self.tile("won_revenue", data)["value"], 1500)
        self.assertIn("XTS", data["note"])

    def test_the_analyses_of_deals_add_up_in_one_currency(self):
        """# S3 A1: conversion at the day of closing, stages at that of the entry."""
        won = [("outcome", "=", "won"), ("date_closed", ">=", "2026-11-01")]
        [group] = self.together("crm.conversion.report").formatted_read_group(
            won, [], ["won_revenue:sum", "expected_revenue:sum"]
        )
        self.assertAlmostEqual(group["won_revenue:sum"], 1700)
        self.assertAlmostEqual(group["expected_revenue:sum"], 1700)
        first = [("company_id", "=", self.both[1]), ("stage_id", "=", self.first.id)]
        [row] = self.together("crm.stage.report").search(first)
        self.assertAlmostEqual(row.expected_revenue, 200)

    def test_what_is_entered_by_month_counts_at_the_end_of_it(self):
        """# A4: at today's rate while the month runs."""
        costs = self.env["crm.source.cost"]
        for month in (date(2026, 10, 1), date(2026, 11, 1)):
            costs.create(
                {
                    "source_id": self.source.id,
                    "month": month,
                    "company_id": self.other_company.id,
                    "amount": 10,
                }
            )
        mine = self.together("crm.source.cost")
        rows = mine._read_group([], ["month:month"], ["amount:sum_currency"])
        self.assertEqual(dict(rows), {date(2026, 10, 1): 20, date(2026, 11, 1): 40})

    def test_one_company_alone_is_as_it_was(self):
        """# G1: and the other one in its own currency."""
        for company, amount in zip(self.both, (1500, 100), strict=True):
            catalogue = self.together("crm.measure").with_context(
                allowed_company_ids=[company]
            )
            won = catalogue._measures()["won_revenue"]
            self.assertAlmostEqual(catalogue._value(won, Scope(), NOVEMBER), amount)

    def test_people_months_and_targets_are_converted_too(self):
        """# A4: a target of 200 abroad is one of 800 today."""
        self.env["crm.sales.target"].create(
            {
                "user_id": self.crm_admin.id,
                "team_id": False,
                "company_id": self.other_company.id,
                "amount": 200,
            }
        )
        data = self.owner()
        panels = {panel["key"]: panel["rows"] for panel in data["panels"]}
        rows = {row["label"]: row["values"] for row in panels["targets"]}
        self.assertEqual(rows[self.crm_admin.name], [800, 200, 0, 25])
        months = {row["label"]: row["values"] for row in panels["revenue"]}
        self.assertEqual(months["2026-11"], [1700, 3])

    def test_the_list_of_snapshots_is_never_added_up_raw(self):
        """# A10: pivot and groups of several companies; counts stay counts."""
        for company in (self.env.company, self.other_company):
            self.snapshots._take(company, date(2026, 11, 1), date(2026, 11, 23))
        rows = self.together("crm.report.snapshot").formatted_read_group(
            [("measure", "in", ["won_revenue", "won_deals"])],
            ["measure"],
            ["amount:sum"],
        )
        found = {row["measure"]: row["amount:sum"] for row in rows}
        self.assertAlmostEqual(found["won_revenue"], 1700)
        self.assertEqual(found["won_deals"], 3)

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
