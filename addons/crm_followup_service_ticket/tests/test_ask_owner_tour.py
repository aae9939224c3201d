from odoo.tests import HttpCase, tagged

from odoo.addons.crm_service_ticket.tests.common import TicketCommon


@tagged("post_install", "-at_install")
class TestAskOwnerTour(HttpCase, TicketCommon):
    """# V5: the agent and the owner, in the browser."""

    def test_an_agent_asks_and_the_owner_finds_it_in_my_day(self):
        """# V5 F3: press, type, ask; it stands on the ticket and in the owner's day."""
        ticket = self.make_ticket("Tour drift", self.contact)
        for user in (self.agent, self.rep):
            user.password = user.login
        self.start_tour(
            f"/odoo/tickets/{ticket.id}",
            "crm_followup_service_ticket_ask",
            login=self.agent.login,
        )
        activity = ticket.owner_activity_id
        self.assertEqual(activity.summary, f"{ticket.number} Wants two more sensors")
        self.assertEqual(activity.user_id, self.rep)
        # due today, or it would wait in the days to come
        activity.date_deadline = activity.create_date.date()
        self.start_tour(
            "/odoo/my-day", "crm_followup_service_ticket_answer", login=self.rep.login
        )
        self.assertEqual(ticket.owner_request_state, "done")
        self.assertIn("Quotation is sent", ticket.owner_request)
