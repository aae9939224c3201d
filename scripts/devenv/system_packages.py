"""What only the machine's package manager can bring: browser, fonts, libraries.

Each need is a check and the Debian packages that satisfy it. Only what is really
missing is installed, all at once, and only as root or with sudo.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from .console import StepError, capture, run, say, step
from .paths import logs

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


class Need(NamedTuple):
    """Something of the machine that a command wants.

    ``required`` needs stop the command when they are missing and cannot be
    installed; for the others ``lacking`` says what will not work.
    """

    name: str
    packages: tuple[str, ...]
    is_met: Callable[[], bool]
    lacking: str
    required: bool = False


def browser() -> str | None:
    """Return the browser Odoo's tests will find, if there is one."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def has_chinese_font() -> bool:
    """Tell whether a font with Chinese characters is installed."""
    if shutil.which("fc-list"):
        return bool(capture(["fc-list", ":lang=zh-cn"]).stdout.strip())
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    return any(any(f.rglob("*CJK*")) for f in folders if f.exists())


def pdf_libraries_present(venv: Path) -> bool:
    """Tell whether the PDF printer finds the libraries it is linked with."""
    result = capture([venv / "bin/wkhtmltopdf", "--version"])
    return result.returncode == 0


def pdf_needs(venv: Path) -> list[Need]:
    """Return what printing PDF documents with Chinese text wants."""
    return [
        Need(
            "the libraries of the PDF printer",
            ("libxrender1", "libxext6", "libx11-6", "libfontconfig1", "libfreetype6"),
            lambda: pdf_libraries_present(venv),
            "PDF reports cannot be printed",
        ),
        Need(
            "a Chinese font",
            ("fonts-noto-cjk",),
            has_chinese_font,
            "Chinese text in PDF reports and screenshots shows as boxes",
        ),
    ]


def browser_need() -> Need:
    """Return the browser that tours and screenshots are driven in."""
    return Need(
        "Chromium",
        ("chromium",),
        lambda: browser() is not None,
        "the tests in a browser cannot run",
        required=True,
    )


def ensure(needs: Iterable[Need]) -> None:
    """Install what is missing of the given needs, or say what is lacking.

    :raise StepError: when a required need stays unmet
    """
    missing = [need for need in needs if not need.is_met()]
    if not missing:
        return
    packages = [package for need in missing for package in need.packages]
    prefix = install_prefix()
    if prefix is not None:
        _install(packages, prefix, missing)
        missing = [need for need in missing if not need.is_met()]
    for need in missing:
        line = (
            f"{need.name} is missing, {need.lacking}: install {' '.join(need.packages)}"
        )
        if need.required:
            raise StepError(line)
        say(f"    NOTE: {line}")


def install_prefix() -> list[str] | None:
    """Return how apt-get is called with rights here; None when it cannot be."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and capture(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None


def _install(packages: list[str], prefix: list[str], needs: list[Need]) -> None:
    """Install packages of the machine; a failure is left to the caller's check."""
    names = ", ".join(need.name for need in needs)
    with step(f"From the system's packages: {names}"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        log = logs() / "apt-install.log"
        hint = "apt-get failed"
        command = [*prefix, "apt-get", "-y", "--no-install-recommends"]
        try:
            run([*prefix, "apt-get", "update"], log=log, env=env, failure=hint)
            run([*command, "install", *packages], log=log, env=env, failure=hint)
        except StepError as error:
            say(f"    {error}")
