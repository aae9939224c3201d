"""Whom rules match, and which tags are there."""

from collections.abc import Iterable, Sequence

from odoo.tools import SQL, Query

from ..tools.tag_program import RuleInfo
from .tag_spec import TagSpec


def matched(
    spec: TagSpec, asked: Iterable[tuple[int, Query]], ids: list[int] | None = None
) -> SQL | None:
    """Return the query of rows (position of the rule, record id), or ``None``.

    Of some records, all rules that look at nothing but the record itself are asked as
    it is read once.

    :param asked: pairs (position of the rule, query of the records it matches)
    :param ids: the records to ask about, ``None`` for all
    """
    table = SQL.identifier(spec.table)
    parts, simple = [], []
    for position, query in asked:
        if query.is_empty():
            continue
        if ids is not None and _is_simple(query):
            simple.append(SQL("(%s, (%s))", position, query.where_clause))
            continue
        if ids is not None:
            query.add_where(SQL("%s.id = ANY(%s)", table, ids))
        parts.append(query.select(SQL("%s::int", position), SQL("%s.id", table)))
    if simple:
        parts.append(_at_once(table, simple, ids))
    return SQL(" UNION ALL ").join(parts) if parts else None


def _is_simple(query: Query) -> bool:
    """Whether a query is about one table and its condition says all."""
    return len(query.from_clause.code.split()) == 1 and not query.limit


def _at_once(table: SQL, conditions: list[SQL], ids: list[int] | None) -> SQL:
    return SQL(
        "SELECT hit.position, %(table)s.id FROM %(table)s CROSS JOIN "
        "LATERAL (VALUES %(conditions)s) AS hit (position, matches) WHERE "
        "%(table)s.id = ANY(%(ids)s) AND hit.matches",
        table=table,
        conditions=SQL(", ").join(conditions),
        ids=ids,
    )


def current(spec: TagSpec, rules: Sequence[RuleInfo], ids: list[int]) -> SQL:
    """Return the query of rows (record, tag, by a rule, rule, exclusive group, active)
    of the tags on records that matter to the rules.

    ``OFFSET 0`` lets PostgreSQL look up the tags of one record after the other by
    their index; it would read the whole table for a hundred records.
    """
    return SQL(
        """
                SELECT t.id, r.tag_id, COALESCE(x.kind = 'rule', FALSE), x.rule_id,
                       CASE WHEN g.exclusive THEN g.id END, %(active)s
                  FROM %(table)s t
            CROSS JOIN LATERAL (
                       SELECT %(tag_column)s AS tag_id FROM %(relation)s
                        WHERE %(record_column)s = t.id OFFSET 0) r
                  JOIN %(tag_table)s tag ON tag.id = r.tag_id
             LEFT JOIN crm_tag_group g ON g.id = tag.tag_group_id
     LEFT JOIN LATERAL (
                       SELECT kind, rule_id FROM %(reason_table)s
                        WHERE record_id = t.id AND tag_id = r.tag_id OFFSET 0) x
                    ON TRUE
                 WHERE t.id = ANY(%(ids)s)
                   AND (r.tag_id = ANY(%(tags)s) OR g.exclusive
                        OR x.rule_id = ANY(%(rules)s))
                """,
        active=SQL("t.active IS TRUE") if spec.rests else SQL("TRUE"),
        ids=ids,
        tags=sorted({tag for rule in rules for tag in (*rule.puts, *rule.takes)}),
        rules=[rule.id for rule in rules],
        **spec.identifiers(),
    )
