"""# C14: planned follow-ups go to others with their activities."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestHandoverFollowup(FollowupCommon):
    def test_a_planned_follow_up_goes_with_its_customer_and_back(self):
        customer = self.make_customer("Acme", self.rep)
        self.write_followup(
            customer,
            next_date=self.env.company._today() + timedelta(days=3),
        )
        task = self.open_tasks(customer)
        self.assertEqual(task.user_id, self.rep)
        handover = (
            self.env["crm.handover"]
            .with_user(self.manager)
            .create(
                {
                    "person_id": self.rep.id,
                    "receiver_ids": [Command.create({"user_id": self.colleague.id})],
                }
            )
        )
        self.assertNotIn("activities", handover.line_ids.mapped("key"))
        handover.action_start()
        self.assertFalse(handover.stuck_count, handover.move_ids.mapped("reason"))
        self.assertEqual(task.user_id, self.colleague)
        self.assertEqual(task.activity_id.user_id, self.colleague)
        handover.action_rollback()
        self.assertEqual(task.user_id, self.rep)
        self.assertEqual(task.activity_id.user_id, self.rep)

    def test_a_ladder_names_somebody_else(self):
        rule = self.make_rule(
            level_ids=[Command.create({"target": "user", "user_id": self.rep.id})]
        )
        self.env["crm.handover"].with_user(self.crm_admin).create(
            {
                "person_id": self.rep.id,
                "receiver_ids": [Command.create({"user_id": self.colleague.id})],
            }
        ).action_start()
        self.assertEqual(rule.level_ids.user_id, self.colleague)
