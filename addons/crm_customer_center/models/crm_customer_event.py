from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL


class EventSource(NamedTuple):
    """Where business of a kind stands.

    ``kind``: key of ``crm.customer.event.kind``; ``model``: its records; ``rows``:
    takes a condition on the alias ``source`` and returns a query of ``res_id``,
    ``partner_id``, ``date``, ``amount``, ``currency_id``, ``company_id`` of all that
    stands; ``fields``: what has to be written before.
    """

    kind: str
    model: str
    rows: Callable[[SQL], SQL]
    fields: tuple[str, ...]


class ContactSource(NamedTuple):
    """Where contacts with customers stand.

    ``last``: a query of ``partner_id`` (the customer) and ``at``, its last contact;
    ``every``: takes ids of customers and returns a query of all their contacts.
    ``models``: what has to be written before.
    """

    last: SQL
    every: Callable[[list[int]], SQL]
    models: tuple[str, ...]


class CrmCustomerEvent(models.Model):
    """Business with a customer that lifecycle and levels reckon with: a won deal, a
    confirmed order, a refund.

    Grain: one per record it is about, of the customer as a family: a contact's order
    is the company's. It follows from those records and can be computed anew from them
    at any time; what only this table knows is when we came to know of it, and when it
    was gone. Written by ``_sync`` only.
    """

    _name = "crm.customer.event"
    _description = "Business With a Customer"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    kind = fields.Selection([("won", "Won deal")], required=True)
    res_id = fields.Integer(required=True)
    date = fields.Datetime(required=True)
    amount = fields.Float(digits=False)
    currency_id = fields.Many2one("res.currency")
    company_id = fields.Many2one("res.company")
    known_at = fields.Datetime(required=True)
    gone_at = fields.Datetime(help="Cancelled, lost or deleted after all.")

    _once = models.UniqueIndex("(kind, res_id)")
    _partner_idx = models.Index("(partner_id, date)")
    _date_idx = models.Index("(date) WHERE gone_at IS NULL")

    # ------------------------------------------------------------
    # REGISTRY
    # ------------------------------------------------------------

    @api.model
    def _event_sources(self) -> list[EventSource]:
        """Where business stands; a module appends its own through ``super()``."""
        return [
            EventSource(
                "won",
                "crm.lead",
                self._won_rows,
                (
                    "won_status",
                    "type",
                    "partner_id",
                    "date_closed",
                    "expected_revenue",
                    "company_id",
                ),
            )
        ]

    @api.model
    def _sales_kinds(self) -> tuple[str, ...]:
        """Kinds whose amounts are the sales of a customer. Deals, where there are no
        orders; a module that brings orders says so, for both would count twice."""
        return ("won",)

    @api.model
    def _order_kinds(self) -> tuple[str, ...]:
        """Kinds of which each is one order."""
        return ("won",)

    @api.model
    def _refund_kinds(self) -> tuple[str, ...]:
        """Kinds that take business back; their amounts are below zero."""
        return ()

    @api.model
    def _contact_sources(self) -> list[ContactSource]:
        """Where contacts stand; a module appends its own through ``super()``."""
        return [
            ContactSource(
                self._activity_contacts(SQL("TRUE"), SQL("max(done.at)")),
                lambda ids: self._activity_contacts(
                    SQL("person.commercial_partner_id = ANY(%s)", ids), None
                ),
                ("mail.activity",),
            )
        ]

    @api.model
    def _won_rows(self, among: SQL) -> SQL:
        """A won deal counts on the day it was closed."""
        return SQL(
            """
            SELECT source.id AS res_id, person.commercial_partner_id AS partner_id,
                   COALESCE(source.date_closed, source.date_last_stage_update,
                            source.create_date) AS date,
                   COALESCE(source.expected_revenue, 0)::float8 AS amount,
                   company.currency_id, source.company_id
              FROM crm_lead source
              JOIN res_partner person ON person.id = source.partner_id
              LEFT JOIN res_company company ON company.id = source.company_id
             WHERE source.won_status = 'won' AND source.type = 'opportunity' AND %s
            """,
            among,
        )

    @api.model
    def _activity_contacts(self, among: SQL, last: SQL | None) -> SQL:
        """Activities that were done with a customer, its people or on its deals."""
        done = SQL(
            """
            SELECT person.commercial_partner_id AS partner_id,
                   (activity.date_done + time '12:00') AS at
              FROM mail_activity activity
              LEFT JOIN crm_lead lead
                ON activity.res_model = 'crm.lead' AND lead.id = activity.res_id
              JOIN res_partner person
                ON person.id = CASE activity.res_model WHEN 'crm.lead'
                               THEN lead.partner_id ELSE activity.res_id END
             WHERE activity.res_model IN ('res.partner', 'crm.lead')
               AND activity.active IS NOT TRUE AND activity.date_done IS NOT NULL
               AND %s
            """,
            among,
        )
        if last is None:
            return done
        return SQL(
            "SELECT done.partner_id, %s AS at FROM (%s) done GROUP BY done.partner_id",
            last,
            done,
        )

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    @api.model
    def _sync_kind(self, kind: str, ids: Iterable[int]) -> dict[int, datetime]:
        """Bring the rows of some records of a kind up to date, see ``_sync``."""
        for source in self._event_sources():
            if source.kind == kind:
                return self._sync(source, list(ids))
        return {}

    @api.model
    def _sync(
        self, source: EventSource, ids: list[int] | None = None
    ) -> dict[int, datetime]:
        """Bring rows up to date, of these records or of all of the kind. A row that is
        right already is not written.

        :return: from when on the history of a customer is to be told anew, by its id
        """
        self.env[source.model].flush_model(source.fields)
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        among = SQL("TRUE") if ids is None else SQL("source.id = ANY(%s)", ids)
        known = SQL("TRUE") if ids is None else SQL("known.res_id = ANY(%s)", ids)
        rows = self.env.execute_query(
            SQL(
                _SYNC,
                kind=source.kind,
                rows=source.rows(among),
                known=known,
                now=fields.Datetime.now(),
            )
        )
        if rows:
            self.invalidate_model(flush=False)
        return dict(rows)


