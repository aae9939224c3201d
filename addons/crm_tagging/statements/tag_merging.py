"""What records that are merged bring along."""

from odoo.tools import SQL

from .tag_spec import TagSpec

_TAKE_OVER = """
                WITH best AS (
                    SELECT DISTINCT ON (r.%(tag_column)s)
                           r.%(record_column)s AS record_id, r.%(tag_column)s AS tag_id,
                           x.kind, x.rule_id, x.run_id, x.lead_id, x.user_id, x.date
                      FROM %(relation)s r
                 LEFT JOIN %(reason_table)s x
                        ON x.record_id = r.%(record_column)s
                       AND x.tag_id = r.%(tag_column)s
                     WHERE r.%(record_column)s = ANY(%(records)s)
                       AND r.%(tag_column)s = ANY(%(tags)s)
                  ORDER BY r.%(tag_column)s, x.kind IS NOT DISTINCT FROM 'rule',
                           x.kind IS NULL, r.%(record_column)s != %(target)s, x.date
                ),
                untold AS (
                    DELETE FROM %(reason_table)s x
                     USING best
                     WHERE x.record_id = %(target)s
                       AND x.tag_id = best.tag_id
                       AND best.kind IS NULL
                )
                INSERT INTO %(reason_table)s
                       (record_id, tag_id, kind, rule_id, run_id, lead_id, user_id,
                        date)
                SELECT %(target)s, tag_id, kind, rule_id, run_id, lead_id, user_id, date
                  FROM best
                 WHERE kind IS NOT NULL AND record_id != %(target)s
                    ON CONFLICT (tag_id, record_id) DO UPDATE
                   SET kind = excluded.kind, rule_id = excluded.rule_id,
                       run_id = excluded.run_id, lead_id = excluded.lead_id,
                       user_id = excluded.user_id, date = excluded.date
                """


def take_over(spec: TagSpec, records: list[int], target: int, tags: list[int]) -> SQL:
    """Return the statement that gives a record the best reason that any of those merged
    into it has for each tag it gets.

    :param records: all of them, the target included
    """
    return SQL(
        _TAKE_OVER, records=records, target=target, tags=tags, **spec.identifiers()
    )
