from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCommon

from .common import TicketCommon

START = "2026-03-02 10:00:00"


@tagged("post_install", "-at_install")
class TestSilence(TicketCommon):
    """# V11: closed after silence, with notice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service.write({"auto_close_days": 7, "auto_close_notice_days": 2})
        with freeze_time(START):
            cls.ticket = cls.make_ticket(partner=cls.contact)
            cls.ticket.action_wait()
        cls.start = fields.Datetime.to_datetime(START)

    def after(self, days):
        now = self.start + timedelta(days=days)
        with freeze_time(now):
            return self.tickets._process_silence(now)

    def test_the_customer_is_told_and_then_the_ticket_closed(self):
        """# V11: in time, once."""
        self.assertEqual(self.after(4.9), 0)
        self.assertEqual(self.after(5), 1)
        notice = self.ticket.message_ids[0]
        self.assertIn(self.ticket.number, notice.body)
        self.assertIn(self.contact, notice.partner_ids)
        self.assertEqual(self.after(6), 0)
        self.assertEqual(self.ticket.state, "waiting")
        self.assertEqual(self.after(7), 1)
        self.assertEqual(self.ticket.state, "closed")
        self.assertEqual(self.after(8), 0)

    def test_an_answer_starts_the_time_anew(self):
        """# V11: also for the notice."""
        self.after(5)
        with freeze_time(self.start + timedelta(days=6)):
            self.ticket._customer_spoke(self.ticket.message_ids[:1])
            self.assertEqual(self.ticket.state, "in_progress")
            self.ticket.action_wait()
        self.assertEqual(self.after(8), 0)
        self.assertEqual(self.after(11), 1)
        self.assertEqual(self.after(13), 1)
        self.assertEqual(self.ticket.state, "closed")

    def test_after_a_standstill_of_the_job_the_notice_keeps_its_time(self):
        """# V11: nobody is closed without having been told."""
        self.assertEqual(self.after(30), 1)
        self.assertEqual(self.ticket.state, "waiting")
        self.assertEqual(self.after(31), 0)
        self.assertEqual(self.after(32), 1)
        self.assertEqual(self.ticket.state, "closed")

    def test_without_notice_it_is_closed_at_once(self):
        """# V11"""
        self.service.auto_close_notice_days = 0
        self.assertEqual(self.after(7), 1)
        self.assertEqual(self.ticket.state, "closed")

    def test_never_means_never_and_work_in_progress_stays(self):
        """# V11"""
        with freeze_time(START):
            working = self.make_ticket()
            working.action_take()
        self.after(5)
        self.after(30)
        self.assertEqual(working.state, "in_progress")
        self.service.auto_close_days = 0
        with freeze_time(START):
            other = self.make_ticket()
            other.action_wait()
        self.after(60)
        self.assertEqual(other.state, "waiting")

    def test_a_ticket_without_address_is_closed_all_the_same(self):
        """# V11"""
        with freeze_time(START):
            ticket = self.make_ticket()
            ticket.action_resolve()
        self.after(5)
        self.after(7)
        self.assertEqual(ticket.state, "closed")

    def test_the_notice_is_no_answer_of_ours(self):
        """# V1 V11"""
        self.after(5)
        self.assertFalse(self.ticket.first_response_date)
        self.assertFalse(self.ticket.last_message_date)


@tagged("post_install", "-at_install")
class TestSilenceMail(MailCommon):
    """# V11: what the customer reads."""

    def test_the_notice_is_in_the_customers_words(self):
        """# V11"""
        ticket = self.env["crm.service.ticket"].create(
            {"name": "Drift", "partner_email": "eve@new.example", "partner_name": "Eve"}
        )
        template = self.env.ref("crm_service_ticket.mail_template_silence")
        body = template._render_field("body_html", ticket.ids)[ticket.id]
        self.assertIn("Eve", body)
        self.assertIn(ticket.number, body)
