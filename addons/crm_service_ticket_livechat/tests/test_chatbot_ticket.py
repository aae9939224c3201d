from odoo.tests import tagged

from odoo.addons.im_livechat.tests.chatbot_common import ChatbotCase


@tagged("post_install", "-at_install")
class TestChatbotTicket(ChatbotCase):
    """# V2: a conversation with the bot becomes a ticket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service_team = cls.env["crm.service.team"].create(
            {"name": "Chat desk", "customer_policy": "create"}
        )
        cls.script = cls.env["chatbot.script"].create({"title": "Helper"})
        cls.steps = cls.env["chatbot.script.step"].create(
            [
                {
                    "chatbot_script_id": cls.script.id,
                    "step_type": "free_input_single",
                    "message": "How can we help?",
                },
                {
                    "chatbot_script_id": cls.script.id,
                    "step_type": "question_email",
                    "message": "Your e-mail?",
                },
                {
                    "chatbot_script_id": cls.script.id,
                    "step_type": "create_ticket",
                    "message": "Thank you, you will hear from us.",
                    "service_team_id": cls.service_team.id,
                },
            ]
        )
        cls.channel = cls.env["im_livechat.channel"].create(
            {
                "name": "Support",
                "rule_ids": [
                    (0, 0, {"regex_url": "/", "chatbot_script_id": cls.script.id})
                ],
            }
        )

    def talk(self, question="The sensor shows no value", email="li@acme.example"):
        """Play the script as whoever is signed in; return the new tickets."""
        before = self.env["crm.service.ticket"].search([])
        session = self.make_jsonrpc_request(
            "/im_livechat/get_session",
            {"channel_id": self.channel.id, "chatbot_script_id": self.script.id},
        )
        discuss_channel = self.env["discuss.channel"].browse(session["channel_id"])
        self._post_answer_and_trigger_next_step(discuss_channel, body=question)
        self._post_answer_and_trigger_next_step(discuss_channel, email=email)
        return self.env["crm.service.ticket"].search([]) - before

    def test_a_visitor_of_whom_nobody_knew_becomes_a_customer_with_a_ticket(self):
        """# V2: subject, conversation, team, channel and a customer by the e-mail."""
        self.authenticate(None, None)
        ticket = self.talk()
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.name, "The sensor shows no value")
        self.assertIn("Your e-mail?", ticket.description)
        self.assertIn("The sensor shows no value", ticket.description)
        self.assertEqual(ticket.team_id, self.service_team)
        self.assertEqual(ticket.channel, "livechat")
        self.assertEqual(ticket.partner_id.email_normalized, "li@acme.example")
        self.assertTrue(ticket.number)

    def test_a_known_visitor_is_recognised_and_left_as_he_is(self):
        """# V2: the customer of this e-mail, not a second one; nothing is changed."""
        partner = self.env["res.partner"].create(
            {"name": "Li Na", "email": "Li@Acme.example"}
        )
        self.authenticate(None, None)
        ticket = self.talk()
        self.assertEqual(ticket.partner_id, partner)
        self.assertEqual((partner.name, partner.email), ("Li Na", "Li@Acme.example"))

    def test_a_step_without_team_gives_the_ticket_to_the_team_of_the_form(self):
        """# V2: as the public form does."""
        self.steps[-1].service_team_id = False
        self.env.company.service_form_team_id = self.service_team
        self.authenticate(None, None)
        self.assertEqual(self.talk().team_id, self.service_team)
