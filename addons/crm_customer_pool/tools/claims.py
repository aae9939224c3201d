"""Who may take customers out of a pool, and into which pool a customer goes: plain
values in, plain values out."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Limits(NamedTuple):
    """What a person may have of a pool; 0 is no limit.

    ``capacity``: customers owned at once; ``claims``: customers claimed on one day;
    ``looks``: customers looked at on one day.
    """

    capacity: int = 0
    claims: int = 0
    looks: int = 0


class Standing(NamedTuple):
    """What a person has: customers owned that count, and what he or she claimed and
    looked at today."""

    owned: int = 0
    claimed: int = 0
    looked: int = 0


class Refusal(NamedTuple):
    """Why not: ``kind`` is ``capacity``, ``claims`` or ``looks``; ``left`` is how many
    would have been possible, ``limit`` the number that forbids it."""

    kind: str
    left: int
    limit: int


class PoolInfo(NamedTuple):
    """A pool as far as it decides about who goes into it.

    Empty sets take everybody; ``company`` 0 takes customers of all companies.
    """

    id: int
    company: int
    teams: frozenset[int]
    regions: frozenset[int]
    is_default: bool


class Place(NamedTuple):
    """What of a customer decides about its pool; 0 is nothing."""

    company: int
    team: int
    region: int


def claim_refusal(limits: Limits, standing: Standing, wanted: int) -> Refusal | None:
    """Return why somebody may not claim so many more, the harder limit first."""
    room = (
        _refused("capacity", limits.capacity, standing.owned, wanted),
        _refused("claims", limits.claims, standing.claimed, wanted),
    )
    return min(filter(None, room), key=lambda one: one.left, default=None)


def own_refusal(limits: Limits, standing: Standing, wanted: int) -> Refusal | None:
    """The same for customers that a manager gives: only what one can look after."""
    return _refused("capacity", limits.capacity, standing.owned, wanted)


def look_refusal(limits: Limits, standing: Standing, wanted: int) -> Refusal | None:
    """Return why somebody may not look at so many more today."""
    return _refused("looks", limits.looks, standing.looked, wanted)


def _refused(kind: str, limit: int, has: int, wanted: int) -> Refusal | None:
    if not limit or has + wanted <= limit:
        return None
    return Refusal(kind, max(limit - has, 0), limit)


def fitting_pool(place: Place, pools: Sequence[PoolInfo]) -> int:
    """Return the pool a customer goes into; 0 where none takes it.

    One for its team and region goes before one for either, that before one for
    everybody; of equals the first. A default pool takes whom no other takes.
    """
    fitting = [(_rank(place, info), info) for info in pools if _takes(place, info)]
    if not fitting:
        return 0
    return max(fitting, key=lambda one: one[0])[1].id


def _takes(place: Place, info: PoolInfo) -> bool:
    if info.company and place.company not in (info.company, 0):
        return False
    if info.is_default:
        return True
    return (not info.teams or place.team in info.teams) and (
        not info.regions or place.region in info.regions
    )


def _rank(place: Place, info: PoolInfo) -> tuple[bool, int, bool]:
    exact = (bool(info.teams) and place.team in info.teams) + (
        bool(info.regions) and place.region in info.regions
    )
    return exact > 0 or not info.is_default, exact, bool(info.company)


def cooling(
    customers: Iterable[int],
    former: Iterable[tuple[int, int]],
    barred: frozenset[int],
) -> set[int]:
    """Return the customers that somebody of ``barred`` had.

    :param former: pairs (customer, who had it) of the days in question
    """
    asked = set(customers)
    return {one for one, owner in former if one in asked and owner in barred}
