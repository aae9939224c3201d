from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tests.common import MailCase

from ..models.crm_service_ticket_assign import BATCH
from .common import TicketCommon
from .front_common import FrontCommon


@tagged("post_install", "-at_install")
class TestJobs(TicketCommon):
    """# V7 V11 V2: what runs by itself, as the scheduler runs it."""

    def run_job(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"crm_service_ticket.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def test_waiting_tickets_are_given_out_when_somebody_is_back(self):
        """# V7"""
        self.service.assignment_method = "turn"
        member = self.service.member_ids.filtered(lambda m: m.user_id == self.agent)
        member.paused = True
        tickets = self.tickets.union(*(self.make_ticket(name) for name in "abc"))
        self.run_job("ir_cron_assign")
        self.assertFalse(tickets.user_id)
        self.assertEqual(len(tickets.assignment_ids), 3, "said once, not each time")
        member.paused = False
        self.run_job("ir_cron_assign")
        self.assertEqual(tickets.user_id, self.agent)

    def test_silent_tickets_are_closed(self):
        """# V11: without notice, in one run."""
        self.service.write({"auto_close_days": 7, "auto_close_notice_days": 0})
        ticket = self.make_ticket()
        ticket.action_resolve()
        ticket.sudo().date_last_stage_update = fields.Datetime.now() - timedelta(days=8)
        self.run_job("ir_cron_close_silent")
        self.assertEqual(ticket.state, "closed")

    def test_old_rows_of_incoming_mail_are_forgotten(self):
        """# V2: after half a year; younger ones stay."""
        old = self.mail_row(self.receive(Subject="Old"))
        young = self.mail_row(self.receive(Subject="Young"))
        old.date = fields.Datetime.now() - timedelta(days=181)
        self.env["crm.service.mail"]._gc_old_rows()
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())


