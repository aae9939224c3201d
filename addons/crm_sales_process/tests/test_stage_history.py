from contextlib import suppress
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .stage_common import StageCommon

FROM = "2027-01-04 01:00:00"


@tagged("post_install", "-at_install")
class TestStageHistory(StageCommon):
    """One row per stay, exact whatever happens. # S5"""

    def make_old_deal(self, **values):
        with freeze_time(FROM):
            deal = self.make_deal(**values)
            self.env.flush_all()
        return deal

    def test_a_move_is_recorded_with_what_was_known(self):
        """Who, when, how long, amount and probabilities at entry."""
        deal = self.make_old_deal(expected_revenue=1000)
        with freeze_time("2027-01-06 01:00:30"):
            deal.with_user(self.rep).write(
                {"stage_id": self.offer.id, "expected_revenue": 1500}
            )
        self.assertRecordValues(
            self.stays(deal),
            [
                {
                    "stage_id": self.first.id,
                    "from_stage_id": False,
                    "entry": "created",
                    "ending": "moved",
                    "duration": 2 * 86400 + 30,
                    "expected_revenue": 1000,
                    "probability": 10,
                    "fixed_probability": 10,
                },
                {
                    "stage_id": self.offer.id,
                    "from_stage_id": self.first.id,
                    "entry": "moved",
                    "ending": False,
                    "duration": 0,
                    "expected_revenue": 1500,
                    "probability": 60,
                    "fixed_probability": 60,
                },
            ],
        )
        first, second = self.stays(deal)
        self.assertEqual(first.date_left, second.date_entered)
        self.assertEqual(second.previous_id, first)
        self.assertEqual(second.mover_id, self.rep)
        self.assertEqual((second.user_id, second.team_id), (self.rep, self.team))

    def test_what_was_known_does_not_change_later(self):
        deal = self.make_old_deal(expected_revenue=1000)
        deal.expected_revenue = 9
        deal.user_id = self.colleague
        self.first.default_probability = 25
        stay = self.stays(deal)
        self.assertEqual(
            (stay.expected_revenue, stay.fixed_probability, stay.user_id),
            (1000, 10, self.rep),
        )

    def test_a_mass_move_writes_only_what_moved(self):
        """Leads that are there already keep their stay."""
        deals = self.make_deal("A") | self.make_deal("B")
        there = self.make_deal("C", self.needs)
        (deals | there).write({"stage_id": self.needs.id})
        self.assertEqual([len(self.stays(deal)) for deal in deals], [2, 2])
        self.assertEqual(len(self.stays(there)), 1)

    def test_a_team_that_takes_the_stage_away_moves_the_deal(self):
        """The stage is computed from the team: such a move counts as well."""
        only_east = self.make_stage("East", 0, 20)
        only_east.team_ids = self.team
        deal = self.make_deal("A", only_east)
        deal.team_id = self.other_team
        self.assertEqual(self.stays(deal)[1].stage_id, deal.stage_id)
        self.assertNotEqual(deal.stage_id, only_east)

    def test_dragged_back_at_once_leaves_the_history_as_it_was(self):
        """Undo within a minute: the old stay goes on, the slip is marked."""
        deal = self.make_old_deal()
        with freeze_time("2027-01-05 01:00:00"):
            deal.stage_id = self.offer
            self.env.flush_all()
        with freeze_time("2027-01-05 01:00:20"):
            deal.stage_id = self.first
            self.env.flush_all()
        first, slip = self.stays(deal)
        self.assertFalse(first.date_left or first.ending or first.is_slip)
        self.assertTrue(slip.is_slip)
        with freeze_time("2027-01-06 01:00:00"):
            deal.stage_id = self.needs
        self.assertEqual(self.stays(deal)[0].duration, 2 * 86400)

    def test_moved_back_later_is_a_move(self):
        deal = self.make_old_deal()
        for day, stage in ((5, self.offer), (6, self.first)):
            with freeze_time(f"2027-01-0{day} 01:00:00"):
                deal.stage_id = stage
                self.env.flush_all()
        self.assertEqual(self.stays(deal).stage_id.ids, (self.first | self.offer).ids)
        self.assertEqual(len(self.stays(deal)), 3)

    def test_losing_and_restoring(self):
        """The time a deal is lost is no time in its stage."""
        deal = self.make_old_deal()
        with freeze_time("2027-01-05 01:00:00"):
            deal.action_set_lost(lost_reason_id=self.lost_reason.id)
            self.env.flush_all()
        with freeze_time("2027-01-09 01:00:00"):
            deal.action_restore()
            self.env.flush_all()
        self.assertRecordValues(
            self.stays(deal),
            [
                {"entry": "created", "ending": "closed", "duration": 86400},
                {"entry": "restored", "ending": False, "duration": 0},
            ],
        )
        self.assertEqual(self.stays(deal)[1].stage_id, self.first)

    def test_archiving_ends_the_stay(self):
        deal = self.make_deal()
        deal.action_archive()
        self.assertEqual(self.stays(deal).ending, "closed")
        deal.action_unarchive()
        self.assertEqual(self.stays(deal)[1].entry, "restored")

    def test_conversion_begins_the_pipeline(self):
        """Lead → opportunity in the same stage is a stay of its own."""
        lead = self.make_old_deal(type="lead")
        with freeze_time("2027-01-05 01:00:00"):
            lead.convert_opportunity(self.env["res.partner"])
        self.assertRecordValues(
            self.stays(lead),
            [
                {"lead_type": "lead", "ending": "converted", "duration": 86400},
                {"lead_type": "opportunity", "ending": False, "duration": 0},
            ],
        )

    def test_merging_keeps_the_history_of_the_one_that_stays(self):
        """The rows of the merged doubles go with them, so nothing counts twice."""
        head = self.make_deal("A", self.offer)
        tail = self.make_deal("B")
        kept = (head | tail).merge_opportunity()
        self.assertEqual(kept, head)
        stays = self.env["crm.lead.stage.move"].search(
            [("lead_id", "in", (head | tail).ids)]
        )
        self.assertEqual(stays.stage_id, self.offer)

    def test_a_deal_of_the_past_has_been_in_its_stage(self):
        """Entered as lost already: a stay of no time, and no open one."""
        deal = self.make_deal(active=False, probability=0)
        self.assertRecordValues(self.stays(deal), [{"ending": "closed", "duration": 0}])

    def test_a_history_from_elsewhere_says_how_long_it_stands(self):
        """# S5: a deal brought in with its past is seen to stand still."""
        self.first.rotting_threshold_days = 14
        deal = self.make_deal()
        with freeze_time(FROM):
            entered = datetime(2026, 11, 1, 8)
            deal._replace_stage_history([(self.first.id, entered, {})])
            self.assertEqual(deal.date_last_stage_update, entered)
            self.assertTrue(deal.is_rotting)

    def test_a_clock_put_back_does_not_break_the_history(self):
        deal = self.make_deal()
        with freeze_time("2020-01-01"):
            deal.stage_id = self.needs
            self.env.flush_all()
        self.assertEqual([stay.duration for stay in self.stays(deal)], [0, 0])

    def test_a_stage_with_history_is_merged_instead_of_deleted(self):
        deal = self.make_deal("A", self.needs)
        deal.stage_id = self.offer
        with self.assertRaisesRegex(UserError, "Needs.*Merge"):
            self.needs.unlink()

    def test_merging_stages_takes_deals_and_history_along(self):
        deal = self.make_deal("A", self.needs)
        moved = self.make_deal("B", self.needs)
        moved.stage_id = self.offer
        before = len(self.stays(deal) | self.stays(moved))
        self.env["crm.stage.merge"].create(
            {"stage_ids": self.needs.ids, "target_id": self.first.id}
        ).action_merge()
        self.assertFalse(self.needs.exists())
        self.assertEqual(deal.stage_id, self.first)
        self.assertEqual(deal.probability, 10)
        stays = self.stays(deal) | self.stays(moved)
        self.assertEqual(len(stays), before)
        self.assertEqual(stays.stage_id, self.first | self.offer)

    def test_stages_are_merged_with_their_like(self):
        wizard = self.env["crm.stage.merge"]
        for stages, target in ((self.needs, self.won), (self.needs, self.needs)):
            with self.assertRaises(UserError):
                wizard.create(
                    {"stage_ids": stages.ids, "target_id": target.id}
                ).action_merge()

    def test_a_manager_without_the_right_merges_no_stages(self):
        with self.assertRaises(AccessError):
            self.env["crm.stage.merge"].with_user(self.manager).create(
                {"stage_ids": self.needs.ids, "target_id": self.first.id}
            )

    def _rows(self, deals):
        """Number of rows in the database, asked past the ORM."""
        self.env.cr.execute(
            "SELECT count(*) FROM crm_lead_stage_move WHERE lead_id IN %s",
            [tuple(deals.ids)],
        )
        return self.env.cr.fetchone()[0]

    def test_moves_one_by_one_are_written_as_a_set(self):
        """Odoo converts and assigns in loops: the history is written once, before
        the commit. # A14"""
        deals = self.make_deal("A") | self.make_deal("B") | self.make_deal("C")
        self.env.cr.flush()
        for deal in deals:
            deal.stage_id = self.offer
        self.assertEqual(self._rows(deals), 3)
        self.env.cr.flush()
        self.assertEqual(self._rows(deals), 6)
        queries = self.env.cr.sql_log_count
        self.env["crm.lead.stage.move"]._write_pending()
        self.assertEqual(self.env.cr.sql_log_count, queries)

    def test_whoever_reads_the_history_sees_the_latest_move(self):
        """By the deal, by a search, by a report, or by a stay at hand."""
        moves = self.env["crm.lead.stage.move"]
        deal = self.make_deal()
        first = deal.stage_move_ids
        self.assertFalse(first.date_left)
        deal.stage_id = self.needs
        self.assertTrue(first.date_left)
        self.assertEqual(first.ending, "moved")
        with freeze_time("2030-01-01"):
            deal.stage_id = self.offer
        self.assertEqual(len(deal.stage_move_ids), 3)
        self.make_deal("B").stage_id = self.needs
        self.assertEqual(moves.search_count([("lead_id.name", "=", "B")]), 2)
        deal.action_archive()
        moves.flush_model()
        self.env.cr.execute(
            "SELECT count(*) FROM crm_lead_stage_move"
            " WHERE lead_id = %s AND date_left IS NULL",
            [deal.id],
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_what_follows_in_the_same_transaction_changes_no_stay(self):
        """Amount, probability and the stage's probability are those at entry."""
        deal = self.make_old_deal(expected_revenue=1000)
        deal.stage_id = self.offer
        deal.expected_revenue = 7
        deal.probability = 33
        self.offer.default_probability = 44
        stay = deal.stage_move_ids.sorted("id")[1]
        self.assertEqual(
            (stay.expected_revenue, stay.probability, stay.fixed_probability),
            (1000, 60, 60),
        )

    def test_a_team_that_takes_a_stage_away_leaves_the_stay_before_exact(self):
        """Two moves of one transaction are two stays with their own probability."""
        only_east = self.make_stage("East", 0, 20)
        only_east.team_ids = self.team
        deal = self.make_deal("A")
        deal.stage_id = only_east
        deal.team_id = self.other_team
        stays = self.stays(deal)
        self.assertEqual(stays[1].stage_id, only_east)
        self.assertEqual(stays[1].probability, 20)
        self.assertEqual(stays[2].stage_id, deal.stage_id)

    def test_a_lead_deleted_at_once_has_no_history(self):
        gone = self.make_deal("Gone")
        kept = self.make_deal("Kept")
        ids = (gone | kept).ids
        gone.unlink()
        self.env.cr.flush()
        found = self.env["crm.lead.stage.move"].search([("lead_id", "in", ids)])
        self.assertEqual(found.lead_id, kept)

    def test_what_odoo_has_just_learned_is_not_asked_a_second_time(self):
        """The history takes it from the computation of the deal's own probability."""
        lead_class = self.env.registry["crm.lead"]
        with patch.object(
            lead_class, "_learned_probabilities", side_effect=AssertionError
        ):
            deal = self.make_deal(email_from="a@b.example")
            deal.stage_id = self.offer
            stays = self.stays(deal)
        deal.invalidate_recordset()
        self.assertEqual(len(stays), 2)
        self.assertEqual(stays[1].learned_probability, deal.learned_probability)

    def test_a_move_rolled_back_is_forgotten(self):
        deal = self.make_deal()
        self.env.cr.flush()
        with suppress(ZeroDivisionError), self.env.cr.savepoint():
            deal.stage_id = self.offer
            raise ZeroDivisionError
        self.env.cr.flush()
        self.assertEqual(len(self.stays(deal)), 1)
        self.assertFalse(self.stays(deal).date_left)

    def test_an_import_that_was_only_tried_has_no_history(self):
        """It is rolled back without Odoo forgetting what follows before the commit."""
        attempt = self.env.cr.savepoint(flush=False)
        deal = self.make_deal()
        attempt.close(rollback=True)
        self.env.invalidate_all(flush=False)
        self.env["crm.lead.stage.move"]._write_pending()
        self.assertFalse(deal.exists())

    def test_a_write_that_moves_nothing_costs_nothing(self):
        """Same stage, same salesperson: no query of the history."""
        deal = self.make_deal()
        self.env.cr.flush()
        before = deal._places()
        queries = self.env.cr.sql_log_count
        deal._continue_history(before)
        self.env["crm.lead.stage.move"]._write_pending()
        self.assertEqual(self.env.cr.sql_log_count, queries)

    def test_moves_cost_no_query_each(self):
        """Fifty moves cost as many queries of ours as one: Odoo's own cost per record
        is measured with a change it tracks in the same way, and taken off."""
        one = self._extra_queries(1)
        self.assertLessEqual(self._extra_queries(50), one + 3)

    def _extra_queries(self, count):
        """Queries of a move of ``count`` deals that are spent on the history."""
        deals = self.env["crm.lead"].union(
            *(self.make_deal(f"D{n}") for n in range(count))
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = deals._places()
        for deal in deals:
            deal.stage_id = self.needs  # recorded here; the second time is measured
        self.env["crm.lead.stage.move"]._write_pending()
        self.env.flush_all()
        after_first = {
            lead_id: state._replace(stage=self.first.id)
            for lead_id, state in deals._places().items()
        }
        self.assertEqual(set(before.values()), set(after_first.values()))
        self.env.cr.execute(
            "UPDATE crm_lead_stage_move SET date_entered = date_entered - interval"
            " '1 day', date_left = date_left - interval '1 day' WHERE lead_id IN %s",
            [tuple(deals.ids)],
        )
        self.env.invalidate_all()
        queries = self.env.cr.sql_log_count
        deals._continue_history(after_first)
        self.env["crm.lead.stage.move"]._write_pending()
        self.env.flush_all()
        return self.env.cr.sql_log_count - queries


@tagged("post_install", "-at_install")
class TestStageHistoryAccess(StageCommon):
    """Nobody writes history; who reads the lead reads it. # S5, G1"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.make_deal("Mine")
        cls.foreign = cls.make_deal(
            "Foreign", user_id=cls.other_rep.id, team_id=cls.other_team.id
        )
        cls.nobodys = cls.make_deal("Nobody's", user_id=False, team_id=False)
        cls.deals = cls.mine | cls.foreign | cls.nobodys
        cls.env.flush_all()

    def test_history_is_written_by_the_system_only(self):
        """Not by the administrator either."""
        for user in (self.rep, self.manager, self.crm_admin):
            moves = self.env["crm.lead.stage.move"].with_user(user)
            stay = moves.search([("lead_id", "=", self.mine.id)])
            values = {
                "lead_id": self.mine.id,
                "lead_type": "opportunity",
                "entry": "moved",
                "date_entered": "2026-01-01",
            }
            for refused in (
                lambda stay=stay: stay.write({"probability": 99}),
                lambda stay=stay: stay.unlink(),
                lambda moves=moves, values=values: moves.create(values),
            ):
                with self.assertRaises(AccessError):
                    refused()

    def test_who_reads_the_lead_reads_its_history(self):
        """The same leads for every role, in history and reports."""
        sources = {
            "crm.lead.stage.move": "lead_id",
            "crm.stage.report": "lead_id",
            "crm.conversion.report": "lead_id",
        }
        for role in ("rep", "colleague", "other_rep", "manager", "crm_admin"):
            user = self.roles[role]
            leads = self.env["crm.lead"].with_user(user)
            expected = leads.search([("id", "in", self.deals.ids)])
            for model, field in sources.items():
                with self.subTest(role=role, model=model), self.calling_as(user) as env:
                    found = env[model].search([(field, "in", self.deals.ids)])
                    self.assertEqual(set(found.lead_id.ids), set(expected.ids))
                    grouped = env[model]._read_group(
                        [(field, "in", self.deals.ids)], [field], ["__count"]
                    )
                    self.assertEqual(len(grouped), len(expected))

    def test_who_has_no_leads_has_no_history(self):
        for role in ("plain", "agent", "marketing"):
            for model in (
                "crm.lead.stage.move",
                "crm.stage.report",
                "crm.conversion.report",
            ):
                with self.subTest(role=role, model=model):
                    records = self.env[model].with_user(self.roles[role])
                    with self.assertRaises(AccessError):
                        records.search([])

    def test_screens_count_only_what_one_may_read(self):
        """The funnel of a rep has own deals only."""
        own = self.env["crm.stage.report"].with_user(self.rep).get_funnel(months=0)
        team = own["deals"]
        self.make_deal("More", user_id=self.other_rep.id, team_id=self.other_team.id)
        again = self.env["crm.stage.report"].with_user(self.rep).get_funnel(months=0)
        self.assertEqual(again["deals"], team)

    def test_other_companies_stay_apart(self):
        other = self.env["res.company"].create({"name": "Other company"})
        lead = self.make_deal("Elsewhere", user_id=False, team_id=False)
        lead.company_id = other
        with self.calling_as(self.crm_admin) as env:
            for model in ("crm.lead.stage.move", "crm.stage.report"):
                self.assertFalse(env[model].search([("lead_id", "=", lead.id)]))
