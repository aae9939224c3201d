"""What was decided is done, explained and written down."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from odoo.tools import SQL

from .tag_deciding import Family, plan
from .tag_spec import TagSpec

_APPLY = """
        put_on AS (
            INSERT INTO %(relation)s (%(record_column)s, %(tag_column)s)
            SELECT record_id, tag_id FROM plan WHERE action = 'add'
                ON CONFLICT DO NOTHING
        ),
        take_off AS (
            DELETE FROM %(relation)s r USING plan p
             WHERE p.action = 'remove'
               AND r.%(record_column)s = p.record_id AND r.%(tag_column)s = p.tag_id
        ),
        explain AS (
            INSERT INTO %(reason_table)s AS x
                   (record_id, tag_id, kind, rule_id, run_id, date)
            SELECT record_id, tag_id, 'rule', rule_id, %(run)s, %(now)s
              FROM plan WHERE action != 'remove'
                ON CONFLICT (tag_id, record_id) DO UPDATE
               SET kind = 'rule', rule_id = excluded.rule_id, run_id = excluded.run_id,
                   date = excluded.date, user_id = NULL, lead_id = NULL
        ),
        forget AS (
            DELETE FROM %(reason_table)s x USING plan p
             WHERE p.action = 'remove'
               AND x.record_id = p.record_id AND x.tag_id = p.tag_id
        )
    """

_JOURNAL = """
        journal AS (
            INSERT INTO crm_tag_run_line
                   (run_id, model, record_id, tag_id, action, rule_id,
                    old_rule_id, old_run_id, old_date)
            SELECT %(run)s, %(model)s, record_id, tag_id, action,
                   COALESCE(rule_id, old_rule_id), old_rule_id, old_run_id, old_date
              FROM plan
        )
    """

_OUTCOME = """
                WITH %s
                SELECT action, COALESCE(rule_id, old_rule_id), tag_id, NULL::int,
                       count(*), array_agg(record_id)
                  FROM plan GROUP BY 1, 2, 3
                 UNION ALL
                SELECT 'beaten', rule_id, tag_id, winner_id, count(*), NULL
                  FROM beaten GROUP BY 1, 2, 3, 4
                """


def run(family: Family, matched: SQL | None, run_id: int, now: datetime | None) -> SQL:
    """Return the statement that asks a family about all records and keeps a journal.

    Its rows are (action or "beaten", rule id, tag id, winner's rule id, count, record
    ids).

    :param matched: the query of rows (position of the rule, record id), if any
    :param now: when the changes are made; ``None`` makes none, for a rehearsal
    """
    steps = [plan(family, matched)]
    if now:
        steps.append(_apply(family.spec, run_id, now))
    steps.append(SQL(_JOURNAL, run=run_id, model=family.spec.model))
    return SQL(_OUTCOME, SQL(", ").join(steps))


def change(
    spec: TagSpec, rows: Iterable[tuple[int, int, str, int | None]], now: datetime
) -> SQL:
    """Return the statement that applies rows (record, tag, action, rule), of no run.

    :param rows: at least one
    """
    columns: Sequence[tuple] = tuple(zip(*rows, strict=True))
    return SQL(
        "WITH plan AS (SELECT * FROM unnest(%s::int[], %s::int[], %s::text[], "
        "%s::int[]) AS row (record_id, tag_id, action, rule_id)), %s SELECT 1",
        *(list(column) for column in columns),
        _apply(spec, None, now),
    )


def _apply(spec: TagSpec, run_id: int | None, now: datetime) -> SQL:
    """Return the steps that put on, take off and explain what ``plan`` says."""
    return SQL(_APPLY, run=run_id, now=now.replace(microsecond=0), **spec.identifiers())
