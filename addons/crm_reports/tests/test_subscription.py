import io
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time
from openpyxl import load_workbook

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

    def test_monday_at_eight_where_the_company_is(self):
        """# A11"""
        mail = self.make()
        self.assertEqual(mail.next_run, datetime(2026, 11, 30, 0, 0))
        self.assertTrue(mail.name)

    def test_each_recipient_gets_own_figures(self):
        """# A11 G1: the workbook of the rep has 1000, that of the colleague 500."""
        mail = self.make(self.rep | self.colleague)
        with self.mock_mail_gateway():
            mail.action_send_now()
        self.assertEqual(mail.delivery_ids.mapped("state"), ["sent", "sent"])
        amounts = {}
        for message in self._mails:
            files = {name: content for name, content, _type in message["attachments"]}
            self.assertEqual(sorted(n.rsplit(".")[-1] for n in files), ["pdf", "xlsx"])
            (book,) = (part for name, part in files.items() if name.endswith("xlsx"))
            cells = load_workbook(io.BytesIO(book)).worksheets[0]
            rows = {row[0].value: row[1].value for row in cells.iter_rows(min_row=6)}
            amounts[email_normalize(message["email_to"][0])] = rows["Amount Won"]
        self.assertEqual(amounts, {self.rep.email: 1000, self.colleague.email: 500})

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
        self.assertEqual((delivery.state, delivery.error), ("sent", False))

    def test_who_lost_the_role_gets_nothing(self):
        """# G1: the reason is noted."""
        mail = self.make(self.agent)
        with mute_logger(LOGGER), self.mock_mail_gateway():
            mail.action_send_now()
        self.assertFalse(self._mails)
        self.assertIn("may not open this dashboard", mail.delivery_ids.error)

    def test_recipients_need_an_address(self):
        """# A11: with a sentence that says what to do."""
        self.rep.email = False
        with self.assertRaisesRegex(ValidationError, "no e-mail address"):
            self.make()
