import email
import email.policy

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools.mail_repair import (
    is_moment,
    repair,
    without_nul,
)

HEADERS = (
    b"From: x@y.example\r\nSubject: =?utf-8?B?YQBi?=\r\nContent-Type: text/plain; "
)


def parse(raw):
    return email.message_from_bytes(raw, policy=email.policy.SMTP)


@tagged("post_install", "-at_install")
class TestMailRepairLogic(BaseCase):
    """# V2: what arrived broken is read as far as it can be."""

    def test_a_text_in_a_charset_nobody_knows_is_read(self):
        """# V2: unknown, empty, no charset for text."""
        for charset in ("x-unknown", "", "idna", "base64", "\x7f"):
            with self.subTest(charset=charset):
                raw = HEADERS + f'charset="{charset}"\r\n\r\nHelp 请'.encode()
                message = parse(raw)
                repair(message)
                self.assertEqual(message.get_content(), "Help 请")

    def test_what_can_be_read_stays_as_it_is(self):
        """# V2"""
        raw = HEADERS + b'charset="gbk"\r\n\r\n' + "请帮忙".encode("gbk")
        message = parse(raw)
        repair(message)
        self.assertEqual(message["Content-Type"], 'text/plain; charset="gbk"')
        self.assertEqual(message.get_content(), "请帮忙")

    def test_characters_no_database_takes_go(self):
        """# V2: also those that were packed into an encoded word."""
        message = parse(HEADERS + b"charset=utf-8\r\n\r\nx")
        self.assertIn("\0", message["Subject"])
        repair(message)
        self.assertEqual(message["Subject"], "ab")
        self.assertEqual(without_nul("a\0b\0"), "ab")
        self.assertIsNone(without_nul(None))

    def test_a_moment_no_database_field_takes_is_told(self):
        """# V2: a date header may name any year."""
        self.assertTrue(is_moment("2026-03-02 10:00:00"))
        for text in ("309-03-02 10:00:00", "", "today", None):
            with self.subTest(text=text):
                self.assertFalse(is_moment(text))

    @given(st.binary(max_size=400))
    def test_any_bytes_are_repaired(self, raw):
        """# V2: nothing raises, and the headers can be stored."""
        message = parse(b"Content-Type: text/plain; charset=" + raw)
        repair(message)
        self.assertFalse([v for v in message.values() if "\0" in str(v)])
