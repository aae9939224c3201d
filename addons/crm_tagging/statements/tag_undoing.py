"""The way back of a run, by its journal.

What still stands as the run left it is brought back; what a person or another run
changed since stays.
"""

from odoo.tools import SQL

from .tag_spec import TagSpec

# still as the run left it: the reason names the run
_UNDO_ADDED = """
        WITH undone AS (
            DELETE FROM %(reason_table)s x
             USING crm_tag_run_line l
             WHERE l.run_id = %(run)s AND l.model = %(model)s AND l.action = 'add'
               AND x.record_id = l.record_id AND x.tag_id = l.tag_id
               AND x.kind = 'rule' AND x.run_id = %(run)s
         RETURNING l.id, l.record_id, l.tag_id
        ), taken_off AS (
            DELETE FROM %(relation)s r USING undone u
             WHERE r.%(record_column)s = u.record_id AND r.%(tag_column)s = u.tag_id
        )
        UPDATE crm_tag_run_line l SET restored = TRUE FROM undone u
         WHERE l.id = u.id
     RETURNING l.record_id
"""

_UNDO_MOVED = """
        WITH undone AS (
            UPDATE %(reason_table)s x
               SET rule_id = (SELECT id FROM crm_tag_rule WHERE id = l.old_rule_id),
                   run_id = (SELECT id FROM crm_tag_run WHERE id = l.old_run_id),
                   date = l.old_date
              FROM crm_tag_run_line l
             WHERE l.run_id = %(run)s AND l.model = %(model)s AND l.action = 'move'
               AND x.record_id = l.record_id AND x.tag_id = l.tag_id
               AND x.kind = 'rule' AND x.run_id = %(run)s
         RETURNING l.id
        )
        UPDATE crm_tag_run_line l SET restored = TRUE FROM undone u
         WHERE l.id = u.id
     RETURNING l.record_id
"""

# still off, and its place in an exclusive group still free
_UNDO_REMOVED = """
        WITH undone AS (
            SELECT l.id, l.record_id, l.tag_id, l.old_date, old_rule.id AS rule_id,
                   old_run.id AS run_id
              FROM crm_tag_run_line l
              JOIN %(table)s t ON t.id = l.record_id
              JOIN %(tag_table)s tag ON tag.id = l.tag_id
         LEFT JOIN crm_tag_group g ON g.id = tag.tag_group_id
         LEFT JOIN crm_tag_rule old_rule ON old_rule.id = l.old_rule_id
         LEFT JOIN crm_tag_run old_run ON old_run.id = l.old_run_id
             WHERE l.run_id = %(run)s AND l.model = %(model)s AND l.action = 'remove'
               AND NOT EXISTS (
                       SELECT 1
                         FROM %(relation)s r
                         JOIN %(tag_table)s other ON other.id = r.%(tag_column)s
                        WHERE r.%(record_column)s = l.record_id
                          AND (other.id = l.tag_id
                               OR g.exclusive AND other.tag_group_id = g.id))
        ), put_on AS (
            INSERT INTO %(relation)s (%(record_column)s, %(tag_column)s)
            SELECT record_id, tag_id FROM undone
        ), explain AS (
            INSERT INTO %(reason_table)s
                   (record_id, tag_id, kind, rule_id, run_id, date)
            SELECT record_id, tag_id, 'rule', rule_id, run_id, old_date FROM undone
        )
        UPDATE crm_tag_run_line l SET restored = TRUE FROM undone u
         WHERE l.id = u.id
     RETURNING l.record_id
"""


def undo(spec: TagSpec, run_id: int) -> list[SQL]:
    """Return the statements that take back what a run did to a model, in their order.

    The rows of each are the ids of the records concerned.
    """
    names = {"run": run_id, "model": spec.model, **spec.identifiers()}
    return [SQL(text, **names) for text in (_UNDO_ADDED, _UNDO_MOVED, _UNDO_REMOVED)]
