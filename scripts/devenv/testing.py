"""`make test`: the tests of every module, then those across modules."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from . import addons as addons_
from . import paths, system_packages, template
from .addons import Addon
from .console import StepError, say
from .environment import Environment, prepare

_NOTHING_COLLECTED = 5


def run_tests() -> int:
    """Run what the variables ``m`` and ``k`` select; return the exit code."""
    addons = addons_.scan()
    module = os.environ.get("m")
    chosen = addons_.closure(module, addons) if module else addons
    if not chosen:
        say("addons/ has no modules yet: only the repository's own tests")
    env = prepare("test", development=True, browser=True)
    templates = template.ensure_suite(env, chosen)
    database = template.scratch_name("test")
    env.cluster.clone(templates.suite, database)
    try:
        return _pytest(env, database, templates, _targets(chosen, module))
    finally:
        env.cluster.drop(database)


def _targets(chosen: dict[str, Addon], module: str | None) -> list[Path]:
    """Return the test folders to run: cheap checks first, flows last."""
    if module:
        return [chosen[module].path / "tests"]
    own = paths.REPOSITORY / "tests"
    modules = [addon.path / "tests" for addon in chosen.values()]
    folders = [own / "architecture", *modules, *_other_folders(own)]
    return [folder for folder in folders if any(folder.glob("**/test_*.py"))]


def _other_folders(own: Path) -> list[Path]:
    """Return the folders of tests across modules, without the architecture."""
    return sorted(
        f for f in own.glob("[!_.]*") if f.is_dir() and f.name != "architecture"
    )


def _pytest(
    env: Environment, database: str, templates: template.Templates, targets: list[Path]
) -> int:
    """Run pytest in Odoo's environment; its summary ends the output."""
    if not targets:
        raise StepError("there are no tests to run")
    log = paths.logs() / f"{database}.log"
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
    words += os.environ.get("PYTEST_ARGS", "").split()
    say(f"==> Tests (log of warnings: {log})")
    code = subprocess.run(
        [env.python, "-m", "pytest", *words, *map(str, targets)],
        env=_variables(env, database, templates, log),
        cwd=paths.REPOSITORY,
        check=False,
    ).returncode
    if code == _NOTHING_COLLECTED and not os.environ.get("k"):
        say("no tests are there yet")
        return 0
    return code


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
