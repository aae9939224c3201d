"""What precedes and what follows a change, in a declared order.

A method of a model says with :func:`precedes` or :func:`follows` at which place it is
called and which fields wake it; ``crm.change.mixin`` calls those of all modules. See
docs/adr/0042.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
MARK = "_change_hook"
BEFORE, AFTER = "before", "after"
# watched by what decides itself whether a write is its business
EVERYTHING = "*"


class Hook(NamedTuple):
    """One method that is called.

    ``order``: its place among those of its phase; ``watched``: a write of one of these
    fields wakes it, no write where there is none; ``reads``: fields of which it is told
    what was there; ``before``: the method that looks at the records before the write,
    for what is no value of a field; ``new``: called for new records as well.
    """

    phase: str
    order: int
    name: str
    module: str
    watched: frozenset[str]
    reads: frozenset[str] = frozenset()
    before: str = ""
    new: bool = False

    def is_woken_by(self, names: Iterable[str]) -> bool:
        """Return whether a write of these fields is its business."""
        return EVERYTHING in self.watched or not self.watched.isdisjoint(names)


class Change(NamedTuple):
    """What a method that follows is told.

    ``vals``: what was asked to be written, before Odoo added its own; of new records
    empty. ``names``: the fields, of new records those with a value. ``was``: what it
    ``reads``, by record and field, links as ids. ``found``: what its ``before``
    returned.
    """

    vals: Mapping[str, Any]
    names: frozenset[str]
    was: Mapping[int, Mapping[str, Any]]
    found: Any = None
    is_new: bool = False


def precedes(order: int, *watched: str) -> Callable[[F], F]:
    """Mark a method ``(self, vals)`` that is called before a write, and may refuse it;
    the values are not for it to change."""
    return _mark(BEFORE, order, watched)


def follows(
    order: int,
    *watched: str,
    reads: Iterable[str] = (),
    before: str = "",
    new: bool = False,
) -> Callable[[F], F]:
    """Mark a method ``(self, change)`` that is called after a write; see :class:`Hook`.

    :param before: name of a method ``(self, vals)``
    """
    return _mark(AFTER, order, watched, frozenset(reads), before, new)


def _mark(
    phase: str, order: int, watched: Iterable[str], *more: Any
) -> Callable[[F], F]:
    def mark(function: F) -> F:
        module = function.__module__.removeprefix("odoo.addons.").split(".")[0]
        hook = Hook(phase, order, function.__name__, module, frozenset(watched), *more)
        setattr(function, MARK, hook)
        return function

    return mark


def declared(class_: type) -> tuple[Hook, ...]:
    """Return the hooks of a class and all it inherits from, in their order.

    :raises ValueError: when two of them would take the same place
    """
    found: dict[str, Hook] = {}
    for part in class_.__mro__:
        for name, value in vars(part).items():
            hook = getattr(value, MARK, None)
            # what a test puts in a method's place has an answer to every name
            if isinstance(hook, Hook):
                found.setdefault(name, hook)
    hooks = sorted(found.values(), key=lambda hook: (hook.phase == AFTER, hook.order))
    places = {(hook.phase, hook.order): hook for hook in hooks}
    if doubles := [h.name for h in hooks if places[h.phase, h.order] is not h]:
        raise ValueError(f"{class_.__name__}: a place is taken twice: {doubles}")
    return tuple(hooks)
