"""`make bench`: the same work on Odoo without us and with us, in turns."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from . import addons as addons_
from . import paths, template
from .console import StepError, lock, say, step
from .environment import Environment, prepare

WITHOUT, WITH = "without", "with"
DEFAULT_SIZE = 100_000
DEFAULT_ROUNDS = 9
REPORT = paths.REPOSITORY / "docs" / "benchmarks.md"


class Figures(NamedTuple):
    """The runs of one scenario by one user on one side."""

    seconds: list[float]
    queries: int
    note: str

    @property
    def median(self) -> float:
        """The middle of the measured times."""
        return statistics.median(self.seconds)

    def text(self) -> str:
        """Return ``min / median / max`` in milliseconds."""
        spread = (min(self.seconds), self.median, max(self.seconds))
        return " / ".join(f"{second * 1000:.1f}" for second in spread)


class Worker:
    """A process with Odoo on one database; see bench/worker.py."""

    def __init__(self, env: Environment, database: str, side: str, size: int) -> None:
        """Start the process."""
        script = paths.REPOSITORY / "bench" / "worker.py"
        self.log = paths.logs() / f"bench-{side}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [env.python, script, database, side, str(size)],
                env=env.variables(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=log, text=True,
            )  # fmt: skip

    def ask(self, **order: Any) -> dict[str, Any]:
        """Give one order and return the answer.

        :raise StepError: when the process has failed
        """
        if not self.process.stdin or not self.process.stdout:
            raise StepError("the benchmark's process has no pipes")
        try:
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self.process.stdout.readline()
        if not line:
            for text in self.log.read_text(errors="replace").splitlines()[-8:]:
                say(f"    | {text}")
            raise StepError(f"{order} failed (log: {self.log})")
        return json.loads(line)

    def close(self) -> None:
        """End the process."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(timeout=30)


def run_bench() -> int:
    """Fill, measure, print; 1 when a limit is exceeded."""
    if not addons_.scan():
        say("addons/ has no modules yet: there is nothing to compare")
        return 0
    size = _number("N", DEFAULT_SIZE)
    rounds = _number("ROUNDS", DEFAULT_ROUNDS)
    env = prepare("test", development=True)
    templates = template.ensure_suite(env, env.chosen_modules(None))
    databases = {
        WITHOUT: f"bench_{templates.core}_{size}",
        WITH: f"bench_{templates.suite}_{size}",
    }
    with lock(paths.state_root() / "bench.lock", "a benchmark"):
        _fill(env, templates, databases, size)
        with _workers(env, databases, size) as workers:
            scenarios = _selected(workers[WITH])
            clear_away = partial(_clear_away, env, databases)
            results = _measure(workers, scenarios, rounds, clear_away)
    lines, exceeded = table(results, scenarios)
    say("\n".join(["", *lines]))
    if os.environ.get("WRITE"):
        _write_report(lines, size, rounds)
    for line in exceeded:
        say(f"TOO SLOW: {line}")
    return 1 if exceeded else 0


def _number(name: str, default: int) -> int:
    """Return a positive number from the environment."""
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or int(text) < 1:
        raise StepError(f"{name}={text} is not a positive number")
    return int(text)


def _selected(worker: Worker) -> dict[str, SimpleNamespace]:
    """Return the scenarios whose name contains ``SCENARIO``; see bench/harness.py."""
    wanted = os.environ.get("SCENARIO") or ""
    every = worker.ask(list=True).items()
    found = {name: SimpleNamespace(**words) for name, words in every if wanted in name}
    if not found:
        raise StepError(f"no scenario has '{wanted}' in its name")
    return found


def _fill(
    env: Environment,
    templates: template.Templates,
    databases: dict[str, str],
    size: int,
) -> None:
    """Make the filled databases that are missing; delete outdated ones."""
    present = env.cluster.databases()
    for name in present:
        if name.startswith("bench_") and name not in databases.values():
            env.cluster.drop(name)
    for side, source in ((WITHOUT, templates.core), (WITH, templates.suite)):
        database = databases[side]
        if database in present:
            continue
        with step(f"{size} partners in Odoo {side} our modules"):
            part = f"{database}_part"
            env.cluster.clone(source, part)
            worker = Worker(env, part, side, size)
            try:
                worker.ask(fill=size)
            finally:
                worker.close()
            _settle(env, part)
            env.cluster.rename(part, database)


def _settle(env: Environment, database: str) -> None:
    """Bring a filled database into the state of one that has been used for long.

    Rows rewritten while filling leave gaps on one side only; pages packed full, on
    the other hand, would make each first update of a row write all its indexes, which
    in a used database few updates do. With the usual sample PostgreSQL would choose
    its plan for a rare name by luck.
    """
    env.cluster.sql("ALTER TABLE res_partner SET (fillfactor = 90)", database)
    env.cluster.sql(
        "ALTER TABLE res_partner ALTER complete_name SET STATISTICS 5000", database
    )
    env.cluster.sql("VACUUM FULL ANALYZE", database)


