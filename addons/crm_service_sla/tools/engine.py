"""One step of a ticket's clocks: what it was, what happened, what it is now.

The model keeps a ``Snapshot`` per ticket and calls ``advance`` whenever something
happened to it, or when a share of a target is reached. Nothing here depends on how
often it is called: a call at which nothing happened changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

from . import clocks, ledger
from .clock import WorkingTime, elapsed
from .clocks import FIRST, NEXT, RESOLUTION, Mark, Running, is_late
from .ledger import DONE, WORKING, Segment

#: The shares at which the colour of a ticket changes.
COLOURS = (clocks.URGENT, 100)


class Terms(NamedTuple):
    """What a policy says, ready to be reckoned with.

    ``policy``: its id, ``None`` for a ticket without one; ``targets``: seconds by
    clock; ``pauses``: states; ``percents``: the shares at which somebody is told;
    ``working``: the intervals of its calendar around the moments in question.
    """

    policy: int | None
    targets: Mapping[str, int]
    pauses: AbstractSet[str]
    percents: tuple[int, ...]
    working: WorkingTime


class Seen(NamedTuple):
    """What can be seen of a ticket now.

    ``responded``: the first response has been given; ``wrote``: the customer has just
    written; ``answered``: the customer has just been answered; ``left``: what he wrote
    is in another ticket now; ``void``: merged into another ticket, or spam, so that its
    clocks stop without a result, and go on if that is taken back.
    """

    state: str
    team: int | None
    user: int | None
    responded: bool = False
    wrote: bool = False
    answered: bool = False
    left: bool = False
    void: bool = False


class Snapshot(NamedTuple):
    """What is kept of a ticket.

    ``start``: when it came; ``since``, ``bucket``, ``state``, ``team``, ``user``,
    ``policy``: the present span and what its time goes into; ``used``: the counter at
    its beginning; ``responded``: the first clock has ended; ``asked``: the counter
    when the customer wrote what is not answered yet, ``asked_at`` the moment;
    ``rounds``: answered questions; ``solved``: times resolved; ``late``: a clock that
    has ended was late; ``dues``: deadlines by clock.
    """

    start: datetime
    since: datetime
    bucket: str
    state: str
    team: int | None
    user: int | None
    policy: int | None
    used: int = 0
    responded: bool = False
    asked: int | None = None
    asked_at: datetime | None = None
    rounds: int = 0
    solved: int = 0
    late: bool = False
    dues: tuple[datetime | None, datetime | None, datetime | None] = (None, None, None)


class Result(NamedTuple):
    """A clock that has ended; ``cycle`` tells apart those of one kind."""

    kind: str
    cycle: int
    start: datetime
    end: datetime
    target: int
    used: int
    late: bool


class Reached(NamedTuple):
    """A share of a target that has been reached by a clock still running."""

    kind: str
    cycle: int
    percent: int
    moment: datetime


class Step(NamedTuple):
    """What ``advance`` finds.

    ``status``: one of the states in ``clocks``, ``None`` without a policy and for a
    ticket that was merged;
    ``check_at``: when to look again though nothing happens, ``None`` for never;
    ``short``: the intervals end before a deadline, ask again with more of them.
    """

    snapshot: Snapshot
    lines: list[Segment]
    results: list[Result]
    reached: list[Reached]
    status: str | None
    check_at: datetime | None
    short: bool


def begin(start: datetime, seen: Seen, terms: Terms) -> Snapshot:
    """Return the snapshot of a ticket that has just come."""
    bucket = ledger.bucket_of(seen.state, terms.pauses)
    return Snapshot(
        start, start, bucket, seen.state, seen.team, seen.user, terms.policy
    )


def advance(was: Snapshot, seen: Seen, now: datetime, old: Terms, new: Terms) -> Step:
    """Go from a snapshot to now; ``old`` are the terms of the snapshot's policy."""
    bucket = ledger.bucket_of(seen.state, new.pauses)
    present = (bucket, seen.state, seen.team, seen.user, new.policy)
    past = (was.bucket, was.state, was.team, was.user, was.policy)
    responded = seen.responded or seen.answered
    told = seen.wrote or seen.answered or seen.left
    event = told or (responded and not was.responded)
    closes = present != past or event
    lines: list[Segment] = []
    at = was
    if closes:
        lines = ledger.segments(was.bucket, was.since, now, old.working)
        at = was._replace(
            used=was.used + ledger.used(lines),
            since=max(was.since, now),
            bucket=bucket,
            state=seen.state,
            team=seen.team,
            user=seen.user,
            policy=new.policy,
        )
    at, results = _end_clocks(at, was, seen._replace(responded=responded), now, new)
    step = _look_ahead(at, lines, results, now, new)
    return step._replace(status=None) if seen.void else step


