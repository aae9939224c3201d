"""`make check`: what can be said without a database, for daily work.

Style, types, the rules of the house and the tests of pure logic but the large ones.
Lint and tests run side by side; the tests' output comes when lint is done.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from . import lint, odoo_source, paths, python_env
from .console import say
from .environment import DEVELOPMENT_CONFIG
from .odoo_source import OdooSource

_TESTS = paths.REPOSITORY / "tests"
# asks what is installed in a database
_NEEDS_DATABASE = ("test_translations.py",)


def run_check() -> int:
    """Run lint and the tests without a database; 0 when both are clean."""
    started = time.monotonic()
    source = odoo_source.locate()
    venv = python_env.ensure(development=True)
    tests = subprocess.Popen(
        _command(venv),
        env=variables(source, venv),
        cwd=paths.REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    is_styled = lint.run_lint() == 0
    output, _errors = tests.communicate()
    say("==> Logic and the rules of the house")
    say(output.strip())
    failed = [] if is_styled else ["lint"]
    failed += ["tests"] if tests.returncode else []
    verdict = f"FAILED ({', '.join(failed)})" if failed else "clean"
    say(f"check: {verdict}, {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


def test_files() -> list[Path]:
    """Return the tests that need no database, those of the house first."""
    return [
        *(
            file
            for file in sorted((_TESTS / "architecture").glob("test_*.py"))
            if file.name not in _NEEDS_DATABASE
        ),
        *sorted((_TESTS / "devenv").glob("test_*.py")),
        *sorted(paths.ADDONS.glob("*/tests/test_*_logic.py")),
    ]


def _command(venv: Path) -> list[str | Path]:
    return [venv / "bin/python", "-m", "pytest", *words(test_files())]


def words(files: Sequence[Path]) -> list[str | Path]:
    """Return pytest's words for tests without a database; ``k`` chooses among them."""
    chosen = ["-k", os.environ["k"]] if os.environ.get("k") else []
    return [
        "-q",
        *("-p", "no:odoo", "-p", "devenv.logic_plugin", "-p", "devenv.strict_plugin"),
        *("-o", f"cache_dir={paths.cache_root()}/pytest"),
        f"--rootdir={paths.REPOSITORY}",
        "--show-capture=stdout",
        *chosen,
        *files,
    ]


def variables(source: OdooSource, venv: Path) -> dict[str, str]:
    """Return the environment of the tests: Odoo's code, and nothing that leads to a
    database."""
    dropped = ("PG", "ODOO_", "OPENERP_", "PYTHONHOME", "VIRTUAL_ENV")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    folders = [*source.addons_paths, paths.ADDONS]
    logs = paths.logs()
    logs.mkdir(parents=True, exist_ok=True)
    search = [source.python_path, paths.REPOSITORY / "scripts"]
    return {
        **kept,
        "PATH": os.pathsep.join([str(venv / "bin"), os.environ.get("PATH", "")]),
        "PYTHONPATH": os.pathsep.join(map(str, search)),
        "PYTHONPYCACHEPREFIX": str(paths.cache_root() / "pycache"),
        "ODOO_RC": str(DEVELOPMENT_CONFIG),
        "ODOO_ADDONS_PATH": ",".join(map(str, folders)),
        "ODOO_DATA_DIR": str(paths.data_dir("check")),
        "CRM_SUITE_TEST_LOG": str(logs / "check.log"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(paths.cache_root() / "hypothesis"),
    }
