from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .stage_common import StageCommon


@tagged("post_install", "-at_install")
class TestStageProbability(StageCommon):
    """Fixed, learned or one's own. # S4"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # something to learn from: what came through "first" is won three times of four
        cls.env["crm.lead.scoring.frequency"].search([]).unlink()
        # Odoo counts all deals of a team in the first stage that all teams share
        shared = cls.env["crm.stage"].search(
            [("team_ids", "=", False)], order="sequence, id", limit=1
        )
        cls.env["crm.lead.scoring.frequency"].create(
            [
                {
                    "variable": "stage_id",
                    "value": str(stage.id),
                    "won_count": 30.1,
                    "lost_count": lost + 0.1,
                    "team_id": cls.team.id,
                }
                for stage, lost in (
                    (shared, 10),
                    (cls.first, 10),
                    (cls.needs, 5),
                    (cls.offer, 2),
                    (cls.won, 0),
                )
            ]
        )

    def set_mode(self, mode):
        self.team.probability_mode = mode

    def test_fixed_probability_follows_the_stage(self):
        """On creation and on every move."""
        deal = self.make_deal()
        self.assertEqual(deal.probability, 10)
        deal.stage_id = self.offer
        self.assertEqual((deal.probability, deal.automated_probability), (60, 60))

    def test_a_won_stage_is_always_certain(self):
        """Odoo refuses anything but 100 there, whatever the stage says."""
        self.won.default_probability = 80
        for mode in ("fixed", "learned", "own"):
            with self.subTest(mode):
                self.set_mode(mode)
                deal = self.make_deal()
                deal.stage_id = self.won
                self.assertEqual(deal.probability, 100)
                self.assertEqual(deal.fixed_probability, 100)
                self.assertEqual(self.make_deal(stage=self.won).probability, 100)

    def test_learned_probability_is_odoos(self):
        self.set_mode("learned")
        deal = self.make_deal()
        expected = deal.learned_probability
        self.assertTrue(10 < expected < 100)
        self.assertEqual(deal.probability, expected)

    def test_both_are_shown_side_by_side(self):
        """Whatever the team uses."""
        for mode in ("fixed", "learned", "own"):
            self.set_mode(mode)
            deal = self.make_deal()
            self.assertEqual(deal.fixed_probability, 10)
            self.assertTrue(deal.learned_probability > 10, mode)

    def test_ones_own_value_stays_in_every_mode_until_it_is_reset(self):
        """Through moves, a changed stage and Odoo's nightly job."""
        for mode, automatic in (("fixed", 60), ("learned", None), ("own", 60)):
            with self.subTest(mode):
                self.set_mode(mode)
                self.offer.default_probability = 60
                deal = self.make_deal()
                deal.with_user(self.rep).probability = 42
                deal.stage_id = self.offer
                self.offer.default_probability = 61
                self.env["crm.lead"]._cron_update_automated_probabilities()
                self.env.invalidate_all()
                self.assertEqual(deal.probability, 42)
                self.offer.default_probability = 60
                deal.action_set_automated_probability()
                expected = automatic or deal.learned_probability
                self.assertEqual(deal.probability, expected)

    def test_in_own_mode_a_deal_keeps_its_value_from_stage_to_stage(self):
        """It starts with the stage's, then only the person changes it; a deal that
        was won and is opened again starts anew."""
        self.set_mode("own")
        deal = self.make_deal()
        self.assertEqual(deal.probability, 10)
        deal.stage_id = self.offer
        self.assertEqual((deal.probability, deal.automated_probability), (10, 60))
        deal.write({"stage_id": self.won.id, "won_reason_id": self.reason.id})
        deal.stage_id = self.needs
        self.assertEqual(deal.probability, 30)

    def test_a_lost_deal_that_comes_back_is_worth_something_again(self):
        """# S4: by any way, edited while it was lost or not; by the team's way."""
        tag = self.env["crm.tag"].create({"name": "Tempting"})
        ways = {
            "the list's menu": lambda deal: deal.action_unarchive(),
            "Restore": lambda deal: deal.action_restore(),
            "written": lambda deal: deal.write({"active": True}),
        }
        edits = {
            "as it was": lambda deal: None,
            "other source": lambda deal: deal.write(
                {"source_id": self.env["utm.source"].create({"name": "Fair"}).id}
            ),
            "other stage": lambda deal: deal.write({"stage_id": self.needs.id}),
            "other tag": lambda deal: deal.write({"tag_ids": [(4, tag.id)]}),
        }
        for mode in ("fixed", "learned", "own"):
            self.teams.probability_mode = mode
            for edit, change in edits.items():
                for way, bring_back in ways.items():
                    with self.subTest(mode=mode, edit=edit, way=way):
                        deal = self.make_deal()
                        deal.action_set_lost()
                        self.env.flush_all()
                        change(deal)
                        self.env.flush_all()
                        bring_back(deal)
                        self.assertEqual(deal.won_status, "pending")
                        self.assertTrue(deal.is_automated_probability)
                        self.assertAlmostEqual(
                            deal.probability, deal.automated_probability
                        )
                        if mode != "learned":
                            self.assertEqual(
                                deal.probability, deal.stage_id.default_probability
                            )

    def test_a_changed_stage_changes_its_automatic_open_deals(self):
        """As a set; lost, won and own values stay."""
        open_deals = self.make_deal("A") | self.make_deal("B")
        own = self.make_deal("Own")
        own.probability = 35
        lost = self.make_deal("Lost")
        lost.action_set_lost(lost_reason_id=self.lost_reason.id)
        learned = self.make_deal("Learned", team_id=self.other_team.id)
        self.other_team.probability_mode = "learned"
        before = learned.probability
        self.first.default_probability = 15
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(open_deals.mapped("probability"), [15, 15])
        self.assertEqual(
            (own.probability, lost.probability, learned.probability), (35, 0, before)
        )
        self.assertEqual(own.automated_probability, 15)

    def test_a_changed_stage_costs_no_query_each(self):
        self._requery(2)
        one = self._requery(1)
        self.assertLessEqual(self._requery(60), one + 4)

    def _requery(self, count):
        stage = self.make_stage(f"Stage {count}", 2, 20)
        for number in range(count):
            self.make_deal(f"D{number}", stage)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        stage.default_probability = 21
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_team_that_changes_its_mind_takes_its_deals_along(self):
        deal = self.make_deal()
        own = self.make_deal()
        own.probability = 35
        self.set_mode("learned")
        self.assertEqual(deal.probability, deal.learned_probability)
        self.assertEqual(own.probability, 35)
        self.set_mode("fixed")
        self.assertEqual(deal.probability, 10)

    def test_deals_without_a_team_use_the_setting(self):
        parameters = self.env["ir.config_parameter"]
        key = "crm_sales_process.probability_mode"
        stage = self.make_stage("All", 1, 25)
        stage.team_ids = False
        parameters.set_param(key, "fixed")
        deal = self.make_deal(stage=stage, user_id=False, team_id=False)
        self.assertEqual(deal.probability, 25)
        parameters.set_param(key, "learned")
        self.assertEqual(self.env["crm.team"].new({}).probability_mode, "learned")
        parameters.set_param(key, "nonsense")
        self.assertEqual(self.env["crm.team"].new({}).probability_mode, "fixed")

    def test_the_form_shows_what_will_be_stored(self):
        """Before saving, as the stage is changed."""
        with Form(
            self.env["crm.lead"].with_context(default_type="opportunity")
        ) as form:
            form.name = "New"
            form.user_id = self.rep
            form.team_id = self.team
            form.stage_id = self.offer
            self.assertEqual(form.probability, 60)
            self.assertEqual(form.fixed_probability, 60)
        self.assertEqual(form.record.probability, 60)

    def test_odoos_tooltip_does_not_reset_the_probability(self):
        """It writes what it is told back into the lead: the imposed value, and the
        one that is there when there is nothing to tell."""
        deal = self.make_deal(stage=self.offer)
        deal.prepare_pls_tooltip_data()
        self.assertEqual((deal.probability, deal.automated_probability), (60, 60))
        self.env["crm.lead.scoring.frequency"].search([]).unlink()
        self.set_mode("learned")
        deal.prepare_pls_tooltip_data()
        self.assertEqual(deal.probability, 60)

    def test_nothing_to_judge_is_an_answer_as_well(self):
        """Odoo returns a bare dict then, which its own callers cannot unpack."""
        nothing = self.env["crm.lead"]
        self.assertEqual(nothing._pls_get_naive_bayes_probabilities(), ({}, {}))
        nothing._compute_probabilities()

    def test_a_stage_probability_is_a_percentage(self):
        for value in (-1, 101):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(Exception) as caught,
                self.env.cr.savepoint(),
            ):
                self.first.default_probability = value
                self.env.flush_all()
            self.assertIn("percentage", str(caught.exception))

    def test_odoo_still_guards_won_stages(self):
        deal = self.make_deal(stage=self.won)
        with self.assertRaises(ValidationError):
            deal.probability = 50


