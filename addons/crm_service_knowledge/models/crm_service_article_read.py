from odoo import api, fields, models
from odoo.tools import SQL

PAST = frozenset({"past_readers", "past_helped", "past_not_helped", "past_avoided"})


class CrmServiceArticle(models.Model):
    """How often an article is read and what for."""

    _inherit = "crm.service.article"

    reader_count = fields.Integer("Readers", compute="_compute_readers")
    helped_count = fields.Integer("Helped", compute="_compute_readers")
    not_helped_count = fields.Integer("Did Not Help", compute="_compute_readers")
    helped_rate = fields.Float(
        "Helped (share)",
        compute="_compute_readers",
        help="Of those who said whether it helped.",
    )
    is_rated = fields.Boolean(compute="_compute_readers")
    avoided_count = fields.Integer(
        "Tickets Avoided",
        compute="_compute_readers",
        help="People who were about to send a ticket, read this, and did not have to.",
    )
    # of readers who are forgotten
    past_readers = fields.Integer(copy=False, groups=fields.NO_ACCESS)
    past_helped = fields.Integer(copy=False, groups=fields.NO_ACCESS)
    past_not_helped = fields.Integer(copy=False, groups=fields.NO_ACCESS)
    past_avoided = fields.Integer(copy=False, groups=fields.NO_ACCESS)

    @api.model
    def _system_fields(self):
        return super()._system_fields() | PAST

    def _compute_readers(self):
        counts = self._count_readers()
        nothing = (0, 0, 0, 0)
        for article in self:
            readers, helped, failed, avoided = counts.get(article._origin.id, nothing)
            article.reader_count, article.avoided_count = readers, avoided
            article.helped_count, article.not_helped_count = helped, failed
            article.is_rated = bool(helped + failed)
            article.helped_rate = helped / (helped + failed) if article.is_rated else 0

    def _count_readers(self):
        """(readers, helped, not helped, tickets avoided) by id."""
        self.env["crm.service.article.reading"].flush_model()
        self.flush_model([*PAST])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT article.id,
                       COALESCE(past_readers, 0) + COUNT(reading.id),
                       COALESCE(past_helped, 0)
                           + COUNT(*) FILTER (WHERE vote = 'yes'),
                       COALESCE(past_not_helped, 0)
                           + COUNT(*) FILTER (WHERE vote = 'no'),
                       COALESCE(past_avoided, 0) + COUNT(*) FILTER (WHERE is_avoided)
                  FROM crm_service_article AS article
                  LEFT JOIN crm_service_article_reading AS reading
                    ON reading.article_id = article.id
                 WHERE article.id = ANY (%s)
                 GROUP BY article.id
                """,
                [*self._origin.ids],
            )
        )
        return {number: tuple(counts) for number, *counts in rows}