@tagged("post_install", "-at_install")
class TestJobsGoOn(FrontCommon, MailCase):
    """# B7 B10: one that fails stops nobody; what was promised is looked after."""

    def setUp(self):
        super().setUp()
        self.problems = self.env["crm.job.problem"]
        self.mails = self.env["mail.mail"]
        self.now = fields.Datetime.now()

    def problems_of(self, records):
        return self.problems.search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )

    def told(self, user):
        return self.env["mail.message"].search(
            [("notified_partner_ids", "in", user.partner_id.ids)]
        )

    def ask_many(self, count):
        tickets = self.tickets.union(
            *(self.make_ticket(self.anna) for _n in range(count))
        )
        return self.close(tickets).survey_ids

    def test_a_template_that_fails_for_one_asks_all_others(self):
        """# V6 B7: 252 of 252 waited for one."""
        surveys = self.ask_many(12)
        bad = surveys[7]
        self.service_team.satisfaction_template_id = self.env["mail.template"].create(
            {
                "name": "Breaks",
                "model_id": self.env["ir.model"]._get_id("crm.service.survey"),
                "email_to": "{{ object.ticket_id._satisfaction_email() }}",
                "subject": "Breaks",
                "body_html": f"<p><t t-out='1 / (object.id - {bad.id})'/></p>",
            }
        )
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail"):
            self.surveys._process_due(self.now)
        self.assertEqual(bad.state, "queued")
        self.assertEqual(set((surveys - bad).mapped("state")), {"sent"})
        self.assertEqual(len(self._new_mails.filtered(lambda m: m.model)), 11)
        self.assertTrue(self.problems_of(bad).reason)
        self.assertEqual(self.problems_of(bad).user_id, self.agent)

    def refuse(self, mails, error):
        """The mail server refuses them, or breaks off."""

        def send_email(*_args, **_values):
            raise MailDeliveryException("no") from error

        with (
            self.mock_mail_gateway(),
            mute_logger("odoo.addons.mail.models.mail_mail"),
            patch.object(type(self.env["ir.mail_server"]), "send_email", send_email),
        ):
            mails.send()
        return mails

    def promised(self, record, key):
        return self.mails.search(
            [
                ("job_key", "=", f"crm_service_ticket.{key}"),
                ("model", "=", record._name),
                ("res_id", "=", record.id),
            ]
        )

    def test_a_question_that_fails_is_tried_again_and_then_not_sent(self):
        """# V6 B10: it said "sent", and nobody heard of it."""
        survey = self.ask_many(1)
        self.surveys._process_due(self.now)
        mail = self.promised(survey, "survey")
        tries = 0
        while survey.state == "sent":
            self.refuse(mail, SMTPDataError(451, "Try later"))
            self.assertEqual(mail.state, "exception")
            self.mails._cron_job_mails()
            tries += 1
            self.assertLess(tries, 10)
            if survey.state == "sent":
                self.assertEqual(mail.state, "outgoing")
                self.assertGreater(mail.scheduled_date, self.now)
        self.assertGreater(tries, 3)
        self.assertEqual((survey.state, survey.reason), ("skipped", "failed"))
        self.assertFalse(survey.sent_date, "it counts as no question")
        self.assertTrue(survey._is_open_on_portal())
        self.assertEqual(self.problems_of(survey).user_id, self.agent)
        before = self.told(self.agent)
        self.mails._cron_job_mails()
        self.assertEqual(self.told(self.agent), before)

    def test_a_question_that_perhaps_arrived_is_not_sent_again(self):
        """# V6 B10: the server dropped the line after the text."""
        survey = self.ask_many(1)
        self.surveys._process_due(self.now)
        mail = self.refuse(
            self.promised(survey, "survey"), SMTPServerDisconnected("closed")
        )
        self.mails._cron_job_mails()
        self.assertEqual((survey.state, mail.state), ("sent", "exception"))
        self.assertIn("may have arrived or not", self.problems_of(survey).reason)

    def test_a_refused_text_message_does_not_count_as_sent(self):
        """# V6 B10"""
        self.service_team.satisfaction_channel = "sms"
        self.anna.phone = "+86 138 0013 8000"
        survey = self.ask_many(1)
        self.surveys._process_due(self.now)
        survey.sms_id.write({"state": "error", "failure_type": "sms_credit"})
        self.surveys._process_due(self.now)
        self.assertEqual((survey.state, survey.reason), ("skipped", "failed"))
        self.assertTrue(self.problems_of(survey))

    def test_a_confirmation_that_fails_for_good_is_none(self):
        """# V2 B10: an address that does not exist."""
        ticket = self.make_ticket(self.anna, partner_email="nobody@nowhere.example")
        ticket._acknowledge()
        self.assertTrue(ticket.acknowledged_date)
        mail = self.promised(ticket, "confirmation")
        mail.write({"state": "exception", "failure_type": "mail_email_invalid"})
        mail.job_outcome = "failed"
        self.mails._cron_job_mails()
        self.assertFalse(ticket.acknowledged_date)
        self.assertEqual(self.problems_of(ticket).user_id, self.agent)

    # ------------------------------------------------------------
    # SILENCE
    # ------------------------------------------------------------

    def silent(self, count=3):
        self.service_team.write({"auto_close_days": 7, "auto_close_notice_days": 2})
        long_ago = self.now - timedelta(days=30)
        tickets = self.tickets.union(
            *(self.make_ticket(self.anna) for _n in range(count))
        )
        tickets.action_wait()
        tickets.sudo().write(
            {"date_last_stage_update": long_ago, "last_message_date": long_ago}
        )
        self.env.flush_all()
        return tickets

    def test_without_the_template_nobody_is_closed_untold(self):
        """# V11 B10: 180 of 180 were, and marked as told."""
        tickets = self.silent()
        self.env.ref("crm_service_ticket.mail_template_silence").unlink()
        for days in (0, 3, 30):
            self.tickets._process_silence(self.now + timedelta(days=days))
        self.assertEqual(set(tickets.mapped("state")), {"waiting"})
        self.assertFalse(any(tickets.mapped("silence_notice_date")))
        self.assertEqual(len(self.problems_of(tickets)), 3)
        self.assertIn("template", self.problems_of(tickets)[0].reason)

    def test_who_could_not_be_told_is_not_closed(self):
        """# V11 B10: the notice of one did not go out; the others are closed."""
        tickets = self.silent()
        self.tickets._process_silence(self.now)
        bad = tickets[1]
        mail = self.promised(bad, "silence")
        mail.recipient_ids.email = "nobody@nowhere.example"
        self.refuse(mail, SMTPRecipientsRefused({}))
        notice = self.env["mail.notification"].search([("mail_mail_id", "=", mail.id)])
        self.assertEqual(notice.notification_status, "exception")
        self.tickets._process_silence(self.now + timedelta(days=3))
        self.assertEqual(bad.state, "waiting")
        self.assertEqual(set((tickets - bad).mapped("state")), {"closed"})
        self.assertIn("did not reach the customer", self.problems_of(bad).reason)


