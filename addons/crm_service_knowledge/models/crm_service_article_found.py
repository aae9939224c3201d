from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_service_ticket.models.crm_service_ticket_similar import (
    counts_of,
    with_words,
    words_of,
    words_of_html,
    words_sql,
)
from odoo.addons.crm_service_ticket.tools.words import joined

from ..tools.matching import NEEDED, closest, units

# words of a question that are looked for
ASKED = 40
# a word that stands in nearly all articles still says a little
LEAST = 0.05


class CrmServiceArticle(models.Model):
    """Articles are found by their words, as tickets are by those they share."""

    _inherit = "crm.service.article"

    similar_words = fields.Char(
        compute="_compute_similar_words",
        store=True,
        prefetch=False,
        groups=fields.NO_ACCESS,
        help="What the article is about, by words.",
    )
    article_search = fields.Char(
        string="Words",
        store=False,
        search=lambda articles, operator, value: with_words(
            articles, operator, value, ("name",)
        ),
        help="Words of the title or of the text, wherever they stand.",
    )

    _similar_words_idx = models.Index(
        "USING gin (string_to_array(similar_words, ' '))"
        " WITH (gin_pending_list_limit=512)"
    )

    @api.depends("name", "body")
    def _compute_similar_words(self):
        for article in self:
            article.similar_words = joined(
                [words_of(article.name or ""), words_of_html(article.body)]
            )

    @api.model
    def _alike(self, text, domain, limit):
        """The articles that may answer a question, the closest first.

        :param str text: the question as it was typed
        :param domain: which articles are asked
        """
        weights = self._weights(words_of(text)[:ASKED])
        if not weights:
            return self.browse()
        asked = [*weights]
        query = self._search(Domain(domain))
        has = words_sql(query.table)
        worth = units(asked)
        rows = SQL(
            "FROM unnest(%s, %s::float[], %s::int[]) AS asked (word, weight, units)"
            " WHERE word = ANY (%s)",
            asked,
            [*weights.values()],
            worth,
            has,
        )
        query.add_where(SQL("%s && %s", has, asked))
        query.add_where(
            SQL("(SELECT SUM(units) %s) >= %s", rows, min(NEEDED, sum(worth)))
        )
        score = SQL("(SELECT SUM(weight) %s)", rows)
        number = SQL.identifier(query.table, "id")
        query.order = SQL("%s DESC, %s DESC", score, number)
        query.limit = limit
        found = self.env.execute_query(query.select(number, score))
        return self.browse(closest(found))

    @api.model
    def _weights(self, asked):
        """How much each word says: the fewer articles have it, the more."""
        counts = counts_of(self, asked) if asked else {}
        return {word: max(rare, LEAST) for word, (rare, _alone) in counts.items()}
