import re

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .common import SERVICE, TicketCommon

SUBJECT = "Tour sensor drifts"
PHONE = "390x844"
DESK = "1366x768"


@tagged("post_install", "-at_install")
class TestTicketStory(TicketCommon, HttpCase, MailCase):
    """# V1 V2 V3 V6: one ticket from the customer's mail to his last star, each step
    in the browser of who takes it, the customer's by what is in his mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.agent, cls.technician, cls.service_manager):
            user.password = user.login

    def setUp(self):
        super().setUp()
        mocked = self.mock_mail_gateway()
        mocked.__enter__()
        self.addCleanup(mocked.__exit__, None, None, None)

    def walk(self, path, tour, user=None, size=DESK):
        """Take a tour, in a window of a size, as a user or as a stranger."""
        self.browser_size, self.touch_enabled = size, size == PHONE
        self.start_tour(path, tour, login=user and user.login)
        self.env.invalidate_all()

    def mails_to_customer(self, text):
        """What went out to the customer with this text."""
        return [
            mail
            for mail in self._mails
            if text in mail["body"] and "li@ruida.example" in mail["email_to"][0]
        ]

    def mail_to_customer(self, text):
        """The one mail that went out to the customer with this text."""
        mails = self.mails_to_customer(text)
        self.assertEqual(len(mails), 1, [mail["subject"] for mail in self._mails])
        return mails[0]

    def test_from_the_mail_to_the_low_score(self):
        """# V1 V2 V3 V6"""
        ticket = self.receive(Subject=SUBJECT, Message_ID="<story@mail.ruida.example>")
        self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        confirmation = self.mail_to_customer("thank you for writing to us")
        self.assertIn(ticket.number, confirmation["subject"])

        # the agent sees it, takes it, asks back, and hands it over
        self.walk("/odoo/tickets", "crm_service_ticket_agent", self.agent)
        answer = self.mail_to_customer("Which serial number")
        self.assertIn(SERVICE, answer["reply_to"])
        self.assertIn(ticket.number, answer["subject"])
        self.assertEqual(
            (ticket.user_id, ticket.level), (self.technician, "technician")
        )
        self.assertEqual(ticket.handover_ids.note, "Restarted twice, still drifts.")
        self.assertFalse(self.mails_to_customer("Restarted twice"))

        # the customer answers, and the technician solves and closes it
        reply = self.receive(
            Subject=f"Re: {answer['subject']}",
            References=answer["message_id"],
            body="Serial 4711",
        )
        self.assertEqual(reply, ticket)
        self.walk("/odoo/tickets", "crm_service_ticket_technician", self.technician)
        self.assertEqual(ticket.state, "closed")
        self.assertIn("The cable was loose.", ticket.resolution)
        solved = self.mail_to_customer("The cable was loose.")
        self.assertIn("not_solved=1", solved["body"])
        self.assertTrue(ticket.resolved_date)

        # the customer is asked, and answers on the phone by the link in the mail
        self.env["crm.service.survey"]._process_due(fields.Datetime.now())
        self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        question = self.mail_to_customer("How satisfied are you")
        [path] = re.findall(r'href="https?://[^/"]+(/[^"]+score=2)"', question["body"])
        self.walk(path, "crm_service_ticket_score", size=PHONE)
        self.assertRecordValues(
            ticket,
            [
                {
                    "satisfaction_score": 2,
                    "satisfaction_comment": "Waited two days for a call",
                }
            ],
        )

        # the manager finds it among the tasks of today, and on the list of answers
        self.walk("/odoo", "crm_service_ticket_low_score", self.service_manager)
        self.assertFalse(ticket.activity_ids.filtered("active"))


