from datetime import date, timedelta

from freezegun import freeze_time
from whole import WholeCommon

from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from odoo.addons.crm_reports.tools.periods import Period

YESTERDAY = date(2026, 11, 23)


@tagged("post_install", "-at_install")
class TestArrows(WholeCommon):
    """# A8 A10: what a figure of the moment is compared with, and its curve."""

    def setUp(self):
        super().setUp()
        self.company = self.env.company

    def take(self, *days):
        """Keep the figures of past days, as if each had been yesterday."""
        for day in days:
            with self.at(day + timedelta(days=1)):
                self.snapshots._take(self.company, day, day)

    def at(self, day):
        return freeze_time(f"{day} 03:00:00")

    def tile(self, user, key, measure, **filters):
        data = self.dashboard(user, key, **{"period": "today", **filters})
        return next(one for one in data["tiles"] if one["key"] == measure)

    def arrow(self, user, key, measure, **filters):
        """(now, before, direction) of a tile."""
        tile = self.tile(user, key, measure, **filters)
        trend = tile["trend"] and tile["trend"]["direction"]
        return tile["value"], tile["before"], trend

    def test_where_nothing_changed_no_arrow_rises(self):
        """Whoever looks: unowned leads and customers, and those of the own team that
        others look after, stand in the snapshots as they do among the records."""
        self.deal(self.rep, 70, 8).write({"user_id": False, "team_id": self.team.id})
        self.deal(self.rep, 80, 8).write({"user_id": False, "team_id": False})
        self.deal(self.other_rep, 90, 8).team_id = self.team
        self.make_customer("Nobody's", None, lifecycle_state="active")
        self.make_customer("Nobody's too", None)
        compared = 0
        for policy in ("none", "read", "write"):
            self.set_unowned_access(policy)
            self.snapshots.search([]).unlink()
            self.take(YESTERDAY)
            for role, key in (
                ("crm_admin", "owner"),
                ("manager", "manager"),
                ("rep", "rep"),
                ("other_rep", "rep"),
                ("marketing", "marketing"),
            ):
                user = self.roles[role]
                for whose in ({}, {"user_id": 0}, {"team_id": self.team.id}):
                    data = self.dashboard(user, key, period="today", **whose)
                    moments = [one for one in data["tiles"] if one["is_now"]]
                    self.assertTrue(moments)
                    compared += sum(one["before"] is not None for one in moments)
                    for one in moments:
                        with self.subTest(
                            policy=policy, role=role, whose=whose, figure=one["key"]
                        ):
                            self.assertIn(one["before"], (one["value"], None))
                            self.assertNotIn(
                                (one["trend"] or {}).get("direction"), (1, -1)
                            )
            mine = self.arrow(self.manager, "manager", "pipeline", user_id=0)
            # 700 of the rep, 70 and 80 of nobody, 90 of the team by somebody else
            self.assertEqual(mine, (940, 940, 0))
        self.assertGreater(compared, 15, "each reader has figures to compare with")

    def test_what_snapshots_cannot_tell_is_not_compared(self):
        """An approver sees deals of others: of those no snapshot knows."""
        rule = self.env.ref("crm_sales_process.rule_lead_assignment_log_rep")
        self.env["ir.rule"].create(
            {
                "name": "Deals of the fair, whoever has them",
                "model_id": self.env.ref("crm.model_crm_lead").id,
                "groups": [(4, group.id) for group in rule.groups],
                "domain_force": f"[('source_id', '=', {self.source.id})]",
            }
        )
        self.take(YESTERDAY)
        self.assertEqual(
            self.arrow(self.rep, "rep", "pipeline", user_id=0), (1600, None, False)
        )
        self.assertEqual(self.arrow(self.rep, "rep", "pipeline"), (700, 700, 0))

    def test_a_day_of_nothing_is_a_day(self):
        """A week ago one was overdue, yesterday none, today one again: from 0, not
        from 1; for all as for one person."""
        tasks = self.env["crm.followup.task"].search([("state", "=", "open")])
        self.take(date(2026, 11, 19))
        self.dated(tasks, state="done")
        self.take(YESTERDAY)
        self.dated(tasks, state="open")
        self.env.invalidate_all()
        for user, key in ((self.manager, "manager"), (self.rep, "rep")):
            with self.subTest(key):
                self.assertEqual(self.arrow(user, key, "overdue"), (1, 0, 0))
                tile = self.tile(user, key, "overdue")
                self.assertEqual(tile["trend_text"], "–")

    def test_taking_a_day_of_nothing_twice_changes_nothing(self):
        tasks = self.env["crm.followup.task"].search([])
        tasks.unlink()
        self.take(YESTERDAY)
        rows = self.snapshots.search([("measure", "=", "overdue")])
        self.assertEqual(rows.mapped("amount"), [0])
        self.take(YESTERDAY)
        self.assertEqual(self.snapshots.search([("measure", "=", "overdue")]), rows)

    def test_nights_of_a_former_version_are_completed_once(self):
        """# O5: what was counted and was nothing is told from what was not counted."""
        self.take(date(2026, 11, 20), YESTERDAY)
        gone = [("measure", "=", "overdue"), ("date", "=", YESTERDAY)]
        self.snapshots.search(gone).unlink()
        script = load_script(
            file_path("crm_reports/migrations/19.0.1.1.0/end-moments.py"), "moments"
        )
        self.env.flush_all()
        for _time in range(2):
            script.migrate(self.env.cr, "19.0.1.0.1")
        self.env.invalidate_all()
        self.assertEqual(self.snapshots.search(gone).mapped("amount"), [0])
        self.assertEqual(self.arrow(self.manager, "manager", "overdue"), (1, 0, 0))

    def test_from_nothing_there_is_no_change(self):
        """No arrow beside a figure that had nothing to grow from."""
        self.deal(self.colleague, 60, 24, won=24)
        tile = self.tile(self.crm_admin, "owner", "won_revenue")
        self.assertEqual((tile["value"], tile["before"]), (60, 0))
        self.assertEqual(tile["trend"], {"direction": 0, "change": None,
                                         "mood": "neutral"})  # fmt: skip
        self.assertEqual(tile["trend_text"], "–")

    def test_a_filter_is_of_the_curve_and_the_arrow_too(self):
        """# A11: what was kept has no filter: a report with one has neither."""
        self.take(date(2026, 11, 20), date(2026, 11, 21), YESTERDAY)
        report = self.env["crm.report.view"].with_user(self.crm_admin)
        report = report.create(
            {
                "name": "Large ones",
                "group_by": "person",
                "line_ids": [
                    (0, 0, {"measure": "pipeline",
                            "domain": "[('expected_revenue', '>', 400)]"}),
                    (0, 0, {"measure": "open_deals"}),
                    (0, 0, {"measure": "won_revenue",
                            "domain": "[('expected_revenue', '<', 600)]"}),
                ],
            }
        )  # fmt: skip
        tiles = {one["key"]: one for one in report.get_report()["tiles"]}
        self.assertEqual(tiles["pipeline"]["value"], 1400)
        self.assertEqual((tiles["pipeline"]["before"], tiles["pipeline"]["spark"]),
                         (None, []))  # fmt: skip
        self.assertTrue(tiles["open_deals"]["spark"])
        self.assertEqual(tiles["won_revenue"]["value"], 500)
        # as many days of October: the one of 800 does not match
        self.assertEqual(tiles["won_revenue"]["before"], 0)
        self.assertEqual(tiles["won_revenue"]["spark"], [])

    def test_a_day_that_one_company_has_not_counted_yet_is_not_compared(self):
        """Two companies turn over at different midnights."""
        other = self.env["res.company"].create({"name": "Abroad"})
        self.crm_admin.company_ids |= other
        self.deal(self.crm_admin, 100, 4, company_id=other.id, team_id=None)
        mine = self.env["crm.dashboard"].with_user(self.crm_admin)
        mine = mine.with_context(allowed_company_ids=[self.company.id, other.id])

        def before():
            data = mine.get_dashboard("owner", {"period": "today"})
            [tile] = [one for one in data["tiles"] if one["key"] == "pipeline"]
            return tile["value"], tile["before"]

        self.take(YESTERDAY)
        self.assertEqual(before(), (1700, None))
        self.snapshots._take(other, YESTERDAY, YESTERDAY)
        self.assertEqual(before(), (1700, 1700))

    def test_another_company_s_planned_follow_ups_are_its_own(self):
        """# F4 G1: overdue and on time count those of the companies switched on."""
        other = self.env["res.company"].create({"name": "Abroad"})
        self.crm_admin.company_ids |= other
        tasks = self.env["crm.followup.task"].search([])
        tasks.partner_id.company_id = self.company
        partner = self.make_customer("Foreign", self.rep, company_id=other.id)
        self.env["crm.followup.task"].create(
            {
                "partner_id": partner.id,
                "user_id": self.rep.id,
                "date_due": date(2026, 11, 5),
                "event_date": date(2026, 11, 5),
            }
        )
        mine = self.env["crm.measure"].with_user(self.crm_admin)
        for companies, overdue, share in (
            (self.company, 1, 200 / 3),
            (other, 1, 0),
            (self.company | other, 2, 50),
        ):
            with self.subTest(companies.mapped("name")):
                found = mine.with_context(allowed_company_ids=companies.ids).get_values(
                    ["overdue", "on_time"], "2026-11-01", "2026-11-24"
                )
                self.assertEqual(found["overdue"], overdue)
                self.assertAlmostEqual(found["on_time"], share)

    def test_a_curve_of_a_period_is_as_long_as_the_period(self):
        """Days kept of which the reader sees nothing do not count along."""
        self.take(date(2026, 11, 20), YESTERDAY)
        measure = self.catalogue._measures()["won_revenue"]
        scope = self.catalogue._make_scope()
        month = Period(date(2026, 11, 1), date(2026, 11, 24))
        mine = self.snapshots.with_user(self.other_rep)
        curve, _before = mine._trends([measure], scope, month)["won_revenue"]
        self.assertEqual(sum(point or 0 for point in curve), 0)
