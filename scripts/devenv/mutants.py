"""`make mutants`: does any test notice when the logic is changed a little?

Every function in a module's ``tools/`` is changed in one place, and the module's logic
tests run against it. A mutant that survives is a missing test, code nobody needs, or
one that changes nothing: those are explained in ``tests/mutants.txt``.
"""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from . import paths
from .console import StepError, say
from .environment import Environment, prepare

EXPLAINED = paths.REPOSITORY / "tests" / "mutants.txt"
_SEPARATOR = "  # "


def run_mutants() -> int:
    """Try mutants of all modules, or of the one in ``m``; ``N`` of each file (20, 0 for
    all); return 0 when at least 95 of 100 are killed or explained."""
    env = prepare("test", development=True)
    split = env.our_modules()
    known = {**split.together, **split.apart}
    chosen = (os.environ.get("m") or " ".join(known)).split()
    if set(chosen) - set(known):
        raise StepError(f"there is no module {sorted(set(chosen) - set(known))}")
    named = [n for n in chosen if list((known[n].path / "tools").glob("[!_]*.py"))]
    jobs = int(os.environ.get("JOBS") or os.cpu_count() or 1)
    with ThreadPoolExecutor(jobs) as pool:
        found = pool.map(partial(_of_module, env), named)
        rows = [row for rows in found for row in rows]
    return _judge(rows, explained(EXPLAINED))


def _of_module(env: Environment, name: str) -> list[tuple[str, ...]]:
    """Return ``(outcome, file, mutant)`` of a module's mutants."""
    search = [env.source.python_path, paths.REPOSITORY / "scripts"]
    variables = {
        **env.variables(),
        "PYTHONPATH": os.pathsep.join(map(str, search)),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(paths.cache_root() / "hypothesis"),
    }
    log = paths.logs() / f"mutants-{name}.log"
    words = [name, os.environ.get("N") or "20", os.environ.get("SEED") or "1"]
    script = Path(__file__).with_name("mutant_worker.py")
    with log.open("w") as out:
        done = subprocess.run(
            [env.python, script, *words, *map(str, env.addons_paths())],
            env=variables,
            stdout=subprocess.PIPE,
            stderr=out,
            text=True,
            check=False,
        )
    if done.returncode:
        raise StepError(f"the mutants of {name} could not be tried (log: {log})")
    rows = [tuple(line.split("\t")) for line in done.stdout.splitlines()]
    bad = [f"      {r[0]} {r[1]}::{r[2]}" for r in rows if r[0] != "killed"]
    say("\n".join([f"    {name}: {len(rows) - len(bad)} of {len(rows)} killed", *bad]))
    return rows


def explained(file: Path) -> dict[str, str]:
    """Return why each known survivor changes nothing, by ``file::mutant``."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    pairs = [line.split(_SEPARATOR) for line in lines if _SEPARATOR in line]
    return {key.strip(): reason.strip() for key, reason in pairs}


def _judge(rows: list[tuple[str, ...]], known: dict[str, str]) -> int:
    """Print what survived; return 0 when at most 5 of 100 did unexplained."""
    bad = [row for row in rows if row[0] != "killed"]
    open_ = [row for row in bad if f"{row[1]}::{row[2]}" not in known]
    for row in open_:
        say(f"    UNEXPLAINED {row[1]}::{row[2]}")
    share = 100 * (len(rows) - len(open_)) / len(rows) if rows else 100.0
    say(
        f"{len(rows)} mutants, {len(rows) - len(bad)} killed, "
        f"{len(bad) - len(open_)} explained, {len(open_)} survived: {share:.1f} %"
    )
    return 0 if share >= 95 else 1
