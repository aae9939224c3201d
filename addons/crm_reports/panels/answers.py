from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, NamedTuple

from ..models.crm_measure import Measure
from ..tools.periods import Period

# how a question is known: the key of its measure, its group, its period
Identity = tuple[str, Hashable, Period | None]
# figures by the values of a group; False for records without one
Figures = Mapping[Any, float | None]


class Ask(NamedTuple):
    """A question of a panel: a measure by the values of a group, over a period.

    ``group``: a stored field of the measure's model, or steps of time, whose figures
    are known by their numbers from 1. ``period``: None for a figure of this moment. A
    measure that is altered (``_replace``) takes another key, or it would be taken for
    the one of the catalogue.
    """

    measure: Measure
    group: str | tuple[Period, ...]
    period: Period | None

    @property
    def identity(self) -> Identity:
        """What tells this question from others."""
        return self.measure.key, self.group, self.period

    @property
    def place(self) -> Hashable:
        """Questions of one place are answered by one query."""
        if isinstance(self.group, str):
            return self.measure.model, self.group
        return self.measure.model, self.group, self.measure.date_field


class Readings(Mapping[str, Any]):
    """What panels need beside figures, by the method of ``crm.dashboard`` that read
    it, once for all panels; one that failed raises what it failed with."""

    def __init__(self, found: dict[str, Any], failed: dict[str, Exception]) -> None:
        self._found = found
        self._failed = failed

    @property
    def people(self) -> set[int]:
        """The ids of those they are about: what was read may say them as ``people``."""
        return {
            user for one in self._found.values() for user in getattr(one, "people", ())
        }

    def __getitem__(self, method: str) -> Any:
        if method in self._failed:
            raise self._failed[method]
        return self._found[method]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._found, **self._failed})

    def __len__(self) -> int:
        return len(self._found) + len(self._failed)


class Answers:
    """The answers to all that the panels of a dashboard ask."""

    def __init__(
        self,
        found: dict[Identity, Figures],
        failed: dict[Identity, Exception],
        people: dict[int, str],
    ) -> None:
        self._found = found
        self._failed = failed
        self.people = people
        """Names of the people in the answers, by id."""

    def __getitem__(self, ask: Ask) -> Figures:
        """The figures of a question.

        :raise Exception: what the question failed with
        """
        if ask.identity in self._failed:
            raise self._failed[ask.identity]
        return self._found[ask.identity]
