from unittest.mock import patch

from whole import WholeCommon

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.crm_reports.panels.sources import SourcesPanel

LOGGER = "odoo.addons.crm_reports.models.crm_dashboard"
DASHBOARDS = {
    "rep": ["rep"],
    "manager": ["manager", "rep"],
    "marketing": ["marketing"],
    "crm_admin": ["owner", "manager", "marketing", "rep"],
    "plain": [],
}


@tagged("post_install", "-at_install")
class TestDashboard(WholeCommon):
    def panel(self, user, key, panel, **filters):
        """A panel of a dashboard."""
        panels = self.dashboard(user, key, **filters)["panels"]
        return next(one for one in panels if one["key"] == panel)

    def values(self, panel):
        return {row["label"]: row["values"] for row in panel["rows"]}

    def test_each_role_has_its_dashboards(self):
        """# A8 G1: others cannot be asked for."""
        dashboards = self.env["crm.dashboard"]
        own = ("owner", "manager", "marketing", "rep")
        for role, keys in DASHBOARDS.items():
            mine = dashboards.with_user(self.roles[role])
            found = [one for one in mine._dashboards() if one in own]
            with self.subTest(role):
                self.assertEqual(found, keys)
                for key in set(own) - set(keys):
                    with self.assertRaises(AccessError):
                        mine.get_dashboard(key, {})

    def test_every_dashboard_is_whole(self):
        """# A8: for everyone who may open it: figures, no error."""
        for role, keys in DASHBOARDS.items():
            for key in keys:
                data = self.dashboard(self.roles[role], key)
                with self.subTest(role=role, dashboard=key):
                    self.assertTrue(data["tiles"])
                    self.assertTrue(data["panels"])
                    blocks = data["tiles"] + data["panels"]
                    self.assertFalse([one for one in blocks if one["error"]])

    def test_a_rep_opens_own_figures(self):
        """# A8: leads nobody has are on the rep's list, not among the figures."""
        self.deal(self.rep, 50, 8).user_id = False
        self.assertEqual(self.tiles(self.rep, "rep")["new_leads"], 3)
        self.assertEqual(self.tiles(self.rep, "rep", user_id=0)["new_leads"], 4)

    def test_a_filter_shows_no_more_than_the_rights(self):
        """# G1: asking for a colleague's figures gives nothing."""
        tiles = self.tiles(self.rep, "rep", user_id=self.colleague.id)
        self.assertEqual((tiles["won_revenue"], tiles["new_leads"]), (0, 0))
        self.assertIsNone(tiles["win_rate"])

    def test_tiles_compare_with_the_period_before(self):
        """# A8: 1500 in 24 days of November, 800 in 24 days of October."""
        data = self.dashboard(self.crm_admin, "owner")
        tile = next(one for one in data["tiles"] if one["key"] == "won_revenue")
        self.assertEqual(tile["before"], 800)
        self.assertEqual(tile["trend"]["mood"], "good")
        self.assertEqual(tile["trend_text"], "87.5%")

    def test_the_funnel_comes_from_the_history(self):
        """# A1: five came in, three of them are in the first stage, two were won."""
        panel = self.panel(self.crm_admin, "owner", "funnel")
        values = self.values(panel)
        self.assertEqual(values[self.first.name][0], 5)
        self.assertAlmostEqual(values[self.first.name][1], 40)
        self.assertEqual(values[self.second.name][:2], [2, 100])
        self.assertEqual(values[self.won_stage.name][0], 2)
        self.assertEqual(values[self.second.name][2], 2, "median of days")

    def test_the_funnel_opens_what_it_counts(self):
        """# A1 A8: each number is that of its list."""
        for user, key in ((self.crm_admin, "owner"), (self.rep, "rep")):
            panel = self.panel(user, key, "funnel")
            self.assertTrue(any(row["values"][0] for row in panel["rows"]), key)
            for row in panel["rows"]:
                drill = row["drills"][0]
                leads = self.env["crm.lead"].with_user(user).search(drill["domain"])
                self.assertEqual(len(leads), row["values"][0], row["label"])

    def test_the_funnel_agrees_with_the_stage_analysis(self):
        """# A1: the screen of the sales process counts the same deals."""
        funnel = self.env["crm.stage.report"].with_user(self.crm_admin).get_funnel()
        old = {step["name"]: step["reached"] for step in funnel["steps"]}
        panel = self.panel(self.crm_admin, "owner", "funnel", period="last_365")
        shown = {row["label"]: row["values"][0] for row in panel["rows"]}
        for name in (self.first.name, self.second.name, self.won_stage.name):
            self.assertEqual(shown[name], old[name], name)

    def test_both_ways_to_count_the_funnel_agree(self):
        """# A1 G1: with the rights of each role."""
        year = self.env["crm.dashboard"]._question({"period": "last_365"})
        for role, deals in (("crm_admin", 8), ("manager", 6), ("rep", 5)):
            mine = self.env["crm.dashboard"].with_user(self.roles[role])
            stages = [stage.id for stage in mine._every_stage()]
            cohort = mine._funnel_domain(year, "any!")
            funnel = mine.env["crm.funnel"]
            rows = funnel._reached(cohort, stages, True)
            self.assertEqual(rows, funnel._reached(cohort, stages, False))
            with self.subTest(role):
                self.assertEqual(sum(row[0] for row in rows.values()), deals)

    def test_targets_stand_beside_what_was_won(self):
        """# A4 S8: the sum of people, or the team's own where it has one."""
        targets = self.env["crm.sales.target"]
        targets.create({"user_id": self.rep.id, "amount": 2000, "month": "2026-11-09"})
        targets.create({"user_id": self.colleague.id, "amount": 500})
        values = self.values(self.panel(self.manager, "manager", "targets"))
        self.assertEqual(values[self.rep.name], [2000, 1000, 350, 50])
        self.assertEqual(values[self.colleague.name], [500, 500, 0, 100])
        self.assertEqual(values["Total"], [2500, 1500, 350, 60])
        targets.create({"team_id": self.team.id, "amount": 3000})
        values = self.values(self.panel(self.manager, "manager", "targets"))
        self.assertEqual(values["Total"][0], 3000)
        values = self.values(self.panel(self.rep, "rep", "targets"))
        self.assertEqual(set(values), {"Total", self.rep.name})

    def test_each_kind_of_target_is_compared(self):
        """# A4 S8: deals, new customers and follow-ups as well as the amount; of who
        has no target of a kind nothing is said."""
        self.env["crm.sales.target"].create(
            [
                {
                    "user_id": self.rep.id,
                    "amount": 2000,
                    "deals": 4,
                    "customers": 2,
                    "followups": 8,
                },
                {"user_id": self.colleague.id, "deals": 2},
            ]
        )
        panel = self.panel(self.manager, "manager", "attainment")
        values = self.values(panel)
        self.assertEqual(values[self.rep.name], [50, 25, 50, 25])
        self.assertEqual(values[self.colleague.name], [None, 50, None, None])
        # the team's 1500 of 2000, 2 of 6, 2 of 2, 3 of 8
        self.assertEqual(values["Total"], [75, 100 * 2 / 6, 100, 37.5])
        mine = self.values(self.panel(self.rep, "rep", "attainment"))
        self.assertEqual(set(mine), {"Total", self.rep.name})

    def test_what_is_reached_opens_the_records(self):
        """# A4 A8"""
        self.env["crm.sales.target"].create({"user_id": self.rep.id, "followups": 8})
        panel = self.panel(self.manager, "manager", "attainment")
        self.assertEqual([c["label"] for c in panel["columns"]], ["Follow-ups (%)"])
        [line] = [row for row in panel["rows"] if row["label"] == self.rep.name]
        followups = self.env["crm.followup"].with_user(self.manager)
        self.assertEqual(len(followups.search(line["drills"][0]["domain"])), 2)

    def test_a_target_of_the_team_stands_for_its_kind_only(self):
        """# S8: a team with an amount of its own keeps the sum of its people's
        deals."""
        self.env["crm.sales.target"].create(
            [
                {"user_id": self.rep.id, "amount": 1000, "deals": 4},
                {"team_id": self.team.id, "amount": 3000},
            ]
        )
        values = self.values(self.panel(self.manager, "manager", "attainment"))
        self.assertEqual(values["Total"], [50, 50])

    def test_without_targets_the_panel_says_what_to_do(self):
        panel = self.panel(self.manager, "manager", "attainment")
        self.assertFalse(panel["rows"])
        self.assertIn("Sales Targets", panel["empty"])

    def test_stages_of_one_name_are_told_apart_by_their_teams(self):
        """# A1: and no team is named where the name alone is clear."""
        twin = self.env["crm.stage"].create(
            {
                "name": self.second.name,
                "sequence": self.second.sequence,
                "team_ids": self.team.ids,
            }
        )
        panel = self.panel(self.crm_admin, "owner", "funnel", team_id=self.team.id)
        labels = [row["label"] for row in panel["rows"]]
        self.assertIn(f"{twin.name} · {self.team.name}", labels)
        self.assertIn(f"{self.second.name} · All Teams", labels)
        self.assertIn(self.first.name, labels)

    def test_sources_tell_where_business_comes_from(self):
        """# A2: customers, leads, won and revenue; costs in test_source_costs."""
        self.env["crm.source.cost"].search([]).unlink()
        panel = self.panel(self.crm_admin, "owner", "sources")
        self.assertEqual(self.values(panel)["Fair"], [0, 5, 2, 1500])
        panel = self.panel(self.marketing, "marketing", "sources")
        labels = [column["label"] for column in panel["columns"]]
        self.assertEqual(labels, ["New Customers"])

    def test_people_are_shown_side_by_side(self):
        """# A3"""
        values = self.values(self.panel(self.manager, "manager", "people"))
        self.assertEqual(values[self.rep.name], [2, 50, 3, 1, 1000])
        self.assertEqual(values[self.colleague.name], [1, None, None, 1, 500])
        self.assertNotIn(self.other_rep.name, values)

    def test_twelve_months_of_revenue(self):
        """# A4"""
        panel = self.panel(self.crm_admin, "owner", "revenue")
        values = self.values(panel)
        self.assertEqual(len(values), 12)
        self.assertEqual(values["2026-11"], [1500, 2])
        self.assertEqual(values["2026-10"], [800, 1])

    def test_one_broken_figure_hides_no_other(self):
        """# A8: errors are shown per tile, also when the database refuses."""

        def broken(panel, question, answers):
            panel.env.cr.execute("SELECT no_such_column")

        with (
            patch.object(SourcesPanel, "lay_out", broken),
            mute_logger(LOGGER, "odoo.sql_db"),
        ):
            data = self.dashboard(self.crm_admin, "owner")
        errors = [one["key"] for one in data["panels"] if one["error"]]
        self.assertEqual(errors, ["sources"])
        self.assertEqual(data["tiles"][0]["value"], 1500)

    def test_filters_are_kept_per_person(self):
        """# A11: whoever comes back finds the dashboard as it was left."""
        mine = self.env["crm.dashboard"].with_user(self.manager)
        self.assertEqual(mine.get_setup()["settings"]["dashboard"], "manager")
        mine.save_filters({"dashboard": "rep", "period": "last_week", "junk": 1})
        settings = mine.get_setup()["settings"]
        self.assertEqual(settings, {"dashboard": "rep", "period": "last_week"})
        other = self.env["crm.dashboard"].with_user(self.other_manager)
        self.assertEqual(other.get_setup()["settings"]["dashboard"], "manager")

    def test_who_can_be_chosen(self):
        """# G1: a manager's own teams and people; a rep only himself."""
        Dashboard = self.env["crm.dashboard"]
        found = Dashboard.with_user(self.manager).get_setup()["dashboards"][0]
        self.assertEqual([team["name"] for team in found["teams"]], ["Team A"])
        names = {one["id"] for one in found["people"]}
        self.assertEqual(names, set((self.manager | self.rep | self.colleague).ids))
        found = Dashboard.with_user(self.rep).get_setup()["dashboards"][0]
        self.assertEqual([one["id"] for one in found["people"]], [self.rep.id])

    def test_a_period_that_ends_before_it_begins_is_refused(self):
        """# A11: with a sentence that says what to do."""
        filters = {"period": "custom", "date_from": TODAY_TEXT, "date_to": "2026-01-01"}
        with self.assertRaisesRegex(UserError, "first and a last day"):
            self.dashboard(self.rep, "rep", **filters)

    def test_chinese_readers_get_their_units(self):
        """# U1 A8: 万"""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.won.expected_revenue = 125_600
        mine = self.env["crm.dashboard"].with_user(self.rep)
        data = mine.with_context(lang="zh_CN").get_dashboard("rep", self.NOVEMBER)
        tile = next(one for one in data["tiles"] if one["key"] == "won_revenue")
        self.assertIn("12.56万", tile["text"])

    def test_queries_do_not_grow_with_data(self):
        """# A8: at most five more than there are tiles and panels, the user and the
        company that Odoo reads in every request among them."""
        for role, keys in DASHBOARDS.items():
            for key in keys:
                dashboards = self.env["crm.dashboard"].with_user(self.roles[role])
                data = dashboards.get_dashboard(key, self.NOVEMBER)
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                dashboards.get_dashboard(key, self.NOVEMBER)
                queries = self.env.cr.sql_log_count - before
                allowed = len(data["tiles"]) + len(data["panels"]) + 5
                with self.subTest(role=role, dashboard=key):
                    self.assertLessEqual(queries, allowed)


TODAY_TEXT = "2026-11-24"
