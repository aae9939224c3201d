from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from odoo.addons.crm_sales_process.exceptions import ClosingReasonMissing

from .stage_common import StageCommon


@tagged("post_install", "-at_install")
class TestClosing(StageCommon):
    """A deal is closed for a reason. # S10"""

    def deal(self, **values):
        return self.make_deal(**values).with_user(self.rep)

    def test_no_deal_is_won_without_a_reason(self):
        """By drag, form, RPC, mass edit, creation or the server's own method."""
        leads = self.env["crm.lead"].with_user(self.rep)
        new = {
            "name": "New",
            "type": "opportunity",
            "team_id": self.team.id,
            "stage_id": self.won.id,
        }
        ways = {
            "write": lambda: self.deal().write({"stage_id": self.won.id}),
            "action": lambda: self.deal().action_set_won(),
            "many": lambda: (self.deal() | self.deal()).write(
                {"stage_id": self.won.id}
            ),
            "create": lambda: leads.create(new),
        }
        for name, way in ways.items():
            with (
                self.subTest(name),
                self.assertRaises(ClosingReasonMissing),
                self.env.cr.savepoint(),
            ):
                way()

    def test_no_deal_is_lost_without_a_reason(self):
        """Nor archived with a probability of 0, which is the same."""
        at_zero = self.deal()
        at_zero.probability = 0
        ways = {
            "action": lambda: self.deal().action_set_lost(),
            "write": lambda: self.deal().write({"active": False, "probability": 0}),
            "archive": lambda: at_zero.action_archive(),
        }
        for name, way in ways.items():
            with (
                self.subTest(name),
                self.assertRaises(ClosingReasonMissing),
                self.env.cr.savepoint(),
            ):
                way()

    def test_the_refusal_tells_the_web_client_what_to_ask(self):
        """The wizard, the deals and the stage they were dragged to."""
        deal = self.deal()
        with self.assertRaisesRegex(ClosingReasonMissing, "Deal") as caught:
            deal.stage_id = self.won
        self.assertEqual(
            caught.exception.context,
            {
                "wizard": "crm_sales_process.crm_lead_won_action",
                "lead_ids": deal.ids,
                "stage_id": self.won.id,
            },
        )

    def test_archiving_is_not_losing(self):
        deal = self.deal()
        deal.action_archive()
        self.assertEqual(deal.won_status, "pending")

    def test_with_a_reason_it_is_closed(self):
        won, lost = self.deal(), self.deal()
        won.write({"stage_id": self.won.id, "won_reason_id": self.reason.id})
        lost.probability = 0
        lost.action_set_lost(
            lost_reason_id=self.lost_reason.id, competitor_id=self.competitor.id
        )
        self.assertEqual((won.won_status, lost.won_status), ("won", "lost"))
        self.assertEqual(lost.competitor_id, self.competitor)

    def test_who_is_closed_stays_editable(self):
        """Deals closed before, without a reason, can still be written to."""
        deal = self.make_deal(stage=self.won).with_user(self.rep)
        deal.write({"stage_id": self.won.id, "expected_revenue": 7})
        self.assertEqual(deal.expected_revenue, 7)

    def test_a_company_can_do_without(self):
        self.env.company.is_closing_reason_required = False
        deals = self.deal() | self.deal()
        deals[0].stage_id = self.won
        deals[1].action_set_lost()
        self.assertEqual(deals.mapped("won_status"), ["won", "lost"])

    def test_the_system_is_not_held_up(self):
        deal = self.make_deal()
        deal.action_set_won()
        self.assertEqual(deal.won_status, "won")

    def test_the_wizard_takes_reason_and_competitor(self):
        """And congratulates."""
        deal = self.deal()
        wizard = (
            self.env["crm.lead.won"]
            .with_user(self.rep)
            .create(
                {
                    "lead_ids": [Command.set(deal.ids)],
                    "won_reason_id": self.reason.id,
                    "competitor_id": self.competitor.id,
                }
            )
        )
        answer = wizard.action_apply()
        self.assertEqual(answer["effect"]["type"], "rainbow_man")
        self.assertRecordValues(
            deal,
            [
                {
                    "won_status": "won",
                    "stage_id": self.won.id,
                    "won_reason_id": self.reason.id,
                    "competitor_id": self.competitor.id,
                }
            ],
        )

    def test_the_wizard_wins_in_the_stage_asked_for(self):
        second = self.make_stage("Paid", 5, 100, is_won=True)
        deals = self.deal() | self.deal()
        self.env["crm.lead.won"].with_user(self.rep).create(
            {
                "lead_ids": [Command.set(deals.ids)],
                "stage_id": second.id,
                "won_reason_id": self.reason.id,
            }
        ).action_apply()
        self.assertEqual(deals.stage_id, second)

    def test_the_lost_wizard_takes_reason_and_competitor(self):
        deal = self.deal()
        self.env["crm.lead.lost"].with_user(self.rep).create(
            {
                "lead_ids": [Command.set(deal.ids)],
                "lost_reason_id": self.lost_reason.id,
                "competitor_id": self.competitor.id,
            }
        ).action_lost_reason_apply()
        self.assertEqual(
            (deal.won_status, deal.lost_reason_id, deal.competitor_id),
            ("lost", self.lost_reason, self.competitor),
        )

    def test_the_day_of_closing_is_the_day_it_was_won_or_lost(self):
        """# A4 S10: whatever is done with it afterwards: put away, brought back, set
        won or lost again, moved between won stages."""
        second = self.make_stage("Paid", 105, 100, is_won=True)
        with freeze_time("2026-06-10 02:00:00"):
            won, lost = self.make_deal(), self.make_deal()
            won.action_set_won()
            lost.action_set_lost()
        june = datetime(2026, 6, 10, 2)
        self.assertEqual(won.date_closed, june)
        again = {
            "archived": lambda: (won | lost).action_archive(),
            "written": lambda: (won | lost).write({"active": False}),
            "set again": lambda: (won.write({"probability": 100}),
                                  lost.action_set_lost()),
            "won again": won.action_set_won,
            "in another won stage": lambda: won.write({"stage_id": second.id}),
            "given to somebody": lambda: (won | lost).write(
                {"user_id": self.colleague.id, "active": False}
            ),
        }  # fmt: skip
        for name, way in again.items():
            with self.subTest(name), freeze_time("2026-09-20 02:00:00"):
                way()
                self.assertEqual((won.won_status, lost.won_status), ("won", "lost"))
                self.assertEqual(won.date_closed, june)
                self.assertEqual(lost.date_closed, june)
        with freeze_time("2026-10-01 02:00:00"):
            lost.action_unarchive()
            lost.action_set_won()
            self.assertEqual(lost.date_closed, datetime(2026, 10, 1, 2))

    def test_what_was_put_away_and_is_lost_later_is_lost_later(self):
        """# S10: on the day of the decision, not of tidying up."""
        with freeze_time("2026-06-10 02:00:00"):
            deal = self.make_deal()
            deal.action_archive()
        with freeze_time("2026-09-20 02:00:00"):
            deal.action_set_lost()
        self.assertEqual(deal.date_closed, datetime(2026, 9, 20, 2))

    def test_days_that_were_moved_are_put_right_once(self):
        """# O5: what a former version dated to the day a won deal was put away."""
        with freeze_time("2026-06-10 02:00:00"):
            deal, open_one = self.make_deal(), self.make_deal()
            deal.action_set_won()
            self.env.flush_all()
        with freeze_time("2026-09-20 02:00:00"):
            deal.action_archive()
            open_one.action_archive()
            self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET date_closed = '2026-09-20 02:00:00' WHERE id = %s",
            (deal.id,),
        )
        script = load_script(
            file_path("crm_sales_process/migrations/19.0.1.1.0/post-closing_day.py"),
            "closing_day",
        )
        for _time in range(2):
            script.migrate(self.env.cr, "19.0.1.0.1")
        self.env.invalidate_all()
        self.assertEqual(deal.date_closed, datetime(2026, 6, 10, 2))
        self.assertEqual(open_one.date_closed, datetime(2026, 9, 20, 2))

    def test_a_deal_that_is_open_again_has_no_reason(self):
        deal = self.deal()
        deal.write({"stage_id": self.won.id, "won_reason_id": self.reason.id})
        deal.stage_id = self.offer
        self.assertFalse(deal.won_reason_id)

    def test_a_reason_cannot_be_taken_away_afterwards(self):
        """The way round the question: close with a reason, then empty it."""
        won, lost = self.deal(), self.deal()
        won.write({"stage_id": self.won.id, "won_reason_id": self.reason.id})
        lost.action_set_lost(lost_reason_id=self.lost_reason.id)
        for deal, reason in ((won, "won_reason_id"), (lost, "lost_reason_id")):
            with (
                self.subTest(reason),
                self.assertRaises(ClosingReasonMissing),
                self.env.cr.savepoint(),
            ):
                deal.write({reason: False})
            self.assertTrue(deal[reason])
        better = self.reason.copy({"name": "Better"})
        won.won_reason_id = better
        self.assertEqual(won.won_reason_id, better)
        won.write({"stage_id": self.offer.id, "won_reason_id": False})
        lost.action_restore()
        self.assertEqual((won | lost).mapped("won_status"), ["pending"] * 2)

    def test_a_merged_deal_knows_the_competitor_of_the_other(self):
        """What is known of one is known of both."""
        first, second = self.deal(), self.deal(competitor_id=self.competitor.id)
        merged = (first | second)._merge_opportunity()
        self.assertEqual(merged.competitor_id, self.competitor)

    def test_a_copy_is_a_new_deal(self):
        deal = self.make_deal(stage=self.won, won_reason_id=self.reason.id)
        self.assertFalse(deal.copy().won_reason_id)

    def test_competitors_and_reasons_count_their_deals(self):
        """Each person counts what he or she may read."""
        lost = self.make_deal(competitor_id=self.competitor.id)
        lost.action_set_lost(lost_reason_id=self.lost_reason.id)
        self.make_deal(
            stage=self.won,
            competitor_id=self.competitor.id,
            won_reason_id=self.reason.id,
            user_id=self.other_rep.id,
            team_id=self.other_team.id,
        )
        self.env.flush_all()
        for user, won, deals in ((self.crm_admin, 1, 1), (self.rep, 0, 0)):
            self.env.invalidate_all()
            competitor = self.competitor.with_user(user)
            self.assertEqual((competitor.won_count, competitor.lost_count), (won, 1))
            self.assertEqual(self.reason.with_user(user).lead_count, deals)

    def test_access_table(self):
        """Reasons and checks are the manager's; a rep may name a new competitor."""
        rights = {
            "crm.won.reason": {"rep": "r", "crm_admin": "rwcu", "agent": "r"},
            "crm.competitor": {"rep": "rwc", "crm_admin": "rwcu", "agent": "r"},
            "crm.stage.requirement": {"rep": "r", "crm_admin": "rwcu", "agent": "r"},
            "crm.lead.stage.move": {"rep": "r", "crm_admin": "r", "agent": ""},
            "crm.stage.report": {"rep": "r", "crm_admin": "r", "agent": ""},
            "crm.conversion.report": {"rep": "r", "crm_admin": "r", "agent": ""},
            "crm.lead.won": {"rep": "rwc", "crm_admin": "rwc", "agent": ""},
            "crm.stage.merge": {"rep": "", "crm_admin": "rwc", "agent": ""},
        }
        letters = {"read": "r", "write": "w", "create": "c", "unlink": "u"}
        for model, roles in rights.items():
            for role, expected in roles.items():
                records = self.env[model].with_user(self.roles[role])
                found = "".join(
                    letter
                    for operation, letter in letters.items()
                    if records.has_access(operation)
                )
                self.assertEqual(found, expected, f"{model} {role}")

    def test_a_rep_changes_no_reason(self):
        with self.assertRaises(AccessError):
            self.reason.with_user(self.rep).name = "Mine"
