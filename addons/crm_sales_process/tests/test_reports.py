from datetime import timedelta

from odoo.tests import tagged

from .stage_common import START, StageCommon


@tagged("post_install", "-at_install")
class TestReports(StageCommon):
    """Figures against sums made by hand. # S3, S5, A1"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fair = cls.env["utm.source"].create({"name": "Fair"})
        amount = {"expected_revenue": 100}
        # A: 2 days, 4 days, won; B: 6 days in the first, lost; C: 1 day, jumped to
        # the offer and is there; D: there and back, then in the first
        cls.a = cls.make_deal(
            "A",
            cls.won,
            won_reason_id=cls.reason.id,
            competitor_id=cls.competitor.id,
            source_id=cls.fair.id,
            expected_revenue=900,
        )
        cls.history(
            cls.a,
            (cls.first, 0, 2, amount),
            (cls.needs, 2, 4, amount),
            (cls.won, 6, None, {}),
        )
        cls.b = cls.make_deal("B", source_id=cls.fair.id, expected_revenue=500)
        cls.b.action_set_lost(lost_reason_id=cls.lost_reason.id)
        cls.history(cls.b, (cls.first, 0, 6, amount))
        cls.c = cls.make_deal("C", cls.offer)
        cls.history(cls.c, (cls.first, 1, 1, amount), (cls.offer, 2, None, amount))
        cls.d = cls.make_deal("D", cls.first)
        cls.history(
            cls.d,
            (cls.first, 0, 1, amount),
            (cls.needs, 1, 2, amount),
            (cls.first, 3, None, amount),
        )
        cls.lead = cls.make_deal("Lead", type="lead", source_id=cls.fair.id)
        cls.converted = cls.make_deal("Converted", source_id=cls.fair.id)
        cls.history(
            cls.converted,
            (cls.first, 0, 3, {"lead_type": "lead"}),
            (cls.first, 3, None, {"entry": "converted"}),
        )
        cls.deals = cls.a | cls.b | cls.c | cls.d | cls.lead | cls.converted
        cls.a.date_closed = START + timedelta(days=6)
        cls.env.flush_all()

    def funnel(self):
        with self.calling_as(self.manager) as env:
            data = env["crm.stage.report"].get_funnel(team_id=self.team.id, months=0)
        return data, {step["name"]: step for step in data["steps"]}

    def test_the_funnel_by_hand(self):
        """Five opportunities. Furthest: A won, B and the converted one first, C
        offer, D needs. Needs was passed by A and C, though C was never in it."""
        data, steps = self.funnel()
        self.assertEqual((data["deals"], data["won"]), (5, 1))
        expected = {
            "First": (5, 3, 1, 1, 0.6),
            "Needs": (3, 2, 1, 0, 2 / 3),
            "Offer": (2, 1, 1, 0, 0.5),
            "Signed": (1, 0, 0, 1, 0),
        }
        for name, figures in expected.items():
            step = steps[name]
            self.assertEqual(
                tuple(
                    step[key]
                    for key in ("reached", "passed", "waiting", "dropped", "conversion")
                ),
                figures,
                name,
            )

    def test_times_by_hand(self):
        """First, stays that ended: A 2, B 6, C 1, D 1 days: median 1.5, mean 2.5.
        Needs: A 4, D 2."""
        _data, steps = self.funnel()
        self.assertEqual(
            (steps["First"]["median_days"], steps["First"]["average_days"]), (1.5, 2.5)
        )
        self.assertEqual(steps["Needs"]["average_days"], 3)
        self.assertIsNone(steps["Offer"]["median_days"])
        self.assertEqual(steps["Needs"]["amount"], 200)

    def test_stage_analysis_by_hand(self):
        """One row per deal and stage, the first entry; moved on: three of five."""
        rows = self.env["crm.stage.report"]._read_group(
            [("lead_id", "in", self.deals.ids), ("stage_id", "=", self.first.id)],
            ["stage_id"],
            ["__count", "moved_on:avg", "won_share:avg", "days:avg"],
        )
        ((_stage, count, moved_on, won, days),) = rows
        self.assertEqual((count, moved_on, won, days), (5, 60, 50, 2.5))
        row = self.env["crm.stage.report"].search(
            [("lead_id", "=", self.d.id), ("stage_id", "=", self.first.id)]
        )
        self.assertEqual(row.date_entered, START)
        self.assertEqual(row.date_started, START)

    def test_slips_do_not_count(self):
        moves = self.env["crm.lead.stage.move"].sudo()
        slip = moves.search(
            [("lead_id", "=", self.d.id), ("stage_id", "=", self.needs.id)]
        )
        slip.is_slip = True
        self.env.flush_all()
        _data, steps = self.funnel()
        self.assertEqual(steps["Needs"]["reached"], 2)

    def test_an_empty_period_is_an_empty_funnel(self):
        empty = self.make_team("Empty", self.other_manager, self.other_rep)
        with self.calling_as(self.other_manager) as env:
            data = env["crm.stage.report"].get_funnel(team_id=empty.id, months=3)
        self.assertEqual((data["deals"], data["won"]), (0, 0))

    def test_conversion_by_hand(self):
        """By source "Fair": two came as leads, one became an opportunity after three
        days; of three opportunities one is won, six days after it became one."""
        rows = self.env["crm.conversion.report"]._read_group(
            [("lead_id", "in", self.deals.ids), ("source_id", "=", self.fair.id)],
            ["source_id"],
            [
                "started_as_lead:sum",
                "conversion_rate:avg",
                "is_opportunity:sum",
                "is_won:sum",
                "is_lost:sum",
                "win_rate:avg",
                "closed_win_rate:avg",
                "days_to_convert:avg",
                "days_to_win:avg",
                "won_revenue:sum",
            ],
        )
        ((source, *figures),) = rows
        self.assertEqual(source, self.fair)
        self.assertEqual(
            [round(figure, 2) for figure in figures],
            [2, 50, 3, 1, 1, 33.33, 50, 3, 6, 900],
        )

    def test_reasons_and_competitors(self):
        """# S10"""
        report = self.env["crm.conversion.report"]
        rows = report._read_group(
            [("lead_id", "in", self.deals.ids)],
            ["lost_reason_id", "competitor_id", "outcome"],
            ["is_lost:sum", "expected_revenue:sum"],
        )
        self.assertIn(
            (self.lost_reason, self.env["crm.competitor"], "lost", 1, 500), rows
        )
        won = report.search([("lead_id", "=", self.a.id)])
        self.assertEqual(
            (won.won_reason_id, won.competitor_id), (self.reason, self.competitor)
        )

    def test_who_leads_begins_with_the_deals_of_all(self):
        for user, own in ((self.rep, True), (self.manager, False)):
            action = self.env["crm.team"].with_user(user).action_your_pipeline()
            self.assertIs("search_default_assigned_to_me" in action["context"], own)

    def test_reports_open_for_those_who_use_them(self):
        """Every view of every report renders for a rep, with the fields it names."""
        for model, kinds in {
            "crm.stage.report": ("pivot", "graph", "list", "search"),
            "crm.conversion.report": ("pivot", "graph", "list", "search"),
            "crm.lead.stage.move": ("list", "search"),
            "crm.competitor": ("list", "form", "search"),
            "crm.won.reason": ("list", "search"),
            "crm.stage": ("list", "form"),
        }.items():
            for kind in kinds:
                with self.subTest(model=model, kind=kind):
                    records = self.env[model].with_user(self.rep)
                    self.assertIn(f"<{kind}", records.get_view(view_type=kind)["arch"])

    def test_what_is_not_known_yet_is_not_zero(self):
        """# A9: a list's average of every such column is that of the pivot: deals that
        are still there, still open, or never were leads are left out."""
        for model in ("crm.stage.report", "crm.conversion.report"):
            report = self.env[model]
            domain = [("lead_id", "in", self.deals.ids)]
            names = [
                name
                for name, field in report._fields.items()
                if field.aggregator == "avg" and field.type == "float"
            ]
            rows = report.search_read(domain, names)
            unknown = 0
            for name in names:
                known = [row[name] for row in rows if row[name] is not False]
                unknown += len(rows) - len(known)
                [group] = report.formatted_read_group(domain, [], [f"{name}:avg"])
                with self.subTest(model=model, column=name):
                    listed = sum(known) / len(known) if known else 0
                    self.assertAlmostEqual(group[f"{name}:avg"] or 0, listed)
            self.assertGreater(unknown, 5)
