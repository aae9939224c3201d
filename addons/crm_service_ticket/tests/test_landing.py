from odoo.tests import HttpCase, tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestLanding(TicketCommon, HttpCase):
    """# V1: who serves customers begins in the queue."""

    def home_of(self, user):
        """The action a person begins with; False: the first menu."""
        user.password = user.login
        self.authenticate(user.login, user.login)
        info = self.make_jsonrpc_request("/web/session/get_session_info", {})
        return info["home_action_id"]

    def test_agents_begin_in_the_queue(self):
        queue = self.env.ref("crm_service_ticket.action_ticket")
        for user in (self.agent, self.technician, self.service_manager):
            with self.subTest(user=user.login):
                self.assertEqual(self.home_of(user), queue.id)

    def test_sellers_and_those_with_a_wish_of_their_own_do_not(self):
        self.assertFalse(self.home_of(self.rep))
        wish = self.env.ref("crm_customer_center.action_customer")
        self.agent.action_id = wish.id
        self.assertEqual(self.home_of(self.agent), wish.id)
