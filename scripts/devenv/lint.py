"""`make lint`: ruff, mypy over the pure logic, ESLint and Prettier over the scripts,
pylint-odoo's mandatory checks, OCA's module and .po checks."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import addons as addons_
from . import node_env, paths, python_env
from .console import StepError, say

_PYTHON_FOLDERS = ("addons", "bench", "scripts", "tests")
_SCRIPTS = ("addons/**/static/**/*.js", "eslint.config.mjs")


def run_lint() -> int:
    """Run every check, whatever the one before said; 0 when all are clean."""
    venv = python_env.ensure(development=True)
    checks = {**_checks(venv), **_script_checks(venv)}
    failed = [name for name, command in checks.items() if not _run(name, command)]
    say("lint: " + (f"FAILED ({', '.join(failed)})" if failed else "clean"))
    return 1 if failed else 0


def run_format() -> int:
    """Format the Python code and the scripts, sort the imports."""
    venv = python_env.ensure(development=True)
    ruff = [venv / "bin/python", "-m", "ruff"]
    folders = _folders()
    _run("imports", [*ruff, "check", "--fix", "--select", "I", *folders])
    is_done = _run("format", [*ruff, "format", *folders])
    home = node_env.ensure(venv)
    _run("eslint", _eslint(home, "--fix"))
    return 0 if _run("prettier", _prettier(home, "--write")) and is_done else 1


def _checks(venv: Path) -> dict[str, list[str | Path]]:
    """Return the command line of each check by its name."""
    python = venv / "bin/python"
    ruff = [python, "-m", "ruff"]
    checks: dict[str, list[str | Path]] = {
        "ruff": [*ruff, "check", *_folders()],
        "ruff format": [*ruff, "format", "--check", "-q", *_own_folders()],
    }
    logic = sorted(paths.ADDONS.glob("*/tools"))
    if logic:
        # what is promised to run on the oldest Python is read as it reads it
        checks["mypy"] = [python, "-m", "mypy", *logic]
    modules = list(addons_.scan().values())
    if modules:
        checks["pylint-odoo"] = [
            python,
            "-m",
            "pylint",
            f"--rcfile={paths.REPOSITORY / '.pylintrc'}",
            *[addon.path for addon in modules],
        ]
        checks["oca-checks-odoo-module"] = [
            venv / "bin/oca-checks-odoo-module",
            *[addon.path / "__manifest__.py" for addon in modules],
        ]
    translations = sorted(paths.ADDONS.glob("*/i18n/*.po*"))
    if translations:
        checks["oca-checks-po"] = [venv / "bin/oca-checks-po", *translations]
    return checks


def _script_checks(venv: Path) -> dict[str, list[str | Path]]:
    """Return the command lines that read our scripts; without what they need, one that
    fails, so that the other checks are run."""
    try:
        home = node_env.ensure(venv)
    except StepError as error:
        return {"eslint, prettier": ["sh", "-c", 'echo "$0"; exit 1', str(error)]}
    return {
        "eslint": _eslint(home, "--max-warnings=0"),
        "prettier": _prettier(home, "--check"),
    }


def _eslint(home: Path, *words: str) -> list[str | Path]:
    """Return the command line that reads our scripts for mistakes."""
    start = node_env.command(home, "eslint", "bin/eslint.js")
    # a checkout without scripts is clean
    return [*start, "--no-error-on-unmatched-pattern", *words, *_SCRIPTS]


def _prettier(home: Path, *words: str) -> list[str | Path]:
    """Return the command line that looks at the layout of our scripts."""
    start = node_env.command(home, "prettier", "bin/prettier.cjs")
    return [*start, "--log-level=warn", *words, *_SCRIPTS]


def _folders() -> list[Path]:
    """Return the folders with Python code that are there."""
    return [p for name in _PYTHON_FOLDERS if (p := paths.REPOSITORY / name).exists()]


def _own_folders() -> list[Path]:
    """Return the same without the modules."""
    return [folder for folder in _folders() if folder != paths.ADDONS]


def _run(name: str, command: Sequence[str | Path]) -> bool:
    """Run one check, its findings shown; return whether it is clean."""
    say(f"==> {name}")
    env = {
        **os.environ,
        "MYPY_CACHE_DIR": str(paths.cache_root() / "mypy"),
        "RUFF_CACHE_DIR": str(paths.cache_root() / "ruff"),
    }
    env.pop("PYTHONPATH", None)
    words = [os.fspath(word) for word in command]
    return (
        subprocess.run(words, cwd=paths.REPOSITORY, env=env, check=False).returncode
        == 0
    )
