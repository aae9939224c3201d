"""# C14 V4: a ticket with a running clock changes hands, and the ledger says when."""

from odoo import Command
from odoo.tests import tagged

from .common import SlaCommon, moment


@tagged("post_install", "-at_install")
class TestHandoverSla(SlaCommon):
    def start(self, person, receiver):
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
        self.assertFalse(handover.stuck_count, handover.move_ids.mapped("reason"))
        return handover

    def test_the_ledger_shows_the_change_of_person(self):
        with moment(2, 9):
            ticket = self.make_ticket("Drift", self.contact, user_id=self.agent.id)
        with moment(2, 11):
            handover = self.start(self.agent, self.technician)
        with moment(2, 12):
            self.wait(ticket)
        self.assertEqual(
            self.ledger(ticket),
            [("working", 120, self.agent), ("working", 60, self.technician)],
        )
        self.assertAddsUp(ticket)
        with moment(2, 14):
            handover.action_rollback()
        self.assertEqual(ticket.user_id, self.agent)
        self.assertAddsUp(ticket)

    def test_rules_of_the_desk_name_somebody_else(self):
        step = self.env["crm.service.sla.step"].create(
            {
                "policy_id": self.policy.id,
                "target": "person",
                "user_id": self.technician.id,
            }
        )
        rule = self.env["crm.service.escalation.rule"].create(
            {"name": "Late", "minutes": 60, "user_id": self.technician.id}
        )
        self.service.user_id = self.technician
        self.start(self.technician, self.agent)
        self.assertEqual((step | step).user_id, self.agent)
        self.assertEqual(rule.user_id, self.agent)
        self.assertEqual(self.service.user_id, self.agent)
