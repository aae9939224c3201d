from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from ..controllers import help as help_pages
from .test_help_pages import HelpCase

FORM = {
    "partner_name": "Ms Li",
    "partner_email": "li@new.example",
    "ticket_type": "fault",
    "name": "Transmitter locked",
    "description": "Since yesterday",
}


@tagged("post_install", "-at_install")
class TestHelpForm(HelpCase, MailCase):
    """# V2 V5: an answer before the question is sent."""

    def suggest(self, question):
        return self.post("/help/suggest", question=question)

    def test_articles_are_offered_while_one_types(self):
        piece = self.suggest("变送器密码又锁死了")
        self.assertEqual(piece.status_code, 200)
        self.assertIn("HC-200 变送器密码锁死", piece.text)
        self.assertIn("Hold SET", piece.text)
        self.assertIn("no-store", piece.headers["Cache-Control"])
        for question in ("发票抬头", "", "密", "\u202e", "x" * 5000):
            with self.subTest(question[:9]):
                self.assertFalse(self.suggest(question).text.strip())

    def test_three_at_most(self):
        for number in range(5):
            self.make_article(f"变送器密码锁死 {number}")
        self.env.flush_all()
        self.assertEqual(self.suggest("变送器密码锁死").text.count("<details"), 3)

    def test_who_asks_too_often_gets_nothing(self):
        with patch.object(help_pages, "ASKED", 2):
            found = [bool(self.suggest("密码锁死").text.strip()) for _n in range(4)]
        self.assertEqual(found, [True, True, False, False])

    def test_this_solved_it_is_a_ticket_avoided(self):
        answer = self.count("solved")
        self.assertIn("Glad it helped", answer.text)
        self.assertEqual(self.figures(self.article), (1, 1, 0, 1))

    def test_who_sends_it_all_the_same_was_not_spared_it(self):
        self.count("solved")
        with self.mock_mail_gateway():
            page = self.post("/service/ticket/new", **FORM)
        self.assertTrue(page.url.endswith("/thanks"))
        self.assertEqual(self.figures(self.article), (1, 1, 0, 0))

    def test_the_form_offers_help_where_there_is_some(self):
        page = self.url_open("/service/ticket/new").text
        self.assertIn("o_help_suggestions", page)
        self.article.visibility = "internal"
        self.env.flush_all()
        page = self.url_open("/service/ticket/new").text
        self.assertNotIn("o_help_suggestions", page)
        self.assertIn('name="name"', page)

    def test_a_mistake_in_the_form_keeps_the_offer(self):
        page = self.post("/service/ticket/new", **{**FORM, "partner_name": ""})
        self.assertEqual(page.status_code, 422)
        self.assertIn("o_help_suggestions", page.text)
        self.assertIn('value="Transmitter locked"', page.text)