_SYNC = """
WITH fresh AS (%(rows)s),
changed AS (
    SELECT fresh.*, known.partner_id AS old_partner, known.date AS old_date
      FROM fresh
      LEFT JOIN crm_customer_event known
        ON known.kind = %(kind)s AND known.res_id = fresh.res_id
     WHERE known.id IS NULL OR known.gone_at IS NOT NULL
        OR (known.partner_id, known.date, known.amount, known.currency_id,
            known.company_id)
           IS DISTINCT FROM (fresh.partner_id, fresh.date, fresh.amount,
            fresh.currency_id, fresh.company_id)
), written AS (
    INSERT INTO crm_customer_event
           (kind, res_id, partner_id, date, amount, currency_id, company_id, known_at)
    SELECT %(kind)s, res_id, partner_id, date, amount, currency_id, company_id,
           %(now)s
      FROM changed
        ON CONFLICT (kind, res_id) DO UPDATE
       SET partner_id = EXCLUDED.partner_id, date = EXCLUDED.date,
           amount = EXCLUDED.amount, currency_id = EXCLUDED.currency_id,
           company_id = EXCLUDED.company_id, gone_at = NULL
), gone AS (
    UPDATE crm_customer_event known SET gone_at = %(now)s
     WHERE known.kind = %(kind)s AND known.gone_at IS NULL AND %(known)s
       AND NOT EXISTS (SELECT FROM fresh WHERE fresh.res_id = known.res_id)
 RETURNING known.partner_id, known.date
)
SELECT partner_id, min(date)
  FROM (SELECT partner_id, LEAST(date, old_date) AS date FROM changed
         UNION ALL
        SELECT old_partner, old_date FROM changed WHERE old_partner <> partner_id
         UNION ALL
        SELECT partner_id, date FROM gone) touched
 GROUP BY partner_id
"""
