from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .common import SERVICE, TicketCommon


@tagged("post_install", "-at_install")
class TestAcknowledgement(TicketCommon, MailCase):
    """# V2: who writes hears that it arrived, once, and machines never do."""

    def arrive(self, **headers):
        """Receive a mail; return its ticket and what was sent for it."""
        with self.mock_mail_gateway():
            ticket = self.receive(**headers)
        return ticket, self._new_mails

    def test_a_mail_is_confirmed_with_its_number(self):
        """# V2: to the sender, as an answer to his mail, answered to the team."""
        ticket, mail = self.arrive(Message_ID="<first@mail.ruida.example>")
        self.assertEqual(len(mail), 1)
        self.assertIn("<li@ruida.example>", mail.email_to)
        self.assertIn(ticket.number, mail.subject)
        self.assertIn(ticket.number, mail.body_html)
        self.assertIn("thank you for writing to us", mail.body_html)
        self.assertEqual(mail.references, "<first@mail.ruida.example>")
        self.assertIn(SERVICE, mail.reply_to)
        self.assertTrue(ticket.acknowledged_date)

    def test_it_says_that_a_machine_wrote_it(self):
        """# V2: RFC 3834; and it is known again when it comes back."""
        _ticket, mail = self.arrive()
        self.assertIn("'Auto-Submitted': 'auto-replied'", mail.headers)
        self.assertIn("X-Service-Source", mail.headers)

    def test_it_leaves_the_ticket_unanswered(self):
        """# V2 V4: an automatic word is no first response and not the last word."""
        ticket, _mail = self.arrive()
        self.assertFalse(ticket.first_response_date)
        self.assertTrue(ticket.awaiting_answer)
        self.assertEqual(ticket.state, "pending")

    def test_an_answer_to_it_finds_the_ticket_and_is_not_confirmed_again(self):
        """# V2: by the number in the subject, with no reference left."""
        ticket, mail = self.arrive()
        same, more = self.arrive(Subject=f"Re: {mail.subject}", body="Thank you")
        self.assertEqual(same, ticket)
        self.assertFalse(more)
        self.assertFalse(ticket._acknowledge())

    def test_machines_are_not_answered(self):
        """# V2: an alarm, a list, an automatic address become tickets in silence."""
        for headers in (
            {"Auto-Submitted": "auto-generated"},
            {"Precedence": "bulk"},
            {"From": "noreply@device.example"},
        ):
            with self.subTest(headers=headers):
                ticket, mail = self.arrive(**headers)
                self.assertTrue(ticket)
                self.assertFalse(mail)
                self.assertFalse(ticket.acknowledged_date)

    def test_a_colleague_is_not_answered(self):
        """# V2: an agent who forwards a customer's mail knows what he does."""
        ticket, mail = self.arrive(From=self.agent.email)
        self.assertTrue(ticket)
        self.assertFalse(mail)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_a_loop_that_does_not_say_so_ends(self):
        """# V2: of one sender, five within the hour and no more."""
        sent = [len(self.arrive(Subject=f"Absent {i}")[1]) for i in range(7)]
        self.assertEqual(sent, [1, 1, 1, 1, 1, 0, 0])

    def test_a_team_says_nothing_or_says_it_in_its_words(self):
        """# V2: setting of the team."""
        self.service.acknowledgement_active = False
        self.assertFalse(self.arrive()[1])
        own = self.env.ref("crm_service_ticket.mail_template_ticket_received").copy(
            {"subject": "Got it: {{ object.number }}"}
        )
        self.service.write(
            {"acknowledgement_active": True, "acknowledgement_template_id": own.id}
        )
        ticket, mail = self.arrive(Subject="Another")
        self.assertEqual(mail.subject, f"Got it: {ticket.number}")

    def test_it_speaks_the_customers_language(self):
        """# V2: of a contact his, of a stranger the company's."""
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref("crm_service_ticket.mail_template_ticket_received")
        self.env["ir.module.module"]._load_module_terms(
            ["crm_service_ticket"], ["zh_CN"]
        )
        self.assertIn("已收到", template.with_context(lang="zh_CN").subject)
        self.contact.lang = "zh_CN"
        _ticket, mail = self.arrive()
        self.assertIn("已收到", mail.subject)
        self.assertIn("感谢您联系我们", mail.body_html)
        self.env.company.partner_id.lang = "zh_CN"
        _ticket, mail = self.arrive(From="Nobody <nobody@nowhere.example>")
        self.assertIn("已收到", mail.subject)

    def test_what_an_agent_types_is_not_confirmed(self):
        """# V2: he has the customer on the phone."""
        with self.mock_mail_gateway():
            ticket = self.make_ticket("Drift", self.contact)
        self.assertFalse(self._new_mails)
        self.assertFalse(ticket.acknowledged_date)
