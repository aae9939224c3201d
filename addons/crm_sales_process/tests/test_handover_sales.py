"""# C14: milestones, approvals and rules go to others with the deals."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .test_lead_approval import ApprovalCommon


@tagged("post_install", "-at_install")
class TestHandoverSales(ApprovalCommon):
    def handover(self, person, receiver):
        handover = (
            self.env["crm.handover"]
            .with_user(self.crm_admin)
            .create(
                {
                    "person_id": person.id,
                    "receiver_ids": [Command.create({"user_id": receiver.id})],
                }
            )
        )
        handover.action_start()
        self.assertEqual(handover.state, "done")
        return handover

    def left(self, handover):
        return {
            move.line_id.key: move.reason
            for move in handover.move_ids
            if move.state == "left"
        }

    def test_a_milestone_goes_with_its_deal_reminder_and_all(self):
        deal = self.make_lead("Small", self.rep, expected_revenue=10)
        milestone = self.env["crm.lead.milestone"].create(
            {
                "name": "Trial",
                "lead_id": deal.id,
                "date": self.env.company._today() + timedelta(days=1),
                "user_id": self.rep.id,
            }
        )
        milestone._remind_due()
        self.assertTrue(milestone.activity_id)
        handover = self.handover(self.rep, self.colleague)
        self.assertEqual(milestone.user_id, self.colleague)
        self.assertEqual(milestone.activity_id.user_id, self.colleague)
        self.assertFalse(self.left(handover))
        self.assertNotIn("activities", handover.line_ids.mapped("key"))
        handover.action_rollback()
        self.assertEqual(milestone.user_id, self.rep)
        self.assertEqual(milestone.activity_id.user_id, self.rep)

    def test_the_history_of_stages_shows_the_change_of_person(self):
        """What was before stays with who did it; what comes is the receiver's."""
        first, second, third = self.env["crm.stage"].create(
            [{"name": name, "sequence": 50} for name in ("One", "Two", "Three")]
        )
        deal = self.make_lead("Handed over", self.rep, stage_id=first.id)
        deal.stage_id = second
        handover = self.handover(self.rep, self.colleague)
        deal.stage_id = third
        stays = deal.stage_move_ids.sorted("date_entered, id")
        self.assertEqual(stays.stage_id, first | second | third)
        people = [stay.user_id for stay in stays]
        self.assertEqual(people, [self.rep, self.rep, self.colleague])
        handover.action_rollback()
        self.assertEqual(deal.user_id, self.rep)
        self.assertEqual([stay.user_id for stay in stays], people)

    def test_approvals_wait_for_who_leads_the_team_now(self):
        self.ask()
        request = self.lead.approval_ids
        self.assertEqual(request.approver_id, self.manager)
        handover = self.handover(self.manager, self.colleague)
        self.assertFalse(self.left(handover))
        self.assertEqual(self.team.user_id, self.colleague)
        self.assertEqual(request.approver_id, self.colleague)
        kind = self.env.ref("crm_sales_process.activity_approval")
        activity = self.lead.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )
        self.assertEqual(activity.user_id, self.colleague)
        request.with_user(self.colleague).action_approve()

    def test_a_request_waits_for_nobody_who_may_not_decide(self):
        self.ask()
        handover = self.handover(self.manager, self.other_rep)
        handover.action_rollback()
        self.assertEqual(self.lead.approver_id, self.manager)
        self.env["crm.handover"].search([]).unlink()
        again = (
            self.env["crm.handover"]
            .with_user(self.crm_admin)
            .create(
                {
                    "person_id": self.manager.id,
                    "reason": "absent",
                    "receiver_ids": [Command.create({"user_id": self.other_rep.id})],
                }
            )
        )
        posts = again.line_ids.filtered(lambda line: line.key == "teams")
        posts.way = "leave"
        again.action_start()
        self.assertIn("may not decide", self.left(again)["approvals"])
        self.assertEqual(self.lead.approver_id, self.manager)

    def test_a_deal_that_waits_stays_until_it_is_decided(self):
        self.ask()
        handover = self.handover(self.rep, self.colleague)
        self.assertIn("waits for the approval", self.left(handover)["deals"])
        self.assertEqual(self.lead.user_id, self.rep)
        self.lead.approval_ids.with_user(self.manager).action_approve()
        handover.action_retry()
        self.assertEqual(self.lead.user_id, self.colleague)

    def test_rules_and_deputies_that_name_the_person(self):
        self.team.deputy_user_id = self.rep
        rule = self.env["crm.lead.assignment.rule"].create(
            {"name": "Rule", "target": "user", "user_id": self.rep.id}
        )
        self.handover(self.rep, self.colleague)
        self.assertEqual(self.team.deputy_user_id, self.colleague)
        self.assertEqual(rule.user_id, self.colleague)
