from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import TicketCommon

ROUTE = "/mail/message/post"


@tagged("post_install", "-at_install")
class TestTicketReply(TicketCommon):
    """# V7: an answer, and what becomes of the ticket, in one."""

    def test_an_answer_moves_the_ticket(self):
        for state in ("waiting", "resolved"):
            ticket = self.make_ticket(partner=self.contact)
            message = self.answer(ticket, self.agent, state_after=state)
            with self.subTest(state):
                self.assertEqual(ticket.state, state)
                self.assertTrue(ticket.first_response_date)
                self.assertFalse(ticket.awaiting_answer)
                self.assertEqual(message.author_id, self.agent.partner_id)

    def test_who_sends_off_what_nobody_has_is_its_agent(self):
        """The customer's answer then comes to somebody; a colleague keeps what he has,
        and a word alone takes nothing."""
        ticket = self.make_ticket(partner=self.contact)
        self.answer(ticket, self.agent)
        self.assertFalse(ticket.user_id)
        self.answer(ticket, self.agent, state_after="waiting")
        self.assertEqual(ticket.user_id, self.agent)
        self.answer(ticket, self.service_manager, state_after="resolved")
        self.assertEqual(ticket.user_id, self.agent)

    def test_a_note_moves_nothing_and_is_not_kept(self):
        ticket = self.make_ticket(partner=self.contact)
        before = ticket.message_ids
        with (
            self.assertRaisesRegex(UserError, "does not reach the customer"),
            self.env.cr.savepoint(),
        ):
            ticket.with_user(self.agent).message_post(
                body="Restarted",
                message_type="comment",
                subtype_xmlid="mail.mt_note",
                state_after="waiting",
            )
        self.assertEqual(ticket.state, "pending")
        self.assertEqual(ticket.message_ids, before)

    def test_only_what_an_answer_may_do(self):
        ticket = self.make_ticket(partner=self.contact)
        for state in ("closed", "pending", "nonsense"):
            with self.subTest(state), self.assertRaises(UserError):
                self.answer(ticket, self.agent, state_after=state)
        self.assertFalse(ticket.first_response_date)

    def test_who_reads_may_answer_and_not_move(self):
        ticket = self.make_ticket(partner=self.contact)
        self.answer(ticket, self.rep)
        with self.patched_turn() as turn, self.assertRaises(AccessError):
            self.answer(ticket, self.rep, state_after="resolved")
        turn.assert_not_called()

    def test_one_takes_the_turn_before_one_speaks(self):
        """# V8: whoever waits for another sees what that one has done."""
        ticket = self.make_ticket(partner=self.contact)
        before = len(ticket.message_ids)
        said = []

        def take(tickets):
            said.append(len(tickets.message_ids))

        with patch.object(self.registry[ticket._name], "_take_turn", take):
            self.answer(ticket, self.agent, state_after="waiting")
        self.assertEqual(said[0], before)

    def test_into_a_merged_ticket_nothing_is_sent_off(self):
        ticket, target = self.make_ticket(), self.make_ticket()
        wizard = self.env["crm.service.merge.wizard"].create(
            {"ticket_ids": ticket.ids, "target_id": target.id}
        )
        wizard.action_merge()
        with self.assertRaisesRegex(UserError, "merged into"):
            self.answer(ticket, self.agent, state_after="waiting")

    def patched_turn(self):
        return patch.object(self.registry[self.tickets._name], "_take_turn")


@tagged("post_install", "-at_install")
class TestTicketReplyRoute(TicketCommon, HttpCase):
    """# V7: by the call of the composer; sent and moved, or neither."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls.make_portal_user("li", cls.contact)
        for user in (cls.agent, cls.rep, cls.portal):
            user.password = user.login

    def send(self, ticket, user, **values):
        self.authenticate(user.login, user.login)
        post_data = {
            "body": "We look into it.",
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            "state_after": "waiting",
            **values,
        }
        params = {"thread_model": ticket._name, "thread_id": ticket.id}
        result = self.make_jsonrpc_request(ROUTE, {**params, "post_data": post_data})
        self.env.invalidate_all()
        return result

    def refused(self, ticket, user, **values):
        before = ticket.message_ids
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.send(ticket, user, **values)
        self.env.invalidate_all()
        self.assertEqual(ticket.message_ids, before)
        self.assertFalse(ticket.first_response_date)
        self.assertEqual(ticket.state, "pending")

    def test_sent_and_moved(self):
        ticket = self.make_ticket(partner=self.contact)
        self.assertTrue(self.send(ticket, self.agent)["message_id"])
        self.assertEqual(ticket.state, "waiting")

    def test_a_message_that_is_not_sent_moves_nothing(self):
        """A file of somebody else's: Odoo refuses the message."""
        ticket = self.make_ticket(partner=self.contact)
        file = self.env["ir.attachment"].create({"name": "Foreign", "raw": b"x"})
        self.refused(
            ticket, self.agent, attachment_ids=file.ids, attachment_tokens=[""]
        )

    def test_a_move_that_fails_sends_nothing(self):
        ticket = self.make_ticket(partner=self.contact)

        def fail(tickets, state):
            raise UserError("Not there")

        # an answer to a new ticket moves it as well
        with patch.object(self.registry[ticket._name], "_move_to", fail):
            self.refused(ticket, self.agent)

    def test_who_may_not_move_it_sends_nothing_off(self):
        ticket = self.make_ticket(partner=self.contact)
        for user in (self.rep, self.portal):
            with self.subTest(user.login):
                self.refused(ticket, user)