def _end_clocks(
    at: Snapshot, was: Snapshot, seen: Seen, now: datetime, new: Terms
) -> tuple[Snapshot, list[Result]]:
    """Stop the clocks that end now, start the one that begins."""
    if seen.void:
        return at, []
    ends: list[tuple[str, int, datetime, int]] = []
    is_done = at.bucket == DONE
    if not at.responded and (seen.responded or is_done):
        ends.append((FIRST, 0, at.start, at.used))
        at = at._replace(responded=True)
    if seen.left:
        at = at._replace(asked=None, asked_at=None)
    if at.asked is not None and (seen.answered or is_done):
        ends.append((NEXT, at.rounds, at.asked_at or now, at.used - at.asked))
        at = at._replace(asked=None, asked_at=None, rounds=at.rounds + 1)
    # what comes before the first response is a matter of the first clock
    if seen.wrote and was.responded and at.asked is None and not is_done:
        at = at._replace(asked=at.used, asked_at=now)
    if is_done and was.bucket != DONE:
        ends.append((RESOLUTION, at.solved, at.start, at.used))
        at = at._replace(solved=at.solved + 1)
    results = [
        Result(kind, cycle, start, now, target, used, is_late(used, target))
        for kind, cycle, start, used in ends
        if (target := new.targets.get(kind))
    ]
    return at._replace(late=at.late or any(r.late for r in results)), results


def running(at: Snapshot, targets: Mapping[str, int]) -> list[tuple[Running, int]]:
    """Return the clocks that have not ended, with their cycles."""
    if at.bucket == DONE:
        return []
    first, following, resolution = at.dues
    found = [(RESOLUTION, at.used, resolution, at.solved)]
    if not at.responded:
        found.append((FIRST, at.used, first, 0))
    if at.asked is not None:
        found.append((NEXT, at.used - at.asked, following, at.rounds))
    return [
        (Running(kind, targets[kind], used, was_due), cycle)
        for kind, used, was_due, cycle in found
        if kind in targets
    ]


def _look_ahead(
    at: Snapshot,
    lines: list[Segment],
    results: list[Result],
    now: datetime,
    new: Terms,
) -> Step:
    """Work out deadlines, state and when to look again."""
    live = running(at, new.targets)
    is_running = at.bucket == WORKING
    dues: dict[str, datetime | None] = {}
    found: list[tuple[Mark, int]] = []
    short = False
    for clock, cycle in live:
        if is_running:
            dues[clock.kind] = clocks.due(clock, at.since, new.working)
            short = short or dues[clock.kind] is None
            shares = (*new.percents, *COLOURS)
            marks = clocks.marks(clock, shares, at.since, new.working)
            found += [(mark, cycle) for mark in marks]
        elif is_late(clock.used, clock.target):
            # it stays late, and since when
            dues[clock.kind] = clock.was_due or at.since
    first, following, resolution = map(dues.get, clocks.CLOCKS)
    at = at._replace(dues=(first, following, resolution))
    spent = elapsed(new.working, at.since, now) if is_running else 0
    as_of_now = [clock._replace(used=clock.used + spent) for clock, _cycle in live]
    status = None
    if new.targets:
        is_done = at.bucket == DONE
        status = clocks.state_of(as_of_now, at.late, is_running, is_done)
    reached = [
        Reached(mark.kind, cycle, mark.percent, mark.moment)
        for mark, cycle in found
        if mark.moment <= now and mark.percent in new.percents
    ]
    check_at = clocks.next_mark([mark for mark, _cycle in found], now)
    return Step(at, lines, results, reached, status, check_at, short)
