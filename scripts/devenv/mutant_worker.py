"""Runs in Odoo's Python: the logic tests of one module against mutants of its tools.

    python mutant_worker.py MODULE SAMPLE SEED ADDONS_PATHS

One line a mutant on standard output: ``killed`` or ``survived``, a tab, its name. No
database: logic tests need none. Each mutant has a process of its own, forked from one
in which Odoo is loaded already.
"""

from __future__ import annotations

import ast
import importlib
import io
import os
import random
import re
import resource
import signal
import sys
import types
import unittest
from collections.abc import Sequence
from pathlib import Path

import hypothesis

from devenv.mutations import Mutant, mutants

_SURVIVED, _KILLED = 0, 1
# standard error, also where a test run has put something in its place
_LOG = 2
# seconds: of a processor, and of the clock on a machine as busy as that
_SHORTEST = 10.0
_WAITS, _SLOWEST = 60, 10


def main(module: str, sample: int, seed: int, folders: Sequence[str]) -> int:
    """Try the mutants of a module's tools; return 0 when its tests are green."""
    # as in the other runs: a busy machine neither breaks a test nor kills a mutant
    hypothesis.settings.register_profile(
        "mutants",
        deadline=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.load_profile("mutants")
    _load_odoo(module, folders)
    package = f"odoo.addons.{module}"
    root = Path(sys.modules[package].__path__[0])
    tests = _logic_tests(root)
    for file in sorted(root.glob("tools/*.py")):
        found = list(mutants(file.read_text(encoding="utf-8")))
        chosen = _sample(found, sample, f"{seed}{file.name}")
        names = _tests_of(file, tests)
        if not chosen:
            continue
        if not names:
            for mutant in chosen:
                _say("survived", file, f"{mutant.name} (no logic test)")
            continue
        _try_file(package, file, names, chosen)
    return 0


def _load_odoo(module: str, folders: Sequence[str]) -> None:
    """Import Odoo and the module, as its own loader does."""
    from odoo.tools import config

    config.parse_config([f"--addons-path={','.join(folders)}"], setup_logging=False)
    from odoo.modules.module import initialize_sys_path

    initialize_sys_path()
    importlib.import_module("odoo.tests")
    importlib.import_module(f"odoo.addons.{module}")


def _logic_tests(root: Path) -> dict[str, str]:
    """Return the text of each logic test by its full name: the module's own, and those
    of modules beside it that test its tools."""
    tools = f"odoo.addons.{root.name}.tools"
    texts = {
        f"odoo.addons.{file.parts[-3]}.tests.{file.stem}": file.read_text("utf-8")
        for file in sorted(root.parent.glob("*/tests/test_*_logic.py"))
    }
    own = f"odoo.addons.{root.name}.tests."
    return {n: text for n, text in texts.items() if n.startswith(own) or tools in text}


def _tests_of(file: Path, tests: dict[str, str]) -> list[str]:
    """Return the tests that import a tool, or else those of the tools that use it."""
    names = [t for t, text in tests.items() if _mentions(text, file.stem)]
    if names:
        return names
    line = rf"^from \.({file.stem} import|.* import .*\b{file.stem}\b)"
    imports = re.compile(line, re.MULTILINE)
    users = [
        tool
        for tool in sorted(file.parent.glob("*.py"))
        if tool != file and imports.search(tool.read_text(encoding="utf-8"))
    ]
    return sorted({name for tool in users for name in _tests_of(tool, tests)})


def _sample(found: list[Mutant], size: int, seed: str) -> list[Mutant]:
    """Return up to ``size`` of the mutants, the same each time; 0 for all."""
    if not size or len(found) <= size:
        return found
    return random.Random(seed).sample(found, size)


def _mentions(text: str, stem: str) -> bool:
    """Tell whether a test imports one of the tools."""
    return bool(re.search(rf"tools(\.| import [^\n]*\b|.*?\b){stem}\b", text))


def _try_file(package: str, file: Path, tests: list[str], chosen: list[Mutant]) -> None:
    original = Mutant("", ast.parse(file.read_text(encoding="utf-8")))
    before = _worked()
    if _outcome(package, file, tests, original, 600) != _SURVIVED:
        _say("broken", file, "the tests fail without any change")
        return
    limit = max(_SHORTEST, 5 * (_worked() - before))
    for mutant in chosen:
        code = _outcome(package, file, tests, mutant, limit)
        _say("survived" if code == _SURVIVED else "killed", file, mutant.name)


def _worked() -> float:
    """Seconds for which the processors worked for the tests so far: what else the
    machine has to do kills no mutant."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _say(word: str, file: Path, name: str) -> None:
    place = "/".join(file.parts[-3:])
    print(f"{word}\t{place}\t{name}", flush=True)


def _outcome(
    package: str, file: Path, tests: list[str], mutant: Mutant, limit: float
) -> int:
    """Run tests against a mutant in a process of its own, for ``limit`` seconds of the
    processor, or long enough where it only waits."""
    child = os.fork()
    if not child:
        signal.setitimer(signal.ITIMER_PROF, limit)
        signal.alarm(_WAITS + int(_SLOWEST * limit))
        code = _KILLED
        try:
            sys.stdout = sys.stderr = io.StringIO()
            code = _run(package, file, tests, mutant)
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _run(package: str, file: Path, tests: list[str], mutant: Mutant) -> int:
    tools = f"{package}.tools"
    for name in [n for n in sys.modules if n == tools or n.startswith(f"{tools}.")]:
        del sys.modules[name]
    if file.stem != "__init__":
        name = f"{tools}.{file.stem}"
        changed = types.ModuleType(name)
        changed.__file__, changed.__package__ = str(file), tools
        sys.modules[name] = changed
        code = compile(mutant.tree, str(file), "exec")
        exec(code, changed.__dict__)  # noqa: S102 our own source, changed
        setattr(importlib.import_module(tools), file.stem, changed)
    suite = unittest.TestSuite()
    for test in tests:
        found = importlib.import_module(test)
        suite.addTests(unittest.defaultTestLoader.loadTestsFromModule(found))
    result = unittest.TestResult()
    result.failfast = True
    suite.run(result)
    if not mutant.name:
        for _test, error in [*result.errors, *result.failures]:
            os.write(_LOG, error.encode())
    return _SURVIVED if result.wasSuccessful() and result.testsRun else _KILLED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))
