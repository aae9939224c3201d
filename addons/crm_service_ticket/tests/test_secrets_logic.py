from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools import secrets
from odoo.addons.crm_service_ticket.tools.satisfaction import is_token


@tagged("post_install", "-at_install")
class TestSecretsLogic(BaseCase):
    def test_every_right_in_an_address_is_taken_out_and_put_back(self):
        """# V6: the rest of the address stays as it is."""
        url = (
            "https://x.example/mail/view?access_token=3f-4&auth_login=li%40x.example"
            "&auth_signup_token=abc.def&hash=0a1b&model=m&pid=7&res_id=5#top"
        )
        stored = secrets.without_secrets(url)
        for secret in ("3f-4", "abc.def", "0a1b"):
            self.assertNotIn(secret, stored)
        self.assertIn("auth_login=li%40x.example", stored)
        self.assertTrue(secrets.asks_for_secrets(stored))
        sent = secrets.with_secrets(
            stored,
            {
                "access_token=": "3f-4",
                "hash=": "0a1b",
                "auth_signup_token=": "abc.def",
            },
        )
        self.assertEqual(sent, url)

    def test_what_is_not_the_reader_s_keeps_the_word(self):
        """# V6"""
        stored = f"/a?access_token={secrets.AT_SENDING}&hash={secrets.AT_SENDING}"
        self.assertEqual(secrets.with_secrets(stored, {}), stored)
        sent = secrets.with_secrets(stored, {"hash=": "x"})
        self.assertEqual(sent, f"/a?access_token={secrets.AT_SENDING}&hash=x")
        self.assertFalse(secrets.asks_for_secrets("https://x.example/my"))

    def test_the_word_is_no_token(self):
        """# V6: nor is anything a database or a header would stumble over."""
        self.assertFalse(is_token(secrets.AT_SENDING))
        for text in ("", "x" * 15, "x" * 65, "x" * 20 + "\0", "x" * 20 + "é", "a/" * 9):
            self.assertFalse(is_token(text), text)
        self.assertTrue(is_token("Zk3_-aB9Zk3_-aB9Zk3_-a"))