@tagged("post_install", "-at_install")
class TestFairWaiting(TicketCommon):
    """# V7 B7: 210 that nobody can take hid 3 that somebody could."""

    def test_those_behind_many_are_asked(self):
        self.service.assignment_method = "turn"
        self.other_service.assignment_method = "turn"
        (self.service.member_ids | self.other_service.member_ids).paused = True
        many = self.tickets.create(
            [{"name": f"M{n}", "team_id": self.service.id} for n in range(BATCH + 10)]
        )
        few = self.tickets.create(
            [{"name": f"F{n}", "team_id": self.other_service.id} for n in range(3)]
        )
        self.other_service.member_ids.paused = False
        self.env.flush_all()
        self.tickets._cron_assign()
        self.assertEqual(few.user_id, self.other_agent)
        self.assertFalse(many.user_id)


@tagged("post_install", "-at_install")
class TestTicketSetup(TicketCommon):
    """# V1 V2 C9: teams, skills, fields without code."""

    def test_a_person_belongs_to_the_teams_of_membership_and_lead(self):
        """# G1: rules go by it; an archived membership counts no longer."""
        self.assertEqual(self.agent.service_team_ids, self.service)
        self.assertEqual(self.service_manager.service_team_ids, self.service)
        self.service.member_ids.filtered(
            lambda member: member.user_id == self.agent
        ).active = False
        self.assertFalse(self.agent.service_team_ids)

    def test_every_role_of_service_opens_every_view(self):
        """# V1: no view asks for what its reader may not see."""
        for user in (self.agent, self.service_manager, self.crm_admin):
            with self.calling_as(user) as env, self.subTest(user=user.login):
                views = env["crm.service.ticket"].get_views(
                    [(False, kind) for kind in ("kanban", "list", "form", "search")]
                )
                self.assertEqual(len(views["views"]), 4)
                env["crm.service.team"].get_views([(False, "list"), (False, "form")])

    def test_many_customers_are_found_with_two_queries(self):
        """# V2: for any number of senders."""
        contacts = [("li@ruida.example", ""), ("", "13812345678"), ("x@y.example", "")]
        found = self.tickets._find_customers(contacts)
        nobody = self.contact.browse()
        self.assertEqual(found[0], (self.contact, nobody))
        self.assertEqual(found[1], (nobody, self.contact))
        self.assertEqual(found[2], (nobody, nobody))
        many = [(f"sender{number}@y.example", "") for number in range(50)]
        with self.assertQueryCount(2):
            self.tickets._find_customers([*contacts, *many])

    def test_a_team_has_fields_of_its_own(self):
        """# C9: properties, searchable."""
        self.service.ticket_properties_definition = [
            {"name": "serial", "string": "Serial Number", "type": "char"}
        ]
        ticket = self.make_ticket(ticket_properties={"serial": "24A0931"})
        domain = [("ticket_properties.serial", "=", "24A0931")]
        self.assertEqual(self.tickets.search(domain), ticket)

    def test_a_copy_starts_anew(self):
        """# V1: with a number of its own and none of the times."""
        ticket = self.make_ticket(partner=self.contact, channel="phone")
        ticket.action_resolve()
        copy = ticket.copy()
        self.assertNotEqual(copy.number, ticket.number)
        self.assertRecordValues(
            copy,
            [
                {
                    "state": "pending",
                    "first_response_date": False,
                    "resolved_date": False,
                    "reopen_count": 0,
                    "partner_id": self.contact.id,
                }
            ],
        )

    def test_a_team_opens_its_own_board(self):
        """# V1"""
        action = self.service.action_open_tickets()
        self.assertEqual(action["context"]["search_default_team_id"], self.service.id)
        self.assertEqual(action["res_model"], "crm.service.ticket")
