"""`make test-core`: Odoo's own tests, with our modules against without.

A rule on res.partner touches everything, so the tests of the modules below must
say the same with our modules installed. Some of Odoo's tests fail on any machine
(they expect its own repository's layout, or a network): what counts is what is
new. A new failure is run a second time before it counts, because a few of Odoo's
tests in a browser are not stable.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from . import addons as addons_
from . import paths, template
from .console import StepError, say, step
from .environment import Environment, prepare

# Each with the seconds one run of its tests takes at most on two busy cores.
# The last ones are not part of a plain CRM: they are installed for their tests, with
# us and without.
MODULES = {
    "sales_team": 30,
    "portal": 50,
    "rating": 40,
    "crm": 150,
    "base": 300,
    "mail": 900,
    "test_mail": 400,
    "mass_mailing": 300,
}
_BROKEN = ("failed", "error")
_GOOD = ("passed",)
_LIMIT_SECONDS = 2400
_STARTED = time.monotonic()
# Left out: it uninstalls modules, after which every later test in the same process
# fails, with us and without.
_BREAKS_THE_PROCESS = ("test_uninstall.py",)


def run_core_tests() -> int:
    """Compare; return 0 when nothing fails with us that passes without us."""
    if not addons_.scan():
        say("addons/ has no modules yet: there is nothing to compare")
        return 0
    env = prepare("test", development=True, browser=True)
    templates = template.ensure_suite(env, env.chosen_modules(None))
    modules = (os.environ.get("m") or " ".join(MODULES)).split()
    regressions: list[str] = []
    total = 0
    for module in modules:
        if not _fits(templates.core, module):
            say(
                f"==> Odoo's tests of {module}: left out, LIMIT leaves no time for them"
            )
            continue
        before = _baseline(env, templates.core, module)
        after = _run(env, templates.suite, module, "with our modules")
        new = regressed(before, after)
        again = _run(env, templates.suite, module, "again", new) if new else {}
        new = [test for test in new if again.get(test) not in _GOOD]
        total += sum(outcome in _GOOD for outcome in after.values())
        for test in new:
            say(f"    NEW FAILURE {test}")
        regressions += new
    say(
        f"{total} passed, {len(regressions)} failed with our modules that pass "
        "without them"
    )
    return 1 if regressions else 0


def _fits(core: str, module: str) -> bool:
    """Tell whether ``LIMIT`` (seconds since the start) leaves time for a module."""
    limit = os.environ.get("LIMIT")
    runs = 1 if _baseline_file(core, module).exists() else 2
    needed = runs * MODULES.get(module, 300)
    return not limit or time.monotonic() - _STARTED + needed <= float(limit)


def regressed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the tests that pass before and not after, sorted.

    >>> regressed({"a": "passed", "b": "failed"}, {"a": "failed", "b": "failed"})
    ['a']
    """
    passed = {test for test, outcome in before.items() if outcome in _GOOD}
    return sorted(test for test in passed if after.get(test) not in _GOOD)


def _baseline(env: Environment, core: str, module: str) -> dict[str, str]:
    """Return the outcomes without our modules, from the cache if known."""
    file = _baseline_file(core, module)
    if not file.exists():
        outcomes = _run(env, core, module, "without our modules")
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_text("".join(f"{v}\t{k}\n" for k, v in sorted(outcomes.items())))
        part.replace(file)
    return read_results(file)


def _baseline_file(core: str, module: str) -> Path:
    """Return where the outcomes without our modules are kept."""
    return paths.cache_root() / "core-tests" / core / f"{module}.standard.txt"


def read_results(file: Path) -> dict[str, str]:
    """Return outcome by test; a failure of any part of a test wins."""
    outcomes: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        outcome, _tab, test = line.partition("\t")
        if outcomes.get(test) not in _BROKEN:
            outcomes[test] = outcome
    return outcomes