@tagged("post_install", "-at_install")
class TestReplyStory(TicketCommon, HttpCase):
    """# V7: one click for the answer and what comes after it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.password = cls.agent.login
        # the list shows the newest first
        cls.two, cls.one = (
            cls.make_ticket(
                f"Reply tour {name}", cls.contact, user_id=cls.agent.id, priority="2"
            )
            for name in ("two", "one")
        )

    def test_send_and_next(self):
        """# V7"""
        self.browser_size = DESK
        action = self.env.ref("crm_service_ticket.action_ticket").id
        url = f"/odoo/action-{action}?view_type=list"
        tour = "crm_service_ticket_send_and_next"
        self.start_tour(url, tour, login=self.agent.login)
        self.env.invalidate_all()
        self.assertEqual(self.one.state, "waiting")
        self.assertEqual(self.two.state, "resolved")
        settings = self.agent.res_users_settings_id
        self.assertTrue(settings.service_next_after_sending)

    def test_on_a_phone(self):
        """# V7"""
        self.browser_size, self.touch_enabled = PHONE, True
        url = f"/odoo/tickets/{self.one.id}"
        self.start_tour(url, "crm_service_ticket_reply_phone", login=self.agent.login)
        self.env.invalidate_all()
        self.assertEqual(self.one.state, "waiting")

    def test_a_canned_answer(self):
        """# V7: filled in, with its file, and what it does."""
        group = self.env.ref("crm_customer_center.group_service_agent").ids
        canned = self.env["mail.canned.response"]
        canned.create(
            {"source": "a tour", "substitution": "General", "group_ids": group}
        )
        types = self.env["crm.service.ticket.type"]
        mine = canned.create(
            {
                "source": "tour serial",
                "substitution": "Hello {customer}, which number?",
                "group_ids": group,
                "service_team_ids": self.service.ids,
                "ticket_state": "waiting",
                "ticket_type_id": types._of_kind("fault").id,
            }
        )
        file = self.env["ir.attachment"].create({"name": "guide.txt", "raw": b"Turn"})
        mine.attachment_ids = file
        self.browser_size = DESK
        url = f"/odoo/tickets/{self.one.id}"
        self.start_tour(url, "crm_service_ticket_canned", login=self.agent.login)
        self.env.invalidate_all()
        self.assertEqual(self.one.state, "waiting")
        self.assertEqual(self.one.ticket_type, "fault")
        said = self.one.message_ids.filtered(lambda m: "Hello Ms Li" in (m.body or ""))
        self.assertEqual(said.attachment_ids.name, "guide.txt")

    def test_a_solution_is_asked_for(self):
        """# V7: by the status bar as by the button."""
        self.service.is_solution_required = True
        self.answer(self.one, self.agent, "Turn the filter")
        self.browser_size = DESK
        url = f"/odoo/tickets/{self.one.id}"
        tour = "crm_service_ticket_solution_needed"
        # the refusal that makes the browser ask
        with mute_logger("odoo.http"):
            self.start_tour(url, tour, login=self.agent.login)
        self.env.invalidate_all()
        self.assertEqual(self.one.state, "resolved")
        self.assertIn("Turn the filter", self.one.resolution)


@tagged("post_install", "-at_install")
class TestSeveralStory(TicketCommon, HttpCase):
    """# V7: several customers answered, a ticket put aside, a call taken down."""

    def test_at_the_desk(self):
        self.agent.password = self.agent.login
        one, two = (
            self.make_ticket(
                f"Several tour {name}", self.contact, user_id=self.agent.id
            )
            for name in ("one", "two")
        )
        self.browser_size = DESK
        action = self.env.ref("crm_service_ticket.action_ticket").id
        url = f"/odoo/action-{action}?view_type=list"
        self.start_tour(url, "crm_service_ticket_several", login=self.agent.login)
        self.env.invalidate_all()
        for ticket in (one, two):
            said = ticket.message_ids.filtered(lambda m: "Dear Ms Li" in m.body)
            self.assertIn(ticket.number, said.body)
        self.assertTrue(one.aside_until)
        self.assertEqual(one.aside_reason, "The part arrives")
        self.assertFalse(two.aside_until)
        call = self.tickets.search([("name", "=", "The tour calls")])
        self.assertRecordValues(
            call,
            [
                {
                    "channel": "phone",
                    "partner_id": self.contact.id,
                    "user_id": self.agent.id,
                    "state": "in_progress",
                }
            ],
        )
