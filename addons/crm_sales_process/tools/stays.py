"""What becomes of the history when the stage of leads changes.

A *stay* is the time a lead spends in one stage. The history of a lead is a chain of
stays; the last one is open while the lead is in the pipeline. These functions decide
what to close, reopen and begin; they know nothing of databases and clocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

# A card dropped in the wrong column and dragged back within this time was a slip.
SLIP = timedelta(seconds=60)


class State(NamedTuple):
    """Where a lead is: ``stage`` its id (0: none), ``kind`` lead or opportunity,
    ``running`` whether it takes part in the pipeline (is not archived)."""

    stage: int
    kind: str
    running: bool


class Entry(NamedTuple):
    """A lead that came to another place: ``before`` is ``None`` for a new one;
    ``known``: what was known of it then, by field of the stay."""

    lead: int
    before: State | None
    after: State
    known: dict[str, object]


class OpenStay(NamedTuple):
    """The last, still open stay of a lead. ``previous``: the stay before it, with
    the stage and kind the lead had there (None, 0 and '' at the beginning);
    ``mover``: the user who brought the lead here."""

    id: int
    entered: datetime
    mover: int
    previous: int | None
    previous_stage: int
    previous_kind: str


class Beginning(NamedTuple):
    """A stay that begins. ``entry``: created, moved, converted or restored."""

    lead: int
    from_stage: int
    previous: int | None
    entry: str


class Plan(NamedTuple):
    """``close``: ids of stays that end, by the way they end; ``slips``: ids of stays
    that were a slip; ``reopen``: ids of stays that go on as if nothing had been;
    ``begin``: new stays."""

    close: dict[str, list[int]]
    slips: list[int]
    reopen: list[int]
    begin: list[Beginning]


def plan_changes(
    changes: Iterable[tuple[int, State, State]],
    stays: Mapping[int, OpenStay],
    mover: int,
    now: datetime,
) -> Plan:
    """Decide what the changes of a set of leads do to their history.

    :param changes: (lead id, state before, state after)
    :param stays: the open stay of each lead that has one, by lead id
    :param mover: id of the user who makes the changes
    :param now: the time of the changes
    """
    plan = Plan({}, [], [], [])
    for lead, before, after in changes:
        stay = stays.get(lead)
        if before == after:
            continue
        if not after.running:
            if stay:
                plan.close.setdefault("closed", []).append(stay.id)
        elif stay and before.running and is_slip(stay, after, mover, now):
            plan.slips.append(stay.id)
            plan.reopen.extend(id_ for id_ in [stay.previous] if id_ is not None)
        else:
            _go_on(plan, lead, before, after, stay)
    return plan


def plan_entries(
    entries: Iterable[Entry],
    stays: Mapping[int, OpenStay],
    mover: int,
    now: datetime,
) -> Plan:
    """Decide the same for new leads and for those that changed.

    >>> here = State(1, "lead", True)
    >>> plan_entries([Entry(7, None, here, {})], {}, 2, datetime(2027, 1, 4)).begin
    [Beginning(lead=7, from_stage=0, previous=None, entry='created')]
    """
    entries = list(entries)
    changes = [(e.lead, e.before, e.after) for e in entries if e.before is not None]
    plan = plan_changes(changes, stays, mover, now)
    created = [
        Beginning(entry.lead, 0, None, "created")
        for entry in entries
        if entry.before is None
    ]
    return plan._replace(begin=created + plan.begin)


def is_slip(stay: OpenStay, after: State, mover: int, now: datetime) -> bool:
    """Tell whether a move takes back the one before: same person, same stage as
    before, within ``SLIP``."""
    return (
        stay.previous is not None
        and (stay.previous_stage, stay.previous_kind) == (after.stage, after.kind)
        and stay.mover == mover
        and now - stay.entered <= SLIP
    )


def _go_on(
    plan: Plan, lead: int, before: State, after: State, stay: OpenStay | None
) -> None:
    entry = entry_of(before, after)
    if stay:
        ending = "converted" if entry == "converted" else "moved"
        plan.close.setdefault(ending, []).append(stay.id)
    previous = stay.id if stay else None
    plan.begin.append(Beginning(lead, before.stage, previous, entry))


def entry_of(before: State, after: State) -> str:
    """Name the way a lead comes into its stage.

    >>> entry_of(State(1, "lead", True), State(1, "opportunity", True))
    'converted'
    """
    if not before.running:
        return "restored"
    if before.kind == "lead" and after.kind == "opportunity":
        return "converted"
    return "moved"
