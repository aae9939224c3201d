"""Small worlds of records, tags and rules, and what the definition makes of them.

Nothing here knows Odoo: a world is drawn, and ``tools.tag_plan`` says record by record
what becomes of it. Records, tags, rules and companies are numbers; who places a world
in the database says which is which.
"""

from collections import Counter
from itertools import chain
from typing import Any, NamedTuple

from hypothesis import strategies as st

from ..tools import tag_plan

RECORDS = range(4)
COMPANIES = range(2)
RULES = range(5)
# tags of the first level, which the rules of the second level may ask about
LEVELS = ((1, 2, 3, 4, 5), (6, 7, 8))
TAGS = [tag for level in LEVELS for tag in level]
GROUPS = {3: 1, 4: 1, 5: 1, 7: 2, 8: 2}
# whoever put a tag on; else it is the number of a rule, or of none that is left
PEOPLE = ("person", "import", "lead", "before")
GONE = -1


class Rule(NamedTuple):
    """``company``: it is about records of this company and of none, ``None``: about
    all. ``asks``: pairs (what, value), all of which hold of a record that matches.
    ``local``: its author sees the first company only."""

    number: int
    company: int | None
    asks: tuple[tuple[str, Any], ...]
    puts: tuple[int, ...]
    takes: tuple[int, ...]
    in_use: bool
    local: bool

    @property
    def asks_active(self):
        return "archived too" in dict(self.asks)

    def says(self):
        return tag_plan.Says(self.number, self.puts, self.takes)

    def matches(self, record, tags):
        if not record.active and not self.asks_active:
            return False
        if self.company is not None and record.company not in (self.company, None):
            return False
        return all(self._holds(what, value, record, tags) for what, value in self.asks)

    def _holds(self, what, value, record, tags):
        if what == "tag":
            return value in tags
        if what == "no tag":
            return value not in tags
        if what == "city":
            return record.city == value
        if what == "company":
            return record.company == value
        if what == "company's name":
            return record.company == value and not (self.local and value)
        return what == "archived too"


class Record(NamedTuple):
    """``tags``: who put each on: a word of ``PEOPLE``, a rule or ``GONE``."""

    active: bool
    company: int | None
    city: str
    tags: dict[int, Any]


class World(NamedTuple):
    """``rules`` in their order; ``groups``: the exclusive group of each tag in one."""

    records: tuple[Record, ...]
    rules: tuple[Rule, ...]
    groups: dict[int, int]


def _contested():
    """A person's tag in an exclusive group, which one rule wants as well and two others
    do not; on every other record the first of these has nothing to say."""
    everybody = {"company": None, "takes": (), "in_use": True, "local": False}
    rules = [
        Rule(number, asks=asks, puts=(tag,), **everybody)
        for number, asks, tag in (
            (0, (("city", "T"),), 3),
            (1, (), 4),
            (2, (), 3),
            (3, (("tag", 4),), 7),
            (4, (("no tag", 4),), 8),
        )
    ]
    records = [Record(True, None, "TU"[n % 2], {4: "person"}) for n in RECORDS]
    return World(tuple(records), tuple(rules), GROUPS)


# rarely drawn
CONTESTED = _contested()


# ------------------------------------------------------------
# DRAWING
# ------------------------------------------------------------


def one_per_group(tags, groups):
    """Return the tags without those whose exclusive group has one already."""
    kept = {}
    for tag in tags:
        kept.setdefault(("group", groups[tag]) if tag in groups else tag, tag)
    return tuple(kept.values())


def some(values, least, most):
    return st.lists(st.sampled_from(values), unique=True, min_size=least, max_size=most)


def mostly(usual, *others):
    return st.sampled_from((usual,) * 3 + others)


@st.composite
def drawn_rules(draw, number, groups):
    level = draw(mostly(0, 1, 1))
    tags = LEVELS[level]
    puts = one_per_group(draw(some(tags, draw(mostly(1, 0)), 2)), groups)
    rest = [tag for tag in tags if tag not in puts]
    takes = draw(some(rest, 0 if puts else 1, 2))
    asks = {
        "city": st.sampled_from("TU"),
        "company": st.sampled_from((None, *COMPANIES)),
        "company's name": st.sampled_from(COMPANIES),
    }
    if level:
        asks |= {
            "tag": st.sampled_from(LEVELS[0]),
            "no tag": st.sampled_from(LEVELS[0]),
        }
    asked = [(name, draw(asks[name])) for name in draw(some(sorted(asks), level, 1))]
    if draw(st.booleans()):
        asked.append(("archived too", True))
    return Rule(
        number,
        draw(mostly(None, *COMPANIES)),
        tuple(asked),
        puts,
        tuple(takes),
        number == 0 or draw(mostly(True, False)),
        draw(st.booleans()),
    )


