"""What one transaction changed, before others hear of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

# what a person is told of a ticket; of several the last counts
KINDS = NEW, BACK, GIVEN, HANDED, ESCALATED, TAKEN = (
    "new",
    "back",
    "given",
    "handed",
    "escalated",
    "taken",
)
# of more tickets than these nobody is told which: everything may have changed
MOST_IDS = 500


class Place(NamedTuple):
    """Where a ticket is: which desk sees it, and who has it; ids, 0 for none."""

    company: int
    team: int
    user: int


class Signal(NamedTuple):
    """What those who join one channel are told."""

    created: frozenset[int]
    changed: frozenset[int]

    def payload(self, by: int) -> dict[str, Any]:
        """Return the message: ids alone, and how many there are.

        :param by: id of who did it
        """
        count = len(self.created | self.changed)
        is_few = count <= MOST_IDS
        return {
            "by": by,
            "count": count,
            "created": sorted(self.created) if is_few else [],
            "changed": sorted(self.changed - self.created) if is_few else [],
        }


class Gathered:
    """Tickets that were made and changed, by the places they are and were at."""

    def __init__(self) -> None:
        self._created: set[int] = set()
        self._at: dict[Place, set[int]] = defaultdict(set)
        self._told: dict[int, dict[int, tuple[str, int]]] = defaultdict(dict)

    def __bool__(self) -> bool:
        return bool(self._at or self._told)

    def add(
        self, ticket: int, places: Iterable[Place], *, is_new: bool = False
    ) -> None:
        """Note a ticket at the places where it is, and where it was before."""
        if is_new:
            self._created.add(ticket)
        for place in places:
            self._at[place].add(ticket)

    def tell(self, person: int, ticket: int, kind: str, row: int = 0) -> None:
        """Note what a person is told of a ticket, unless there is more to tell already.

        :param row: id of the hand-over that says why
        """
        known = self._told[person].get(ticket)
        if not known or KINDS.index(kind) >= KINDS.index(known[0]):
            self._told[person][ticket] = (kind, row)

    def notices(self) -> dict[int, list[list[Any]]]:
        """Return ``[ticket, kind, row]`` by person."""
        return {
            person: [[ticket, *told] for ticket, told in sorted(tickets.items())]
            for person, tickets in self._told.items()
        }

    def desks(self) -> dict[tuple[int, int], Signal]:
        """Return one signal for each company and team."""
        return self._signals(lambda place: (place.company, place.team))

    def people(self) -> dict[int, Signal]:
        """Return one signal for each person who has one of the tickets, or had it."""
        found = self._signals(lambda place: place.user)
        found.pop(0, None)
        return found

    def created_at(self) -> dict[int, set[int]]:
        """Return the new tickets by team."""
        found: dict[int, set[int]] = defaultdict(set)
        for place, tickets in self._at.items():
            if place.team and tickets & self._created:
                found[place.team] |= tickets & self._created
        return dict(found)

    def _signals(self, key: Callable[[Place], Any]) -> dict[Any, Signal]:
        by_key: dict[Any, set[int]] = defaultdict(set)
        for place, tickets in self._at.items():
            by_key[key(place)] |= tickets
        return {
            found: Signal(
                frozenset(tickets & self._created), frozenset(tickets - self._created)
            )
            for found, tickets in by_key.items()
        }
