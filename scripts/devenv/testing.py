"""`make test`: the tests of every module, then those across modules.

Several folders of tests run side by side, one for each core of the machine, each with
a database of its own; a folder's output is printed whole when it is done.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

from . import addons as addons_
from . import paths, system_packages, template
from .addons import Addon
from .console import StepError, say
from .environment import Environment, prepare

_NOTHING_COLLECTED = 5


class Outcome(NamedTuple):
    """What a run of pytest said: its exit code and how many tests did what."""

    code: int
    passed: int
    failed: int


def run_tests() -> int:
    """Run what the variables ``m`` and ``k`` select; return the exit code."""
    addons = addons_.scan()
    module = os.environ.get("m")
    chosen = addons_.closure(module, addons) if module else addons
    if not chosen:
        say("addons/ has no modules yet: only the repository's own tests")
    env = prepare("test", development=True, browser=True)
    templates = template.ensure_suite(env, chosen)
    targets = _targets(chosen, module)
    if not targets:
        raise StepError("there are no tests to run")
    if len(targets) == 1:
        return _run_folder(env, templates, targets[0], 0, stream=True).code
    return _side_by_side(env, templates, targets)


def _targets(chosen: dict[str, Addon], module: str | None) -> list[Path]:
    """Return the test folders to run, the longest first: whatever is started last is
    what the other cores wait for. Flows start and kill real servers, which takes
    minutes; of the others those with the most tests take longest."""
    if module:
        return [chosen[module].path / "tests"]
    own = [f for f in (paths.REPOSITORY / "tests").glob("[!_.]*") if f.is_dir()]
    folders = [*own, *(addon.path / "tests" for addon in chosen.values())]
    sizes = {f: sum(t.stat().st_size for t in _test_files(f)) for f in folders}
    sizes[paths.REPOSITORY / "tests" / "flows"] *= 1000
    return sorted((f for f in folders if sizes[f]), key=sizes.__getitem__, reverse=True)


def _test_files(folder: Path) -> list[Path]:
    """Return the files of a folder that hold tests."""
    return list(folder.glob("**/test_*.py"))


def _side_by_side(
    env: Environment, templates: template.Templates, targets: Sequence[Path]
) -> int:
    """Run all folders, print the sum, return 0 when everything passed."""
    jobs = min(int(os.environ.get("JOBS") or os.cpu_count() or 1), len(targets))
    say(f"==> Tests of {len(targets)} folders, {jobs} at a time")
    with ThreadPoolExecutor(jobs) as pool:
        run = partial(_run_folder, env, templates)
        outcomes = list(pool.map(run, targets, range(len(targets))))
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    broken = [o for o in outcomes if o.code and not o.failed]
    say(f"{passed} passed, {failed + len(broken)} failed")
    return 1 if any(outcome.code for outcome in outcomes) else 0


def _run_folder(
    env: Environment,
    templates: template.Templates,
    target: Path,
    number: int,
    *,
    stream: bool = False,
) -> Outcome:
    """Run the tests of one folder on a fresh database.

    :param number: tells this run from those beside it
    :param stream: show the output as it comes, not at the end
    """
    database = template.scratch_name(f"test{number}")
    log = paths.logs() / f"{database}.log"
    name = target.relative_to(paths.REPOSITORY)
    say(f"==> Tests in {name} (log of warnings: {log})")
    env.cluster.clone(templates.suite, database)
    started = time.monotonic()
    try:
        code, lines = _pytest(env, database, templates, target, log, stream)
    finally:
        env.cluster.drop(database)
    if code == _NOTHING_COLLECTED and os.environ.get("k"):
        return Outcome(0, 0, 0)
    if not stream:
        with _PRINTING:
            say(f"==> {name}, {time.monotonic() - started:.0f} s")
            say("".join(lines).strip())
    return Outcome(code, *_counts(lines[-1] if lines else ""))


_PRINTING = threading.Lock()


def _pytest(
    env: Environment,
    database: str,
    templates: template.Templates,
    target: Path,
    log: Path,
    stream: bool,
) -> tuple[int, list[str]]:
    """Run pytest in Odoo's environment; return its exit code and output."""
    process = subprocess.Popen(
        [env.python, "-m", "pytest", *_words(database), str(target)],
        env=_variables(env, database, templates, log),
        cwd=paths.REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines = []
    for line in process.stdout or ():
        lines.append(line)
        if stream:
            sys.stdout.write(line)
            sys.stdout.flush()
    return process.wait(), lines


def _counts(summary: str) -> tuple[int, int]:
    """Return how many tests passed and failed, of pytest's last line.

    >>> _counts("== 2 failed, 54 passed, 1 error, 6 deselected in 11.51s ==")
    (54, 3)
    """
    found = {word: int(n) for n, word in re.findall(r"(\d+) ([a-z]+)", summary)}
    bad = ("failed", "error", "errors")
    return found.get("passed", 0), sum(found.get(word, 0) for word in bad)


def _words(database: str) -> list[str]:
    """Return pytest's options."""
    words = [
        "-p",
        "devenv.strict_plugin",
        f"--odoo-database={database}",
        "--odoo-http",
        "--odoo-log-level=warn",
        "-o",
        f"cache_dir={paths.cache_root()}/pytest",
        f"--rootdir={paths.REPOSITORY}",
        "--show-capture=stdout",
        "-q",
    ]
    if os.environ.get("k"):
        words += ["-k", os.environ["k"]]
    return words + os.environ.get("PYTEST_ARGS", "").split()


def _variables(
    env: Environment, database: str, templates: template.Templates, log: Path
) -> dict[str, str]:
    """Return the environment of the tests.

    The ``CRM_SUITE_*`` variables tell tests across modules where things are; see
    ``tests/conftest.py``.
    """
    variables = env.variables()
    search = [str(env.source.python_path), str(paths.REPOSITORY / "scripts")]
    return {
        **variables,
        "PYTHONPATH": os.pathsep.join(search),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(paths.cache_root() / "hypothesis"),
        "CRM_SUITE_TEST_LOG": str(log),
        "CRM_SUITE_DATABASE": database,
        "CRM_SUITE_TEMPLATE": templates.suite,
        "CRM_SUITE_CORE_TEMPLATE": templates.core,
        "CRM_SUITE_ODOO": str(env.source.script),
        "CRM_SUITE_BROWSER": system_packages.browser() or "",
    }
