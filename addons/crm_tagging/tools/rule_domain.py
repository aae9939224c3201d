"""Reading and rewriting the literal domains of rules."""

import ast
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Leaf(NamedTuple):
    """A condition of a domain; ``path`` counts from the domain's own model, also for
    conditions inside ``any``."""

    path: str
    operator: str
    value: Any


_NESTED = ("any", "not any", "any!", "not any!")


def parse(text: str) -> list[Any]:
    """Return the domain a text stands for.

    :raises ValueError: when it is no list of conditions made of literals
    """
    try:
        domain = ast.literal_eval(text.strip() or "[]")
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if not isinstance(domain, list | tuple):
        raise ValueError(repr(domain))  # noqa: TRY004 - one kind of error for callers
    return list(domain)


def leaves(domain: list[Any], prefix: str = "") -> Iterator[Leaf]:
    """Yield the conditions of a domain, those of sub-domains included."""
    for item in domain:
        if not isinstance(item, list | tuple) or len(item) != 3:
            continue
        name, operator, value = item
        path = f"{prefix}{name}"
        if operator in _NESTED and isinstance(value, list | tuple):
            yield from leaves(list(value), f"{path}.")
        else:
            yield Leaf(path, str(operator), value)


def replace_ids(
    domain: list[Any], fields: frozenset[str], moved: Mapping[int, int]
) -> list[Any]:
    """Return the domain with ids of merged tags replaced.

    :param fields: names of the tag fields; a condition on a path that ends in one
        of them is about tags
    :param moved: the id each id was merged into
    """
    return [_replace_item(item, fields, moved) for item in domain]


def _replace_item(item: Any, fields: frozenset[str], moved: Mapping[int, int]) -> Any:
    if not isinstance(item, list | tuple) or len(item) != 3:
        return item
    name, operator, value = item
    if operator in _NESTED and isinstance(value, list | tuple):
        value = replace_ids(list(value), fields, moved)
    elif str(name).removesuffix(".id").rsplit(".", 1)[-1] in fields:
        value = _replace_value(value, moved)
    return (name, operator, value)


def _replace_value(value: Any, moved: Mapping[int, int]) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return moved.get(value, value)
    if isinstance(value, list | tuple):
        return list(dict.fromkeys(_replace_value(item, moved) for item in value))
    return value
