import io
import json
import re

from PIL import Image

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .front_common import TICKET, FrontCommon


@tagged("post_install", "-at_install")
class TestPortal(HttpCase, FrontCommon):
    """# V9: what a customer does with his tickets."""

    def setUp(self):
        super().setUp()
        self.ticket = self.make_ticket(self.anna, description="No value at all")
        self.env.flush_all()
        self.sign_in("anna")

    def sign_in(self, who):
        self.authenticate(self.logins[who].login, self.logins[who].login)

    def page(self, url):
        return self.url_open(url).text

    def post(self, move, **values):
        values["csrf_token"] = http.Request.csrf_token(self)
        page = self.url_open(f"/my/tickets/{self.ticket.id}/{move}", data=values)
        self.env.invalidate_all()
        return page

    def said(self, words):
        """The one message of the open conversation with these words."""
        open_ones = self.env.ref("mail.mt_comment")
        message = self.ticket.message_ids.filtered(
            lambda m: words in m.body and m.subtype_id == open_ones
        )
        self.assertEqual(len(message), 1)
        return message

    def rpc(self, route, **params):
        return self.make_jsonrpc_request(route, params)

    def subjects(self, url):
        found = re.findall(r'o_ticket_name"[^>]*>([^<]*)<', self.page(url))
        return [text.strip() for text in found]

    # ------------------------------------------------------------
    # LIST
    # ------------------------------------------------------------

    def test_the_list_filters_sorts_and_searches(self):
        """# V9: newest first, by status, by words and by number."""
        self.make_ticket(self.anna, name="Alpha")
        done = self.close(self.make_ticket(self.anna, name="Beta"))
        self.env.flush_all()
        list_url = "/my/tickets"
        self.assertEqual(
            self.subjects(list_url), ["Beta", "Alpha", "Sensor shows no value"]
        )
        self.assertEqual(
            self.subjects(f"{list_url}?sortby=name"),
            ["Alpha", "Beta", "Sensor shows no value"],
        )
        self.assertEqual(self.subjects(f"{list_url}?filterby=done"), ["Beta"])
        self.assertEqual(
            self.subjects(f"{list_url}?filterby=open"),
            ["Alpha", "Sensor shows no value"],
        )
        self.assertEqual(self.subjects(f"{list_url}?search=alph"), ["Alpha"])
        self.assertEqual(self.subjects(f"{list_url}?search=a%25a"), [], "a sign")
        self.assertEqual(self.subjects(f"{list_url}?search={done.number}"), ["Beta"])
        self.assertEqual(self.subjects(f"{list_url}?search=at+all"), [])
        self.assertEqual(
            self.subjects(f"{list_url}?search=at+all&search_in=all"),
            ["Sensor shows no value"],
        )

    def test_the_list_has_pages(self):
        """# V9: twenty a page, the choice goes along."""
        for number in range(25):
            self.make_ticket(self.anna, name=f"Many {number:02}")
        self.env.flush_all()
        first = self.page("/my/tickets?search=Many&sortby=name")
        self.assertEqual(first.count("o_ticket_name"), 20)
        self.assertRegex(first, r"/my/tickets/page/2\?[^\"]*search=Many")
        self.assertEqual(len(self.subjects("/my/tickets/page/2?search=Many")), 5)
        # past the last page there is the last page
        self.assertEqual(len(self.subjects("/my/tickets/page/99?search=Many")), 5)

    def test_empty_lists_say_what_to_do(self):
        """# V9: nothing yet, nothing found."""
        self.sign_in("carl")
        self.assertIn("You have no tickets.", self.page("/my/tickets"))
        self.sign_in("anna")
        page = self.page("/my/tickets?search=nothing-like-this")
        self.assertIn("No ticket fits this choice.", page)
        for text in (page, self.page("/my/tickets")):
            self.assertIn("/my/tickets/new", text)

    def test_the_list_takes_the_same_queries_for_many(self):
        """# V9: a page of twenty costs what a page of two costs."""
        self.make_ticket(self.anna)
        self.env.flush_all()
        self.page("/my/tickets")
        counts = []
        for more in (0, 18):
            for _n in range(more):
                self.make_ticket(self.anna)
            # with what is told to others of the new tickets
            self.env.cr.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.page("/my/tickets")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    # ------------------------------------------------------------
    # ONE TICKET
    # ------------------------------------------------------------

    def test_the_customer_answers_with_a_file(self):
        """# V9: through Odoo's conversation; the answer is his, in the open."""
        upload = self.url_open(
            "/mail/attachment/upload",
            data={
                "thread_model": TICKET,
                "thread_id": self.ticket.id,
                "is_pending": True,
                "csrf_token": http.Request.csrf_token(self),
            },
            files={"ufile": ("a.txt", b"log", "text/plain")},
        ).json()["data"]
        store = upload["store_data"]["ir.attachment"][0]
        self.rpc(
            "/mail/message/post",
            thread_model=TICKET,
            thread_id=self.ticket.id,
            post_data={
                "body": "Here is the log",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                "attachment_ids": [upload["attachment_id"]],
                "attachment_tokens": [store["ownership_token"]],
            },
        )
        self.env.invalidate_all()
        message = self.ticket.message_ids[0]
        self.assertIn("Here is the log", message.body)
        self.assertEqual(message.author_id, self.anna)
        self.assertEqual(message.attachment_ids.mapped("name"), ["a.txt"])
        shown = json.dumps(
            self.rpc(
                "/mail/chatter_fetch", thread_model=TICKET, thread_id=self.ticket.id
            )
        )
        self.assertIn("Here is the log", shown)
        self.assertIn("a.txt", shown)

    def test_close_and_reopen(self):
        """# V9: both are in the conversation, the reason too, and counted."""
        self.post("close")
        self.assertEqual(self.ticket.state, "closed")
        self.assertTrue(self.ticket.closed_date)
        self.assertEqual(self.said("Closed by the customer").author_id, self.anna)
        page = self.post("reopen", reason="Still <no> value")
        self.assertEqual(
            (self.ticket.state, self.ticket.reopen_count), ("in_progress", 1)
        )
        self.assertFalse(self.ticket.closed_date)
        self.assertTrue(self.said("Still &lt;no&gt; value"))
        self.assertEqual(page.status_code, 200)

    def test_an_answer_after_a_note_of_the_team_arrives(self):
        """# V9: the thread's last message is one the customer may not read."""
        self.ticket.message_post(body="Which sensor?", subtype_xmlid="mail.mt_comment")
        note = self.ticket.message_post(
            body="Careful with this one", message_type="comment"
        )
        self.assertTrue(note.subtype_id.internal)
        self.env.flush_all()
        post = {"body": "The red one", "message_type": "comment"}
        self.rpc(
            "/mail/message/post",
            thread_model=TICKET,
            thread_id=self.ticket.id,
            post_data={**post, "subtype_xmlid": "mail.mt_comment"},
        )
        self.env.invalidate_all()
        self.assertEqual(self.said("The red one").author_id, self.anna)

    def test_closing_a_solved_ticket_is_not_reopening_it(self):
        """# V9: the note about it is no word that opens the ticket again."""
        self.close(self.ticket, "resolved")
        self.post("close")
        self.assertEqual((self.ticket.state, self.ticket.reopen_count), ("closed", 0))

    def test_what_is_done_already_is_not_done_again(self):
        """# V9: a second tap or an old page: told, not an error page."""
        self.post("close")
        messages = self.ticket.message_ids
        self.assertIn("alert-info", self.post("close").text)
        self.assertEqual(self.ticket.message_ids, messages)
        with self.assertRaises(UserError):
            self.ticket._portal_close(self.anna)
        self.post("reopen")
        with self.assertRaises(UserError):
            self.ticket._portal_reopen(self.anna)

    def test_the_link_of_a_mail_is_enough_to_act(self):
        """# V9: without login, in the customer's name."""
        token = self.ticket._portal_ensure_token()
        self.env.flush_all()
        self.authenticate(None, None)
        self.post("close", access_token="wrong")
        self.assertNotEqual(self.ticket.state, "closed")
        self.post("close", access_token=token)
        self.assertEqual(self.ticket.state, "closed")
        self.assertEqual(self.said("Closed by the customer").author_id, self.anna)

    def test_times_are_those_of_the_reader_s_clock(self):
        """# V9: with a login, and without one: UTC is nobody's."""
        self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        ticket = self.make_ticket(self.anna)
        link = f"/my/tickets/{ticket.id}?access_token={ticket._portal_ensure_token()}"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_service_ticket SET create_date = %s WHERE id = %s",
            ("2026-11-24 20:30", ticket.id),
        )
        for login, customer, browser, shown in (
            (None, False, "", "4:30"),
            (None, "Europe/Berlin", "", "9:30"),
            (None, "Europe/Berlin", "America/New_York", "3:30"),
            (None, False, "no/zone\x22", "4:30"),
            ("anna", "America/New_York", "Asia/Tokyo", "3:30"),
        ):
            self.anna.tz = customer
            login = login and self.logins[login].login
            self.authenticate(login, login)
            self.opener.cookies["tz"] = browser
            with self.subTest(login=login, customer=customer, browser=browser):
                facts = self.url_open(link).text.partition("o_ticket_facts")[2]
                times = re.findall(r"(\d+:\d\d)", facts.partition("Type")[0])
                self.assertEqual([time.lstrip("0") for time in times], [shown])

    def test_rating_on_the_page(self):
        """# V6 V9: right after closing, before any mail; which is then not sent."""
        self.post("close")
        self.assertIn("o_ticket_rate", self.page(f"/my/tickets/{self.ticket.id}"))
        self.post("rate", score=2, comment="Slow")
        survey = self.ticket.survey_ids
        self.assertEqual((survey.score, survey.channel), (2, "portal"))
        self.assertEqual(self.ticket.satisfaction_comment, "Slow")
        self.assertEqual(len(self.activities(self.ticket)), 1)
        self.assertEqual(survey._process_due(survey.sent_date), 0)
        self.post("rate", score=4)
        self.assertEqual(self.ticket.satisfaction_score, 4)

    def test_a_team_that_does_not_ask_does_not_ask_here(self):
        """# V6 V9"""
        self.service_team.satisfaction_active = False
        self.env.flush_all()
        self.post("close")
        self.assertNotIn("o_ticket_rate", self.page(f"/my/tickets/{self.ticket.id}"))
        self.post("rate", score=5)
        self.assertEqual(self.ticket.satisfaction_score, 0)

    def test_an_open_ticket_is_not_rated(self):
        """# V6 V9: also after it was opened again."""
        self.post("rate", score=5)
        self.assertEqual(self.ticket.satisfaction_score, 0)
        self.post("close")
        self.post("reopen")
        self.post("rate", score=5)
        self.assertEqual(self.ticket.satisfaction_score, 0)

    def test_a_merged_ticket_points_to_where_it_goes_on(self):
        """# V8 V9: and cannot be moved any more."""
        target = self.make_ticket(self.anna, name="The other one")
        self.ticket.merged_into_id = target
        self.env.flush_all()
        page = self.page(f"/my/tickets/{self.ticket.id}")
        self.assertIn(target.number, page)
        state = self.ticket.state
        self.post("close")
        self.assertEqual(self.ticket.state, state)

    def test_opening_pages_writes_nothing(self):
        """# V9: a GET changes nothing, not even a token."""
        self.ticket.access_token = False
        self.env.flush_all()
        before = self.ticket.write_date
        self.page("/my/tickets")
        self.page(f"/my/tickets/{self.ticket.id}")
        self.env.invalidate_all()
        self.assertFalse(self.ticket.access_token)
        self.assertEqual(self.ticket.write_date, before)


