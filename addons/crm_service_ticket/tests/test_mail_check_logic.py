"""How a test of the mail set-up is known again, and what servers say; no database."""

import smtplib
import socket
import ssl

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools import mail_check


def sign(nonce):
    return f"signed{nonce}"


class Session:
    """As smtplib's: replies one after the other."""

    def __init__(self, *replies):
        self.waiting = list(replies)

    def getreply(self):
        return self.waiting.pop(0)


@tagged("post_install", "-at_install")
class TestMailCheckLogic(BaseCase):
    """# V2"""

    def test_only_our_own_mark_is_known(self):
        ours = mail_check.token("ab12", sign)
        self.assertEqual(mail_check.nonce_of(f" {ours}\r\n", sign), "ab12")
        for text in (
            "",
            ".",
            "ab12",
            "ab12.",
            ".signed",
            "ab13.signedab12",
            f"{ours}x",
            "ab 12.signedab 12",
            "压力.signed压力",
            "ab12>.signedab12>",
        ):
            with self.subTest(text):
                self.assertEqual(mail_check.nonce_of(text, sign), "")

    def test_what_was_said_last_is_kept(self):
        session = Session((220, b"hello"), (250, b"2.0.0 Ok:\n queued as 4F2"))
        listener = mail_check.Listener(session)
        self.assertEqual(listener.last, "")
        self.assertEqual(session.getreply(), (220, b"hello"))
        session.getreply()
        self.assertEqual(listener.last, "250 2.0.0 Ok: queued as 4F2")

    def test_failures_are_told_apart(self):
        for error, kind, said in (
            (
                smtplib.SMTPAuthenticationError(535, b"5.7.8 Bad credentials"),
                "login",
                "535 5.7.8 Bad credentials",
            ),
            (
                smtplib.SMTPSenderRefused(553, "邮箱不对".encode(), "a@b.example"),
                "sender",
                "553 邮箱不对",
            ),
            (
                smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no such user")}),
                "address",
                "550 no such user",
            ),
            (smtplib.SMTPDataError(554, b"\xff spam"), "refused", "554 \ufffd spam"),
            (smtplib.SMTPNotSupportedError("STARTTLS"), "encryption", "STARTTLS"),
            (ssl.SSLError("wrong version"), "encryption", "('wrong version',)"),
            (
                ConnectionRefusedError(111, "refused"),
                "unreachable",
                "[Errno 111] refused",
            ),
            (socket.gaierror(-2, "unknown"), "unreachable", "[Errno -2] unknown"),
            (TimeoutError(), "unreachable", "TimeoutError"),
            (smtplib.SMTPServerDisconnected("bye"), "unreachable", "bye"),
            (UserError("Missing SMTP Server"), "unready", "Missing SMTP Server"),
        ):
            with self.subTest(repr(error)):
                self.assertEqual(mail_check.failure_of(error), kind)
                self.assertEqual(mail_check.said(error), said)
