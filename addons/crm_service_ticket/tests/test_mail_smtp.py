import email
import email.policy
import smtplib
import socket
import xmlrpc.client
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common import SERVICE, TicketCommon


class SmtpServer:
    """``with SmtpServer() as server``: listens on ``server.port``; what came is in
    ``server.mails``, as bytes. ``server.refuses``: what it says to every addressee."""

    refuses = None

    def __init__(self):
        self.mails = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Take an addressee, or not; called by aiosmtpd, which names it."""
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Keep a mail; called by aiosmtpd, which names it."""
        self.mails.append(envelope.original_content)
        return "250 kept"

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *args):
        self.controller.stop()


@tagged("post_install", "-at_install")
class TestMailSmtp(TicketCommon, HttpCase):
    """# V2: out over real SMTP, in by Odoo's mail gate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo sends nothing in tests unless told
        cls.startClassPatcher(
            patch.object(IrMail_Server, "_disable_send", lambda self: False)
        )

    def use(self, server):
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {
                "name": "Test",
                "smtp_host": "127.0.0.1",
                "smtp_port": server.port,
                "smtp_encryption": "none",
                "smtp_authentication": "login",
            }
        )

    def give_to_gate(self, raw):
        """What scripts/odoo-mailgate does with a mail from the mail server."""
        return self.xmlrpc_object.execute_kw(
            self.env.cr.dbname,
            self.env.ref("base.user_admin").id,
            "admin",
            "mail.thread",
            "message_process",
            [False, xmlrpc.client.Binary(raw)],
        )

    def send_queue(self):
        self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()

    def mail_to(self, address, server):
        """The one mail the server took for an address: as bytes, and parsed."""
        mails = [
            (raw, email.message_from_bytes(raw, policy=email.policy.SMTP))
            for raw in server.mails
        ]
        (found,) = [pair for pair in mails if address in pair[1]["To"]]
        return found

    @mute_logger("odoo.addons.rpc.controllers.xmlrpc")
    def test_a_conversation_over_smtp(self):
        """# V2: the customer writes, the agent answers, the customer's program drops
        the references, and the answer finds its ticket."""
        with SmtpServer() as server:
            self.use(server)
            with smtplib.SMTP("127.0.0.1", server.port) as client:
                client.sendmail(
                    "li@ruida.example", [SERVICE], self.make_mail(body=".dot\nHelp")
                )
            ticket_id = self.give_to_gate(server.mails.pop())
            ticket = self.tickets.browse(ticket_id)
            self.assertEqual(ticket.partner_id, self.contact)
            self.send_queue()
            raw, confirmation = self.mail_to("li@ruida.example", server)
            self.assertEqual(confirmation["Auto-Submitted"], "auto-replied")
            self.assertIn(SERVICE, confirmation["Reply-To"])
            self.assertFalse(self.give_to_gate(raw))
            server.mails.clear()
            with self.calling_as(self.agent) as env:
                self.answer(ticket.with_env(env), self.agent, "Which sensor is it?")
            self.send_queue()
            raw, answer = self.mail_to("li@ruida.example", server)
            text = answer.get_body(("plain", "html")).get_content()
            self.assertIn("Which sensor is it?", text)
            self.assertIn(SERVICE, answer["Reply-To"])
            self.assertIn(ticket.number, answer["Subject"])
            self.assertTrue(answer["X-Service-Source"])
            # no references, another address of the same company
            reply = self.make_mail(
                From="Mr Wu <wu@ruida.example>",
                To=answer["Reply-To"],
                Subject=f"答复: {answer['Subject']}",
                body="HC-200",
            )
            self.assertEqual(self.give_to_gate(reply), ticket_id)
            # what we sent comes back by a forwarding rule
            self.assertFalse(self.give_to_gate(raw))
        self.assertIn("HC-200", ticket.message_ids[0].body)
        self.assertTrue(ticket.first_response_date)
