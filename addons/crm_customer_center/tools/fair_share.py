"""Whose turn is it? Handing out work one by one, fairly by weight.

Everybody has a *credit*: the work one should have got by now minus the work one got.
When a piece of work comes, the credit of those who are there grows by their share of
it (weight / weights of all who are there; the shares add up to 1), and whoever gets the
work pays 1. Who that is follows R. Tijdeman, "The chairman assignment problem",
Discrete Mathematics 32 (1980): among those whose credit is at least ``1 / (2n - 2)``,
the one who would otherwise be the first to be owed too much.

Taking simply the one with the largest credit is not enough: among many members with
small weights somebody can then be owed more than one piece. With Tijdeman's choice, as
long as the same ``n`` members are there, from the beginning on nobody ever is more than
``1 - 1 / (2n - 2)`` away from the target, and within any window of time no more than
``2 - 1 / (n - 1)``, so 1 for two members. With equal weights it is plain turn by turn.

Who is absent or has had the day's cap neither gains nor pays: coming back, one goes on
where one left off and is not flooded with what others did meanwhile.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple, TypeVar

CAPPED = "capped"
NO_WEIGHT = "no_weight"
# credits are sums of fractions; what differs by less is the same
PRECISION = 9
Item = TypeVar("Item")
LeftOut = Callable[[Item, Mapping[int, str], Mapping[int, int]], Mapping[int, str]]


class Member(NamedTuple):
    """Who may get work. ``weight``: relative to the others, 0 for none at all;
    ``daily_cap``: pieces a day, 0 for any number."""

    key: int
    weight: float = 1.0
    daily_cap: int = 0


class Balance(NamedTuple):
    """What is remembered of a member. ``credit``: pieces owed (negative: ahead);
    ``day``, ``taken``: pieces taken on that day; ``total``: pieces taken ever."""

    credit: float = 0.0
    day: date | None = None
    taken: int = 0
    total: int = 0


class Candidate(NamedTuple):
    """How a member stood when a piece was given. ``share``: of this piece, 0 to 1, 0
    when skipped; ``credit``: before the choice, share included; ``total``: pieces had
    before; ``skipped``: why not considered, empty for those who were."""

    key: int
    share: float
    credit: float
    total: int
    skipped: str


class Choice(NamedTuple):
    """``chosen``: key of who gets it, ``None`` when nobody can; ``balances``: of all
    members afterwards, to be remembered; ``candidates``: sorted by key."""

    chosen: int | None
    balances: dict[int, Balance]
    candidates: tuple[Candidate, ...]


def choose(
    members: Iterable[Member],
    balances: Mapping[int, Balance],
    today: date | Mapping[int, date],
    absent: Mapping[int, str] | None = None,
) -> Choice:
    """Give one piece of work.

    :param members: with distinct keys; their order does not matter
    :param balances: what the last choice returned; who is missing starts at zero
    :param today: the day the caps count for, of everybody or by key
    :param absent: key → word why that member is not to be considered
    """
    ordered = sorted(members)
    now = begin_day(ordered, balances, today)
    skipped = {m.key: _skip(m, now[m.key], absent or {}) for m in ordered}
    present = [member for member in ordered if not skipped[member.key]]
    weights = sum(member.weight for member in present)
    shares = {member.key: member.weight / weights for member in present}
    for key, share in shares.items():
        credit = round(now[key].credit + share, PRECISION)
        now[key] = now[key]._replace(credit=credit)
    candidates = tuple(
        Candidate(key, shares.get(key, 0.0), b.credit, b.total, skipped[key])
        for key, b in now.items()
    )
    chosen = _first_in_need(shares, now)
    if chosen is not None:
        now[chosen] = _paid(now[chosen])
    return Choice(chosen, now, candidates)


def choose_all(
    members: Iterable[Member],
    balances: Mapping[int, Balance],
    today: date | Mapping[int, date],
    items: Iterable[Item],
    absent: Mapping[int, str],
    left_out: LeftOut,
) -> list[Choice]:
    """Give pieces of work one after the other.

    :param items: the pieces, in the order in which they are given
    :param absent: key → word why that member is not to be considered for any
    :param left_out: tells of a piece whom else not to consider, and why; it gets the
        piece, those who are out already (absent, capped, without weight), and how many
        pieces each has been given in this call
    :return: one choice a piece; the balances of the last are to be remembered
    """
    pool, choices, given = sorted(members), [], Counter[int]()
    now = begin_day(pool, balances, today)
    for item in items:
        skipped = {m.key: _skip(m, now[m.key], absent) for m in pool}
        out = {key: reason for key, reason in skipped.items() if reason}
        out = {**left_out(item, out, given), **out}
        choices.append(choose(pool, now, today, out))
        now = choices[-1].balances
        given[choices[-1].chosen or 0] += 1
    return choices


def begin_day(
    members: Iterable[Member],
    balances: Mapping[int, Balance],
    today: date | Mapping[int, date],
) -> dict[int, Balance]:
    """Return how everybody stands today: what was taken on another day is over."""
    return {
        m.key: _on(
            balances.get(m.key, Balance()),
            today[m.key] if isinstance(today, Mapping) else today,
        )
        for m in members
    }


def _on(balance: Balance, day: date) -> Balance:
    return balance if balance.day == day else balance._replace(day=day, taken=0)


def _skip(member: Member, balance: Balance, absent: Mapping[int, str]) -> str:
    if member.key in absent:
        return absent[member.key]
    if member.weight <= 0:
        return NO_WEIGHT
    capped = member.daily_cap > 0 and balance.taken >= member.daily_cap
    return CAPPED if capped else ""


def _paid(balance: Balance) -> Balance:
    return balance._replace(
        credit=round(balance.credit - 1, PRECISION),
        taken=balance.taken + 1,
        total=balance.total + 1,
    )


def _first_in_need(
    shares: Mapping[int, float], balances: Mapping[int, Balance]
) -> int | None:
    """Return who is first to be owed too much, unless served now."""
    if len(shares) < 2:
        return next(iter(shares), None)
    margin = 1 / (2 * len(shares) - 2)
    # credits of those who are away belong to nobody here: the rest shares them out
    surplus = sum(balances[key].credit for key in shares) - 1
    owed = {
        key: round(balances[key].credit - surplus * share, PRECISION)
        for key, share in shares.items()
    }
    # the credits add up to 1, so somebody has 1/n, which is at least the margin
    due = [key for key in owed if owed[key] >= margin - 10**-PRECISION]
    return min(due, key=lambda key: (_patience(owed[key], shares[key], margin), key))


def _patience(owed: float, share: float, margin: float) -> float:
    """Return the pieces others can get before this one is owed too much."""
    return round((1 - margin - owed) / share, PRECISION - 3)
