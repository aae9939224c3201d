from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import rate_limit


class CrmServiceFormCounter(models.Model):
    """How often a sender used the public form within an hour, and what a form that was
    sent became: the same one sent again is the same ticket.

    In the database, so that all workers count together. The name of a counter is a
    keyed digest of sender and hour (see ``tools/rate_limit.py``): no address is kept,
    and rows are deleted after a day.
    """

    _name = "crm.service.form.counter"
    _description = "Counter of the Public Ticket Form"
    _log_access = False
    _rec_name = "key"

    key = fields.Char(required=True, groups=fields.NO_ACCESS)
    hits = fields.Integer(required=True, default=0)
    started = fields.Datetime(required=True, index=True)
    ticket_id = fields.Many2one(
        "crm.service.ticket",
        index="btree_not_null",
        ondelete="cascade",
        help="What a form with this content became.",
    )

    _key_uniq = models.UniqueIndex("(key)")

    @api.model
    def _hit(self, kind, sender, now):
        """Count one attempt.

        Two attempts of one sender at the same time wait for each other: the second is
        repeated by Odoo with the count of the first.

        :param str kind: what is counted, ``address`` or ``contact``
        :param str sender: its address, e-mail or phone; stored as a digest only
        :param datetime now: the moment, UTC
        :return: attempts of this hour, this one included
        """
        # sudo: the secret is only digested
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        query = SQL(
            """
            INSERT INTO crm_service_form_counter AS counter (key, hits, started)
            VALUES (%s, 1, %s)
            ON CONFLICT (key) DO UPDATE SET hits = counter.hits + 1
            RETURNING hits
            """,
            rate_limit.counter_key(secret, kind, sender, now),
            rate_limit.window_start(now),
        )
        # the repeated attempt is no error to be logged
        self.env.cr.execute(query, log_exceptions=False)
        [hits] = self.env.cr.fetchone()
        return hits

    @api.model
    def _is_too_often(self, senders, now):
        """Count one attempt of each sender and say whether one is over its limit.

        :param senders: triples (kind, sender, limit); without sender nothing is counted
        """
        exceeded = [
            rate_limit.is_exceeded(self._hit(kind, sender, now), limit)
            for kind, sender, limit in senders
            if sender
        ]
        return any(exceeded)

    @api.model
    def _claim(self, kind, text, now, within):
        """Be the first with something, or find the first.

        Of two at the same moment the second waits, and is started anew by Odoo; then it
        finds the ticket of the first.

        :param str text: what shall be there once; stored as a digest only
        :param timedelta within: a claim before that is forgotten
        :return: the row; it has no ticket yet for the first
        """
        # sudo: the secret is only digested
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        query = SQL(
            """
            INSERT INTO crm_service_form_counter AS counter (key, hits, started)
            VALUES (%(key)s, 1, %(now)s)
            ON CONFLICT (key) DO UPDATE
               SET hits = counter.hits + 1,
                   started = CASE WHEN counter.started < %(since)s
                             THEN %(now)s ELSE counter.started END,
                   ticket_id = CASE WHEN counter.started < %(since)s
                               THEN NULL ELSE counter.ticket_id END
            RETURNING id
            """,
            key=rate_limit.digest(secret, kind, text),
            now=now,
            since=now - within,
        )
        # the repeated attempt is no error to be logged
        self.env.cr.execute(query, log_exceptions=False)
        [number] = self.env.cr.fetchone()
        row = self.browse(number)
        row.invalidate_recordset()
        return row

    @api.autovacuum
    def _gc_counters(self):
        limit = fields.Datetime.now() - timedelta(days=1)
        # sudo: nobody else sees these rows
        self.sudo().search([("started", "<", limit)]).unlink()
