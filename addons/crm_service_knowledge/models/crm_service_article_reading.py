from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_service_ticket.tools import rate_limit

VOTES = [("yes", "It helped"), ("no", "It did not help")]
# a session is over by then, and who read it does not matter any more
KEPT = timedelta(days=30)


class CrmServiceArticleReading(models.Model):
    """One reader of one article: that he read it, whether it helped, whether he did not
    have to ask.

    A row of his own: readers never wait for each other, nor for who edits the article,
    and nobody counts twice. Who he is stands there as a keyed digest, and goes after
    some weeks; what he said is kept as a number of the article.
    """

    _name = "crm.service.article.reading"
    _description = "Reader of a Help Article"
    _log_access = False
    _system_records = True
    _rec_name = "article_id"

    article_id = fields.Many2one(
        "crm.service.article", required=True, index=True, ondelete="cascade"
    )
    visitor = fields.Char(required=True, groups=fields.NO_ACCESS)
    date = fields.Datetime(required=True, index=True)
    vote = fields.Selection(VOTES)
    is_avoided = fields.Boolean("No Ticket Needed")

    _visitor_uniq = models.UniqueIndex("(article_id, visitor)")

    @api.model
    def _system_fields_advice(self):
        return self.env._("Readers count themselves, on the page.")

    @api.model
    def _note(self, article, visitor, vote=None, is_avoided=False):
        """Count a reader; what he said first stays said.

        :param str visitor: stored as a digest only
        :param vote: ``yes``, ``no`` or None where he has only read
        """
        query = SQL(
            """
            INSERT INTO crm_service_article_reading AS reading
                   (article_id, visitor, date, vote, is_avoided)
            VALUES (%s, %s, %s, %s, %s)
            ON CONFLICT (article_id, visitor) DO UPDATE
               SET vote = COALESCE(reading.vote, EXCLUDED.vote),
                   is_avoided = reading.is_avoided OR EXCLUDED.is_avoided
             WHERE reading.vote IS DISTINCT FROM COALESCE(reading.vote, EXCLUDED.vote)
                OR reading.is_avoided < EXCLUDED.is_avoided
            """,
            article.id,
            self._digest(visitor),
            fields.Datetime.now(),
            vote,
            is_avoided,
        )
        # two clicks at once: the second is started anew, which is no error to be logged
        self.env.cr.execute(query, log_exceptions=False)
        self.invalidate_model()

    @api.model
    def _asked_all_the_same(self, visitor):
        """Who sends a ticket was not spared it."""
        # sudo: readers are the system's rows
        readings = self.sudo()
        since = fields.Datetime.now() - timedelta(hours=1)
        readings.search(
            [
                ("visitor", "=", self._digest(visitor)),
                ("is_avoided", "=", True),
                ("date", ">=", since),
            ]
        ).is_avoided = False

    @api.model
    def _digest(self, visitor):
        # sudo: the secret is only digested
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return rate_limit.digest(secret, "help_reader", visitor)

    @api.autovacuum
    def _gc_readings(self):
        """Make numbers of the rows whose readers are gone."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH gone AS (
                    DELETE FROM crm_service_article_reading WHERE date < %s
                    RETURNING article_id, vote, is_avoided
                ), counted AS (
                    SELECT article_id, COUNT(*) AS readers,
                           COUNT(*) FILTER (WHERE vote = 'yes') AS helped,
                           COUNT(*) FILTER (WHERE vote = 'no') AS not_helped,
                           COUNT(*) FILTER (WHERE is_avoided) AS avoided
                      FROM gone GROUP BY article_id
                )
                UPDATE crm_service_article AS article
                   SET past_readers = COALESCE(past_readers, 0) + readers,
                       past_helped = COALESCE(past_helped, 0) + helped,
                       past_not_helped = COALESCE(past_not_helped, 0) + not_helped,
                       past_avoided = COALESCE(past_avoided, 0) + avoided
                  FROM counted WHERE counted.article_id = article.id
                """,
                fields.Datetime.now() - KEPT,
            )
        )
        self.env.invalidate_all(flush=False)
