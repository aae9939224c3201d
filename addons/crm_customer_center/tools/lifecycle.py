"""What becomes of a customer's state by the events of its life and by silence.

Everything that is known of a customer is a set of *events*, each with the moment at
which it happened. ``replay`` goes through them in that order, however they arrived, and
says when the state changed and why. What was told before is a list of *moves* that
nobody rewrites: each says from which moment on (``at``) the customer is what, as far as
was known when it was written. ``timeline`` is what they say together, ``corrections``
what has to be added when more is known.

Moments are naive UTC; days are those of the company's zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

# kinds of events; at the same moment in this order, so that a person has the say
BUSINESS, TOUCH, REFUND, GONE, PERSON, RELEASE = (
    "business",
    "touch",
    "refund",
    "gone",
    "person",
    "release",
)
_RANK = {
    kind: rank
    for rank, kind in enumerate((BUSINESS, TOUCH, REFUND, GONE, RELEASE, PERSON))
}
# what makes a rule move a customer
WITHDRAWN, SILENCE, STAY, CONDITION = "withdrawn", "silence", "stay", "condition"
# who has just moved stays a day where it is, so that nobody swings at a threshold
REST = timedelta(days=1)
_DAY = timedelta(days=1)
# circles of rules end somewhere
_MOST_MOVES = 200


class Event(NamedTuple):
    """Something that happened at a moment.

    ``key``: what it is about: an order and its cancellation have the same one.
    ``amount``: of business and refunds. ``to``, ``held``, ``until``: what a person
    said: the state, whether rules leave it alone, and until when (``None``: for good).
    """

    at: datetime
    kind: str
    key: tuple = ()
    amount: float = 0.0
    to: str = ""
    held: bool = False
    until: datetime | None = None


class Rule(NamedTuple):
    """A rule in use that this customer meets the condition of, in their order.

    ``trigger``: ``BUSINESS``, ``WITHDRAWN`` (nothing bought stands any more),
    ``SILENCE`` (``days`` without business and contact), ``STAY`` (``days`` in its
    state), ``CONDITION`` (as soon as it is met). ``working``: days of work only.
    """

    id: int
    from_states: AbstractSet[str]
    to: str
    trigger: str
    days: int = 0
    working: bool = False


class Days(NamedTuple):
    """Days as the company counts them. ``working``: the days it works, ``None``: all;
    it must reach from the first day that is asked about to the last."""

    zone: ZoneInfo
    working: AbstractSet[date] | None = None

    def day(self, moment: datetime) -> date:
        return moment.replace(tzinfo=timezone.utc).astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        local = datetime.combine(day, time.min, self.zone)
        return local.astimezone(timezone.utc).replace(tzinfo=None)

    def full(self, moment: datetime, days: int, working: bool = False) -> datetime:
        """Return when ``days`` days after the day of a moment are full: the midnight
        after the last of them."""
        day = self.day(moment)
        if not working or self.working is None:
            return self.midnight(day + (days + 1) * _DAY)
        return self.midnight(self._after(day, days) + _DAY)

    def _after(self, day: date, days: int) -> date:
        """Return the last of ``days`` working days after a day."""
        while days > 0:
            day += _DAY
            days -= self._is_worked(day)
        return day

    def _is_worked(self, day: date) -> bool:
        """Beyond what the calendar tells every day is worked, so that days get full."""
        assert self.working is not None
        if day in self.working or not self.working:
            return True
        return not min(self.working) <= day <= max(self.working)

    def last_silent_day(self, now: datetime, days: int, working: bool) -> date:
        """Return the latest day since which ``days`` days are full by now."""
        day = self.day(now)
        if not working or self.working is None:
            return day - (days + 1) * _DAY
        while days > 0:
            day -= _DAY
            days -= self._is_worked(day)
        return day - _DAY


class Move(NamedTuple):
    """``rule``: 0 where it was a person; ``key``: of the event that decided, if one
    did; ``trigger``: the rule's, or ``PERSON``."""

    at: datetime
    to: str
    trigger: str
    rule: int = 0
    key: tuple = ()


