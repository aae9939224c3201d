"""Rules as plain values, as the engine and the statements need them."""

from typing import Any, NamedTuple

from .tag_plan import Says


class RuleInfo(NamedTuple):
    """A rule as the engine needs it; tags are ids of the model's own tag model.

    ``condition`` is whatever whoever asks it understands: ``crm.rule.mixin``'s own
    plain values.
    """

    id: int
    model: str
    condition: Any
    puts: tuple[int, ...]
    takes: tuple[int, ...]
    asks_active: bool
    on_change: bool
    nightly: bool

    def says(self) -> Says:
        return Says(self.id, self.puts, self.takes)


class Program(NamedTuple):
    """All rules in use, compiled once for the registry.

    ``levels``: batches of families of rules, in the order in which to ask them (see
    ``tag_plan.Order``); ``triggers``: for each model and field that is written the
    pairs (rule id, path): the rule concerns the records whose ``path`` leads to those
    written, "" for these themselves; ``exclusive``: the exclusive group of each pair
    (model, tag id) that rules put on.
    """

    rules: dict[int, RuleInfo]
    levels: tuple[tuple[tuple[int, ...], ...], ...]
    triggers: dict[str, dict[str, frozenset[tuple[int, str]]]]
    exclusive: dict[tuple[str, int], int]

    def groups_of(self, model: str) -> dict[int, int]:
        """Return the exclusive group of each tag that rules put on records of a
        model."""
        return {
            tag: group for (on, tag), group in self.exclusive.items() if on == model
        }
