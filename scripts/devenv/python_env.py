"""The virtual environment with the pinned Python packages."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from . import apt_archive, paths
from .console import StepError, capture, lock, run, step

RUNTIME = paths.REPOSITORY / "requirements.txt"
DEVELOPMENT = paths.REPOSITORY / "requirements-dev.txt"


def lock_hash() -> str:
    """Return a hash of the pinned packages, whatever the comments say."""
    lines = (RUNTIME.read_text() + DEVELOPMENT.read_text()).splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    return hashlib.sha256("\n".join(pins).encode()).hexdigest()[:10]


def folder() -> Path:
    """Return where the environment of this Python and this lock is."""
    tag = f"{sys.version_info.major}.{sys.version_info.minor}"
    return paths.cache_root() / "venv" / f"{tag}-{lock_hash()}"


def ensure(*, development: bool) -> Path:
    """Make the environment if it is missing; return its folder.

    :param development: also the packages of tests, lint and benchmarks
    :raise StepError: when it cannot be made
    """
    venv = folder()
    levels = {"runtime": RUNTIME}
    if development:
        levels["development"] = DEVELOPMENT
    missing = {k: v for k, v in levels.items() if not (venv / f"{k}.ready").exists()}
    if missing:
        with lock(venv.with_name(f"{venv.name}.lock"), "the Python packages"):
            _create(venv)
            for level, requirements in missing.items():
                _install(venv, level, requirements)
    return venv


def _create(venv: Path) -> None:
    """Create the empty environment with pip in it."""
    if (venv / "created.ready").exists():
        return
    with step(f"Python environment ({sys.version.split()[0]})"):
        paths.remove_tree(venv)
        log = paths.logs() / "venv.log"
        # Debian ships ensurepip apart, in python3-venv: do without it if need be
        has_pip = capture([sys.executable, "-c", "import ensurepip"]).returncode == 0
        run(
            [
                sys.executable,
                "-m",
                "venv",
                *([] if has_pip else ["--without-pip"]),
                venv,
            ],
            log=log,
            env=clean_env(),
            failure="the virtual environment cannot be made: install python3-venv, "
            "then run the same command again",
        )
        if not has_pip:
            _install_pip_from_debian(venv, log)
        (venv / "created.ready").touch()


def _install_pip_from_debian(venv: Path, log: Path) -> None:
    """Install pip from the wheel in Debian's package, unpacked by us."""
    if not apt_archive.is_debian():
        raise StepError(
            "this Python has neither ensurepip nor pip: install "
            "python3-venv, then run the same command again"
        )
    work = venv / "pip-bootstrap"
    apt = apt_archive.PrivateApt(work / "apt", log)
    apt.update([apt_archive.stable_suite()])
    for package in apt.download(["python3-pip-whl"], work / "debs"):
        apt_archive.unpack(package, work / "root", log)
    wheel = next((work / "root").rglob("pip-*.whl"))
    run(
        [venv / "bin/python", wheel / "pip", "install", "--no-index", wheel],
        log=log,
        env=clean_env(),
        failure="pip cannot be installed: install python3-venv and try again",
    )
    paths.remove_tree(work)


def _install(venv: Path, level: str, requirements: Path) -> None:
    """Install one lock file; the stamp is written only when it is complete."""
    stamp = venv / f"{level}.ready"
    if stamp.exists():
        return
    with step(f"Python packages for {level} (once, about a minute)"):
        run(
            pip_command(venv, "--no-deps", "-r", requirements),
            log=paths.logs() / f"pip-{level}.log",
            env=clean_env(),
            failure="pip could not install the packages: check the network and "
            "pip's settings, then run the same command again",
        )
        if level == "runtime":
            _link_pdf_printer(venv)
        stamp.touch()


def _link_pdf_printer(venv: Path) -> None:
    """Give the packaged wkhtmltopdf (patched Qt) the name Odoo looks for."""
    link = venv / "bin" / "wkhtmltopdf"
    link.unlink(missing_ok=True)
    link.symlink_to("wkhtmltopdf-pack")


def pip_command(venv: Path, *words: str | Path) -> list[str | Path]:
    """Return a pip installation command in an environment."""
    return [
        venv / "bin/python",
        "-m",
        "pip",
        "install",
        "--no-input",
        "--disable-pip-version-check",
        *words,
    ]


def clean_env() -> dict[str, str]:
    """Return the environment without what would mix other packages in."""
    unwanted = {
        "PYTHONPATH",
        "PYTHONHOME",
        "PIP_TARGET",
        "PIP_USER",
        "VIRTUAL_ENV",
        "PIP_REQUIRE_VIRTUALENV",
        "__PYVENV_LAUNCHER__",
    }
    return {key: value for key, value in os.environ.items() if key not in unwanted}
