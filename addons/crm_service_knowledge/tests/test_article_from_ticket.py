from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.crm_service_ticket.tests.common import TicketCommon

from .common import ARTICLE, ArticleBuilders

ACTION = "crm_service_knowledge.action_make_article"


@tagged("post_install", "-at_install")
class TestArticleFromTicket(ArticleBuilders, TicketCommon):
    """# V5: a solution becomes an article in one click, without its customer."""

    def solved(self, **values):
        ticket = self.make_ticket(
            "Ruida Instruments: HC-200 locked",
            self.contact,
            **{
                "description": "<p>Hello, Ms Li here, 138 1234 5678. It is locked.</p>",
                "resolution": "<p>Dear Ms Li,</p><p>Hold <b>SET</b>.</p><ul><li>Wait"
                "</li></ul><p>Mail li@ruida.example if not.</p>",
                "type_id": self.type("fault").id,
                **values,
            },
        )
        ticket._move_to("resolved")
        self.env.flush_all()
        return ticket

    def click(self, ticket, user=None):
        """Press the button; return the article that opens."""
        context = {"active_model": ticket._name, "active_ids": ticket.ids}
        action = self.env.ref(ACTION).with_user(user or self.agent)
        opened = action.with_context(**context, active_id=ticket.id).run()
        self.assertEqual(opened["res_model"], ARTICLE)
        return self.env[ARTICLE].browse(opened["res_id"])

    def test_one_click_makes_a_draft_without_the_customer(self):
        ticket = self.solved()
        article = self.click(ticket)
        self.assertRecordValues(
            article,
            [
                {
                    "state": "draft",
                    "author_id": self.agent.id,
                    "team_id": self.service.id,
                    "type_id": self.type("fault").id,
                    "company_id": ticket.company_id.id,
                    "ticket_ids": ticket.ids,
                }
            ],
        )
        shown = f"{article.name} {article.body}"
        for hidden in ("Ruida", "Ms Li", "138", "li@", "Dear"):
            self.assertNotIn(hidden, shown)
        self.assertIn("HC-200 locked", article.name)
        for kept in ("It is locked", "<b>SET</b>", "<li>Wait</li>", "<h3>"):
            self.assertIn(kept, article.body)

    def test_the_second_click_opens_the_first_one(self):
        ticket = self.solved()
        article = self.click(ticket)
        self.assertEqual(self.click(ticket), article)
        self.assertEqual(self.click(ticket, self.service_manager), article)
        self.env.invalidate_all()
        self.assertEqual(ticket.with_user(self.agent).article_count, 1)

    def test_without_a_noted_solution_the_last_answer_is_it(self):
        ticket = self.make_ticket("Locked", self.contact)
        self.answer(ticket, self.agent, "Press SET, please.")
        self.assertIn("Press SET, please.", self.click(ticket).body)

    def test_another_team_s_draft_is_not_shown_and_not_made_twice(self):
        ticket = self.solved(user_id=self.other_agent.id)
        self.make_article(state="draft", ticket_ids=ticket.ids, team_id=self.service.id)
        with self.assertRaises(UserError):
            self.click(ticket, self.other_agent)
        self.env.invalidate_all()
        self.assertFalse(ticket.with_user(self.other_agent).article_count)

    def test_who_may_not_read_the_ticket_makes_nothing_of_it(self):
        ticket = self.solved()
        for user in (self.other_agent, self.rep, self.plain):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.click(ticket, user)
        self.assertFalse(self.env[ARTICLE].search([("ticket_ids", "in", ticket.ids)]))

    def test_of_merged_tickets_it_is_the_one_that_goes_on(self):
        source, target = self.solved(), self.solved()
        self.env["crm.service.merge"]._merge(source, target)
        self.assertEqual(self.click(source), self.click(target))