@tagged("post_install", "-at_install")
class TestProbabilityCheck(StageCommon):
    """How right the probabilities were, from the history. # S4, A16"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the first stage said 10 %, used 20 %, learned 40 %: one of two is won
        said = {
            "probability": 20,
            "fixed_probability": 10,
            "learned_probability": 40,
        }
        offer = {
            "probability": 60,
            "fixed_probability": 60,
            "learned_probability": 90,
        }
        cls.won_deal = cls.make_deal("W", cls.won, won_reason_id=cls.reason.id)
        cls.history(
            cls.won_deal,
            (cls.first, 0, 4, said),
            (cls.offer, 4, 6, offer),
            (cls.won, 10, None, {"probability": 100, "fixed_probability": 100}),
        )
        cls.lost_deal = cls.make_deal("L", cls.first)
        cls.lost_deal.action_set_lost(lost_reason_id=cls.lost_reason.id)
        cls.history(cls.lost_deal, (cls.first, 0, 2, said))
        cls.open_deal = cls.make_deal("O", cls.first)
        cls.history(cls.open_deal, (cls.first, 0, None, said))
        cls.env.flush_all()

    def check(self, **arguments):
        with self.calling_as(self.crm_admin) as env:
            data = env["crm.stage.report"].get_accuracy(
                team_id=self.team.id, months=0, **arguments
            )
        return data, {line["name"]: line for line in data["stages"]}

    def test_scores_by_hand(self):
        """First stage, one won, one lost: used (0.8² + 0.2²) / 2 = 0.34, the stage's
        (0.9² + 0.1²) / 2 = 0.41, learned (0.6² + 0.4²) / 2 = 0.26. Offer, one won:
        0.4² = 0.16 and 0.1² = 0.01."""
        _data, lines = self.check()
        self.assertEqual(
            (lines["First"]["count"], lines["First"]["won_share"]), (2, 0.5)
        )
        for source, expected in (
            ("probability", 0.34),
            ("fixed_probability", 0.41),
            ("learned_probability", 0.26),
        ):
            self.assertAlmostEqual(lines["First"]["brier"][source], expected)
        self.assertEqual(lines["First"]["best"], "learned_probability")
        self.assertAlmostEqual(lines["Offer"]["brier"]["probability"], 0.16)
        self.assertAlmostEqual(lines["Offer"]["brier"]["learned_probability"], 0.01)
        self.assertNotIn("Signed", lines)

    def test_pivot_agrees_with_the_screen(self):
        rows = self.env["crm.stage.report"]._read_group(
            [
                (
                    "lead_id",
                    "in",
                    (self.won_deal | self.lost_deal | self.open_deal).ids,
                ),
                ("stage_id", "=", self.first.id),
            ],
            ["entry_team_id"],
            ["brier:avg", "brier_fixed:avg", "brier_learned:avg", "won_share:avg"],
        )
        ((team, used, fixed, learned, won),) = rows
        self.assertEqual(team, self.team)
        self.assertAlmostEqual(used, 0.34)
        self.assertAlmostEqual(fixed, 0.41)
        self.assertAlmostEqual(learned, 0.26)
        self.assertEqual(won, 50)

    def test_reliability_by_hand(self):
        """Used: two deals at 20 %, one of them won; one at 60 %, won."""
        data, _lines = self.check()
        bands = data["reliability"]["probability"]
        self.assertEqual(
            [(b["lower"], b["count"], b["predicted"], b["happened"]) for b in bands],
            [(0.2, 2, 0.2, 0.5), (0.6, 1, 0.6, 1.0)],
        )

    def test_the_past_is_judged_not_today(self):
        """Neither a new probability of the stage nor a deal moved on changes what was
        said when it entered."""
        before, _lines = self.check()
        self.first.default_probability = 77
        self.open_deal.stage_id = self.offer
        self.env.flush_all()
        after, lines = self.check()
        self.assertEqual(before["reliability"], after["reliability"])
        self.assertAlmostEqual(lines["First"]["brier"]["fixed_probability"], 0.41)
        self.assertEqual(lines["First"]["fixed"], 0.77)

    def test_what_was_not_recorded_is_not_judged(self):
        """Stays rebuilt at installation have no probabilities; a learned one of 0
        means that there was none."""
        self.env.cr.execute(
            "UPDATE crm_lead_stage_move SET probability = NULL, fixed_probability ="
            " NULL, learned_probability = 0 WHERE lead_id = %s",
            [self.lost_deal.id],
        )
        _data, lines = self.check()
        self.assertAlmostEqual(lines["First"]["brier"]["probability"], 0.64)
        self.assertAlmostEqual(lines["First"]["brier"]["learned_probability"], 0.36)
        self.assertEqual(lines["First"]["count"], 2)

    def _many_closed(self, stage, won, lost):
        values = {"probability": 60, "fixed_probability": 60}
        for number in range(won + lost):
            deal = self.make_deal(f"C{number}", self.won if number < won else stage)
            if number >= won:
                deal.action_set_lost(lost_reason_id=self.lost_reason.id)
            self.history(deal, (stage, 0, 3, values))
        self.env.flush_all()
        self.env.invalidate_all()

    def test_a_stage_that_is_far_off_warns_and_takes_the_measured_value(self):
        """Six won of 24 against 60 %: one click makes it 25 %, in the open deals as
        well."""
        stage = self.make_stage("Off", 2, 60)
        self._many_closed(stage, 6, 18)
        deal = self.make_deal(stage=stage)
        stage = stage.with_user(self.crm_admin)
        self.assertEqual((stage.measured_count, stage.measured_probability), (24, 25))
        self.assertTrue(stage.is_probability_off)
        stage.action_use_measured_probability()
        self.assertEqual((stage.default_probability, deal.probability), (25, 25))
        self.env.invalidate_all()
        self.assertFalse(stage.is_probability_off)

    def test_few_deals_do_not_warn(self):
        stage = self.make_stage("Few", 2, 60)
        self._many_closed(stage, 1, 9)
        self.assertFalse(stage.is_probability_off)

    def test_a_rep_may_look_but_not_change(self):
        with self.calling_as(self.rep) as env:
            data = env["crm.stage.report"].get_accuracy(months=0)
            self.assertFalse(data["can_change"])
            with self.assertRaises(AccessError):
                env["crm.stage"].browse(self.first.id).action_use_measured_probability()
