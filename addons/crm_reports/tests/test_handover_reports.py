"""# C14 A11: reports that are sent go on being sent, in somebody else's name."""

from odoo import Command
from odoo.tests import tagged

from .common import ReportsCommon


@tagged("post_install", "-at_install")
class TestHandoverReports(ReportsCommon):
    def test_a_subscription_is_somebody_elses(self):
        mail = (
            self.env["crm.report.subscription"]
            .with_user(self.manager)
            .create(
                {
                    "dashboard": "rep",
                    "period": "this_month",
                    "user_ids": self.rep.ids,
                }
            )
        )
        handover = (
            self.env["crm.handover"]
            .with_user(self.crm_admin)
            .create(
                {
                    "person_id": self.manager.id,
                    "receiver_ids": [
                        Command.create({"user_id": self.other_manager.id})
                    ],
                }
            )
        )
        handover.action_start()
        self.assertFalse(handover.stuck_count, handover.move_ids.mapped("reason"))
        self.assertEqual(mail.owner_id, self.other_manager)
        handover.action_rollback()
        self.assertEqual(mail.owner_id, self.manager)
