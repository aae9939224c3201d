"""Choosing records by their tags: all of, any of, none of, combined.

An expression has blocks, a block has rows, a row names tags::

    {"match": "any", "blocks": [
        {"match": "all", "rows": [
            {"match": "all", "tags": [1, 2]},
            {"match": "none", "tags": [5]},
        ]},
        {"match": "all", "rows": [{"match": "any", "tags": [3, 4]}]},
    ]}

reads "(has 1 and 2, and not 5) or (has 3 or 4)". ``match`` of a row says how many of
its tags a record must have, ``match`` of a block and of the expression whether all or
any of what is inside must be true. Every AND/OR/NOT of tags can be written so (rows
in ``all`` blocks in an ``any`` expression are the disjunctive normal form), and
nothing is nested deeper than a person can read.

A row without tags, and a block without such rows, says nothing and is passed over;
an expression that says nothing is true of every record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

ALL, ANY, NONE = "all", "any", "none"
MATCHES = (ALL, ANY)
ROW_MATCHES = (ALL, ANY, NONE)
MAX_BLOCKS = 20
MAX_ROWS = 20
MAX_TAGS = 100


class Row(NamedTuple):
    """One condition: ``match`` all, any or none of the ids in ``tags``."""

    match: str
    tags: tuple[int, ...]


class Block(NamedTuple):
    """Rows of which ``match`` all or any must be true."""

    match: str
    rows: tuple[Row, ...]


class Expression(NamedTuple):
    """Blocks of which ``match`` all or any must be true."""

    match: str
    blocks: tuple[Block, ...]


class Words(NamedTuple):
    """How a sentence is said in a language.

    ``all``, ``any`` and ``none`` have a ``%s`` for the tags of a row, ``tag`` one for
    the name of a tag and ``bracket`` one for what belongs together; ``tag_and`` and
    ``tag_or`` stand between tags, ``both`` and ``either`` between rows and blocks;
    ``everybody`` is said of an expression without conditions.
    """

    all: str
    any: str
    none: str
    tag: str
    tag_and: str
    tag_or: str
    both: str
    either: str
    bracket: str
    everybody: str


EVERYBODY = Expression(ALL, ())
Domain = list[Any]


class ExpressionError(ValueError):
    """What is wrong with a value that should be an expression.

    ``code`` is one of ``not_an_expression`` (the shape), ``unknown_match`` (a word
    that is not all, any or none), ``not_tags`` (ids that are none) and ``too_large``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# ------------------------------------------------------------
# JSON
# ------------------------------------------------------------


def parse(value: object) -> Expression:
    """Return the expression a JSON value describes; ``None`` and ``{}`` are empty.

    :raise ExpressionError: the value is not an expression
    """
    if not value:
        return EVERYBODY
    match, blocks = _parts(value, "blocks", MATCHES, MAX_BLOCKS)
    return Expression(match, tuple(_parse_block(block) for block in blocks))


def _parse_block(value: object) -> Block:
    match, rows = _parts(value, "rows", MATCHES, MAX_ROWS)
    return Block(match, tuple(_parse_row(row) for row in rows))


def _parse_row(value: object) -> Row:
    match, tags = _parts(value, "tags", ROW_MATCHES, MAX_TAGS)
    # a bool is an int to Python, and no id
    if not all(type(tag) is int and 0 < tag < 2**31 for tag in tags):
        raise ExpressionError("not_tags")
    return Row(match, tuple(tags))


def _parts(
    value: object, name: str, matches: tuple[str, ...], limit: int
) -> tuple[str, list[Any]]:
    """Return ``match`` and the list called ``name`` of a JSON object."""
    if not isinstance(value, dict) or value.keys() != {"match", name}:
        raise ExpressionError("not_an_expression")
    match, items = value["match"], value[name]
    if not isinstance(items, list):
        raise ExpressionError("not_an_expression")
    if match not in matches:
        raise ExpressionError("unknown_match")
    if len(items) > limit:
        raise ExpressionError("too_large")
    return match, items


def to_json(expression: Expression) -> dict[str, Any]:
    """Return the JSON value of an expression; ``parse`` is the way back."""
    return {
        "match": expression.match,
        "blocks": [
            {
                "match": block.match,
                "rows": [
                    {"match": row.match, "tags": list(row.tags)} for row in block.rows
                ],
            }
            for block in expression.blocks
        ],
    }


# ------------------------------------------------------------
# MEANING
# ------------------------------------------------------------


def normalise(expression: Expression) -> Expression:
    """Return an expression of the same meaning without what says nothing.

    Tags of a row are sorted and named once, rows without tags and repeated rows go,
    and so do blocks without rows and repeated blocks. Order is kept otherwise:
    whoever wrote it finds it again.
    """
    return Expression(
        expression.match,
        _unique(
            block for block in map(_normalise_block, expression.blocks) if block.rows
        ),
    )


