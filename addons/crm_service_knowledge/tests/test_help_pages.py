import re
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_service_ticket.tests.front_common import FrontCommon

from ..controllers import counting
from ..controllers import help as help_pages
from .common import ArticleBuilders

NASTY = (
    "",
    "%",
    "_",
    "\u202e",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "的",
    "9" * 300,
)


class HelpCase(HttpCase, ArticleBuilders, FrontCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.article = cls.make_article("HC-200 变送器密码锁死")
        cls.only_articles(cls.article)
        cls.agent.password = cls.agent.login
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def post(self, path, **values):
        values["csrf_token"] = http.Request.csrf_token(self)
        answer = self.url_open(path, data=values)
        self.env.invalidate_all()
        return answer

    def count(self, what):
        return self.post(f"/help/{self.article.id}/{what}")

    def vote(self, vote, **values):
        return self.post(f"/help/{self.article.id}/vote", vote=vote, **values)


@tagged("post_install", "-at_install")
class TestHelpPages(HelpCase):
    """# V5 V2: what everybody reads, and what he says of it."""

    def test_the_list_leads_to_the_page(self):
        page = self.url_open("/help").text
        path = self.article._help_path()
        self.assertIn(f'href="{path}"', page)
        self.assertIn("Hold SET", page)
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        self.assertIn("HC-200 变送器密码锁死", page.text)
        self.assertIn("Did this help?", page.text)

    def test_an_old_address_leads_to_the_page_of_now(self):
        for slug in (f"old-name-{self.article.id}", str(self.article.id)):
            page = self.url_open(f"/help/{slug}", allow_redirects=False)
            self.assertEqual(page.status_code, 301)
            self.assertTrue(
                page.headers["Location"].endswith(self.article._help_path())
            )

    def test_what_is_not_public_is_not_there(self):
        """By no address, search, count or vote, and not told from what never was."""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        hidden = [
            self.make_article("Zqdraft 漂移", "draft"),
            self.make_article("Zqreview 漂移", "review"),
            self.make_article("Zqarchived 漂移", "archived"),
            self.make_article("Zqinternal 漂移", visibility="internal"),
            self.make_article("Zqforeign 漂移", company_id=elsewhere.id),
        ]
        missing = hidden[-1].id + 1000
        self.env.flush_all()
        for login in (None, self.logins["anna"].login, self.agent.login):
            self.authenticate(login, login)
            for number in (*(article.id for article in hidden), missing, 0, 2**40):
                with self.subTest(login, number=number), mute_logger("odoo.http"):
                    page = self.url_open(f"/help/zq-{number}")
                    self.assertEqual(page.status_code, 404)
                    self.assertNotIn("Zq", page.text)
                    for what in ("read", "vote", "solved"):
                        answer = self.post(f"/help/{number}/{what}", vote="yes")
                        self.assertEqual(answer.status_code, 404)
            for page in (
                self.url_open("/help"),
                self.url_open("/help?search=漂移"),
                self.url_open("/help?search=zqdraft"),
                self.post("/help/suggest", question="zqinternal 漂移"),
            ):
                self.assertEqual(page.status_code, 200)
                self.assertNotIn("Zq", page.text)
        for article in hidden:
            self.assertEqual(self.figures(article), (0, 0, 0, 0))

    def test_a_title_is_text(self):
        self.article.name = "<script>alert(1)</script> & co"
        self.env.flush_all()
        for path in ("/help", self.article._help_path()):
            page = self.url_open(path).text
            self.assertNotIn("<script>alert(1)", page)
            self.assertIn("&lt;script&gt;alert(1)", page)
        piece = self.post("/help/suggest", question="script alert co").text
        self.assertNotIn("<script>alert(1)", piece)
        self.assertIn("&lt;script&gt;alert(1)", piece)

    def test_searching_without_end_is_stopped_and_reading_is_not(self):
        with patch.object(help_pages, "SEARCHED", 2):
            found = [self.url_open("/help?search=密码锁死") for _time in range(3)]
            self.assertEqual([one.status_code for one in found], [200, 200, 429])
            self.assertNotIn("HC-200 变送器密码锁死", found[2].text)
            self.assertIn("o_help_too_often", found[2].text)
            self.assertIn("HC-200 变送器密码锁死", self.url_open("/help").text)

    def test_search_finds_and_carries_the_question(self):
        self.make_article("发票抬头开错", body="<p>红冲后重开</p>")
        self.env.flush_all()
        page = self.url_open("/help?search=密码锁死怎么办").text
        self.assertIn("HC-200 变送器密码锁死", page)
        self.assertNotIn("发票抬头开错", page)
        link = re.search(r'href="(/help/[^"?]+\?question=[^"]+)"', page)[1]
        self.assertIn('value="密码锁死怎么办"', self.url_open(link).text)
        page = self.vote("no", question="密码锁死怎么办")
        form = re.search(r'href="(/service/ticket/new\?question=[^"]+)"', page.text)[1]
        self.assertIn('value="密码锁死怎么办"', self.url_open(form).text)

    def test_whatever_is_typed_gets_a_page(self):
        for typed in NASTY:
            with self.subTest(typed[:20]):
                self.assertEqual(
                    self.url_open("/help", params={"search": typed}).status_code, 200
                )
                form = self.url_open("/service/ticket/new", params={"question": typed})
                self.assertEqual(form.status_code, 200)
                self.assertNotIn("<script>alert(1)", form.text)

    def test_looking_counts_nothing_reading_counts_once(self):
        self.url_open(self.article._help_path())
        self.assertEqual(self.figures(self.article), (0, 0, 0, 0))
        self.assertEqual(self.count("read").status_code, 204)
        self.count("read")
        self.assertEqual(self.figures(self.article), (1, 0, 0, 0))

    def test_a_visitor_votes_once_another_one_as_well(self):
        for vote in ("yes", "yes", "no", "both", ""):
            self.assertEqual(self.vote(vote).status_code, 200)
        self.assertEqual(self.figures(self.article), (1, 1, 0, 0))
        self.authenticate(None, None)
        self.vote("no")
        self.assertEqual(self.figures(self.article), (2, 1, 1, 0))
        login = self.logins["anna"].login
        for _again in range(2):
            self.authenticate(login, login)
            self.vote("yes")
        self.assertEqual(self.figures(self.article), (3, 2, 1, 0))

    def test_votes_en_masse_count_for_nothing(self):
        for _number in range(counting.VOTES_OF_ARTICLE + 3):
            self.authenticate(None, None)
            self.assertEqual(self.vote("yes").status_code, 200)
        self.assertEqual(self.article.helped_count, counting.VOTES_OF_ARTICLE)

    def test_without_the_token_of_the_page_nothing_counts(self):
        with mute_logger("odoo.http"):
            for what in ("read", "vote", "solved"):
                answer = self.url_open(
                    f"/help/{self.article.id}/{what}", data={"vote": "yes"}
                )
                self.assertEqual(answer.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(self.figures(self.article), (0, 0, 0, 0))

    def test_programs_and_we_ourselves_do_not_count(self):
        bot = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}
        with patch.dict(self.opener.headers, bot):
            self.count("read")
            self.vote("yes")
        self.authenticate(self.agent.login, self.agent.login)
        self.count("read")
        self.vote("yes")
        self.count("solved")
        self.assertEqual(self.figures(self.article), (0, 0, 0, 0))
        page = self.url_open(self.article._help_path()).text
        self.assertIn("as one of us", page)
        self.assertNotIn("Did this help?", page)

    def test_help_stands_on_the_customer_s_home_page(self):
        login = self.logins["anna"].login
        self.authenticate(login, login)
        self.assertIn('href="/help"', self.url_open("/my/home").text)
        portal = self.make_jsonrpc_request("/my/counters", {"counters": ["help_count"]})
        self.assertEqual(portal, {"help_count": 1})
        page = self.url_open(self.article._help_path()).text
        self.assertIn("/my/home", page)

    def test_the_form_is_offered_where_there_is_one(self):
        self.assertIn("/service/ticket/new", self.url_open("/help").text)
        self.env.company.service_form_active = False
        self.env.flush_all()
        self.assertNotIn("/service/ticket/new", self.url_open("/help").text)

    def test_pages_of_many(self):
        for number in range(21):
            self.make_article(f"Article {number}")
        self.env.flush_all()
        first, second = self.url_open("/help").text, self.url_open("/help/page/2").text
        self.assertEqual(len(re.findall('class="fw-bold text-break"', first)), 20)
        self.assertEqual(len(re.findall('class="fw-bold text-break"', second)), 2)
