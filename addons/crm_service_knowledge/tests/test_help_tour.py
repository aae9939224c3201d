from odoo.tests import HttpCase, tagged

from odoo.addons.crm_service_ticket.tests.common import TicketCommon

from .common import ArticleBuilders

PHONE = "390x844"
DESK = "1366x768"


@tagged("post_install", "-at_install")
class TestHelpStory(ArticleBuilders, TicketCommon, HttpCase):
    """# V5 V2: from the solved ticket to the customer who need not write one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.only_articles()
        for user in (cls.agent, cls.service_manager):
            user.password = user.login

    def walk(self, path, tour, user=None, size=DESK):
        self.browser_size, self.touch_enabled = size, size == PHONE
        self.start_tour(path, tour, login=user and user.login)
        self.env.invalidate_all()

    def test_from_the_ticket_to_the_customer(self):
        ticket = self.make_ticket(
            "Ruida Instruments: transmitter locked",
            self.contact,
            resolution="<p>Dear Ms Li,</p><p>Hold SET while switching on.</p>",
        )
        ticket._move_to("resolved")
        self.env.flush_all()

        # the agent makes an article of it and asks for the review
        self.walk(f"/odoo/tickets/{ticket.id}", "crm_help_agent", self.agent)
        article = self.env["crm.service.article"].search(
            [("ticket_ids", "in", ticket.ids)]
        )
        self.assertEqual(article.state, "review")
        self.assertEqual(article.activity_ids.user_id, self.service_manager)

        # the manager reads it and publishes it
        path = f"/odoo/help-articles/{article.id}"
        self.walk(path, "crm_help_manager", self.service_manager)
        self.assertEqual(article.state, "published")

        # a stranger types his question on the phone, and need not send it
        self.walk("/service/ticket/new", "crm_help_form", size=PHONE)
        self.assertEqual(self.figures(article), (1, 1, 0, 1))

        # another one does not find his answer, and takes his question along
        self.walk("/help", "crm_help_pages", size=PHONE)
        self.assertEqual(article.not_helped_count, 1)

        # the agent puts it into the answer to the next one
        later = self.make_ticket("Transmitter is locked again", self.contact)
        later.user_id = self.agent
        self.env.flush_all()
        self.walk(f"/odoo/tickets/{later.id}", "crm_help_answer", self.agent)
        said = later.message_ids.filtered(lambda m: article._help_path() in m.body)
        self.assertEqual(said.author_id, self.agent.partner_id)
