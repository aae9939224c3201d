from odoo import api, fields, models
from odoo.tools import SQL


class CrmConflictCount(models.Model):
    """How many questions a person has used on a day. Grain: one row a person and day.

    The row is the lock as well: of two questions of one person at the same moment the
    second waits, and is started anew by Odoo with the count of the first.
    """

    _name = "crm.conflict.count"
    _description = "Questions Used on a Day"
    _log_access = False
    _rec_name = "day"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    day = fields.Date(required=True, readonly=True)
    used = fields.Integer(required=True, readonly=True)

    _user_day_uniq = models.UniqueIndex("(user_id, day)")

    @api.model
    def _take_turn(self) -> int:
        """Lock the count of the caller's day and return it."""
        query = SQL(
            """
            INSERT INTO crm_conflict_count AS known (user_id, day, used)
            VALUES (%s, %s, 0)
            ON CONFLICT (user_id, day) DO UPDATE SET used = known.used
            RETURNING used
            """,
            self.env.uid,
            self.env.company._today(),
        )
        # the repeated attempt is no error to be logged
        self.env.cr.execute(query, log_exceptions=False)
        [used] = self.env.cr.fetchone()
        return used

    @api.model
    def _pay(self, wanted: int) -> int:
        """Use up to so many questions of the caller's day; return how many there were.

        Nothing may be looked up for the caller before.
        """
        granted = min(wanted, max(0, self._limit() - self._take_turn()))
        if granted:
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_conflict_count SET used = used + %s"
                    " WHERE user_id = %s AND day = %s",
                    granted,
                    self.env.uid,
                    self.env.company._today(),
                )
            )
        return granted

    @api.model
    def _left(self) -> int:
        """Return how many questions the caller has left, without a lock."""
        rows = self.env.execute_query(
            SQL(
                "SELECT used FROM crm_conflict_count WHERE user_id = %s AND day = %s",
                self.env.uid,
                self.env.company._today(),
            )
        )
        return max(0, self._limit() - (rows[0][0] if rows else 0))

    @api.model
    def _limit(self) -> int:
        # sudo: how many one may ask is told to whoever asks
        return self.env.company.sudo().conflict_query_limit

    @api.autovacuum
    def _gc_counts(self):
        limit = fields.Date.add(self.env.company._today(), days=-7)
        # sudo: the system's rows; the log stays
        self.sudo().search([("day", "<", limit)]).unlink()