class Told(NamedTuple):
    """A move as it was written: since then the customer is ``to``."""

    at: datetime
    to: str


class Addition(NamedTuple):
    """A move to be written: ``before`` is what was believed of that moment."""

    at: datetime
    before: str
    to: str
    move: Move | None


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return events in the order they happened; those of one moment in an order that
    does not depend on how they arrived."""
    return sorted(
        set(events),
        key=lambda e: (e.at, _RANK[e.kind], e.key, e.to, e.amount, e.held),
    )


class _Life:
    """A customer on its way through the events."""

    def __init__(self, rules: Sequence[Rule], days: Days) -> None:
        self.rules = rules
        self.days = days
        self.state, self.since = "", datetime.min
        # before this nothing moves it by time alone
        self.earliest = datetime.min
        self.touched: datetime | None = None
        self.held, self.until = False, datetime.max
        self.missed: Event | None = None
        self.standing: dict[tuple, float] = {}
        self.refunded = 0.0
        # before the part that is told anew, events only count as known
        self.telling = False
        self.moves: list[Move] = []

    def take(self, event: Event) -> None:
        # who touches whom: all of it breaks the silence
        if event.kind != RELEASE:
            self.touched = max(self.touched or event.at, event.at)
        getattr(self, f"_{event.kind}")(event)

    def _touch(self, event: Event) -> None:
        """A contact breaks the silence and nothing else."""

    def _business(self, event: Event) -> None:
        self.standing[event.key] = event.amount
        if self.held:
            self.missed = event
        else:
            self._by_rule(BUSINESS, event)

    def _refund(self, event: Event) -> None:
        self.refunded += event.amount
        bought = sum(self.standing.values())
        if 0 < bought <= self.refunded:
            self._by_rule(WITHDRAWN, event)

    def _gone(self, event: Event) -> None:
        if self.standing.pop(event.key, None) is not None and not self.standing:
            self._by_rule(WITHDRAWN, event)

    def _person(self, event: Event) -> None:
        self._move(Move(event.at, event.to, PERSON, key=event.key))
        self.held, self.missed = event.held, None
        self.until = event.until or datetime.max

    def _release(self, event: Event) -> None:
        if self.held:
            self._end_hold(event.at)

    def _end_hold(self, at: datetime) -> None:
        """What was bought meanwhile counts from now on."""
        self.held = False
        self.earliest = max(self.earliest, at)
        missed, self.missed = self.missed, None
        if missed and missed.key in self.standing:
            self._by_rule(BUSINESS, missed._replace(at=at))

    def _by_rule(self, trigger: str, event: Event) -> None:
        if self.held:
            return
        for rule in self.rules:
            if rule.trigger == trigger and self.state in rule.from_states:
                self._move(Move(event.at, rule.to, trigger, rule.id, event.key))
                return

    def _move(self, move: Move) -> None:
        if self.telling and move.to != self.state:
            self.state, self.since = move.to, move.at
            self.earliest = move.at + REST
            self.moves.append(move)

    def go_on(self, limit: datetime, now: bool = False) -> None:
        """Let time pass up to ``limit``, and do what falls due on the way.

        :param now: time ends here: conditions are asked, which are known of the present
            only
        """
        while len(self.moves) < _MOST_MOVES:
            if self.held:
                if self.until > limit:
                    return
                self._end_hold(self.until)
                continue
            due = self._next_due(limit, now)
            if due is None:
                return
            self._move(due)

    def _next_due(self, limit: datetime, now: bool) -> Move | None:
        found: list[tuple[datetime, int, Rule]] = []
        if not self.telling:
            return None
        for order, rule in enumerate(self.rules):
            at = self._due(rule, limit if now else None)
            if at is not None and at <= limit:
                found.append((at, order, rule))
        if not found:
            return None
        at, _order, rule = min(found, key=lambda one: one[:2])
        return Move(at, rule.to, rule.trigger, rule.id)

    def _due(self, rule: Rule, present: datetime | None) -> datetime | None:
        """Return when a rule moves the customer if nothing happens; ``None``: never.

        A customer without any date is not silent for long: nothing is known of it.
        """
        if self.state not in rule.from_states or rule.to == self.state:
            return None
        if rule.trigger == CONDITION:
            return present if present and present >= self.earliest else None
        if rule.trigger == SILENCE and self.touched is not None:
            full = self.days.full(self.touched, rule.days, rule.working)
        elif rule.trigger == STAY:
            full = self.days.full(self.since, rule.days, rule.working)
        else:
            return None
        return max(full, self.earliest)


def replay(
    state: str,
    since: datetime,
    begin: datetime,
    events: Iterable[Event],
    rules: Sequence[Rule],
    days: Days,
    now: datetime,
) -> list[Move]:
    """Tell the life of a customer anew from ``begin`` on.

    :param state: what it was just before ``begin``, and ``since`` when
    :param events: all that is known; what was before ``begin`` decides as a fact (the
        last contact, what stands, what a person holds), and moves nobody
    :return: moves in order; none of them leads to the state the customer was in
    """
    life = _Life(rules, days)
    for event in in_order(events):
        if event.at > now:
            break
        if event.at >= begin and not life.telling:
            _turn(life, state, since, begin)
        life.go_on(event.at)
        life.take(event)
    if not life.telling:
        _turn(life, state, since, begin)
    life.go_on(now, now=True)
    return life.moves


def _turn(life: _Life, state: str, since: datetime, begin: datetime) -> None:
    life.go_on(begin - timedelta(microseconds=1))
    life.state, life.since, life.telling = state, since, True
    life.earliest = max(life.earliest, since + REST, begin)


def decide(
    state: str,
    since: datetime,
    events: Iterable[Event],
    rules: Sequence[Rule],
    days: Days,
    now: datetime,
) -> list[Move]:
    """Say what time alone does to a customer whose history stands: as ``replay`` from
    its last move on."""
    return replay(state, since, since, events, rules, days, now)


# ------------------------------------------------------------
# WHAT WAS TOLD, AND WHAT HAS TO BE ADDED
# ------------------------------------------------------------


def timeline(told: Iterable[Told]) -> list[Told]:
    """Return what moves, in the order they were written, say of the past together:
    each says what holds from its moment on, and ends what was said of later ones. The
    first says what the customer was before anything happened.

    >>> april, may, june = (datetime(2027, month, 1) for month in (4, 5, 6))
    >>> told = [Told(may, "potential"), Told(june, "lost"), Told(april, "active")]
    >>> [one.to for one in timeline(told)]
    ['potential', 'active']
    """
    line: list[Told] = []
    for move in told:
        while len(line) > 1 and line[-1].at >= move.at:
            line.pop()
        if not line or line[-1].to != move.to:
            line.append(Told(move.at, move.to))
    return line


def state_at(line: Sequence[Told], moment: datetime) -> Told:
    """Return what held at a moment."""
    found = line[0]
    for told in line[1:]:
        if told.at > moment:
            break
        found = told
    return found


def just_before(line: Sequence[Told], moment: datetime) -> Told:
    """Return what held until a moment."""
    return state_at(line, moment - timedelta(microseconds=1))


def corrections(
    line: Sequence[Told], begin: datetime, state: str, moves: Sequence[Move]
) -> list[Addition]:
    """Return what is to be written so that the history tells what ``moves`` say.

    Nothing as long as they agree; from the first moment at which they do not, all.

    :param line: what was told so far, see ``timeline``
    :param begin: from here on ``moves`` tell it anew, beginning in ``state``
    """
    fresh = [Told(begin, state), *(Told(move.at, move.to) for move in moves)]
    moments = sorted({t.at for t in (*fresh, *line[1:]) if t.at >= begin})
    for moment in moments:
        believed, true = state_at(line, moment).to, state_at(fresh, moment).to
        if believed == true:
            continue
        # what happened earlier and only counts now is no event of this moment
        cause = next((m for m in reversed(moves) if m.at == moment), None)
        added = [Addition(moment, believed, true, cause)]
        for move in moves:
            if move.at > moment:
                added.append(Addition(move.at, added[-1].to, move.to, move))
        return added
    return []
