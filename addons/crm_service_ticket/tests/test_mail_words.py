import os
import random

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import mail_html
from .common import SERVICE, TicketCommon
from .mail_forge import forge

# how many mails; CRM_SUITE_MAILS=2000 for the long run
MAILS = int(os.environ.get("CRM_SUITE_MAILS") or 150)
SEED = int(os.environ.get("CRM_SUITE_MAILS_SEED") or 20261129)


@tagged("post_install", "-at_install")
class TestMailWords(TicketCommon):
    """# V2: mails as any program writes and breaks them: no exception, and no word of a
    person lost. A checker counts the words and compares the files."""

    def shown(self, ticket):
        """What an agent reads: the text of the ticket, and its first message."""
        message = ticket.message_ids.filtered(lambda m: m.message_type == "email")
        return [
            mail_html.words(mail_html.text_of(str(text or "")))
            for text in (ticket.description, message.body)
        ], message

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_no_word_and_no_file_is_lost(self):
        """# V2: neither in the ticket's text nor in its message."""
        self.service.acknowledgement_active = False
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 10**6)
        random_ = random.Random(SEED)
        for number in range(MAILS):
            made = forge(random_, number, SERVICE)
            with self.subTest(label=made.label):
                ticket = self.deliver(made.raw)
                self.env.flush_all()
                self.assertTrue(ticket, "is nowhere")
                self.assertTrue(ticket.name)
                texts, message = self.shown(ticket)
                said = mail_html.words("\n".join(made.words))
                for text in texts:
                    self.assertFalse(said - text)
                have = {file.raw.strip() for file in message.attachment_ids}
                self.assertFalse({data.strip() for data in made.files} - have)
                if number % 10 == 0:
                    self.assertFalse(self.deliver(made.raw), "the same again is one")
            if number % 50 == 49:
                self.env.invalidate_all()

    def test_odd_headers_arrive(self):
        """# V2: NULs, absurd dates, headers without end."""
        for head in (
            b"Date: Mon, 02 Mar 0309 10:00:00 +0000\r\n",
            b"Date: Fri, 31 Feb 99999 99:99:99 +9999\r\n",
            b"Date: \x00\xff\r\n",
            b"Subject: a\x00b =?utf-8?B?AAAA?=\r\n",
            b"X: " + b"y" * 100_000 + b"\r\n",
            b"X: y\r\n" * 3_000,
            b"References: " + b"<a@b.example> " * 5_000 + b"\r\n",
            b"Content-Type: text/plain; charset=\x00\xff;;;=\r\n",
            b"Message-ID: <\x00\xff>\r\n",
            b"Message-ID: " + b"x" * 5_000 + b"\r\n",
            b"Cc: " + b", ".join(b"p%d@x.example" % n for n in range(1_500)) + b"\r\n",
            b"From: \xff\xfe\x00\r\n",
            b'Reply-To: @@,<>,"\r\n',
        ):
            with self.subTest(head=head[:60]):
                raw = head + b"From: Li <li@odd.example>\r\nTo: " + SERVICE.encode()
                self.assertTrue(self.deliver(raw + b"\r\n\r\nHelp " + head[:9]))
