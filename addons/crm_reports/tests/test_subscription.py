import io
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPServerDisconnected
from unittest.mock import patch

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import email_normalize, mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.crm_reports.models.crm_dashboard_workbook import CrmDashboard
from odoo.addons.mail.tests.common import MockEmail

from .common import ReportsCommon

LOGGER = "odoo.addons.crm_reports.models.crm_report_delivery"


@tagged("post_install", "-at_install")
class TestSubscription(MockEmail, ReportsCommon):
    """# A11: a report by e-mail on schedule, with the recipient's rights."""

    def setUp(self):
        super().setUp()
        # printing is proven in test_export; here it would take a minute
        self.startPatcher(patch.object(CrmDashboard, "_pdf", lambda *_args: b"%PDF"))
        for user in self.rep | self.colleague | self.agent | self.manager:
            user.email = f"{user.login}@hengce.example"

    def no_server(self, *_args, **_values):
        raise MailDeliveryException("The mail server does not answer")

    def make(self, users=None, **values):
        mails = self.env["crm.report.subscription"].with_user(self.manager)
        return mails.create(
            {
                "dashboard": "rep",
                "period": "this_month",
                "user_ids": (users or self.rep).ids,
                **values,
            }
        )

    def run_job(self):
        """What the job does with what waits."""
        self.env["crm.report.delivery"]._send_due(fields.Datetime.now())

    def test_monday_at_eight_where_the_company_is(self):
        """# A11"""
        mail = self.make()
        self.assertEqual(mail.next_run, datetime(2026, 11, 30, 0, 0))
        self.assertTrue(mail.name)

    def test_each_recipient_gets_own_figures(self):
        """# A11 G1: the workbook of the rep has two customers, that of the colleague
        one."""
        self.customer_of(self.rep)
        report = (
            self.env["crm.report.view"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Customers",
                    "group_by": "person",
                    "group_ids": self.env.ref(
                        "crm_customer_center.group_sales_rep"
                    ).ids,
                    "line_ids": [(0, 0, {"measure": "customers"})],
                }
            )
        )
        mail = self.make(
            self.rep | self.colleague, dashboard=False, report_id=report.id
        )
        with self.mock_mail_gateway():
            mail.action_send_now()
            self.assertFalse(self._mails, "one transaction would hold them all")
            self.run_job()
        self.assertEqual(mail.delivery_ids.mapped("state"), ["sent", "sent"])
        amounts = {}
        for message in self._mails:
            files = {name: content for name, content, _type in message["attachments"]}
            self.assertEqual(sorted(n.rsplit(".")[-1] for n in files), ["pdf", "xlsx"])
            (book,) = (part for name, part in files.items() if name.endswith("xlsx"))
            cells = load_workbook(io.BytesIO(book)).worksheets[0]
            rows = {row[0].value: row[1].value for row in cells.iter_rows(min_row=6)}
            amounts[email_normalize(message["email_to"][0])] = rows["Customers"]
        self.assertEqual(amounts, {self.rep.email: 2, self.colleague.email: 1})

    def test_what_is_due_is_sent_once(self):
        """# A11: by the job; then it waits for the next week."""
        mail = self.make()
        with freeze_time("2026-11-30 00:01:00"):
            mails = self.env["crm.report.subscription"]
            mails._queue_due(datetime(2026, 11, 30, 0, 1))
            mails._queue_due(datetime(2026, 11, 30, 0, 1))
        self.env.invalidate_all()
        self.assertEqual(len(mail.delivery_ids), 1)
        self.assertEqual(mail.next_run, datetime(2026, 12, 7, 0, 0))

    def test_a_failure_is_noted_and_tried_three_times(self):
        """# A11: with the reason on the screen, and again by hand."""
        mail = self.make()
        delivery = mail._prepare_deliveries()
        with (
            mute_logger(LOGGER, "odoo.addons.mail.models.mail_mail"),
            patch.object(type(self.env["mail.mail"]), "send", self.no_server),
        ):
            for state in ("waiting", "waiting", "failed"):
                delivery._send()
                self.assertEqual(delivery.state, state)
        self.assertIn("does not answer", mail.last_error)
        self.assertGreater(delivery.retry_at, datetime(2026, 11, 24, 3, 0))
        with self.mock_mail_gateway():
            delivery.with_user(self.manager).action_retry()
            self.run_job()
        self.assertEqual((delivery.state, delivery.error), ("sent", False))

    def owner_messages(self):
        return self.env["mail.message"].search(
            [("notified_partner_ids", "in", self.manager.partner_id.ids)]
        )

    def test_a_connection_that_breaks_after_the_mail_sends_none_twice(self):
        """# B10: nobody knows whether it arrived; the owner is told and decides."""
        mail = self.make()
        before = self.owner_messages()
        calls = []

        def drop(*_args, **_values):
            calls.append(1)
            raise SMTPServerDisconnected("Connection unexpectedly closed")

        mail.action_send_now()
        delivery = mail.delivery_ids
        with (
            mute_logger(LOGGER, "odoo.addons.mail.models.mail_mail"),
            self.mock_mail_gateway(),
            patch.object(type(self.env["ir.mail_server"]), "send_email", drop),
        ):
            for _number in range(3):
                self.run_job()
        self.assertEqual(len(calls), 1)
        self.assertEqual(delivery.state, "unknown")
        self.assertIn("may have arrived or not", mail.last_error)
        self.assertEqual(len(self.owner_messages() - before), 1)
        delivery.with_user(self.manager).action_retry()
        with self.mock_mail_gateway():
            self.run_job()
        self.assertEqual(delivery.state, "sent")

    def test_a_refusal_is_no_doubt(self):
        """# B10: it was not sent, so it is tried again."""
        mail = self.make()
        mail.action_send_now()

        def refuse(*_args, **_values):
            raise MailDeliveryException("no") from SMTPDataError(451, "Try later")

        with (
            mute_logger(LOGGER, "odoo.addons.mail.models.mail_mail"),
            self.mock_mail_gateway(),
            patch.object(type(self.env["ir.mail_server"]), "send_email", refuse),
        ):
            self.run_job()
        self.assertEqual(
            (mail.delivery_ids.state, mail.delivery_ids.tries), ("waiting", 1)
        )

    def test_what_was_cut_off_is_shown_and_not_repeated(self):
        """# B10: the worker was killed between the two notes."""
        mail = self.make()
        mail.action_send_now()
        delivery = mail.delivery_ids
        delivery.sudo().state = "sending"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_report_delivery SET write_date = %s", [fields.Datetime.now()]
        )
        with self.mock_mail_gateway():
            self.run_job()
            self.assertEqual(delivery.state, "sending", "another one may be at it")
            self.env.cr.execute(
                "UPDATE crm_report_delivery SET write_date = %s",
                [fields.Datetime.now() - timedelta(minutes=20)],
            )
            delivery.invalidate_recordset()
            self.run_job()
        self.assertEqual(delivery.state, "unknown")
        self.assertFalse(self._mails)

    def test_one_report_that_cannot_be_made_stops_no_other(self):
        """# B7"""
        mail = self.make(self.rep | self.colleague | self.manager)
        mail.action_send_now()
        data = type(mail.delivery_ids)._data

        def broken(delivery):
            if delivery.user_id == self.colleague:
                raise ZeroDivisionError
            return data(delivery)

        with (
            mute_logger(LOGGER),
            self.mock_mail_gateway(),
            patch.object(type(mail.delivery_ids), "_data", broken),
        ):
            self.run_job()
        states = {one.user_id: one.state for one in mail.delivery_ids}
        self.assertEqual(states[self.colleague], "waiting")
        self.assertEqual({states[self.rep], states[self.manager]}, {"sent"})

    def test_what_became_of_the_last_time_is_shown(self):
        """# A11: how many of how many; what failed a week ago and arrives now is no
        news any more."""
        mail = self.make(self.rep | self.colleague)
        with (
            mute_logger(LOGGER, "odoo.addons.mail.models.mail_mail"),
            patch.object(type(self.env["mail.mail"]), "send", self.no_server),
        ):
            mail.action_send_now()
            self.run_job()
        self.assertEqual((mail.last_sent, mail.last_count), (0, 2))
        self.assertIn("does not answer", mail.last_error)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_report_delivery SET create_date = create_date - interval '7 d'"
        )
        self.env.invalidate_all()
        mail.action_send_now()
        self.assertEqual((mail.last_sent, mail.last_count), (0, 2))
        newest = mail.delivery_ids.filtered(lambda one: not one.tries)
        with self.mock_mail_gateway():
            newest[0].sudo()._send()
        self.assertEqual((mail.last_sent, mail.last_count), (1, 2))
        self.assertFalse(mail.last_error)

    def test_who_lost_the_role_gets_nothing(self):
        """# G1: the reason is noted."""
        mail = self.make(self.agent)
        with mute_logger(LOGGER), self.mock_mail_gateway():
            mail.action_send_now()
            self.run_job()
        self.assertFalse(self._mails)
        self.assertIn("may not open this dashboard", mail.delivery_ids.error)

    def test_recipients_need_an_address(self):
        """# A11: with a sentence that says what to do."""
        self.rep.email = False
        with self.assertRaisesRegex(ValidationError, "no e-mail address"):
            self.make()
