"""Which columns point to a record, and how what points there is moved."""

from collections.abc import Sequence

from odoo.tools import SQL

from ..tools.merging import Pointer, UniqueKey

_FOREIGN_KEYS = """
SELECT cl.relname, att.attname
  FROM pg_constraint con
  JOIN pg_class cl ON cl.oid = con.conrelid
  JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
 WHERE con.contype = 'f' AND con.confrelid = %s::regclass
   AND cardinality(con.conkey) = 1
 GROUP BY 1, 2 ORDER BY 1, 2
"""

_UNIQUE_KEYS = """
SELECT ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, false)
               FROM generate_series(1, i.indnkeyatts) n),
       COALESCE(pg_get_expr(i.indpred, i.indrelid), ''),
       i.indnullsnotdistinct
  FROM pg_index i
 WHERE i.indrelid = %s::regclass AND i.indisunique AND i.indisvalid
   AND pg_get_indexdef(i.indexrelid) ~ %s
"""

_COLUMNS = """
SELECT attname, attgenerated <> '' FROM pg_attribute
 WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""

_IN_THE_WAY = """
WITH hypothetical AS MATERIALIZED (
    SELECT ctid AS row_at, array_position(%(sources)s::int[], %(column)s) AS turn,
           %(columns)s
      FROM %(table)s WHERE %(holds)s
), named AS (
    SELECT row_at, turn, %(named)s FROM hypothetical WHERE %(predicate)s
)
SELECT row_at::text FROM (
    SELECT row_at,
           row_number() OVER (PARTITION BY %(names)s ORDER BY turn, row_at) AS nth,
           EXISTS (SELECT FROM %(table)s
                    WHERE (%(holds)s) IS NOT TRUE AND %(predicate)s AND %(same)s)
           AS is_taken
      FROM named WHERE %(told)s
) AS found WHERE is_taken OR nth > 1
"""

# of the sources the first that says something comes last, so that it stays
_FILL = """
UPDATE %(table)s target
   SET %(column)s = %(known)s || found.content || (
           SELECT COALESCE(jsonb_object_agg(one.key, one.value), '{}')
             FROM jsonb_each(%(known)s) one WHERE %(kept)s)
  FROM (SELECT jsonb_object_agg(one.key, one.value ORDER BY source.turn DESC) AS content
          FROM (SELECT %(column)s AS content,
                       array_position(%(sources)s::int[], id) AS turn
                  FROM %(table)s WHERE id = ANY(%(sources)s)) source,
               jsonb_each(source.content) one
         WHERE one.value NOT IN ('null', 'false', '""', '[]')) found
 WHERE target.id = %(target)s AND found.content IS NOT NULL
