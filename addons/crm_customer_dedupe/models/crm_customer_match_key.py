from collections.abc import Collection

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_customer_center.tools.match_keys import MOST, match_keys


class CrmCustomerMatchKey(models.Model):
    """The keys under which doubles meet. Grain: one row a customer and key.

    Derived; nobody reads it but the comparison.
    """

    _name = "crm.customer.match.key"
    _description = "Key of a Customer to Compare by"
    _log_access = False
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )

    _key_uniq = models.UniqueIndex("(key, partner_id)")
    _partner_idx = models.Index("(partner_id)")

    @api.model
    def _refresh(self, partner_ids: Collection[int]):
        """Make the keys of these partners what they are; of one that is no customer
        any more nothing stays. What has not changed is not written."""
        matches = self.env["crm.customer.match"]
        wanted = [
            (id_, key)
            for id_, compared in matches._profiles(
                self._eligible_of(partner_ids)
            ).items()
            for key in sorted(match_keys(compared.profile))
        ]
        ids, keys = [id_ for id_, _key in wanted], [key for _id, key in wanted]
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_customer_match_key k
                 WHERE k.partner_id = ANY(%s)
                   AND (k.partner_id, k.key) NOT IN (
                       SELECT * FROM unnest(%s::int[], %s::text[]))
                """,
                list(partner_ids),
                ids,
                keys,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_customer_match_key (partner_id, key)
                SELECT * FROM unnest(%s::int[], %s::text[]) ORDER BY 1, 2
                    ON CONFLICT (key, partner_id) DO NOTHING
                """,
                ids,
                keys,
            )
        )

    @api.model
    def _eligible_of(self, partner_ids: Collection[int]) -> list[int]:
        rows = self.env.execute_query(
            SQL(
                "SELECT p.id FROM res_partner p WHERE p.id = ANY(%s) AND %s",
                list(partner_ids),
                self.env["crm.customer.match"]._eligible("p"),
            )
        )
        return [id_ for (id_,) in rows]

    @api.model
    def _others(self, keys: Collection[str]) -> set[int]:
        """Return whom one of the keys leads to, past those that too many have."""
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT unnest(found.ids) FROM (%s) found", self._led_to(keys))
        )
        return {id_ for (id_,) in rows}

    @api.model
    def _led_to(self, keys: Collection[str]) -> SQL:
        """A query for key and ids; of one key not more rows are read than are used."""
        return SQL(
            """
            SELECT asked.key, ids FROM unnest(%(keys)s::text[]) AS asked(key)
             CROSS JOIN LATERAL (
                   SELECT array_agg(few.partner_id) AS ids
                     FROM (SELECT k.partner_id FROM crm_customer_match_key k
                            WHERE k.key = asked.key LIMIT %(limit)s) few) led
             WHERE cardinality(ids) <= %(most)s
            """,
            keys=list(keys),
            limit=MOST + 1,
            most=MOST,
        )

    @api.model
    def _candidates(self, partner_ids: Collection[int]) -> set[tuple[int, int]]:
        """Return pairs, the smaller id first, of these and whom their keys lead to."""
        rows = self.env.execute_query(
            SQL(
                "SELECT key, partner_id FROM crm_customer_match_key"
                " WHERE partner_id = ANY(%s)",
                list(partner_ids),
            )
        )
        owners: dict[str, list[int]] = {}
        for key, partner_id in rows:
            owners.setdefault(key, []).append(partner_id)
        led = self.env.execute_query(self._led_to(owners))
        return {
            (min(one, other), max(one, other))
            for key, ids in led
            for one in owners[key]
            for other in ids
            if one != other
        }