def _normalise_block(block: Block) -> Block:
    rows = (Row(row.match, tuple(sorted(set(row.tags)))) for row in block.rows)
    return Block(block.match, _unique(row for row in rows if row.tags))


def _unique(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(items))


def is_empty(expression: Expression) -> bool:
    """Whether an expression says nothing, and so is true of every record."""
    return not normalise(expression).blocks


def evaluate(expression: Expression, tags: AbstractSet[int]) -> bool:
    """Whether the expression is true of a record that has these tags."""
    blocks = [
        _quantifier(block.match)(_row_is_true(row, tags) for row in block.rows)
        for block in normalise(expression).blocks
    ]
    return not blocks or _quantifier(expression.match)(blocks)


def _quantifier(match: str) -> Callable[[Iterable[bool]], bool]:
    return all if match == ALL else any


def _row_is_true(row: Row, tags: AbstractSet[int]) -> bool:
    if row.match == ALL:
        return tags >= set(row.tags)
    return tags.isdisjoint(row.tags) == (row.match == NONE)


def to_domain(expression: Expression, field: str = "category_id") -> Domain:
    """Return the expression as an Odoo domain in prefix notation.

    :param field: the many2many field with the tags
    :return: ``[]`` for an empty expression
    """
    blocks = [
        _join(block.match, [_row_domain(row, field) for row in block.rows])
        for block in normalise(expression).blocks
    ]
    return _join(expression.match, blocks)


def _row_domain(row: Row, field: str) -> Domain:
    if row.match == ALL:
        return _join(ALL, [[(field, "in", [tag])] for tag in row.tags])
    return [(field, "not in" if row.match == NONE else "in", list(row.tags))]


def _join(match: str, parts: list[Domain]) -> Domain:
    """Join non-empty domains by AND or OR."""
    sign = "&" if match == ALL else "|"
    return [sign] * (len(parts) - 1) + [item for part in parts for item in part]


# ------------------------------------------------------------
# TAGS IN IT
# ------------------------------------------------------------


def tags_of(expression: Expression) -> frozenset[int]:
    """Return the ids of all tags an expression names."""
    return frozenset(
        tag for block in expression.blocks for row in block.rows for tag in row.tags
    )


def replace_tags(expression: Expression, merged: Mapping[int, int]) -> Expression:
    """Return the expression with other tags in place of some (after a merge).

    :param merged: id of the tag that is gone -> id of the tag it became
    """
    return normalise(
        Expression(
            expression.match,
            tuple(
                Block(
                    block.match,
                    tuple(
                        Row(row.match, tuple(merged.get(tag, tag) for tag in row.tags))
                        for row in block.rows
                    ),
                )
                for block in expression.blocks
            ),
        )
    )


def without_row(expression: Expression, block: int, row: int) -> Expression:
    """Return the expression as if one row were true of every record.

    What a choice of tags for this row can still bring is counted over it. Positions
    that do not exist change nothing.
    """
    if not (
        0 <= block < len(expression.blocks)
        and 0 <= row < len(expression.blocks[block].rows)
    ):
        return expression
    changed = expression.blocks[block]
    rest = _normalise_block(
        Block(changed.match, changed.rows[:row] + changed.rows[row + 1 :])
    )
    if rest.rows and changed.match == ALL:
        blocks = (*expression.blocks[:block], rest, *expression.blocks[block + 1 :])
        return Expression(expression.match, blocks)
    # the whole block is true
    if expression.match == ANY:
        return EVERYBODY
    return Expression(ALL, expression.blocks[:block] + expression.blocks[block + 1 :])


# ------------------------------------------------------------
# IN WORDS
# ------------------------------------------------------------


def sentence(expression: Expression, names: Mapping[int, str], words: Words) -> str:
    """Return the expression as a sentence a person understands.

    :param names: id of a tag -> its name; an unknown tag is shown as its number
    """
    parts = [
        _block_words(block, names, words) for block in normalise(expression).blocks
    ]
    if not parts:
        return words.everybody
    if len(parts) == 1:
        return parts[0][0]
    joiner = words.both if expression.match == ALL else words.either
    return joiner.join(
        words.bracket % text if is_compound else text for text, is_compound in parts
    )


def _block_words(
    block: Block, names: Mapping[int, str], words: Words
) -> tuple[str, bool]:
    """Return the words of a block and whether they need brackets among others."""
    rows = [_row_words(row, names, words) for row in block.rows]
    joiner = words.both if block.match == ALL else words.either
    return joiner.join(rows), len(rows) > 1


def _row_words(row: Row, names: Mapping[int, str], words: Words) -> str:
    joiner = words.tag_and if row.match == ALL else words.tag_or
    named = joiner.join(words.tag % names.get(tag, f"#{tag}") for tag in row.tags)
    return getattr(words, row.match) % named
