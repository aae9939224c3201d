"""Odoo 19.0 itself: a checkout in ODOO_HOME, else Debian's package, unpacked.

Debian carries Odoo 19 in its development release only. The package is all text,
so it is unpacked into the cache folder rather than installed: no root, no effect
on the machine, no dependency on Debian's Python packages.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from . import apt_archive, paths
from .console import StepError, lock, say, step

SERIES = "19.0"
_DEVELOPMENT_SUITE = "sid"
_PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
)
# The development release renamed the files of these.
_STABLE_PACKAGES = ("fonts-font-awesome", "fonts-inconsolata")
_HINT = "set ODOO_HOME to a checkout of Odoo 19.0, or use docker compose"


class OdooSource(NamedTuple):
    """A usable Odoo: how to start it and where its modules are."""

    script: Path
    python_path: Path
    addons_paths: tuple[Path, ...]
    version: str


def locate() -> OdooSource:
    """Return Odoo's source, fetching it first when it is not there yet.

    :raise StepError: when it is not there and cannot be fetched
    """
    home = os.environ.get("ODOO_HOME")
    if home:
        return _from_checkout(Path(home).expanduser().absolute())
    root = paths.cache_root() / f"odoo-{SERIES}"
    if not (root / "READY").exists():
        with lock(paths.cache_root() / "odoo.lock", "Odoo"):
            if not (root / "READY").exists():
                _fetch(root)
    return _from_package(root)


def _from_checkout(home: Path) -> OdooSource:
    """Describe a checkout of Odoo's repository."""
    if not (home / "odoo-bin").exists():
        raise StepError(f"ODOO_HOME={home} has no odoo-bin: give a checkout of Odoo")
    version = _release(home / "odoo" / "release.py")
    folders = (home / "odoo" / "addons", home / "addons")
    return OdooSource(home / "odoo-bin", home, folders, f"{version}-checkout")


def _from_package(root: Path) -> OdooSource:
    """Describe the unpacked Debian package."""
    python_path = root / "usr/lib/python3/dist-packages"
    version = (root / "READY").read_text().strip()
    addons = (python_path / "odoo" / "addons",)
    return OdooSource(root / "usr/bin/odoo", python_path, addons, version)


def _release(file: Path) -> str:
    """Return the version in Odoo's release.py, refusing another than 19.0."""
    text = file.read_text() if file.exists() else ""
    match = re.search(r"version_info\s*=\s*\((\d+), *(\d+), *(\d+)", text)
    if not match:
        raise StepError(f"{file} does not say which Odoo this is: {_HINT}")
    version = ".".join(match.groups())
    if not version.startswith(f"{SERIES}."):
        raise StepError(f"this is Odoo {version}, the add-ons need {SERIES}: {_HINT}")
    return version


def _fetch(root: Path) -> None:
    """Download and unpack Odoo, complete it, then move it into place."""
    if not apt_archive.is_debian():
        system = apt_archive.os_release().get("PRETTY_NAME", "this system")
        raise StepError(
            f"Odoo 19 comes as a package on Debian only, not on {system}: {_HINT}"
        )
    with step("Odoo 19.0 (135 MB from the Debian archive, once)"):
        work = paths.cache_root() / "odoo.part"
        paths.remove_tree(work)
        log = paths.logs() / "odoo-source.log"
        apt = apt_archive.PrivateApt(work / "apt", log)
        suite = apt_archive.stable_suite()
        apt.update([_DEVELOPMENT_SUITE, suite])
        wanted = [f"{name}/{_DEVELOPMENT_SUITE}" for name in _PACKAGES]
        wanted += [f"{name}/{suite}" for name in _STABLE_PACKAGES]
        say("    downloading")
        packages = apt.download(wanted, work / "debs")
        say("    unpacking")
        for package in packages:
            apt_archive.unpack(package, work / "root", log)
        _complete(work / "root")
        os.rename(work / "root", root)
        paths.remove_tree(work)


def _complete(root: Path) -> None:
    """Repair what the package leaves out and stamp it as ready.

    Debian removes one file of the video call background that the mail bundle
    still lists; without it every page logs an error in the browser.
    """
    odoo = root / "usr/lib/python3/dist-packages/odoo"
    version = _release(odoo / "release.py")
    stub = odoo / "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text("/* removed by Debian; background blur is not available */\n")
    broken = [
        path for path in root.rglob("*") if path.is_symlink() and not path.exists()
    ]
    if broken:
        name = broken[0].relative_to(root)
        raise StepError(f"the Odoo package misses {name}: {_HINT}")
    (root / "READY").write_text(f"{version}\n")
