"""How rows are noted before a merge, and what became of them after it.

Whole rows stand in a table of the session: what hooks of modules do to them is seen as
well as what the merge itself does.
"""

from odoo.tools import SQL

BEFORE = SQL.identifier("crm_customer_merge_before")

CREATE = SQL(
    """
    CREATE TEMPORARY TABLE IF NOT EXISTS crm_customer_merge_before
           (table_name text, id bigint, place tid, content jsonb) ON COMMIT DROP;
    CREATE UNIQUE INDEX IF NOT EXISTS crm_customer_merge_before_id
        ON crm_customer_merge_before (table_name, id);
    CREATE UNIQUE INDEX IF NOT EXISTS crm_customer_merge_before_link
        ON crm_customer_merge_before (table_name, place) WHERE id IS NULL
    """
)
EMPTY = SQL("DELETE FROM crm_customer_merge_before")

# what is noted already is told by the indexes: the table is new in each merge, and
# without statistics PostgreSQL would compare every row with every other
_NOTE = """
INSERT INTO %(before)s (table_name, id, place, content)
SELECT %(name)s, %(id)s, t.ctid, to_jsonb(t) FROM %(table)s t
 WHERE (%(where)s)
    ON CONFLICT DO NOTHING
"""

# rows of one table by what became of them; many that were alike in one
_CHANGED = """
WITH other AS MATERIALIZED (
    SELECT b.id, b.content AS old, to_jsonb(t) AS new
      FROM %(before)s b JOIN %(table)s t ON t.id = b.id
     WHERE b.table_name = %(name)s AND t.ctid <> b.place
)
SELECT told.old, told.new, array_agg(other.id ORDER BY other.id)
  FROM other, LATERAL (
       SELECT jsonb_object_agg(o.key, o.value) AS old,
              jsonb_object_agg(o.key, n.value) AS new
         FROM jsonb_each(other.old) o JOIN jsonb_each(other.new) n USING (key)
        WHERE o.value IS DISTINCT FROM n.value) told
 WHERE told.old IS NOT NULL
 GROUP BY 1, 2
"""
_GONE = """
SELECT b.id, b.content FROM %(before)s b
 WHERE b.table_name = %(name)s
   AND NOT EXISTS (SELECT FROM %(table)s t WHERE t.id = b.id)
 ORDER BY b.id
"""
_NEW = """
SELECT t.id, to_jsonb(t) FROM %(table)s t
 WHERE (%(where)s)
   AND NOT EXISTS (SELECT FROM %(before)s b
                    WHERE b.table_name = %(name)s AND b.id = t.id)
 ORDER BY t.id
"""
# of links, which have no id
_LINKS_GONE = """
SELECT NULL, content FROM (
    SELECT content FROM %(before)s WHERE table_name = %(name)s
    EXCEPT SELECT to_jsonb(t) FROM %(table)s t WHERE (%(where)s)) AS gone
 ORDER BY content
"""
_LINKS_NEW = """
SELECT NULL, content FROM (
    SELECT to_jsonb(t) AS content FROM %(table)s t WHERE (%(where)s)
    EXCEPT SELECT content FROM %(before)s WHERE table_name = %(name)s) AS made
 ORDER BY content
"""


def _parts(table: str, where: SQL) -> dict:
    return {
        "before": BEFORE,
        "name": table,
        "table": SQL.identifier(table),
        "where": where,
    }


def note(table: str, where: SQL, has_id: bool) -> SQL:
    """Return the statement that notes the rows that are not noted yet."""
    return SQL(
        _NOTE,
        id=SQL("t.id") if has_id else SQL("NULL"),
        **_parts(table, where),
    )


def changed(table: str) -> SQL:
    """Return the query for (before, after, ids) of what became other rows."""
    return SQL(_CHANGED, **_parts(table, SQL()))


def gone(table: str, where: SQL, has_id: bool) -> SQL:
    """Return the query for (id, whole row) of what is no more."""
    return SQL(_GONE if has_id else _LINKS_GONE, **_parts(table, where))


def new(table: str, where: SQL, has_id: bool) -> SQL:
    """Return the query for (id, whole row) of what was not there."""
    return SQL(_NEW if has_id else _LINKS_NEW, **_parts(table, where))
