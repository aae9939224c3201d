"""Which records the values of a form name; see ``models/base_link_gate.py``."""

from collections.abc import Iterator

CREATE, UPDATE, DELETE, UNLINK, LINK, CLEAR, SET = range(7)
# the largest id PostgreSQL keeps; a larger one names nothing, and is an error to ask
MAX_ID = 2**31 - 1


def ids_named(value: object) -> Iterator[int]:
    """Yield the ids that a value of a link names.

    ``value`` is what a client or Odoo's own code may hand to ``create``, ``write`` or
    ``onchange``: an id, a pair of id and name, a dictionary with ``id``, a recordset,
    a list of ids or of commands. Whatever else it is names nothing.
    """
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int):
        yield value
    elif isinstance(value, dict):
        yield from ids_named(value.get("id"))
    elif hasattr(value, "_ids"):
        yield from (id_ for id_ in value._ids if isinstance(id_, int))
    elif isinstance(value, list | tuple):  # of a pair, the name names nothing
        for item in value:
            yield from _ids_of_item(item)


def _ids_of_item(item: object) -> Iterator[int]:
    if not isinstance(item, list | tuple):
        yield from ids_named(item)
    elif len(item) > 1 and item[0] in (UPDATE, LINK):
        yield from ids_named(item[1])
    elif len(item) > 2 and item[0] == SET and isinstance(item[2], list | tuple):
        for id_ in item[2]:
            yield from ids_named(id_)


def lines_named(value: object) -> Iterator[tuple[int | None, dict]]:
    """Yield the id (``None`` for a new one) and the values of each line that a value
    of a link brings along: of commands that create or update, of dictionaries."""
    items = value if isinstance(value, list | tuple) else [value]
    for item in items:
        if isinstance(item, dict):
            yield _line_id(item.get("id")), item
        elif (
            isinstance(item, list | tuple)
            and len(item) > 2
            and item[0] in (CREATE, UPDATE)
            and isinstance(item[2], dict)
        ):
            yield (_line_id(item[1]) if item[0] == UPDATE else None), item[2]


def _line_id(value: object) -> int | None:
    return value if type(value) is int else None


def reference_named(value: object) -> tuple[str, int] | None:
    """Return model and id of a reference written ``"model,id"``, ``None`` else."""
    if not isinstance(value, str):
        return None
    model, _comma, id_ = value.partition(",")
    return (model, int(id_)) if id_.isascii() and id_.isdigit() else None
