import random

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SERVICE, TicketCommon
from .test_front_fuzz import NASTY, ROUNDS, SEED

CHARSETS = ("utf-8", "gbk", "gb18030", "x-unknown", "utf-16", "", "\x00", "idna")
CODINGS = ("7bit", "8bit", "base64", "quoted-printable", "x-uuencode", "?", "binary")
KINDS = (
    "text/plain",
    "text/html",
    "multipart/mixed; boundary=never-there",
    "multipart/alternative",
    "message/rfc822",
    "application/octet-stream; name*=utf-8''%ff%00.exe",
    "image/png",
    "nonsense",
)


@tagged("post_install", "-at_install")
class TestMailFuzz(TicketCommon):
    """# V2: whatever a stranger mails: no traceback, and nothing lost."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)

    def nasty(self):
        """Bytes of a line, as they may stand in a header or a text."""
        text = self.random.choice(NASTY)[:3000]
        coding = self.random.choice(("utf-8", "gb18030", "utf-16"))
        return text.replace("\r", "").replace("\n", "").encode(coding, "replace")

    def mail(self, number):
        """A mail to the team that any program may have broken on its way."""
        pick = self.random.choice
        headers = {
            b"From": pick([b"x%d@fuzz.example" % number, self.nasty(), b""]),
            b"To": SERVICE.encode(),
            b"Message-ID": b"<fuzz-%d@fuzz.example>" % number,
            b"Subject": self.nasty(),
            b"Date": pick([self.nasty(), b"Mon, 02 Mar 2026 18:00:00 +0800"]),
            b"References": self.nasty(),
            b"Reply-To": pick([self.nasty(), b""]),
            b"Cc": self.nasty(),
            b"Content-Type": f'{pick(KINDS)}; charset="{pick(CHARSETS)}"'.encode(),
            b"Content-Transfer-Encoding": pick(CODINGS).encode(),
            self.nasty()[:20].replace(b":", b"") or b"X": self.nasty(),
        }
        for name in self.random.sample(sorted(headers), 2):
            if name not in (b"To", b"Message-ID"):
                headers.pop(name)
        lines = [name + b": " + value for name, value in headers.items()]
        body = self.nasty() + bytes(self.random.randbytes(self.random.randint(0, 400)))
        return pick([b"\r\n", b"\n"]).join([*lines, b"", body])

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_whatever_comes_is_a_ticket_or_stands_in_the_list(self):
        """# V2: each mail becomes a ticket, or its row says why not; the same one
        again makes no second."""
        for number in range(ROUNDS):
            raw = self.mail(number)
            with self.subTest(number=number):
                with self.env.cr.savepoint():
                    ticket = self.deliver(raw)
                    self.env.flush_all()
                row = self.env["crm.service.mail"].search(
                    [("message_id", "=", f"<fuzz-{number}@fuzz.example>")]
                )
                self.assertEqual(len(row), 1, raw)
                self.assertEqual(row.ticket_id, ticket, raw)
                self.assertTrue(ticket.name if ticket else row.reason, raw)
                self.assertFalse(self.deliver(raw), raw)
