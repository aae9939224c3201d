import random
import statistics
from datetime import datetime, timedelta

from odoo.tests import tagged

from odoo.addons.crm_reports.tests.common import NOW

from .common import SalesReportsCommon

DEALS = 30
CAME = ("created", "converted", "known")


@tagged("post_install", "-at_install")
class TestFunnel(SalesReportsCommon):
    """# A1: the fast ways to count the funnel give what the definition says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the same history in every run
        cls.chance = random.Random(1)
        cls.env["crm.stage"].search([]).team_ids = False
        cls.stages = cls.env["crm.stage"].search([], order="sequence, id").ids
        for number in range(DEALS):
            user = (cls.rep, cls.colleague, cls.other_rep)[number % 3]
            cls._give_history(cls.make_lead(f"Deal {number}", user), number)
        cls.env.invalidate_all()

    @classmethod
    def _give_history(cls, lead, number):
        """Random stays: slips, stays as a lead, stages left and come back to."""
        cls.env["crm.lead.stage.move"].flush_model()
        cls.env.cr.execute(
            "DELETE FROM crm_lead_stage_move WHERE lead_id = %s", (lead.id,)
        )
        came = NOW - timedelta(days=cls.chance.randrange(700))
        stays = cls.chance.randrange(8)
        for place in range(stays):
            seconds = cls.chance.choice([0, 0, cls.chance.randrange(900_000)])
            is_open = place == stays - 1 and number % 2
            cls.env.cr.execute(
                """INSERT INTO crm_lead_stage_move (lead_id, stage_id, lead_type,
                   entry, date_entered, date_left, duration, is_slip)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
                (
                    lead.id,
                    cls.chance.choice(cls.stages),
                    cls.chance.choice(["opportunity"] * 4 + ["lead"]),
                    cls.chance.choice(["moved", *CAME]) if place else "created",
                    came,
                    None if is_open else came + timedelta(seconds=seconds),
                    0 if is_open else seconds,
                    cls.chance.choice([True, False, False, None]),
                ),
            )
            came += timedelta(seconds=seconds)

    def slowly(self, user, question):
        """The definition, deal by deal and stay by stay."""
        start = datetime.combine(question.period.start, datetime.min.time())
        end = datetime.combine(question.period.end, datetime.min.time())
        shift = timedelta(hours=8)
        furthest, open_ones, times = {}, {}, {}
        mine = self.env["crm.lead"].with_user(user).with_context(active_test=False)
        for lead in mine.search([]):
            stays = [s for s in lead.stage_move_ids if s.lead_type == "opportunity"]
            if not any(
                stay.entry in CAME and start <= stay.date_entered + shift < end
                for stay in stays
            ):
                continue
            stays = [stay for stay in stays if not stay.is_slip]
            for stage in {stay.stage_id.id for stay in stays if stay.date_left}:
                times.setdefault(stage, []).append(
                    sum(
                        stay.duration
                        for stay in stays
                        if stay.stage_id.id == stage and stay.date_left
                    )
                )
            if stays:
                last = max(self.stages.index(stay.stage_id.id) for stay in stays)
                stage = self.stages[last]
                furthest[stage] = furthest.get(stage, 0) + 1
                pending = lead.won_status == "pending"
                open_ones[stage] = open_ones.get(stage, 0) + pending
        return {
            stage: (
                furthest.get(stage, 0),
                open_ones.get(stage, 0),
                statistics.median(times[stage]) / 86400 if stage in times else None,
            )
            for stage in {*furthest, *times}
        }

    def test_both_ways_give_what_the_definition_says(self):
        """# A1 G1: for each role and for long and short periods."""
        for period in ("last_365", "last_90", "this_month"):
            question = self.env["crm.dashboard"]._question({"period": period})
            for role in ("crm_admin", "manager", "rep"):
                mine = self.env["crm.dashboard"].with_user(self.roles[role])
                cohort = mine._funnel_domain(question, "any!")
                slow = self.slowly(self.roles[role], question)
                self.assertTrue(slow)
                for fold_all in (True, False):
                    fast = mine.env["crm.funnel"]._reached(
                        cohort, self.stages, fold_all
                    )
                    with self.subTest(role=role, period=period, fold_all=fold_all):
                        self.assertEqual(set(fast), set(slow))
                        for stage, row in slow.items():
                            self.assertEqual(fast[stage][:2], row[:2])
                            self.assertAlmostEqual(fast[stage][2] or -1, row[2] or -1)

    def test_a_step_opens_the_deals_it_counts(self):
        """# A1 A8: also where two stages share a place in the order."""
        self.env["crm.stage"].search([]).sequence = 7
        self.env.flush_all()
        mine = self.env["crm.dashboard"].with_user(self.crm_admin)
        [panel] = mine._panels(["funnel"], mine._question({"period": "last_365"}))
        self.assertGreater(len(panel["rows"]), 2)
        for row in panel["rows"]:
            drill = row["drills"][0]
            leads = mine.env["crm.lead"].search(drill["domain"])
            with self.subTest(row["label"]):
                self.assertEqual(len(leads), row["values"][0])

    def test_the_screen_of_the_stages_tells_the_same(self):
        """# A1 S5 G1: of everything that ever came in, for each role."""
        ever = {"period": "custom", "date_from": "2015-01-01", "date_to": "2026-11-24"}
        for role in ("crm_admin", "manager", "rep"):
            env = self.env(user=self.roles[role])
            steps = env["crm.stage.report"].get_funnel(months=0)["steps"]
            dashboards = env["crm.dashboard"]
            [panel] = dashboards._panels(["funnel"], dashboards._question(ever))
            shown = [row["values"] for row in panel["rows"]]
            with self.subTest(role):
                self.assertTrue(any(step["dropped"] for step in steps))
                self.assertEqual(
                    [(step["reached"], step["median_days"]) for step in steps],
                    [(reached, median) for reached, _went_on, median in shown],
                )
