"""Conditions that people write and we store: a list of conditions made of literals.

Nothing is ever evaluated. What may be asked for, by whom, and whether a search
understands it is the business of ``crm.rule.mixin``; here is what the text alone says.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

#: Longer texts are refused before they are read.
MAX_LENGTH = 32_000
#: How deep conditions may stand inside each other (``any`` within ``any``).
MAX_DEPTH = 20
NESTED = ("any", "not any")
_OPERATORS = ("&", "|", "!")
_SCALARS = (str, int, float, bool, type(None))
#: Models on the way of a condition, by name or by the beginning of their names. What
#: is not here (messages, sessions, keys, settings, jobs) nobody asks about, whatever
#: he or she may read; a module adds its own through ``_open_models``.
OPEN_MODELS = (
    "calendar.event",
    "crm.",
    "mail.activity",
    "mail.activity.type",
    "mailing.mailing",
    "product.",
    "rating.rating",
    "res.city",
    "res.company",
    "res.country",
    "res.country.",
    "res.currency",
    "res.lang",
    "res.partner",
    "res.partner.",
    "res.users",
    "resource.calendar",
    "sale.order",
    "sale.order.line",
    "account.move",
    "account.move.line",
    "uom.uom",
    "utm.",
)
_SECRET = re.compile(
    r"(^|_)(tokens?|secrets?|passwords?|passwd|pwd|api_?keys?|hash|hashed|salt|totp|otp)"
    r"($|_)"
)


class Leaf(NamedTuple):
    """A condition of a domain; ``path`` counts from the domain's own model, also for
    conditions inside ``any``."""

    path: str
    operator: str
    value: Any


class _Named(ast.NodeTransformer):
    """Puts the value in the place of a word."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self.words = words

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.words:
            return ast.copy_location(ast.Constant(self.words[node.id]), node)
        return node


def parse(text: str, words: Mapping[str, int] | None = None) -> list[Any]:
    """Return the domain a text stands for.

    :param words: words that stand for a number, such as ``uid``
    :raises ValueError: when it is no list of conditions made of literals, or larger
        than anybody writes
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"{len(text)} > {MAX_LENGTH}")
    try:
        tree = ast.parse(text.strip() or "[]", mode="eval")
        domain = ast.literal_eval(_Named(words or {}).visit(tree))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError(str(error) or type(error).__name__) from error
    if not isinstance(domain, list | tuple):
        raise ValueError(_short(domain))  # noqa: TRY004 - one kind of error for callers
    _check_items(domain, MAX_DEPTH)
    return list(domain)


def _check_items(items: Any, depth: int) -> None:
    """Refuse what no search understands, and what only the server may ask (``any!``
    looks past the rights)."""
    if not depth:
        raise ValueError(f"> {MAX_DEPTH}")
    for item in items:
        if isinstance(item, str) and item in _OPERATORS:
            continue
        if not isinstance(item, list | tuple) or len(item) != 3:
            raise ValueError(_short(item))
        name, operator, value = item
        if not isinstance(operator, str) or operator.endswith("!"):
            raise ValueError(_short(item))
        if isinstance(name, int) and name in (0, 1):
            continue
        if not isinstance(name, str):
            raise ValueError(_short(item))  # noqa: TRY004 - as above
        if operator in NESTED and isinstance(value, list | tuple):
            _check_items(value, depth - 1)
        elif not _is_plain_value(value):
            raise ValueError(_short(item))


def _is_plain_value(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(isinstance(item, _SCALARS) for item in value)
    return isinstance(value, _SCALARS)


def _short(value: Any) -> str:
    return repr(value)[:200]


def leaves(domain: list[Any], prefix: str = "") -> Iterator[Leaf]:
    """Yield the conditions of a domain, those of sub-domains included."""
    for item in domain:
        if not isinstance(item, list | tuple) or len(item) != 3:
            continue
        name, operator, value = item
        if not isinstance(name, str):
            continue
        path = f"{prefix}{name}"
        if operator in NESTED and isinstance(value, list | tuple) and value:
            yield from leaves(list(value), f"{path}.")
        else:
            yield Leaf(path, str(operator), value)


def is_secret(name: str) -> bool:
    """Whether a field of this name holds what opens a door: a token, a password, a
    key. Nobody's condition asks for it, whatever he or she may read.

    >>> is_secret("totp_secret"), is_secret("access_token"), is_secret("tokenless")
    (True, True, False)
    """
    return bool(_SECRET.search(name))


def is_open(model: str, allowed: Iterable[str] = OPEN_MODELS) -> bool:
    """Whether a condition may lead over a model.

    >>> is_open("res.users"), is_open("res.users.apikeys"), is_open("crm.team")
    (True, False, True)
    """
    return any(
        model.startswith(name) if name.endswith(".") else model == name
        for name in allowed
    )


def is_text(value: Any) -> bool:
    """Whether a value names records by a text (a search by name) and not by id."""
    values = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(item, str) for item in values)


def replace_ids(
    domain: list[Any], fields: frozenset[str], moved: Mapping[int, int]
) -> list[Any]:
    """Return the domain with ids of merged records replaced.

    :param fields: names of the fields that lead to them; a condition on a path that
        ends in one of them is about them
    :param moved: the id each id was merged into
    """
    return [_replace_item(item, fields, moved) for item in domain]


def _replace_item(item: Any, fields: frozenset[str], moved: Mapping[int, int]) -> Any:
    if not isinstance(item, list | tuple) or len(item) != 3:
        return item
    name, operator, value = item
    if operator in NESTED and isinstance(value, list | tuple):
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
