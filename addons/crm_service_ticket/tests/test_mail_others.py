"""Mail that is not for tickets: Odoo's gateway does with it what it does without us."""

from email.message import EmailMessage
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.models.mail_thread import MailThread as CoreThread

from ..tools import mail_reader
from .common import DOMAIN, TicketCommon

GATEWAY = "odoo.addons.mail.models.mail_thread"
READER = "odoo.addons.crm_service_ticket.tools.mail_reader"
LEADS = f"sales@{DOMAIN}"
BOUNCE = b"""\
From: MAILER-DAEMON@mx.far.example
To: %(to)s
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce@mx.far.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail system could not deliver your message.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.far.example

Final-Recipient: rfc822; gone@far.example
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

From: us@example.com
To: gone@far.example
Subject: Offer
Message-ID: %(id)s

Offer

--b--
"""


@tagged("post_install", "-at_install")
class TestMailOthers(TicketCommon):
    """# V2: leads, their answers, reports about them, mail to nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mails = cls.env["crm.service.mail"]
        cls.env["mail.alias"].create(
            {
                "alias_name": "sales",
                "alias_model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "alias_domain_id": cls.service.alias_domain_id.id,
            }
        )
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Offer", "email_from": "buyer@far.example"}
        )
        buyer = cls.env["res.partner"].create(
            {"name": "Gone", "email": "gone@far.example"}
        )
        cls.word = cls.lead.message_post(
            body="Our offer",
            partner_ids=buyer.ids,
            message_type="email_outgoing",
            subtype_xmlid="mail.mt_comment",
        )
        cls.env.flush_all()

    # ------------------------------------------------------------
    # WITH AND WITHOUT
    # ------------------------------------------------------------

    def mail(self, **headers):
        message = EmailMessage()
        values = {
            "From": "Buyer <buyer@far.example>",
            "To": LEADS,
            "Subject": "Prices",
            "Message-ID": "<prices@far.example>",
            "Date": "Mon, 02 Mar 2026 10:00:00 +0800",
        }
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {**values, **given}.items():
            if value:
                message[name] = value
        message.set_content("What does it cost? 多少钱")
        message.add_alternative(
            "<p>What does it <b>cost</b>? 多少钱</p>", subtype="html"
        )
        message.add_attachment(
            b"\x00\xff", maintype="application", subtype="octet-stream", filename="a.b"
        )
        return message.as_bytes()

    def outcome(self, raw, model=False, without=False):
        """What became of a mail, as values that can be compared; nothing of it stays.

        :param without: by Odoo's gateway alone
        """
        threads = self.env["mail.thread"].with_context(default_fetchmail_server_id=1)
        process = (
            CoreThread.message_process if without else type(threads).message_process
        )
        last = self.env["mail.message"].search([], order="id desc", limit=1).id
        rows = self.mails.search_count([])
        savepoint = self.env.cr.savepoint()
        try:
            found = process(threads, model, raw)
            error = ""
            self.env.flush_all()
            self.env.invalidate_all()
            messages = self.env["mail.message"].search([("id", ">", last)], order="id")
            values = [self.of_message(message) for message in messages]
            bounces = self.word.notification_ids.mapped("notification_status")
            stopped = self.mails.search_count([]) - rows
        except ValueError as failure:
            found, values, bounces, stopped = False, [], [], 0
            error = str(failure)
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all()
        return bool(found), values, bounces, error, stopped

    def of_message(self, message):
        record = self.env[message.model].browse(message.res_id)
        return {
            "model": message.model,
            "is_known": record == self.lead,
            "name": record.display_name,
            "sender": record.email_from,
            "subject": message.subject,
            "body": message.body,
            "type": message.message_type,
            "subtype": message.subtype_id,
            "author": message.author_id,
            "email_from": message.email_from,
            "message_id": message.message_id
            if "far.example" in (message.message_id or "")
            else "made",
            "parent": message.parent_id,
            "partners": message.partner_ids,
            "date": message.date if message.message_type == "email" else None,
            "files": [(file.name, file.raw) for file in message.attachment_ids],
        }

    def assert_same(self, raw, model=False):
        """Odoo does the same with us and without, and our list stays as it was."""
        mine = self.outcome(raw, model)
        self.assertEqual(mine[:4], self.outcome(raw, model, without=True)[:4])
        self.assertFalse(mine[4], "stands in the list of tickets' mail")
        return mine

    def cases(self):
        """Label, mail, model of the mailbox."""
        answer = {"References": self.word.message_id, "To": f"catchall@{DOMAIN}"}
        nobody = {"To": "somebody@elsewhere.example"}
        bounce = {
            b"to": f"bounce@{DOMAIN}".encode(),
            b"id": self.word.message_id.encode(),
        }
        return (
            ("new", self.mail(), False),
            ("answer", self.mail(**answer), False),
            ("answer to nothing", self.mail(References="<what@far.example>"), False),
            ("mailbox of leads", self.mail(**nobody), "crm.lead"),
            ("automatic", self.mail(Auto_Submitted="auto-replied"), False),
            (
                "of a list",
                self.mail(Precedence="bulk", List_Id="<x.far.example>"),
                False,
            ),
            ("without Message-ID", self.mail(Message_ID=""), False),
            ("bounce", BOUNCE % bounce, False),
            (
                "bounce, in the mailbox",
                BOUNCE % {**bounce, b"to": b"us@x.example"},
                "crm.lead",
            ),
        )

    @mute_logger(GATEWAY)
    def test_odoo_does_what_it_does_without_us(self):
        """# V2: each field of each message, and of the lead."""
        for label, raw, model in self.cases():
            with self.subTest(label=label):
                found, messages, bounces, error, _rows = self.assert_same(raw, model)
                self.assertFalse(error)
                self.assertEqual("bounce" in bounces, label.startswith("bounce"))
                if label.startswith("bounce"):
                    continue
                self.assertTrue(found and messages)

    @mute_logger(GATEWAY, READER)
    def test_also_where_our_reader_fails(self):
        """# V2: a fault of ours costs no mail of others."""
        for place in ("_parse", "_read_words", "_hint"):
            broken = patch.object(mail_reader.Mail, place, side_effect=KeyError("ours"))
            for label, raw, model in self.cases():
                with self.subTest(place=place, label=label), broken:
                    self.assert_same(raw, model)

    @mute_logger(GATEWAY)
    def test_the_same_form_without_message_id_arrives_twice(self):
        """# V2: what makes two mails one is Odoo's to say, where no ticket is meant."""
        raw = self.mail(Message_ID="")
        before = self.env["crm.lead"].search_count([])
        threads = self.env["mail.thread"]
        self.assertTrue(threads.message_process(False, raw))
        self.assertTrue(threads.message_process(False, raw))
        self.assertEqual(self.env["crm.lead"].search_count([]), before + 2)

    # ------------------------------------------------------------
    # TICKETS
    # ------------------------------------------------------------

    @mute_logger(READER)
    def test_a_mail_our_reader_fails_with_is_a_ticket(self):
        """# V2: with sender and subject, a sentence that says so, and the original."""
        for place in ("_parse", "_read_words"):
            raw = self.make_mail(Subject=f"Fails in {place}")
            with self.subTest(place=place):
                with patch.object(
                    mail_reader.Mail, place, side_effect=KeyError("ours")
                ):
                    ticket = self.deliver(raw)
                    self.assertFalse(self.deliver(raw), "the same again is one")
                self.assertEqual(ticket.name, f"Fails in {place}")
                self.assertEqual(ticket.email_normalized, "li@ruida.example")
                self.assertIn("could not be read", ticket.description)
                files = ticket.message_ids.attachment_ids
                self.assertEqual(files.mapped("name"), ["original_email.eml"])
                self.assertEqual(files.raw, raw)
