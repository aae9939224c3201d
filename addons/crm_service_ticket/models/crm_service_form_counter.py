from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import rate_limit


class CrmServiceFormCounter(models.Model):
    """How often a sender used the public form within an hour.

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

    @api.autovacuum
    def _gc_counters(self):
        limit = fields.Datetime.now() - timedelta(days=1)
        # sudo: nobody else sees these rows
        self.sudo().search([("started", "<", limit)]).unlink()
