"""What a scenario is and how one run of it is measured."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

SCENARIOS = Path(__file__).with_name("scenarios")
WITHOUT, WITH = "without", "with"


class Run:
    """What a scenario works with: one transaction of one user.

    ``env``: Odoo's environment of that user; ``side``: ``without`` or ``with`` us;
    ``size``: the number of partners the database was filled with; ``number``:
    differs between runs. ``clock`` is for a scenario that must prepare first: only
    what happens inside ``with run.clock():`` is then measured.
    """

    def __init__(self, env: Any, side: str, size: int, number: int) -> None:
        """Take over the environment; nothing is measured yet."""
        self.env = env
        self.side = side
        self.size = size
        self.number = number
        self.seconds: float | None = None
        self.queries = 0

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Measure time and number of queries, with what is still to be written."""
        self.env.flush_all()
        self.env.invalidate_all()
        queries, started = self.env.cr.sql_log_count, time.perf_counter()
        yield
        self.env.flush_all()
        if self.seconds is None:
            self.seconds = time.perf_counter() - started
            self.queries = self.env.cr.sql_log_count - queries


class Scenario(NamedTuple):
    """A registered scenario.

    ``users``: who it runs as, ``admin`` and ``rep``; ``limit``: the largest ratio of
    medians (with / without) that is accepted, ``None`` for no limit;
    ``extra_queries``: the same for the difference in queries; ``rounds``: how often
    each side runs it, ``None`` for the command's default; ``runs_on``: the sides.
    """

    name: str
    function: Callable[[Run], Any]
    users: tuple[str, ...]
    limit: float | None
    extra_queries: int | None
    rounds: int | None
    runs_on: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        """Return all but the function, for the process that gives the orders."""
        return {k: v for k, v in self._asdict().items() if k != "function"}


REGISTRY: dict[str, Scenario] = {}


def scenario(
    name: str,
    *,
    users: tuple[str, ...] = ("admin", "rep"),
    limit: float | None = 1.2,
    extra_queries: int | None = 3,
    rounds: int | None = None,
    runs_on: tuple[str, ...] = (WITHOUT, WITH),
) -> Callable[[Callable[[Run], Any]], Callable[[Run], Any]]:
    """Register a function as a scenario (arguments: see ``Scenario``).

    What the function returns (text) is shown below the table.
    """

    def register(function: Callable[[Run], Any]) -> Callable[[Run], Any]:
        REGISTRY[name] = Scenario(
            name, function, users, limit, extra_queries, rounds, runs_on
        )
        return function

    return register


def load_scenarios() -> dict[str, Scenario]:
    """Import every file in ``scenarios/`` and return what they registered."""
    for file in sorted(SCENARIOS.glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"bench_{file.stem}", file)
        if spec and spec.loader:
            spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return REGISTRY


def measure(found: Scenario, run: Run) -> dict[str, Any]:
    """Run a scenario once; return seconds, queries and its note."""
    # a scenario's own clock, inside this one, is the one that counts
    with run.clock():
        note = found.function(run)
    return {"seconds": run.seconds, "queries": run.queries, "note": note}
