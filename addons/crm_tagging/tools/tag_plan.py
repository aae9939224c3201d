"""Which tags rules put on a record and take off it.

The words used here: a *tag* and a *rule* are ids; rules come in their order, the
first has the say; a tag is *locked* on a record when anything but a rule put it there.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple


class Says(NamedTuple):
    """What one rule says on the records it matches."""

    rule: int
    puts: tuple[int, ...] = ()
    takes: tuple[int, ...] = ()


class Beaten(NamedTuple):
    """A rule that did not get its way about a tag; ``winner`` is the rule that did,
    ``None`` when a tag that is no rule's stands in the way."""

    rule: int
    tag: int
    winner: int | None


class Plan(NamedTuple):
    """What to change on one record.

    ``add`` and ``remove`` are tags; ``reasons`` gives the rule of every tag that is a
    rule's afterwards; ``beaten`` the rules that fight with others.
    """

    add: frozenset[int]
    remove: frozenset[int]
    reasons: dict[int, int]
    beaten: tuple[Beaten, ...]


def plan(
    current: Mapping[int, int | None],
    matched: Sequence[Says],
    locked: Collection[int],
    exclusive: Mapping[int, int],
    running: Collection[int],
) -> Plan:
    """Decide about one record. Planning again on the outcome changes nothing.

    :param current: the tags rules put on the record, with the rule of each
        (``None``: a rule that was deleted)
    :param matched: the rules that match the record, in their order
    :param locked: the tags on the record that are no rule's; they stay
    :param exclusive: the exclusive group of each tag that is in one
    :param running: the rules that were asked; what other rules put on stays unless a
        rule that was asked wants it otherwise
    """
    verdicts, beaten = _first_words(matched)
    wanted, lost = _one_per_group(verdicts, locked, exclusive)
    beaten += lost
    groups = {exclusive[tag] for tag in wanted if tag in exclusive}
    refused = {tag for tag, (_rule, puts) in verdicts.items() if not puts}
    kept = {
        tag: rule
        for tag, rule in current.items()
        if tag not in wanted
        and rule not in running
        and tag not in refused
        and exclusive.get(tag) not in groups
    }
    reasons = {tag: rule for tag, rule in wanted.items() if tag not in locked}
    return Plan(
        add=frozenset(reasons.keys() - current.keys()),
        remove=frozenset(current.keys() - reasons.keys() - kept.keys()),
        reasons=reasons | {t: r for t, r in kept.items() if r is not None},
        beaten=tuple(beaten),
    )


def _first_words(
    matched: Sequence[Says],
) -> tuple[dict[int, tuple[int, bool]], list[Beaten]]:
    """The first rule that says something about a tag decides about it."""
    verdicts: dict[int, tuple[int, bool]] = {}
    beaten = []
    for says in matched:
        words = [(tag, True) for tag in says.puts]
        words += [(tag, False) for tag in says.takes]
        for tag, puts in words:
            rule, decided = verdicts.setdefault(tag, (says.rule, puts))
            if decided != puts:
                beaten.append(Beaten(says.rule, tag, rule))
    return verdicts, beaten


def _one_per_group(
    verdicts: Mapping[int, tuple[int, bool]],
    locked: Collection[int],
    exclusive: Mapping[int, int],
) -> tuple[dict[int, int], list[Beaten]]:
    """Of an exclusive group a locked tag wins, then the first rule's."""
    holder: dict[int, tuple[int, int | None]] = {
        exclusive[tag]: (tag, None) for tag in sorted(locked) if tag in exclusive
    }
    wanted, beaten = {}, []
    for tag, (rule, puts) in verdicts.items():
        if not puts:
            continue
        group = exclusive.get(tag)
        if group is None or holder.setdefault(group, (tag, rule))[0] == tag:
            wanted[tag] = rule
        else:
            beaten.append(Beaten(rule, tag, holder[group][1]))
    return wanted, beaten


# ------------------------------------------------------------
# ORDER OF THE RULES
# ------------------------------------------------------------


class Shape(NamedTuple):
    """What a rule has to do with tags. ``touches``: the tags it speaks about and the
    exclusive groups of those it puts on; ``puts``: the tags it puts on; ``reads``: the
    tags its condition asks about. Tags and groups are whatever tells them apart."""

    rule: int
    touches: frozenset[Hashable]
    puts: frozenset[Hashable]
    reads: frozenset[Hashable] = frozenset()


class Order(NamedTuple):
    """``families``: rules that speak about common tags; only together do they know who
    has the say. ``levels``: batches of families, each to be asked after those before.
    ``loops``: families that wait for their own outcome, so have no place in any order.
    Rules keep their order everywhere."""

    families: tuple[tuple[int, ...], ...]
    levels: tuple[tuple[tuple[int, ...], ...], ...]
    loops: tuple[tuple[int, ...], ...]


def order(shapes: Sequence[Shape]) -> Order:
    """Put the rules that read tags behind those that put these on.

    :param shapes: the rules, in their order
    """
    families = _families(shapes)
    names = [tuple(shape.rule for shape in family) for family in families]
    waits = {
        index: {
            other
            for other, givers in enumerate(families)
            if any(_reads(a, b) for a in family for b in givers)
        }
        for index, family in enumerate(families)
    }
    levels: list[tuple[tuple[int, ...], ...]] = []
    done: set[int] = set()
    while ready := [i for i in waits if i not in done and waits[i] <= done]:
        done.update(ready)
        levels.append(tuple(names[i] for i in ready))
    loops = _on_cycles(waits, waits.keys() - done)
    return Order(tuple(names), tuple(levels), tuple(names[i] for i in loops))


def _reads(reader: Shape, giver: Shape) -> bool:
    return not reader.reads.isdisjoint(giver.puts)


def _families(shapes: Iterable[Shape]) -> list[list[Shape]]:
    """Group the rules that speak about a common tag or group, transitively."""
    families: list[tuple[set[Hashable], list[int]]] = []
    listed = list(shapes)
    for index, shape in enumerate(listed):
        touches, members, apart = set(shape.touches), [index], []
        for family in families:
            if family[0].isdisjoint(touches):
                apart.append(family)
            else:
                touches |= family[0]
                members += family[1]
        families = [*apart, (touches, members)]
    ordered = sorted(sorted(members) for _touches, members in families)
    return [[listed[index] for index in members] for members in ordered]


def _on_cycles(waits: Mapping[int, set[int]], stuck: Collection[int]) -> list[int]:
    """Return those of the stuck that wait for themselves, not merely for others."""

    def ahead(start: int) -> set[int]:
        found: set[int] = set()
        queue = [start]
        while queue:
            new = waits[queue.pop()] - found
            found |= new
            queue.extend(new)
        return found

    return [family for family in sorted(stuck) if family in ahead(family)]
