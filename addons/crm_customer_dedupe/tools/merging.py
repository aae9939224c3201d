"""What a merge of customers does, planned apart from the database.

A pointer is a column that says which record a row belongs to. A change is what a row,
or many alike, were before a merge and are after it; the changes of a merge are its
journal, by which it is taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

#: kinds of changes: rows that are others now, that are no more, that are new
CHANGED, GONE, NEW = "changed", "gone", "new"
#: columns that two merges may change without being in each other's way: who wrote a row
#: last, and a list of lines of which each merge takes back its own
SOFT_COLUMNS = frozenset(("write_date", "write_uid", "former_names"))


class Pointer(NamedTuple):
    """A column that names records of one model.

    kind: "key" holds the id; "pair" the id, beside a column with the model; "text" the
    id as text behind ``prefix``; "company" ids by company; "property" values by the
    name of a property, of which ``names`` may name such a record.
    only: a condition on the row, as SQL
    """

    table: str
    column: str
    kind: str = "key"
    model_column: str = ""
    prefix: str = ""
    names: tuple[str, ...] = ()
    only: str = ""


class UniqueKey(NamedTuple):
    """A unique index.

    keys: its columns or expressions, as SQL; predicate: which rows are in it, as SQL;
    nulls: whether rows that say nothing are the same
    """

    keys: tuple[str, ...]
    predicate: str = ""
    nulls: bool = False


class Change(NamedTuple):
    """One line of a journal.

    columns: of changed rows, the names of what changed; ids: of rows that have one
    """

    kind: str
    table: str
    ids: tuple[int, ...] = ()
    columns: frozenset[str] = frozenset()


class Merge(NamedTuple):
    """A merge, as far as another one can be in its way."""

    id: int
    survivor: int
    absorbed: frozenset[int]
    changes: tuple[Change, ...] = ()


def in_the_way(
    merge: Merge, later: Iterable[Merge], soft_tables: Collection[str]
) -> int | None:
    """Return which later merge has to be taken back first, if any.

    :param soft_tables: of rows that are computed anew anyway
    """
    for other in sorted(later, key=lambda one: -one.id):
        if merge.survivor in other.absorbed:
            return other.id
        if any(
            _meet(one, two)
            for one in _hard(merge.changes, soft_tables)
            for two in _hard(other.changes, soft_tables)
            if one.table == two.table
        ):
            return other.id
    return None


def _hard(changes: Sequence[Change], soft_tables: Collection[str]) -> list[Change]:
    return [one for one in changes if one.ids and one.table not in soft_tables]


def _meet(one: Change, two: Change) -> bool:
    if one.kind == two.kind == CHANGED and not (
        (one.columns & two.columns) - SOFT_COLUMNS
    ):
        return False
    return not set(one.ids).isdisjoint(two.ids)


def without_lines(now: str, before: str, after: str) -> str:
    """Return the lines that are there now without those that a merge has added.

    >>> without_lines("B\\nC", "", "B")
    'C'
    """
    added = set(after.split("\n")) - set(before.split("\n"))
    return "\n".join(line for line in now.split("\n") if line and line not in added)
