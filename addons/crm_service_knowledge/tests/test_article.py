from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_service_ticket.tests.common import TicketCommon

from .common import ARTICLE, TEXT, ArticleBuilders

REVIEW = "crm_service_knowledge.mail_activity_type_review"


@tagged("post_install", "-at_install")
class TestArticle(ArticleBuilders, TicketCommon):
    """# V5: who moves an article where, and who hears of it."""

    def draft(self, **values):
        return (
            self.env[ARTICLE]
            .with_user(self.agent)
            .create(
                {"name": "Locked", "body": TEXT, "team_id": self.service.id, **values}
            )
        )

    def test_an_agent_writes_the_leader_publishes(self):
        article = self.draft()
        self.assertEqual((article.state, article.author_id), ("draft", self.agent))
        article.action_ask_review()
        self.assertEqual(article.state, "review")
        activity = article.sudo().activity_ids
        self.assertEqual(activity.user_id, self.service_manager)
        self.assertEqual(activity.activity_type_id, self.env.ref(REVIEW))
        with self.assertRaises(AccessError):
            article.name = "Changed under the reviewer's eyes"
        with self.assertRaises(AccessError):
            article.action_publish()
        article.with_user(self.service_manager).action_publish()
        self.assertEqual(article.state, "published")
        self.assertEqual(article.published_by_id, self.service_manager)
        self.assertTrue(article.published_date)
        self.assertFalse(article.sudo().activity_ids)
        with self.assertRaises(AccessError):
            article.body = "<p>Changed afterwards</p>"

    def test_returned_with_the_reason_to_its_writer(self):
        article = self.draft()
        article.action_ask_review()
        wizard = Form(
            self.env["crm.service.article.return"]
            .with_user(self.service_manager)
            .with_context(active_ids=article.ids)
        )
        wizard.reason = "Which firmware?"
        wizard.save().action_return()
        self.assertEqual(article.state, "draft")
        self.assertFalse(article.sudo().activity_ids)
        message = article.sudo().message_ids.filtered(lambda m: "firmware" in m.body)
        self.assertEqual(message.partner_ids, self.agent.partner_id)
        article.body = "<p>From 2.14 on</p>"
        article.action_ask_review()
        article.action_withdraw()
        self.assertEqual(article.state, "draft")

    def test_a_reason_is_needed(self):
        article = self.make_article(state="review")
        wizards = self.env["crm.service.article.return"].with_user(self.service_manager)
        wizard = wizards.create({"article_ids": article.ids, "reason": "  "})
        with self.assertRaises(UserError):
            wizard.action_return()
        self.assertEqual(article.state, "review")

    def test_archived_and_taken_back(self):
        article = self.make_article()
        manager = article.with_user(self.service_manager)
        manager.action_archive_article()
        self.assertEqual(article.state, "archived")
        manager.action_restore()
        self.assertEqual(article.state, "draft")

    def test_nothing_is_moved_from_where_it_is_not(self):
        for state, move in [
            ("published", "action_publish"),
            ("archived", "action_publish"),
            ("archived", "action_archive_article"),
            ("published", "action_restore"),
            ("published", "action_ask_review"),
            ("draft", "action_withdraw"),
        ]:
            with self.subTest(state, move=move):
                article = self.make_article(state=state)
                with self.assertRaises(UserError):
                    getattr(article.with_user(self.service_manager), move)()
                self.assertEqual(article.state, state)

    def test_nothing_to_read_is_not_published(self):
        article = self.draft(body="<p><br></p>")
        with self.assertRaises(UserError):
            article.action_ask_review()
        with self.assertRaises(UserError):
            article.with_user(self.service_manager).action_publish()

    def test_the_state_is_written_by_the_moves_alone(self):
        """By no value, for nobody: neither written, nor new, nor as a default."""
        article = self.draft()
        for user in (self.agent, self.service_manager, self.crm_admin):
            for name, value in [
                ("state", "published"),
                ("published_by_id", user.id),
                ("author_id", user.id),
                ("past_helped", 99),
            ]:
                with (
                    self.subTest(user.name, field=name),
                    self.assertRaises(AccessError),
                ):
                    article.with_user(user).write({name: value})
                with self.subTest(user.name, new=name), self.assertRaises(AccessError):
                    self.env[ARTICLE].with_user(user).create({"name": "x", name: value})
        asked = self.env[ARTICLE].with_user(self.agent)
        new = asked.with_context(default_state="published").create({"name": "x"})
        self.assertEqual(new.state, "draft")
        copied = self.make_article().with_user(self.service_manager).copy()
        self.assertEqual(
            (copied.state, copied.author_id.id), ("draft", self.service_manager.id)
        )

    def test_a_draft_is_not_moved_to_where_its_writer_does_not_reach(self):
        article = self.make_article(state="draft", team_id=self.service.id)
        with self.assertRaises(AccessError):
            article.with_user(self.agent).team_id = self.other_service

    def test_the_reviewer_is_somebody_who_may(self):
        self.service.user_id = self.technician
        article = self.draft()
        article.action_ask_review()
        reviewer = article.sudo().activity_ids.user_id
        self.assertTrue(reviewer.has_group("crm_customer_center.group_service_manager"))

    def test_what_could_run_or_cover_the_page_is_taken_out(self):
        article = self.draft(
            name="<script>alert(1)</script>",
            body="""<p onclick="x()">Safe</p><script>x()</script>
                <a href="javascript:x()">a</a><img src="x" onerror="x()">
                <iframe src="https://x.example"></iframe><form><input></form>
                <div style="position:fixed;top:0;color:red">over</div>""",
        )
        for found in ("onclick", "<script", "javascript:", "onerror", "iframe"):
            self.assertNotIn(found, article.body)
        for found in ("<form", "<input", "fixed"):
            self.assertNotIn(found, article.body)
        self.assertIn("Safe", article.body)

    def test_found_by_words_wherever_they_stand(self):
        self.only_articles()
        drift = self.make_article("HC-200 零点漂移", body="<p>低温下重新标定零点</p>")
        self.make_article("发票抬头开错", body="<p>红冲后重开</p>")
        articles = self.env[ARTICLE].with_user(self.agent)
        for typed in ("漂移 标定", "ｈｃ－200", "零点"):
            with self.subTest(typed):
                found = articles.search([("article_search", "ilike", typed)])
                self.assertEqual(found, drift)
        self.assertFalse(articles.search([("article_search", "ilike", "漂移 发票")]))
        self.assertEqual(len(articles.search([("article_search", "ilike", " ")])), 2)

    def test_the_closest_come_first_and_what_is_far_does_not_come(self):
        self.only_articles()
        close = self.make_article("压力变送器零点漂移", body="<p>重新标定</p>")
        near = self.make_article("压力变送器安装", body="<p>接头拧紧</p>")
        self.make_article("发票抬头开错", body="<p>红冲后重开</p>")
        found = self.env[ARTICLE]._alike("压力变送器低温零点漂移", [], 5)
        self.assertEqual(found[0], close)
        self.assertLessEqual(found, close | near)
        self.assertFalse(self.env[ARTICLE]._alike("网关掉线", [], 5))
        for nothing in ("", "的", "?", "1 2 3"):
            self.assertFalse(self.env[ARTICLE]._alike(nothing, [], 5))

    def test_articles_stand_beside_a_ticket_about_the_same(self):
        self.only_articles()
        public = self.make_article("变送器密码锁死")
        internal = self.make_article("变送器密码锁死，内部步骤", visibility="internal")
        self.make_article("变送器密码锁死草稿", state="draft")
        ticket = self.make_ticket("变送器密码又锁死了", self.customer)
        self.env.flush_all()
        beside = ticket.with_user(self.agent).similar_article_ids
        self.assertEqual(beside, public | internal)

    def test_put_into_the_answer(self):
        """A link where the customer may follow it, else the words."""
        ticket = self.make_ticket("Locked", self.contact)
        public = self.make_article()
        internal = self.make_article("Inside", visibility="internal")
        wizards = self.env["crm.service.answer.wizard"].with_user(self.agent)
        for article, said, unsaid in [
            (public, public._help_path(), "Hold SET"),
            (internal, "Hold SET while switching on", "/help/"),
        ]:
            context = {
                "default_ticket_ids": ticket.ids,
                "default_article_id": article.id,
                "active_ids": article.ids,
            }
            wizard = Form(wizards.with_context(**context)).save()
            self.assertEqual(wizard.ticket_ids, ticket)
            self.assertIn(said, wizard.body)
            self.assertNotIn(unsaid, wizard.body)
            wizard.action_answer()
            message = ticket.message_ids.sorted("id")[-1]
            self.assertIn(said, message.body)
            self.assertIn(self.contact, message.partner_ids)

    def test_a_team_or_type_of_another_company_is_refused(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.make_service_team("Foreign", company_id=elsewhere.id)
        with self.assertRaises(UserError):
            self.make_article(team_id=foreign.id)

    def test_one_row_a_reader(self):
        article = self.make_article()
        rows = [
            {"article_id": article.id, "visitor": "a", "date": "2026-01-01 00:00:00"}
        ] * 2
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["crm.service.article.reading"].create(rows)

    def test_what_everybody_reads_names_no_customer(self):
        ticket = self.make_ticket("Locked", self.contact)
        article = self.make_article(state="draft", ticket_ids=ticket.ids)
        manager = article.with_user(self.service_manager)
        for left in (
            "<p>Ruida  instruments asked</p>",
            "<p>Ask Ms Li</p>",
            "<p>LI@ruida.example</p>",
            "<p>Call 13812345678</p>",
            f"<p>as in {ticket.number}</p>",
        ):
            article.body = left
            with self.subTest(left), self.assertRaises(ValidationError):
                manager.action_publish()
            article.invalidate_recordset()
        article.write({"body": TEXT, "visibility": "internal"})
        manager.action_publish()
        manager.body = "<p>Ruida Instruments has two of them</p>"
        with self.assertRaises(ValidationError):
            manager.visibility = "public"
