from collections.abc import Collection

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_customer_center.tools.likeness import MAYBE, SURE, compare
from odoo.addons.crm_suite_base.models.crm_job import Step

BATCH = 500


class CrmCustomerPair(models.Model):
    """How pairs are found: of all customers once, then of those that have changed.

    First all that wait get their keys, then all that wait are compared: who comes last
    is compared with everybody, in whatever order they come.
    """

    _inherit = "crm.customer.pair"

    @api.model
    def _cron_find(self):
        """Compare the customers that have changed."""
        return self.env["crm.job"]._work_off(self._key_step(), self._pair_step())

    @api.model
    def _key_step(self) -> Step:
        return Step(
            key="crm_customer_dedupe.keys",
            # sudo: all customers, whose values are compared and never shown
            model=self.env["res.partner"].sudo().with_context(active_test=False),
            domain=fields.Domain.custom(to_sql=self._lacks_keys),
            work=lambda some: self._make_keys(some.ids),
            size=BATCH,
        )

    @api.model
    def _pair_step(self) -> Step:
        return Step(
            key="crm_customer_dedupe.pairs",
            # sudo: as above
            model=self.env["res.partner"].sudo().with_context(active_test=False),
            domain=fields.Domain.custom(to_sql=_lacks_pairs),
            work=lambda some: self._make_pairs(some.ids),
            size=BATCH,
        )

    @api.model
    def _lacks_keys(self, _model, alias: str, _query) -> SQL:
        """That a partner is another one than was compared."""
        matches = self.env["crm.customer.match"]
        return SQL(
            """
            CASE WHEN %(eligible)s
                 THEN NOT EXISTS (SELECT FROM crm_customer_match m
                                   WHERE m.partner_id = %(id)s
                                     AND m.digest = %(digest)s)
                 ELSE EXISTS (SELECT FROM crm_customer_match m
                               WHERE m.partner_id = %(id)s) END
            """,
            eligible=matches._eligible(alias),
            id=SQL.identifier(alias, "id"),
            digest=matches._digest(alias),
        )

    # ------------------------------------------------------------
    # KEYS
    # ------------------------------------------------------------

    @api.model
    def _make_keys(self, ids: Collection[int]):
        """Write the keys of these partners and note what they were; of one that is no
        customer any more keys and pairs that nobody decided go."""
        self.env.flush_all()
        matches = self.env["crm.customer.match"]
        self.env["crm.customer.match.key"]._refresh(ids)
        ids = list(ids)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_customer_match m USING res_partner p
                 WHERE p.id = m.partner_id AND p.id = ANY(%s) AND NOT %s
                """,
                ids,
                matches._eligible("p"),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_customer_match (partner_id, digest, is_paired)
                SELECT p.id, %s, false FROM res_partner p
                 WHERE p.id = ANY(%s) AND %s ORDER BY p.id
                    ON CONFLICT (partner_id) DO UPDATE
                   SET digest = EXCLUDED.digest, is_paired = false
                """,
                matches._digest("p"),
                ids,
                matches._eligible("p"),
            )
        )
        gone = set(ids) - set(self.env["crm.customer.match.key"]._eligible_of(ids))
        self._drop_open(gone, [])
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # PAIRS
    # ------------------------------------------------------------

    @api.model
    def _make_pairs(self, ids: Collection[int]):
        """Compare these customers with whom their keys lead to, and store who may be
        the same. What a person decided is not touched."""
        self.env.flush_all()
        candidates = self.env["crm.customer.match.key"]._candidates(ids)
        rows = self._scored(candidates)
        self._upsert(rows)
        self._drop_open(ids, [row[:2] for row in rows])
        self.env.cr.execute(
            SQL(
                "UPDATE crm_customer_match SET is_paired = true"
                " WHERE partner_id = ANY(%s) AND is_paired IS NOT TRUE",
                list(ids),
            )
        )
        self.env.invalidate_all()

    @api.model
    def _scored(self, candidates: Collection[tuple[int, int]]) -> list[tuple]:
        """Return (id, id, score, reasons) of those that may be one.

        Customers of two companies are never one: each company has its own.
        """
        known = self.env["crm.customer.match"]._profiles(
            {id_ for pair in candidates for id_ in pair}
        )
        rows = []
        for one, other in sorted(candidates):
            a, b = known.get(one), known.get(other)
            if (
                not a
                or not b
                or (a.company_id or b.company_id) != (b.company_id or a.company_id)
            ):
                continue
            verdict = compare(a.profile, b.profile)
            if verdict.score >= MAYBE:
                rows.append((one, other, verdict.score, ",".join(verdict.reasons)))
        return rows

    @api.model
    def _upsert(self, rows: list[tuple]):
        if not rows:
            return
        one, other, scores, reasons = zip(*rows, strict=True)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_customer_pair AS known
                       (one_id, other_id, score, reasons, is_sure, state,
                        create_uid, create_date, write_uid, write_date)
                SELECT one, other, score, reasons, score >= %(sure)s, 'open',
                       %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM unnest(%(one)s, %(other)s, %(scores)s, %(reasons)s)
                       AS made(one, other, score, reasons)
                 ORDER BY one, other
                    ON CONFLICT (one_id, other_id) WHERE other_id IS NOT NULL DO UPDATE
                   SET score = EXCLUDED.score, reasons = EXCLUDED.reasons,
                       is_sure = EXCLUDED.is_sure, write_date = EXCLUDED.write_date
                 WHERE known.state = 'open'
                   AND (known.score, known.reasons)
                       IS DISTINCT FROM (EXCLUDED.score, EXCLUDED.reasons)
                """,
                sure=SURE,
                uid=self.env.uid,
                one=list(one),
                other=list(other),
                scores=list(scores),
                reasons=list(reasons),
            )
        )

    @api.model
    def _drop_open(self, ids: Collection[int], kept: Collection[tuple[int, int]]):
        """Drop what nobody decided of these customers, but for ``kept``."""
        one, other = zip(*kept, strict=True) if kept else ((), ())
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_customer_pair
                 WHERE state = 'open'
                   AND (one_id = ANY(%(ids)s) OR other_id = ANY(%(ids)s))
                   AND (one_id, other_id) NOT IN (
                       SELECT * FROM unnest(%(one)s::int[], %(other)s::int[]))
                """,
                ids=list(ids),
                one=list(one),
                other=list(other),
            )
        )


def _lacks_pairs(_model, alias: str, _query) -> SQL:
    return SQL(
        "EXISTS (SELECT FROM crm_customer_match m"
        " WHERE m.partner_id = %s AND m.is_paired IS NOT TRUE)",
        SQL.identifier(alias, "id"),
    )
