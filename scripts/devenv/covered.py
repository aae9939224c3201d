"""`make coverage`: how much of the logic its tests go through, module by module.

The tests of pure logic run with coverage.py over ``addons/*/tools``. What a module has
reached stands in ``tests/coverage.json`` and only rises: ``FLOOR=raise`` writes what is
better, never what is worse. Why not with all tests: docs/adr/0071.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from . import check, odoo_source, paths, python_env
from .console import StepError, say

FLOORS = paths.REPOSITORY / "tests" / "coverage.json"
_CONFIG = paths.REPOSITORY / "pyproject.toml"


class Lines(NamedTuple):
    """Of a module: how many lines can be run, and how many have been."""

    known: int
    run: int

    @property
    def percent(self) -> int:
        """Whole percents, never rounded up: 100 is all of it."""
        return 100 * self.run // self.known if self.known else 100


def run_coverage() -> int:
    """Measure, print by module, compare with the floors; 0 when none is lower."""
    started = time.monotonic()
    source = odoo_source.locate()
    venv = python_env.ensure(development=True)
    folder = fresh_folder()
    tests = sorted(paths.ADDONS.glob("*/tests/test_*_logic.py"))
    start = measured(venv / "bin/python", "addons/*/tools/*")
    done = subprocess.run(
        [*start, *check.words(tests)],
        env={**check.variables(source, venv), **data(folder)},
        cwd=paths.REPOSITORY,
        check=False,
    )
    if done.returncode:
        raise StepError("the tests of pure logic do not pass: coverage says nothing")
    found = report(venv / "bin/python", folder)
    say(f"    measured in {time.monotonic() - started:.0f} s")
    return judge(found)


def fresh_folder() -> Path:
    """Return an empty folder for what the processes measure."""
    folder = paths.cache_root() / "coverage"
    paths.remove_tree(folder)
    folder.mkdir(parents=True)
    return folder


def measured(python: Path, include: str = "addons/*") -> list[str | Path]:
    """Return the start of a command line of pytest that is measured: from the first
    import on, which a plugin of pytest would miss."""
    options = (f"--rcfile={_CONFIG}", f"--include={include}", "--parallel-mode")
    return [python, "-m", "coverage", "run", *options, "-m", "pytest"]


def data(folder: Path) -> dict[str, str]:
    """Return the environment variables that say where the measurements go; each
    process writes a file of its own."""
    variables = {"COVERAGE_FILE": str(folder / "part")}
    if sys.version_info >= (3, 12):
        # of the interpreter itself: a tenth of the cost
        variables["COVERAGE_CORE"] = "sysmon"
    return variables


def report(python: Path, folder: Path) -> dict[str, Lines]:
    """Unite what the processes measured, print it by module and return it."""
    env = {**os.environ, "COVERAGE_FILE": str(folder / "all")}
    coverage: list[str | Path] = [python, "-m", "coverage"]
    out = folder / "all.json"
    steps: list[list[str | Path]] = [
        ["combine", "-q", f"--rcfile={_CONFIG}", *sorted(folder.glob("part.*"))],
        ["json", "-q", f"--rcfile={_CONFIG}", "-o", out],
    ]
    for words in steps:
        done = subprocess.run(
            [*coverage, *words], cwd=paths.REPOSITORY, env=env, check=False
        )
        if done.returncode:
            raise StepError("coverage.py could not unite what was measured")
    found = by_module(json.loads(out.read_text())["files"])
    for module, lines in found.items():
        say(f"    {module:<36} {lines.percent:>3} %  {lines.run} of {lines.known}")
    return found


def by_module(files: dict[str, dict[str, dict[str, int]]]) -> dict[str, Lines]:
    """Add up coverage.py's figures of files.

    >>> by_module({"addons/a/tools/b.py": {"summary": {
    ...     "num_statements": 4, "covered_lines": 3}}})
    {'a': Lines(known=4, run=3)}
    """
    known: Counter[str] = Counter()
    run: Counter[str] = Counter()
    for file, figures in files.items():
        module = Path(file).parts[1]
        known[module] += figures["summary"]["num_statements"]
        run[module] += figures["summary"]["covered_lines"]
    return {module: Lines(known[module], run[module]) for module in sorted(known)}


def judge(found: dict[str, Lines]) -> int:
    """Compare with the floors; return 0 when none has been left.

    A module without a floor has one from now on, of what it reached.
    """
    floors: dict[str, int] = json.loads(FLOORS.read_text(encoding="utf-8"))
    now = {module: lines.percent for module, lines in found.items()}
    low = [m for m, floor in floors.items() if now.get(m, floor) < floor]
    higher = {m: p for m, p in now.items() if p > floors.get(m, -1)}
    for module in low:
        say(f"FAILED: {module} was {floors[module]} %, is {now[module]} %")
    if higher and os.environ.get("FLOOR") == "raise":
        raised = dict(sorted({**floors, **higher}.items()))
        FLOORS.write_text(json.dumps(raised, indent=2) + "\n", encoding="utf-8")
    elif higher:
        names = ", ".join(f"{m} {p} %" for m, p in higher.items())
        say(f"    above the floor, FLOOR=raise writes it: {names}")
    say("coverage: " + (f"FAILED ({', '.join(low)})" if low else "not below any floor"))
    return 1 if low else 0
