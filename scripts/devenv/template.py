"""Template databases: installed once, cloned in a fraction of a second.

``core_*`` is Odoo without us, with the modules of Odoo that ours need;
``suite_*`` is a clone of it with our modules. The names carry a hash of all that
went in, so a template is either right or has another name. Both have their asset
bundles generated: a test in a browser would generate them again each time, in a
transaction that is rolled back.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable
from typing import NamedTuple

from . import addons as addons_
from . import logcheck, paths, python_env
from .addons import Addon
from .console import StepError, lock, say, step
from .environment import CORE_MODULES, LANGUAGES, Environment

KEPT_SUITES = 6
_BUNDLES = "env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()"


class Templates(NamedTuple):
    """Names of the two templates in the cluster."""

    core: str
    suite: str


def core_modules(all_addons: dict[str, Addon]) -> list[str]:
    """Return the modules of Odoo in the core template, sorted.

    :param all_addons: ours without those kept apart
    """
    return sorted({*CORE_MODULES, *addons_.external_depends(all_addons)})


def ensure_core(env: Environment) -> str:
    """Return the core template's name, installing it when there is none."""
    modules = core_modules(env.our_modules().together)
    name = f"core_{key(env.source.version, python_env.lock_hash(), *modules)}"

    def build(database: str) -> None:
        log = paths.logs() / f"install-{name}.log"
        env.run_odoo(
            "-d",
            database,
            "-i",
            ",".join(modules),
            f"--load-language={LANGUAGES}",
            "--stop-after-init",
            "--no-http",
            log=log,
            failure="Odoo's own modules could not be installed",
        )
        logcheck.check(log, "installing Odoo's own modules")
        _generate_bundles(env, database, name)

    ensure(env, name, f"Odoo with {len(modules)} modules of its own", build)
    return name


def ensure_suite(env: Environment, chosen: dict[str, Addon]) -> Templates:
    """Return the templates without and with the chosen modules of ours."""
    core = ensure_core(env)
    if not chosen:
        return Templates(core, core)
    content = addons_.content_hash(chosen.values())
    name = f"suite_{key(core, content)}"

    def build(database: str) -> None:
        env.cluster.clone(core, database)
        log = paths.logs() / f"install-{name}.log"
        env.run_odoo(
            "-d",
            database,
            "-i",
            ",".join(chosen),
            "--stop-after-init",
            "--no-http",
            log=log,
            failure="the modules could not be installed",
        )
        logcheck.check(log, "installing the modules")
        _check_installed(env, database, chosen)
        _generate_bundles(env, database, name)

    ensure(env, name, f"installing {', '.join(chosen)}", build)
    prune(env)
    return Templates(core, name)


def key(*parts: str) -> str:
    """Return a short hash of all parts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def ensure(
    env: Environment, name: str, title: str, build: Callable[[str], None]
) -> None:
    """Build a template under a temporary name; the name is given when complete."""
    with lock(paths.state_root() / f"{name}.lock", f"the template '{title}'"):
        if name not in env.cluster.databases():
            with step(f"Template database: {title}"):
                part = f"{name}_part"
                env.cluster.drop(part)
                build(part)
                env.cluster.rename(part, name)
    (paths.state_root() / f"{name}.lock").touch()


def _generate_bundles(env: Environment, database: str, name: str) -> None:
    """Generate the asset bundles into the database, for all clones of it."""
    say("    generating the web client's bundles")
    env.shell(
        database,
        _BUNDLES,
        log=paths.logs() / f"bundles-{name}.log",
        failure="the web client's bundles could not be generated",
    )


def _check_installed(env: Environment, database: str, chosen: dict[str, Addon]) -> None:
    """Refuse a template in which one of our modules is missing.

    Odoo ends without an error when a module cannot be installed because one it
    depends on is unknown.
    """
    rows = env.cluster.sql(
        "SELECT name FROM ir_module_module WHERE state = 'installed'", database
    )
    missing = set(chosen) - set(rows.splitlines())
    if missing:
        raise StepError(f"not installed, is a dependency unknown? {sorted(missing)}")


def scratch_name(purpose: str) -> str:
    """Return a name for a clone of this process, recognised by ``prune``."""
    return f"tmp_{purpose}_{os.getpid()}_{int(time.time() * 1000) % 100000}"


def prune(env: Environment) -> None:
    """Delete clones of processes that are gone, and the oldest templates."""
    with lock(paths.state_root() / "prune.lock", "old databases"):
        _prune(env)


def _prune(env: Environment) -> None:
    """Do it, one command at a time."""
    names = env.cluster.databases()
    for name in names:
        # a test may have made more databases, named after its own
        scratch = re.match(r"tmp_[a-z0-9]+_(\d+)_\d+", name)
        if scratch and not _is_alive(int(scratch[1])):
            env.cluster.drop(name)
    suites = [n for n in names if n.startswith("suite_") and not n.endswith("_part")]
    for name in sorted(suites, key=_last_use, reverse=True)[KEPT_SUITES:]:
        env.cluster.drop(name)


def _last_use(name: str) -> float:
    """Return when a template was last asked for."""
    file = paths.state_root() / f"{name}.lock"
    return file.stat().st_mtime if file.exists() else 0.0


def _is_alive(pid: int) -> bool:
    """Tell whether a process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
