from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.crm_service_ticket.tests.common import TicketCommon

from .common import ArticleBuilders


@tagged("post_install", "-at_install")
class TestArticleReading(ArticleBuilders, TicketCommon):
    """# V5: who read it and whom it helped, each counted once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.article = cls.make_article()
        cls.readings = cls.env["crm.service.article.reading"]

    def test_a_reader_counts_once_and_his_first_word_stays(self):
        self.readings._note(self.article, "a")
        self.readings._note(self.article, "a")
        self.assertEqual(self.figures(self.article), (1, 0, 0, 0))
        self.readings._note(self.article, "a", "no")
        self.readings._note(self.article, "a", "yes")
        self.readings._note(self.article, "a")
        self.assertEqual(self.figures(self.article), (1, 0, 1, 0))
        self.readings._note(self.article, "b", "yes", is_avoided=True)
        self.assertEqual(self.figures(self.article), (2, 1, 1, 1))
        self.assertEqual(self.article.helped_rate, 0.5)

    def test_who_asks_all_the_same_was_not_spared_it(self):
        self.readings._note(self.article, "a", "yes", is_avoided=True)
        self.readings._note(self.article, "b", "yes", is_avoided=True)
        self.readings._asked_all_the_same("a")
        self.assertEqual(self.figures(self.article), (2, 2, 0, 1))

    def test_what_is_told_of_a_reader_is_a_digest(self):
        self.readings._note(self.article, "user-7")
        row = self.readings.search([("article_id", "=", self.article.id)])
        self.assertRegex(row.visitor, "^[0-9a-f]{40}$")

    def test_readers_are_forgotten_and_stay_counted(self):
        other = self.make_article("Other")
        for name, vote in [("a", "yes"), ("b", "no"), ("c", "yes"), ("d", None)]:
            self.readings._note(self.article, name, vote, is_avoided=name == "a")
        self.readings._note(other, "a", "yes")
        before = self.figures(self.article), self.figures(other)
        old = self.readings.search([("article_id", "=", self.article.id)], order="id")
        old[:3].date = fields.Datetime.now() - timedelta(days=31)
        self.readings._gc_readings()
        self.assertEqual((self.figures(self.article), self.figures(other)), before)
        self.assertEqual(before[0], (4, 2, 1, 1))
        left = self.readings.search([("article_id", "=", self.article.id)])
        self.assertEqual(left, old[3])

    def test_a_new_article_has_no_figures(self):
        new = self.env["crm.service.article"].new({"name": "x"})
        self.assertEqual((new.reader_count, new.helped_rate), (0, 0))