@tagged("post_install", "-at_install")
class TestPortalTour(HttpCase, FrontCommon):
    """# V9: two companies side by side, in the browser."""

    def test_each_company_works_with_its_own(self):
        """# V9: opens one, answers, closes; the other sees none of it."""
        self.env.company.service_portal_scope = "company"
        self.make_ticket(self.ben, name="Valve of Acme")
        self.make_ticket(self.carl, name="Valve of Globex")
        self.env.flush_all()
        self.start_tour(
            "/my", "crm_service_ticket_portal_acme", login=self.logins["anna"].login
        )
        self.env.invalidate_all()
        ticket = self.tickets.search([("partner_id", "=", self.anna.id)])
        self.assertEqual((ticket.name, ticket.state), ("Pump is loud", "closed"))
        self.assertIn("It stopped by itself", str(ticket.message_ids.mapped("body")))
        self.start_tour(
            "/my", "crm_service_ticket_portal_globex", login=self.logins["carl"].login
        )

    def test_a_photo_is_sent_as_small_as_it_has_to_be(self):
        """# V9: shrunk in the browser; a mistake brings form and files back."""
        login = self.logins["anna"].login
        self.start_tour("/my/tickets/new", "crm_service_ticket_photo", login=login)
        tickets = self.tickets.search([("partner_id", "=", self.anna.id)])
        self.assertEqual(len(tickets), 2)
        for ticket in tickets:
            files = self.env["ir.attachment"].search(
                [("res_model", "=", TICKET), ("res_id", "=", ticket.id)]
            )
            self.assertEqual(sorted(files.mapped("name")), ["log.txt", "nameplate.jpg"])
            photo = files.filtered(lambda file: file.mimetype == "image/jpeg")
            with Image.open(io.BytesIO(photo.raw)) as picture:
                self.assertEqual(picture.size, (1920, 960))