def _run(
    env: Environment,
    source: str,
    module: str,
    what: str,
    tests: list[str] | None = None,
) -> dict[str, str]:
    """Run a module's tests on a clone of ``source``; return outcome by test.

    :param tests: node ids to run, all of the module if ``None``
    """
    root = _folder(env, module)
    database = template.scratch_name(f"core{module.replace('_', '')}")
    results = paths.logs() / f"{database}.results"
    log = paths.logs() / f"core-{module}-{what.replace(' ', '-')}.log"
    targets = [str(root.parent / test) for test in tests or []] or [str(root / "tests")]
    started = time.monotonic()
    with step(f"Odoo's tests of {module} {what}"):
        env.cluster.clone(source, database)
        try:
            _ensure_installed(env, database, module)
            _neutralise(env, database, what)
            _pytest(env, database, root.parent, targets, results, log)
        finally:
            env.cluster.drop(database)
        outcomes = read_results(results)
        good = sum(outcome in _GOOD for outcome in outcomes.values())
        bad = sum(outcome in _BROKEN for outcome in outcomes.values())
        results.unlink()
        say(f"    {good} passed, {bad} failed, {time.monotonic() - started:.0f} s")
    if not outcomes:
        raise StepError(f"the tests of {module} could not be run (log: {log})")
    return outcomes


def _ensure_installed(env: Environment, database: str, module: str) -> None:
    """Install a module whose tests are asked for where it is not, before they run."""
    state = env.cluster.sql(
        f"SELECT state FROM ir_module_module WHERE name = '{module}'", database
    )
    if state.strip() != "installed":
        env.run_odoo(
            *("-d", database, "-i", module, "--stop-after-init", "--no-http"),
            log=paths.logs() / f"install-{database}.log",
            failure=f"Odoo's module {module} could not be installed",
        )


def _neutralise(env: Environment, database: str, what: str) -> None:
    """Switch off, by their settings, those habits of our modules that Odoo's tests
    cannot know: what each module's ``tests/neutral.py`` says."""
    if what == "without our modules":
        return
    names = [
        name
        for name, addon in env.chosen_modules(None).items()
        if (addon.path / "tests" / "neutral.py").exists()
    ]
    code = "".join(
        f"from odoo.addons.{name}.tests.neutral import neutralise\nneutralise(env)\n"
        for name in names
    )
    if names:
        env.shell(
            database,
            code + "env.cr.commit()\n",
            log=paths.logs() / f"neutral-{database}.log",
            failure="the settings for Odoo's own tests could not be made",
        )


def _folder(env: Environment, module: str) -> Path:
    """Return where Odoo keeps a module."""
    found = [p / module for p in env.source.addons_paths if (p / module).is_dir()]
    if not found:
        raise StepError(f"Odoo has no module '{module}'")
    return found[0]


def _pytest(
    env: Environment,
    database: str,
    rootdir: Path,
    targets: list[str],
    results: Path,
    log: Path,
) -> None:
    """Run pytest with its output in a file; the exit code is not what counts."""
    words = [
        "-p",
        "devenv.results_plugin",
        "-p",
        "no:cacheprovider",
        "-q",
        f"--odoo-database={database}",
        "--odoo-http",
        f"--rootdir={rootdir}",
        "-c",
        "/dev/null",
        *[f"--ignore-glob=*/{name}" for name in _BREAKS_THE_PROCESS],
        "--tb=short",
        "-W",
        "ignore",
    ]
    search = [str(env.source.python_path), str(paths.REPOSITORY / "scripts")]
    variables = {
        **env.variables(),
        "PYTHONPATH": os.pathsep.join(search),
        "CRM_SUITE_RESULTS": str(results),
    }
    with log.open("w") as out:
        try:
            subprocess.run(
                [env.python, "-m", "pytest", *words, *targets],
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                check=False,
                timeout=_LIMIT_SECONDS,
                cwd=paths.cache_root(),
            )
        except subprocess.TimeoutExpired:
            say(f"    stopped after {_LIMIT_SECONDS} s")
