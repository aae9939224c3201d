from odoo.tests import HttpCase, tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestMailStory(TicketCommon, HttpCase):
    """# V2: in the browser: a stopped mail found by the service manager and made a
    ticket; spam closed, its sender blocked."""

    def walk(self, path, tour, user):
        user.password = user.login
        self.start_tour(path, tour, login=user.login)
        self.env.invalidate_all()

    def test_a_stopped_mail_is_found_and_made_a_ticket(self):
        """# V2"""
        self.receive(
            Subject="Tour pump leaks",
            Auto_Submitted="auto-replied",
            body="Hall three is under water.",
        )
        self.walk(
            "/odoo/tickets", "crm_service_ticket_stopped_mail", self.service_manager
        )
        row = self.env["crm.service.mail"].search([("subject", "=", "Tour pump leaks")])
        self.assertEqual((row.outcome, row.ticket_id.state), ("made", "pending"))
        self.assertIn("Hall three", row.ticket_id.description)

    def test_spam_is_closed_and_blocked(self):
        """# V2"""
        ticket = self.receive(
            Subject="Tour watches", From="eve@spam.example", body="Cheap watches"
        )
        path = f"/odoo/tickets/{ticket.id}"
        self.walk(path, "crm_service_ticket_spam", self.agent)
        self.assertEqual((ticket.is_spam, ticket.state), (True, "closed"))
        self.assertFalse(self.receive(From="eve@spam.example", Subject="Again"))
