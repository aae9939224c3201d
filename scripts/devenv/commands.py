"""The commands by name, and the help text."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import NamedTuple

from .console import StepError, say


class Command(NamedTuple):
    """One command: its line of help and the function that runs it."""

    help: str
    module: str
    function: str
    arguments: dict[str, object]


COMMANDS = {
    "run": Command(
        "Odoo with demo data at http://localhost:8069 (PORT= DB= INTERFACE=)",
        "server",
        "run_server",
        {"foreground": True},
    ),
    "start": Command(
        "the same in the background; returns once it answers",
        "server",
        "run_server",
        {"foreground": False},
    ),
    "stop": Command(
        "stop servers and databases of this cache folder", "server", "stop", {}
    ),
    "check": Command(
        "style, types, rules of the house, pure logic: no database (k=EXPRESSION)",
        "check",
        "run_check",
        {},
    ),
    "test": Command(
        "everything tested; m=MODULE one module, k=EXPRESSION some tests",
        "testing",
        "run_tests",
        {},
    ),
    "coverage": Command(
        "how much of the logic its tests go through; FLOOR=raise writes what is better",
        "covered",
        "run_coverage",
        {},
    ),
    "upgrade": Command(
        "a database of the last release (tests/releases.txt) brought to what is here",
        "upgrade",
        "run_upgrade",
        {},
    ),
    "test-core": Command(
        "Odoo's own tests with our modules against without",
        "core_suites",
        "run_core_tests",
        {},
    ),
    "mutants": Command(
        "does a test notice small changes of the logic? (m=MODULE N=a file, 0: all)",
        "mutants",
        "run_mutants",
        {},
    ),
    "bench": Command(
        "speed with our modules against without (N= SCENARIO= ROUNDS= WRITE=1)",
        "bench",
        "run_bench",
        {},
    ),
    "load": Command(
        "fifty people at once, without our modules and with them (N= ROUNDS=)",
        "load",
        "run_load",
        {},
    ),
    "lint": Command("style and Odoo conventions", "lint", "run_lint", {}),
    "format": Command(
        "format the Python code and the scripts", "lint", "run_format", {}
    ),
    "i18n": Command(
        "refresh the .pot and zh_CN.po of each module (m=MODULE one)",
        "i18n",
        "run_i18n",
        {},
    ),
    "screenshots": Command(
        "the pictures of the documentation; k=WORD those with it in the name",
        "screenshots",
        "run_screenshots",
        {},
    ),
    "shell": Command(
        "Odoo's Python shell on the database of `make run`", "server", "shell", {}
    ),
    "clean": Command(
        "delete the cache folder and all databases, also of `make run`",
        "server",
        "clean",
        {},
    ),
}


def dispatch(words: Sequence[str]) -> int:
    """Run the command the words name; return its exit code."""
    name = words[0] if words else "help"
    if name in ("help", "-h", "--help"):
        return _help()
    if name not in COMMANDS:
        raise StepError(f"there is no command '{name}': make help lists them")
    command = COMMANDS[name]
    module = importlib.import_module(f"devenv.{command.module}")
    return getattr(module, command.function)(**command.arguments)


def _help() -> int:
    """List the commands."""
    for name, command in COMMANDS.items():
        say(f"  make {name:<12} {command.help}")
    say(
        "\nAll is kept in $XDG_CACHE_HOME/odoo-crm-suite (default ~/.cache): another "
        "cache\nfolder is another instance. ODOO_HOME=checkout of Odoo 19.0 uses that."
    )
    return 0
