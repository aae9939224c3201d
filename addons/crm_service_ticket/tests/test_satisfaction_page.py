from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_service_ticket.tools.secrets import AT_SENDING

from .front_common import FrontCommon


@tagged("post_install", "-at_install")
class TestSatisfactionPage(HttpCase, FrontCommon):
    """# V6: the page behind the mail, for people and for machines that follow links."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.make_survey(cls.anna)
        cls.ticket = cls.survey.ticket_id
        cls.url = f"/service/rate/{cls.survey.token}"
        cls.env.flush_all()

    def vote(self, score, comment="", url=None):
        response = self.url_open(
            url or self.url, data={"score": score, "comment": comment}
        )
        self.env.invalidate_all()
        return response

    def test_opening_the_page_never_votes(self):
        """# V6: GET, HEAD, whoever's, as often as they like; the answer is chosen."""
        for score in ("1", "5", "", "9", "x"):
            page = self.url_open(f"{self.url}?score={score}")
            self.assertEqual(page.status_code, 200)
            head = self.opener.head(self.base_url() + f"{self.url}?score={score}")
            self.assertEqual(head.status_code, 200)
        self.env.invalidate_all()
        self.assertEqual((self.survey.state, self.survey.score), ("sent", 0))
        self.assertEqual(self.ticket.satisfaction_score, 0)
        page = self.url_open(f"{self.url}?score=4").text
        self.assertRegex(page, r'value="4"[^>]*checked')
        self.assertNotRegex(page, r'value="5"[^>]*checked')

    def test_sending_the_form_votes(self):
        """# V6: without cookies and without a login."""
        self.authenticate(None, None)
        response = self.vote(2, "Waited <b>two</b> days")
        self.assertEqual(response.status_code, 200)
        self.assertIn("o_satisfaction_thanks", response.text)
        self.assertEqual(self.survey.score, 2)
        self.assertEqual(self.ticket.satisfaction_comment, "Waited <b>two</b> days")
        self.assertNotIn("<b>two</b>", response.text)

    def test_the_answer_is_changed_on_the_same_page(self):
        """# V6: until the end."""
        self.vote(2)
        self.vote(5, "Better now")
        self.assertEqual((self.survey.score, self.survey.change_count), (5, 1))

    def test_who_comes_again_reads_that_he_has_answered(self):
        """# V6: and until when it can be changed; nothing is counted twice."""
        page = self.url_open(f"/service/rate/{self.survey.token}")
        self.assertNotIn("o_satisfaction_again", page.text)
        self.vote(4)
        page = self.url_open(f"/service/rate/{self.survey.token}?score=2")
        self.assertIn("o_satisfaction_again", page.text)
        self.assertEqual((self.survey.score, self.survey.change_count), (4, 0))

    def test_after_the_end_the_page_says_so_and_nothing_changes(self):
        """# V6: expiry, in words."""
        self.survey.deadline = fields.Datetime.now() - timedelta(seconds=1)
        self.env.flush_all()
        page = self.vote(1)
        self.assertEqual(page.status_code, 200)
        self.assertIn("o_satisfaction_closed", page.text)
        self.assertEqual(self.survey.score, 0)

    def test_a_form_without_answer_asks_for_one(self):
        """# V6: what was typed stays."""
        page = self.vote("", "I typed this")
        self.assertIn("I typed this", page.text)
        self.assertIn("alert-danger", page.text)
        self.assertEqual(self.survey.score, 0)

    def test_a_wrong_token_opens_nothing(self):
        """# V6: nor does a token that is good for something else."""
        portal = self.ticket._portal_ensure_token()
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.anna.id,
            }
        )
        self.env.flush_all()
        odd = ("%00" * 20, "%ED%A0%80" * 8, "%C2%85" * 20, AT_SENDING)
        wrong = ("x", self.survey.token[:-1], portal, rating.access_token, "%00", *odd)
        for token in wrong:
            with self.subTest(token=token):
                for page in (
                    self.url_open(f"/service/rate/{token}"),
                    self.vote(5, url=f"/service/rate/{token}"),
                ):
                    self.assertEqual(page.status_code, 404)
                    self.assertNotIn(self.ticket.name, page.text)
        self.assertEqual(self.ticket.satisfaction_score, 0)

    def test_the_token_is_good_for_nothing_else(self):
        """# V6: not for the ticket's page, its conversation or Odoo's rating page."""
        token = self.survey.token
        self.authenticate(None, None)
        page = self.url_open(f"/my/tickets/{self.ticket.id}?access_token={token}")
        self.assertNotIn(self.ticket.name, page.text)
        self.assertEqual(self.url_open(f"/rate/{token}/5").status_code, 404)
        data = self.make_jsonrpc_request(
            "/portal/chatter_init",
            {
                "thread_model": self.ticket._name,
                "thread_id": self.ticket.id,
                "token": token,
            },
        )
        self.assertNotIn("mail.thread", data)

    def test_the_page_tells_nobody_where_it_was(self):
        """# V6: the token stands in the address: no cache, index or referrer."""
        headers = self.url_open(self.url).headers
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertIn("noindex", headers["X-Robots-Tag"])

    def test_the_page_speaks_the_customer_s_language(self):
        """# V6: whatever the browser says."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.anna.lang = "zh_CN"
        self.env.flush_all()
        page = self.url_open(self.url, headers={"Accept-Language": "en-US"}).text
        self.assertIn("非常满意", page)

    def test_a_signed_in_colleague_answers_with_the_link_only(self):
        """# V6: no session gives more or less right than the token."""
        self.authenticate(self.logins["carl"].login, self.logins["carl"].login)
        self.vote(3)
        self.assertEqual(self.survey.score, 3)
        self.assertEqual(self.survey.rating_id.partner_id, self.anna)
