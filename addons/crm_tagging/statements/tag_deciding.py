"""What a family of rules changes on all records, in one statement.

The definition is ``tools.tag_plan.plan``, record by record; here the same is said of
sets. A step that a family has no need of is left out, for most families are one rule
that puts on one tag.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from odoo.tools import SQL

from ..tools.tag_program import RuleInfo
from .tag_spec import TagSpec


class Family(NamedTuple):
    """Rules of one model that are asked together, in their order.

    ``exclusive``: the exclusive group of each tag they put on that is in one.
    """

    spec: TagSpec
    rules: Sequence[RuleInfo]
    exclusive: Mapping[int, int]

    @property
    def ids(self) -> list[int]:
        return [rule.id for rule in self.rules]

    @property
    def puts(self) -> list[int]:
        """The tags that any of them puts on."""
        return sorted({tag for rule in self.rules for tag in rule.puts})

    @property
    def takes(self) -> list[int]:
        """The tags that any of them takes off."""
        return sorted({tag for rule in self.rules for tag in rule.takes})

    @property
    def groups(self) -> list[int]:
        """The exclusive groups of the tags they put on."""
        return sorted(
            {self.exclusive[tag] for tag in self.puts if tag in self.exclusive}
        )

    @property
    def agrees(self) -> bool:
        """Whether no two of them speak about the same tag."""
        words = [tag for rule in self.rules for tag in (*rule.puts, *rule.takes)]
        return len(words) == len(set(words))


_PLAN = """
        matched (position, record_id) AS MATERIALIZED (%(matched)s),
        says (position, rule_id, tag_id, word, group_id, puts) AS (VALUES %(says)s),
        verdict AS MATERIALIZED (%(verdict)s),
        wanted (record_id, tag_id, rule_id, group_id) AS MATERIALIZED (%(wanted)s),
        carried (record_id, tag_id) AS (
            SELECT %(record_column)s, %(tag_column)s
              FROM %(relation)s WHERE %(tag_column)s = ANY(%(puts)s)
        ),
        stale AS MATERIALIZED (
            SELECT x.record_id, x.tag_id, x.rule_id, x.run_id, x.date
              FROM %(reason_table)s x
             WHERE x.kind = 'rule' AND (%(scope)s)
               AND NOT EXISTS (
                       SELECT 1 FROM wanted w
                        WHERE w.record_id = x.record_id AND w.tag_id = x.tag_id)
        ),
        plan AS MATERIALIZED (
            SELECT w.record_id, w.tag_id, 'add' AS action, w.rule_id,
                   NULL::int AS old_rule_id, NULL::int AS old_run_id,
                   NULL::timestamp AS old_date
              FROM wanted w
             WHERE NOT EXISTS (
                       SELECT 1 FROM carried c
                        WHERE c.record_id = w.record_id AND c.tag_id = w.tag_id)
             UNION ALL
            SELECT w.record_id, w.tag_id, 'move', w.rule_id,
                   x.rule_id, x.run_id, x.date
              FROM wanted w
              JOIN carried c
                ON c.record_id = w.record_id AND c.tag_id = w.tag_id
              JOIN %(reason_table)s x
                ON x.record_id = w.record_id AND x.tag_id = w.tag_id
             WHERE x.tag_id = ANY(%(puts)s)
               AND x.kind = 'rule' AND x.rule_id IS DISTINCT FROM w.rule_id
             UNION ALL
            SELECT x.record_id, x.tag_id, 'remove', NULL, x.rule_id, x.run_id, x.date
              FROM stale x
             WHERE %(removals)s
        ),
        beaten (rule_id, tag_id, winner_id) AS (%(beaten)s)
    """


def plan(family: Family, matched: SQL | None) -> SQL:
    """Return the common table expressions that end in ``plan`` and ``beaten``: what
    a family of rules changes on all records.

    ``plan (record_id, tag_id, action, rule_id,
    old_rule_id, old_run_id, old_date)``,
    ``beaten (rule_id, tag_id, winner_id)``, one row for each record.

    :param matched: the query of rows (position of the rule, record id), if any
    """
    return SQL(
        _PLAN,
        matched=matched or SQL("SELECT NULL::int, NULL::int WHERE FALSE"),
        says=SQL(", ").join(_words(family)),
        puts=family.puts,
        verdict=_verdict(family),
        wanted=_wanted(family),
        scope=_scope(family),
        removals=_removals(family),
        beaten=_beaten(family),
        **family.spec.identifiers(),
    )


def _words(family: Family) -> list[SQL]:
    """What each rule says about each tag, row by row."""
    return [
        SQL(
            "(%s::int, %s::int, %s::int, %s::int, %s::int, %s)",
            position,
            rule.id,
            tag,
            word,
            family.exclusive.get(tag) if puts else None,
            puts,
        )
        for position, rule in enumerate(family.rules)
        for word, (tag, puts) in enumerate(
            [(tag, True) for tag in rule.puts] + [(tag, False) for tag in rule.takes]
        )
    ]


def _verdict(family: Family) -> SQL:
    """The first rule that says something about a tag decides about it."""
    alone = family.agrees
    return SQL(
        "SELECT %s m.record_id, s.* FROM matched m "
        "JOIN says s ON s.position = m.position %s",
        SQL() if alone else SQL("DISTINCT ON (m.record_id, s.tag_id)"),
        SQL() if alone else SQL("ORDER BY m.record_id, s.tag_id, m.position"),
    )


def _wanted(family: Family) -> SQL:
    """Of an exclusive group a tag that is no rule's wins, then the first rule's."""
    free = SQL(
        "SELECT record_id, tag_id, rule_id, group_id FROM verdict "
        "WHERE puts AND group_id IS NULL"
    )
    if not family.groups:
        return free
    return SQL(
        """
            %(free)s
             UNION ALL
            SELECT * FROM (
                SELECT DISTINCT ON (record_id, group_id)
                       record_id, tag_id, rule_id, group_id
                  FROM verdict WHERE puts AND group_id IS NOT NULL
                 ORDER BY record_id, group_id, position, word) first
             WHERE NOT EXISTS (
                       SELECT 1
                         FROM %(relation)s r
                         JOIN %(tag_table)s tag ON tag.id = r.%(tag_column)s
                    LEFT JOIN %(reason_table)s x
                           ON x.record_id = r.%(record_column)s
                          AND x.tag_id = r.%(tag_column)s
                        WHERE r.%(record_column)s = first.record_id
                          AND tag.tag_group_id = first.group_id
                          AND tag.id != first.tag_id
                          AND COALESCE(x.kind, 'person') != 'rule')
            """,
        free=free,
        **family.spec.identifiers(),
    )


def _scope(family: Family) -> SQL:
    """The reasons ``x`` of rules that may be in question at all."""
    conditions = [
        SQL("x.rule_id = ANY(%s)", family.ids),
        SQL("x.tag_id = ANY(%s)", family.takes),
    ]
    if groups := family.groups:
        conditions.append(
            SQL(
                "x.tag_id IN (SELECT id FROM %s WHERE tag_group_id = ANY(%s))",
                SQL.identifier(family.spec.tag_table),
                groups,
            )
        )
    return SQL(" OR ").join(conditions)


def _removals(family: Family) -> SQL:
    """The condition on a reason ``x`` of a rule to be taken off if not wanted: a
    rule that was asked put it on and does not match, or a rule that does match
    says no, or puts on another tag of the group."""
    conditions = [SQL("(%s)", _asked(family))]
    if takes := family.takes:
        conditions.append(
            SQL(
                "(x.tag_id = ANY(%s) AND EXISTS (SELECT 1 FROM verdict v "
                "WHERE v.record_id = x.record_id AND v.tag_id = x.tag_id "
                "AND NOT v.puts))",
                takes,
            )
        )
    if groups := family.groups:
        conditions.append(
            SQL(
                "EXISTS (SELECT 1 FROM wanted w JOIN %s tag ON tag.id = x.tag_id "
                "WHERE tag.tag_group_id = ANY(%s) AND w.record_id = x.record_id "
                "AND w.group_id = tag.tag_group_id)",
                SQL.identifier(family.spec.tag_table),
                groups,
            )
        )
    return SQL(" OR ").join(conditions)


def _asked(family: Family) -> SQL:
    """The condition on a reason ``x``: its rule was asked about the record. Archived
    records rest, unless a rule asks for them."""
    asked = SQL("x.rule_id = ANY(%s)", family.ids)
    if not family.spec.rests:
        return asked
    return SQL(
        "%s AND (x.rule_id = ANY(%s) OR EXISTS (SELECT 1 FROM %s t "
        "WHERE t.id = x.record_id AND t.active IS TRUE))",
        asked,
        [rule.id for rule in family.rules if rule.asks_active],
        SQL.identifier(family.spec.table),
    )


def _beaten(family: Family) -> SQL:
    """Who does not get his way: another rule decides about the tag, or another
    tag of the exclusive group wins."""
    parts = [SQL("SELECT NULL::int, NULL::int, NULL::int WHERE FALSE")]
    if not family.agrees:
        parts.append(
            SQL(
                "SELECT s.rule_id, s.tag_id, v.rule_id FROM matched m "
                "JOIN says s ON s.position = m.position JOIN verdict v "
                "ON v.record_id = m.record_id AND v.tag_id = s.tag_id "
                "WHERE v.puts != s.puts"
            )
        )
    if family.groups:
        parts.append(_lost(family))
    return SQL(" UNION ALL ").join(parts)


def _lost(family: Family) -> SQL:
    """Whose tag of an exclusive group is not wanted. Where a tag that is no rule's
    holds the place, no rule is the winner, not even one that wants that tag; and who
    wants that tag has what it wants."""
    return SQL(
        """
            SELECT v.rule_id, v.tag_id, CASE WHEN own.tag_id IS NULL THEN w.rule_id END
              FROM verdict v
         LEFT JOIN wanted w ON w.record_id = v.record_id AND w.group_id = v.group_id
         LEFT JOIN (
                   SELECT c.record_id, c.tag_id
                     FROM carried c
                LEFT JOIN %(reason_table)s x
                       ON x.record_id = c.record_id AND x.tag_id = c.tag_id
                      AND x.tag_id = ANY(%(puts)s)
                    WHERE COALESCE(x.kind, 'person') != 'rule') own
                ON own.record_id = v.record_id AND own.tag_id IN (v.tag_id, w.tag_id)
             WHERE v.puts AND v.group_id IS NOT NULL
               AND w.tag_id IS DISTINCT FROM v.tag_id
               AND own.tag_id IS DISTINCT FROM v.tag_id
            """,
        puts=family.puts,
        **family.spec.identifiers(),
    )
