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
_OWN_TESTS = paths.REPOSITORY / "tests"


class Outcome(NamedTuple):
    """What a run of pytest said: its exit code and how many tests did what."""

    code: int
    passed: int
    failed: int


class Target(NamedTuple):
    """Tests that run in one process, on a clone of one template.

    ``chosen``: the modules installed there; ``names``: those of them whose
    translations the tests across modules look at.
    """

    paths: list[Path]
    chosen: dict[str, Addon]
    names: list[str]

    @property
    def title(self) -> Path:
        """The folder that gives the run its name."""
        return self.paths[0].relative_to(paths.REPOSITORY)


def run_tests() -> int:
    """Run what the variables ``m`` and ``k`` select; return the exit code."""
    module = os.environ.get("m")
    if not addons_.scan():
        say("addons/ has no modules yet: only the repository's own tests")
    env = prepare("test", development=True, browser=True)
    chosen = env.chosen_modules(module)
    template.ensure_suite(env, chosen)
    if module:
        targets = [Target([chosen[module].path / "tests"], chosen, [module])]
    else:
        targets = [*_apart(env), *_together(chosen)]
    if not targets:
        raise StepError("there are no tests to run")
    if len(targets) == 1:
        return _run_target(env, targets[0], 0, stream=True).code
    return _side_by_side(env, targets)


def _together(chosen: dict[str, Addon]) -> list[Target]:
    """Return the test folders to run, the longest first: whatever is started last is
    what the other cores wait for. Flows start and kill real servers, which takes
    minutes; of the others those with the most tests take longest."""
    own = [f for f in _OWN_TESTS.glob("[!_.]*") if f.is_dir()]
    folders = [*own, *(addon.path / "tests" for addon in chosen.values())]
    sizes = {f: sum(t.stat().st_size for t in _test_files(f)) for f in folders}
    sizes[_OWN_TESTS / "flows"] *= 1000
    ordered = sorted((f for f in folders if sizes[f]), key=sizes.__getitem__)
    return [Target([folder], chosen, list(chosen)) for folder in reversed(ordered)]


def _apart(env: Environment) -> list[Target]:
    """Return the tests of the modules that are kept apart, each on a template of its
    own, with those of its translations. They come first: the template may have to be
    made, while other folders are tested already."""
    translations = _OWN_TESTS / "architecture" / "test_translations.py"
    return [
        Target([addon.path / "tests", translations], env.chosen_modules(name), [name])
        for name, addon in env.our_modules().apart.items()
    ]


def _test_files(folder: Path) -> list[Path]:
    """Return the files of a folder that hold tests."""
    return list(folder.glob("**/test_*.py"))


def _side_by_side(env: Environment, targets: Sequence[Target]) -> int:
    """Run all folders, print the sum, return 0 when everything passed."""
    jobs = min(int(os.environ.get("JOBS") or os.cpu_count() or 1), len(targets))
    say(f"==> Tests of {len(targets)} folders, {jobs} at a time")
    with ThreadPoolExecutor(jobs) as pool:
        run = partial(_run_target, env)
        outcomes = list(pool.map(run, targets, range(len(targets))))
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    broken = [o for o in outcomes if o.code and not o.failed]
    say(f"{passed} passed, {failed + len(broken)} failed")
    return 1 if any(outcome.code for outcome in outcomes) else 0


def _run_target(
    env: Environment, target: Target, number: int, *, stream: bool = False
) -> Outcome:
    """Run the tests of one target on a fresh database.

    :param number: tells this run from those beside it
    :param stream: show the output as it comes, not at the end
    """
    templates = template.ensure_suite(env, target.chosen)
    database = template.scratch_name(f"test{number}")
    log = paths.logs() / f"{database}.log"
    say(f"==> Tests in {target.title} (log of warnings: {log})")
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
            say(f"==> {target.title}, {time.monotonic() - started:.0f} s")
            say("".join(lines).strip())
    return Outcome(code, *_counts(lines[-1] if lines else ""))


_PRINTING = threading.Lock()


def _pytest(
    env: Environment,
    database: str,
    templates: template.Templates,
    target: Target,
    log: Path,
    stream: bool,
) -> tuple[int, list[str]]:
    """Run pytest in Odoo's environment; return its exit code and output."""
    process = subprocess.Popen(
        [env.python, "-m", "pytest", *_words(database), *target.paths],
        env=_variables(env, database, templates, target, log),
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
    env: Environment,
    database: str,
    templates: template.Templates,
    target: Target,
    log: Path,
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
        "CRM_SUITE_MODULES": ",".join(target.names),
        "CRM_SUITE_TEMPLATE": templates.suite,
        "CRM_SUITE_CORE_TEMPLATE": templates.core,
        "CRM_SUITE_ODOO": str(env.source.script),
        "CRM_SUITE_BROWSER": system_packages.browser() or "",
    }