"""


def fill_by_key(
    table: str, column: str, sources: Sequence[int], target: int, is_said: bool
) -> SQL:
    """Return the statement that fills, key by key, what the target does not say.

    :param is_said: whether "no" is a value of the target, and not the lack of one
    """
    name = SQL.identifier(column)
    return SQL(
        _FILL,
        table=SQL.identifier(table),
        column=name,
        known=SQL("COALESCE(target.%s, '{}')", name),
        kept=SQL("one.value <> 'null'")
        if is_said
        else SQL("one.value NOT IN ('null', 'false', '\"\"', '[]')"),
        sources=list(sources),
        target=target,
    )


def foreign_keys(table: str) -> SQL:
    """Return the query for (table, column) of all that points to a table."""
    return SQL(_FOREIGN_KEYS, table)


def unique_keys(table: str, column: str) -> SQL:
    """Return the query for the unique indexes of a table that name a column."""
    return SQL(_UNIQUE_KEYS, table, rf"\m{column}\M")


def columns_of(table: str) -> SQL:
    """Return the query for the columns of a table, and whether each is generated."""
    return SQL(_COLUMNS, table)


def raw(text: str) -> SQL:
    """Return what PostgreSQL itself has said as a piece of a statement."""
    return SQL(text.replace("%", "%%"))


def holds(pointer: Pointer, model: str, ids: Sequence[int]) -> SQL:
    """Return the condition that a row points to one of the records."""
    column = SQL.identifier(pointer.column)
    if pointer.kind == "pair":
        found = SQL(
            "%s = %s AND %s = ANY(%s)",
            SQL.identifier(pointer.model_column),
            model,
            column,
            list(ids),
        )
    elif pointer.kind == "text":
        found = SQL("%s = ANY(%s)", column, [f"{pointer.prefix}{id_}" for id_ in ids])
    elif pointer.kind == "company":
        found = SQL(
            "%s IS NOT NULL AND EXISTS (SELECT FROM jsonb_each(%s) e"
            " WHERE e.value <@ %s)",
            column,
            column,
            _json(ids),
        )
    elif pointer.kind == "property":
        found = SQL(
            "%s IS NOT NULL AND EXISTS (SELECT FROM jsonb_each(%s) e"
            " WHERE e.key = ANY(%s) AND (e.value <@ %s"
            " AND jsonb_typeof(e.value) = 'number' OR EXISTS (SELECT FROM"
            " jsonb_array_elements(CASE WHEN jsonb_typeof(e.value) = 'array'"
            " THEN e.value ELSE '[]' END) one WHERE one <@ %s)))",
            column,
            column,
            list(pointer.names),
            _json(ids),
            _json(ids),
        )
    else:
        found = SQL("%s = ANY(%s)", column, list(ids))
    return SQL("(%s AND %s)", found, raw(pointer.only)) if pointer.only else found


def _json(ids: Sequence[int]) -> SQL:
    return SQL("to_jsonb(%s::int[])", list(ids))


def move(
    pointer: Pointer, model: str, sources: Sequence[int], target: int, where: SQL
) -> SQL:
    """Return the statement that lets rows point to the target instead.

    :param where: which of the rows that point to a source
    """
    column = SQL.identifier(pointer.column)
    return SQL(
        "UPDATE %s SET %s = %s WHERE %s AND %s",
        SQL.identifier(pointer.table),
        column,
        _moved(pointer, column, sources, target),
        holds(pointer, model, sources),
        where,
    )


def _moved(pointer: Pointer, column: SQL, sources: Sequence[int], target: int) -> SQL:
    if pointer.kind == "text":
        return SQL("%s", f"{pointer.prefix}{target}")
    if pointer.kind == "company":
        return SQL(
            "(SELECT jsonb_object_agg(e.key, CASE WHEN e.value <@ %s"
            " THEN to_jsonb(%s::int) ELSE e.value END) FROM jsonb_each(%s) e)",
            _json(sources),
            target,
            column,
        )
    if pointer.kind == "property":
        return SQL(
            "(SELECT jsonb_object_agg(e.key, CASE"
            " WHEN e.key <> ALL(%(names)s) THEN e.value"
            " WHEN jsonb_typeof(e.value) = 'array' THEN (SELECT jsonb_agg(DISTINCT"
            " CASE WHEN one <@ %(ids)s THEN to_jsonb(%(target)s::int) ELSE one END)"
            " FROM jsonb_array_elements(e.value) one)"
            " WHEN e.value <@ %(ids)s THEN to_jsonb(%(target)s::int)"
            " ELSE e.value END) FROM jsonb_each(%(column)s) e)",
            names=list(pointer.names),
            ids=_json(sources),
            target=target,
            column=column,
        )
    return SQL("%s", target)


def in_the_way(
    pointer: Pointer,
    model: str,
    sources: Sequence[int],
    target: int,
    key: UniqueKey,
    columns: Sequence[str],
) -> SQL:
    """Return the query for the places of rows that cannot become the target's, since it
    has such a row, or since one of a source before it becomes that row.

    The rows are looked at as they would be, so that an index may be over expressions
    and have a condition.
    """
    would_be = SQL(", ").join(
        SQL("%s AS %s", target, SQL.identifier(name))
        if name == pointer.column
        else SQL.identifier(name)
        for name in columns
    )
    names = [SQL.identifier(f"key_{n}") for n in range(len(key.keys))]
    parts = [SQL("(%s)", raw(text)) for text in key.keys]
    same = "IS NOT DISTINCT FROM" if key.nulls else "="
    return SQL(
        _IN_THE_WAY,
        sources=list(sources),
        column=SQL.identifier(pointer.column),
        columns=would_be,
        table=SQL.identifier(pointer.table),
        holds=holds(pointer, model, sources),
        named=SQL(", ").join(
            SQL("%s AS %s", part, name) for part, name in zip(parts, names, strict=True)
        ),
        predicate=SQL("(%s)", raw(key.predicate)) if key.predicate else SQL("TRUE"),
        names=SQL(", ").join(names),
        same=SQL(" AND ").join(
            SQL("%s %s named.%s", part, SQL(same), name)
            for part, name in zip(parts, names, strict=True)
        ),
        told=SQL("TRUE")
        if key.nulls
        else SQL(" AND ").join(SQL("%s IS NOT NULL", name) for name in names),
    )


def put_aside(table: str, places: Sequence[str]) -> SQL:
    """Return the statement that deletes rows, by their places."""
    return SQL(
        "DELETE FROM %s WHERE ctid = ANY(%s::tid[])",
        SQL.identifier(table),
        list(places),
    )