@st.composite
def worlds(draw):
    """Records and tags as people, imports, leads and rules may have left them: no two
    tags of an exclusive group on one record."""
    exclusive = draw(mostly((1, 2), (1,), (2,), ()))
    groups = {tag: group for tag, group in GROUPS.items() if group in exclusive}
    holders = st.one_of(st.sampled_from(RULES), st.sampled_from(PEOPLE), st.just(GONE))
    records = tuple(
        Record(
            draw(st.booleans()),
            draw(st.sampled_from((None, *COMPANIES))),
            draw(st.sampled_from("TU")),
            {
                tag: draw(holders)
                for tag in one_per_group(draw(some(TAGS, 2, 6)), groups)
            },
        )
        for _record in RECORDS
    )
    numbers = draw(st.permutations(RULES))
    rules = tuple(draw(drawn_rules(number, groups)) for number in numbers)
    return World(records, rules, groups)


# ------------------------------------------------------------
# THE DEFINITION
# ------------------------------------------------------------


class Outcome(NamedTuple):
    """``records``: the tags of each, as in ``Record.tags``; ``journal``: rows (record,
    tag, action, rule, rule before) by family; ``beaten``: how often (rule, tag,
    winner)."""

    records: list[dict[int, Any]]
    journal: list[tuple]
    beaten: Counter


def levels(world):
    """Return the families of the rules in use by levels, in the order in which to ask
    them."""
    used = [rule for rule in world.rules if rule.in_use]
    put = {tag for rule in used for tag in rule.puts}
    shapes = [
        tag_plan.Shape(
            rule.number,
            frozenset({*rule.puts, *rule.takes})
            | {
                ("group", world.groups[tag]) for tag in rule.puts if tag in world.groups
            },
            frozenset(rule.puts),
            frozenset(value for what, value in rule.asks if "tag" in what) & put,
        )
        for rule in used
    ]
    by_number = {rule.number: rule for rule in used}
    return [
        [[by_number[number] for number in family] for family in level]
        for level in tag_plan.order(shapes).levels
    ]


def night(world, apply=True):
    """Return what the definition makes of a world, family by family.

    :param apply: False only looks, so what one family does no other sees
    """
    return _outcome(
        world, [family for level in levels(world) for family in level], apply
    )


def change(world):
    """The same when all records are saved: the families of a level are asked at once.
    It differs from a night where a rule reads a tag that no rule in use puts on any
    more and another family takes off."""
    return _outcome(world, [list(chain(*level)) for level in levels(world)], apply=True)


def _outcome(world, batches, apply):
    result = Outcome([dict(record.tags) for record in world.records], [], Counter())
    for rules in batches:
        for number, record in enumerate(world.records):
            tags = result.records[number]
            plan = planned(world, rules, record, tags)
            result.journal.extend(changes(number, tags, plan))
            result.beaten.update(tuple(row) for row in plan.beaten)
            if apply:
                for tag in plan.remove:
                    del tags[tag]
                tags |= plan.reasons
    return result


def planned(world, rules, record, tags):
    """Return the plan for one record. Archived ones rest, unless a rule asks for
    them."""
    by_rule = {tag: who for tag, who in tags.items() if who not in PEOPLE}
    return tag_plan.plan(
        {tag: None if who == GONE else who for tag, who in by_rule.items()},
        [rule.says() for rule in rules if rule.matches(record, tags)],
        tags.keys() - by_rule.keys(),
        world.groups,
        {rule.number for rule in rules if record.active or rule.asks_active},
    )


def changes(number, tags, plan):
    """Yield the rows of the journal for one record."""
    before = {tag: None if who == GONE else who for tag, who in tags.items()}
    for tag in plan.add:
        yield number, tag, "add", plan.reasons[tag], None
    for tag in plan.remove:
        yield number, tag, "remove", before[tag], before[tag]
    for tag, rule in plan.reasons.items():
        if tag in before and before[tag] != rule:
            yield number, tag, "move", rule, before[tag]
