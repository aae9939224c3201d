"""How what a merge has changed goes back, as far as it stands as the merge left it."""

from collections.abc import Sequence

from odoo.tools import SQL

_IS = "COALESCE(to_jsonb(t.%s), 'null') = after.content -> %s"

_BACK = """
UPDATE %(table)s t SET %(columns)s
  FROM (SELECT (jsonb_populate_record(NULL::%(table)s, %(old)s::jsonb)).*) old,
       (SELECT %(new)s::jsonb AS content) after
 WHERE t.id = ANY(%(ids)s) AND %(where)s
"""

_LEFT = """
SELECT t.id, ARRAY[%(parts)s]::text[] FROM %(table)s t,
       (SELECT %(new)s::jsonb AS content, %(old)s::jsonb AS old) after
 WHERE t.id = ANY(%(ids)s)
"""

_BACK_AGAIN = """
INSERT INTO %(table)s (%(columns)s)
SELECT %(columns)s FROM jsonb_populate_recordset(NULL::%(table)s, %(rows)s::jsonb)
"""

_AWAY = """
DELETE FROM %(table)s t USING jsonb_array_elements(%(rows)s::jsonb) made
 WHERE %(same)s to_jsonb(t) = made
"""

_STILL = """
SELECT t.id FROM %(table)s t, jsonb_array_elements(%(rows)s::jsonb) made
 WHERE t.id = (made ->> 'id')::int
"""


def _is(name: str) -> SQL:
    return SQL(_IS, SQL.identifier(name), name)


def back(
    table: str,
    old: str,
    new: str,
    columns: Sequence[str],
    ids: Sequence[int],
    whole: bool,
) -> SQL:
    """Return the statement that gives rows back what they were, column by column where
    nobody has changed it since.

    :param old, new: as JSON
    :param whole: only rows of which nothing was changed since
    """
    conditions = [_is(name) for name in columns]
    return SQL(
        _BACK,
        table=SQL.identifier(table),
        columns=SQL(", ").join(
            SQL(
                "%s = CASE WHEN %s THEN old.%s ELSE t.%s END",
                SQL.identifier(name),
                condition,
                SQL.identifier(name),
                SQL.identifier(name),
            )
            for name, condition in zip(columns, conditions, strict=True)
        ),
        old=old,
        new=new,
        ids=list(ids),
        where=SQL(" AND " if whole else " OR ").join(conditions)
        if whole
        else SQL("(%s)", SQL(" OR ").join(conditions)),
    )


def left(
    table: str, old: str, new: str, columns: Sequence[str], ids: Sequence[int]
) -> SQL:
    """Return the query for (id, columns that are neither what they were nor what the
    merge has made of them) of rows that are still there."""
    return SQL(
        _LEFT,
        table=SQL.identifier(table),
        parts=SQL(", ").join(
            SQL(
                "CASE WHEN NOT (%s) AND COALESCE(to_jsonb(t.%s), 'null')"
                " <> after.old -> %s THEN %s END",
                _is(name),
                SQL.identifier(name),
                name,
                name,
            )
            for name in columns
        ),
        old=old,
        new=new,
        ids=list(ids),
    )


def back_again(table: str, rows: str, columns: Sequence[str]) -> SQL:
    """Return the statement that puts rows that were set aside back.

    :param rows: as JSON
    """
    return SQL(
        _BACK_AGAIN,
        table=SQL.identifier(table),
        columns=SQL(", ").join(map(SQL.identifier, columns)),
        rows=rows,
    )


def away(table: str, rows: str, has_id: bool) -> SQL:
    """Return the statement that deletes rows that the merge has made, as it made them.

    :param rows: as JSON
    """
    return SQL(
        _AWAY,
        table=SQL.identifier(table),
        rows=rows,
        same=SQL("t.id = (made ->> 'id')::int AND") if has_id else SQL(),
    )


def still_there(table: str, rows: str) -> SQL:
    """Return the query for the ids of rows of those that the merge has made."""
    return SQL(_STILL, table=SQL.identifier(table), rows=rows)
