from odoo.tests import HttpCase, tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketTour(TicketCommon, HttpCase):
    """# V1 V3 V5: the day of agent and technician, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.agent, cls.technician):
            user.password = user.login

    def test_a_ticket_is_answered_handed_over_and_solved(self):
        """# V1 V3: by mail in, two people, a few clicks each."""
        ticket = self.receive(Subject="Tour sensor drifts")
        self.start_tour(
            "/odoo/tickets", "crm_service_ticket_agent", login=self.agent.login
        )
        self.assertEqual(ticket.user_id, self.technician)
        self.assertTrue(ticket.first_response_date)
        answer = ticket.message_ids.filtered(lambda m: "serial number" in m.body)
        self.assertIn(self.contact, answer.notified_partner_ids)
        self.start_tour(
            f"/odoo/tickets/{ticket.id}",
            "crm_service_ticket_technician",
            login=self.technician.login,
        )
        self.assertEqual(ticket.state, "resolved")
