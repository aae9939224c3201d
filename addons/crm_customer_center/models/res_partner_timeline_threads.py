"""Events that stand on documents (mail.message): sought in all documents of the family
at once, for all sources of them at once.

The newest of many documents stand on those documents whose own newest is among the
newest: so of each document one message is looked at, and more of a few. What that
costs depends neither on the page nor on how seldom a kind of message is.
"""

from collections.abc import Iterator
from typing import Any

from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.timeline import Bound, Event


def scan_threads(
    partner, asked: dict[int, tuple[Any, Domain, Bound | None]], limit: int
) -> list[Event]:
    """The newest events on documents, in order.

    :param asked: by rank of the source: the source, what is asked of it, and the
        bound below which its events lie
    """
    source, _domain, start = next(iter(asked.values()))
    model = partner._timeline_model(source)
    every = (_thread_domain(partner, *one) for one in asked.values())
    query = model._search(Domain.OR(every), order="id")
    if start:
        # of all of them, for the index
        moment = SQL.identifier(query.table, "date")
        query.add_where(SQL("%s <= %s", moment, start.moment))
    threads = list(readable_threads(partner))
    if query.is_empty() or not threads:
        return []
    newest = _newest_of_a_thread(
        model, query, {rank: one.domain for rank, (one, _d, _b) in asked.items()}
    )
    rows = partner.env.execute_query(
        SQL(
            """
            WITH thread AS MATERIALIZED (
                SELECT thread.model, thread.id
                  FROM (%(threads)s) AS thread (model, id)
            CROSS JOIN LATERAL (%(one)s) AS message (moment, rank, id)
              ORDER BY message.moment DESC, message.rank, message.id DESC
                 LIMIT %(limit)s
            )
            SELECT message.moment, message.rank, message.id
              FROM thread
        CROSS JOIN LATERAL (%(some)s) AS message (moment, rank, id)
          ORDER BY message.moment DESC, message.rank, message.id DESC
             LIMIT %(limit)s
            """,
            threads=SQL(" UNION ALL ").join(threads),
            one=SQL("%s LIMIT 1", newest),
            some=SQL("%s LIMIT %s", newest, limit),
            limit=limit,
        )
    )
    return [Event(*row) for row in rows]


def count_threads(partner, asked: dict[int, tuple[Any, Domain]]) -> dict[int, int]:
    """How many events each source has on documents, by its rank."""
    source = next(iter(asked.values()))[0]
    model = partner._timeline_model(source)
    every = (
        _thread_domain(partner, one, domain, None) for one, domain in asked.values()
    )
    query = model._search(Domain.OR(every))
    threads = list(readable_threads(partner))
    if query.is_empty() or not threads:
        return {}
    rank = _thread_rank(
        model, query, {rank: one.domain for rank, (one, _d) in asked.items()}
    )
    query.add_where(_is_of_thread(query))
    return dict(
        partner.env.execute_query(
            SQL(
                """
                SELECT message.rank, count(*)
                  FROM (%s) AS thread (model, id)
            CROSS JOIN LATERAL (%s) AS message (rank)
              GROUP BY message.rank
                """,
                SQL(" UNION ALL ").join(threads),
                query.select(rank),
            )
        )
    )


def _thread_domain(partner, source, domain: Domain, below: Bound | None) -> Domain:
    domain &= source.domain & Domain(source.moment, "!=", False)
    return domain & partner._timeline_below(source, below) if below else domain


def _newest_of_a_thread(model, query, kinds: dict[int, Domain]) -> SQL:
    """Messages of one document in the order of a timeline, as (moment, rank,
    number)."""
    date = SQL.identifier(query.table, "date")
    number = SQL.identifier(query.table, "id")
    rank = _thread_rank(model, query, kinds)
    query.add_where(_is_of_thread(query))
    # places, as the rank of one source is a constant
    query.order = SQL("1 DESC, 2, 3 DESC")
    return query.select(date, rank, number)


def _thread_rank(model, query, kinds: dict[int, Domain]) -> SQL:
    """Which of the sources a message belongs to: the first that says so, for it
    belongs to one of them."""
    *first, last = kinds
    if not first:
        return SQL("%s", last)
    cases = SQL(" ").join(
        SQL(
            "WHEN %s THEN %s",
            kinds[rank].optimize_full(model)._to_sql(model, query.table, query),
            rank,
        )
        for rank in first
    )
    return SQL("CASE %s ELSE %s END", cases, last)


def _is_of_thread(query) -> SQL:
    return SQL(
        "(%s, %s) = (thread.model, thread.id)",
        SQL.identifier(query.table, "model"),
        SQL.identifier(query.table, "res_id"),
    )


def readable_threads(partner) -> Iterator[SQL]:
    """The documents of the family that the reader may read, as (model, number)."""
    for name, domain in partner._customer_timeline_threads().items():
        model = partner.env[name].with_context(active_test=False)
        if model.has_access("read"):
            documents = model._search(domain)
            if not documents.is_empty():
                yield documents.select(
                    SQL("%s", name), SQL.identifier(documents.table, "id")
                )