@contextmanager
def _workers(
    env: Environment, databases: dict[str, str], size: int
) -> Iterator[dict[str, Worker]]:
    """Start one process a side and end them afterwards."""
    workers = {side: Worker(env, name, side, size) for side, name in databases.items()}
    try:
        yield workers
    finally:
        for worker in workers.values():
            worker.close()


_TABLES_TO_VACUUM = """
    SELECT relid::regclass FROM pg_stat_user_tables
     WHERE n_dead_tup > 1000 OR n_ins_since_vacuum > 1000
"""


def _clear_away(env: Environment, databases: dict[str, str]) -> None:
    """Do what autovacuum does in time, on both sides: remove the rows that a run
    wrote and rolled back, which the next one would read past, and note of the rows a
    scenario has filled in that everybody sees them, so that an index alone answers."""
    for name in databases.values():
        tables = env.cluster.sql(_TABLES_TO_VACUUM, name).split()
        if tables:
            env.cluster.sql(f"VACUUM {', '.join(tables)}", name)


Results = dict[tuple[str, str], dict[str, Figures]]


def _measure(
    workers: dict[str, Worker],
    scenarios: dict[str, SimpleNamespace],
    default_rounds: int,
    clear_away: Callable[[], None],
) -> Results:
    """Run everything in turns.

    The first run of each warms up and is not counted, except of those that run once
    only because they take minutes.

    :param clear_away: called before each round
    """
    results: Results = {}
    for name, scenario in scenarios.items():
        for user in scenario.users:
            say(f"    {name} ({user})")
            rounds = scenario.rounds or default_rounds
            answers: dict[str, list[dict[str, Any]]] = {s: [] for s in scenario.runs_on}
            for number in range(1 if scenario.rounds == 1 else 0, rounds + 1):
                clear_away()
                # who goes first changes, so that neither always finds a warm disk
                sides = scenario.runs_on[:: 1 if number % 2 else -1]
                for side in sides:
                    order = {"run": name, "user": user, "number": number}
                    answer = workers[side].ask(**order)
                    if number:
                        answers[side].append(answer)
            results[name, user] = {
                side: Figures(
                    [answer["seconds"] for answer in runs],
                    runs[-1]["queries"],
                    runs[-1]["note"] or "",
                )
                for side, runs in answers.items()
            }
    return results


def table(
    results: Results, scenarios: dict[str, SimpleNamespace]
) -> tuple[list[str], list[str]]:
    """Return the lines of a table with notes, and what exceeds its limit."""
    lines = [
        (
            "| scenario | user | without: min / median / max ms | queries "
            "| with: min / median / max ms | queries | ratio | limit |"
        ),
        "|---|---|---|---|---|---|---|---|",
    ]
    notes, exceeded = [], []
    for (name, user), sides in results.items():
        scenario = scenarios[name]
        cells = [name, user]
        for side in (WITHOUT, WITH):
            figures = sides.get(side)
            cells += [figures.text(), str(figures.queries)] if figures else ["", ""]
        ratio = extra = None
        if len(sides) == 2:
            ratio = sides[WITH].median / sides[WITHOUT].median
            extra = sides[WITH].queries - sides[WITHOUT].queries
        cells.append(f"{ratio:.2f}" if ratio else "")
        cells.append(_limits(scenario))
        lines.append("| " + " | ".join(cells) + " |")
        if ratio and scenario.limit and min(ratio, _best_ratio(sides)) > scenario.limit:
            exceeded.append(
                f"{name} ({user}): {ratio:.2f} times, {scenario.limit} allowed"
            )
        if (
            extra
            and scenario.extra_queries is not None
            and extra > scenario.extra_queries
        ):
            exceeded.append(f"{name} ({user}): {extra} more queries")
        notes += [f"- {line}" for s in sides.values() for line in s.note.splitlines()]
    return [*lines, *(["", *notes] if notes else [])], exceeded


def _best_ratio(sides: dict[str, Figures]) -> float:
    """Return the ratio of the fastest runs.

    A limit counts as exceeded when this and the ratio of medians both are above it:
    other work on the machine disturbs medians, but makes nothing faster.
    """
    return min(sides[WITH].seconds) / min(sides[WITHOUT].seconds)


def _limits(scenario: Any) -> str:
    """Return a scenario's limits as text."""
    parts = [f"≤ {scenario.limit}"] if scenario.limit else []
    if scenario.limit and scenario.extra_queries is not None:
        parts.append(f"+{scenario.extra_queries} queries")
    return ", ".join(parts)


def _write_report(lines: list[str], size: int, rounds: int) -> None:
    """Write the table as a page of the documentation."""
    machine = f"{os.cpu_count()} cores ({platform.machine()})"
    text = f"""# Benchmarks

Made by `make bench WRITE=1`. The same work on Odoo without our modules and with
them, in turns, {rounds} rounds each, {size} partners, on {machine}, Python
{platform.python_version()}. Ratios compare medians of one run; the times themselves
depend on the machine.

"""
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text + "\n".join(lines) + "\n", encoding="utf-8")
    say(f"written: {Path(REPORT).relative_to(paths.REPOSITORY)}")
