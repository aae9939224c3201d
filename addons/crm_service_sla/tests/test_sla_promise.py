from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common import SlaCommon, moment


@tagged("post_install", "-at_install")
class TestPromise(SlaCommon, MailCase):
    """# V2 V4: what the customer is told to expect when his mail has arrived."""

    def told(self):
        with moment(2, 10), self.mock_mail_gateway():
            self.receive()
        return self._new_mails.body_html

    def test_the_confirmation_says_when_the_first_answer_comes(self):
        """# V4: the target of the policy, in its working time or round the clock."""
        self.assertIn("within 1 h of our working time", self.told())
        self.policy.hours = "always"
        self.assertIn("a first answer within 1 h.", self.told())

    def test_nothing_is_promised_that_no_clock_runs_for(self):
        """# V4: no target, or a clock that stands still until somebody starts."""
        self.policy.pause_pending = True
        self.assertIn("We will get back to you", self.told())
        self.policy.write({"pause_pending": False, "first_response_minutes": 0})
        self.assertIn("We will get back to you", self.told())

    def test_a_canned_answer_says_when_we_are_back(self):
        """# V4 V7: the next deadline, where there is one."""
        with moment(2, 10):
            ticket = self.make_ticket("Drift", self.contact, user_id=self.agent.id)
            self.contact.tz = "Asia/Shanghai"
            canned = self.env["mail.canned.response"].with_user(self.agent)
            told = canned._words_of(ticket)["promised"]
            self.assertEqual(
                told, ticket._sla_local(ticket.sla_deadline, "Asia/Shanghai")
            )
            ticket.action_close()
            told = canned._words_of(ticket)["promised"]
        self.assertEqual(told, "as soon as possible")
