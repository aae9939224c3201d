"""What is in addons/: manifests, dependencies, a hash of the content."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from . import paths
from .console import StepError

# Apps of Odoo that change every page (website) or bring accounting with them (sale) and
# add half a minute to every installation and start; what needs one is installed and
# tested apart. See docs/adr/0003.
HEAVY_APPS = frozenset({"sale", "website"})

# A change here needs no update of a database.
_NOT_INSTALLED = {"tests", "__pycache__", "node_modules"}


class Addon(NamedTuple):
    """One installable module of this repository."""

    name: str
    path: Path
    manifest: dict[str, Any]

    @property
    def depends(self) -> list[str]:
        """Names of the modules it needs, ours and Odoo's."""
        return self.manifest.get("depends", ["base"])

    @property
    def is_glue(self) -> bool:
        """Whether Odoo installs it by itself once its parents are there."""
        return bool(self.manifest.get("auto_install"))


def scan(folder: Path = paths.ADDONS) -> dict[str, Addon]:
    """Return the installable modules below ``folder`` by name, sorted.

    :raise StepError: when a manifest cannot be read
    """
    found = {}
    for file in sorted(folder.glob("*/__manifest__.py")):
        try:
            manifest = ast.literal_eval(file.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError) as error:
            raise StepError(f"{file} is not a valid manifest: {error}") from error
        if manifest.get("installable", True):
            name = file.parent.name
            found[name] = Addon(name, file.parent, manifest)
    return found


class Split(NamedTuple):
    """Our modules: those installed ``together``, and those kept ``apart`` because an
    app of ``HEAVY_APPS`` is among what they need."""

    together: dict[str, Addon]
    apart: dict[str, Addon]


def split(addons: dict[str, Addon], odoo_folders: Sequence[Path]) -> Split:
    """Divide modules by what they need, however far down.

    :param odoo_folders: where Odoo's own modules are
    """
    apart = {
        name: addon
        for name, addon in addons.items()
        if HEAVY_APPS & _all_depends(name, addons, odoo_folders)
    }
    together = {name: addon for name, addon in addons.items() if name not in apart}
    return Split(together, apart)


def _all_depends(
    name: str, addons: dict[str, Addon], odoo_folders: Sequence[Path]
) -> set[str]:
    """Return the names of all modules one needs, ours and Odoo's."""
    found: set[str] = set()
    queue = [name]
    while queue:
        current = queue.pop()
        if current not in found:
            found.add(current)
            known = addons.get(current)
            queue += known.depends if known else _odoo_depends(current, odoo_folders)
    return found


def _odoo_depends(name: str, odoo_folders: Sequence[Path]) -> list[str]:
    """Return what one of Odoo's modules depends on; nothing for an unknown one,
    which its installation reports."""
    for folder in odoo_folders:
        file = folder / name / "__manifest__.py"
        if file.exists():
            manifest = ast.literal_eval(file.read_text(encoding="utf-8"))
            return manifest.get("depends", ["base"])
    return []


def closure(name: str, addons: dict[str, Addon]) -> dict[str, Addon]:
    """Return one module with those of ours it needs, and the glue they attract.

    :raise StepError: when there is no such module
    """
    if name not in addons:
        known = ", ".join(addons) or "none yet"
        raise StepError(f"there is no module '{name}' in addons/ (there are: {known})")
    chosen: set[str] = set()
    queue = [name]
    while queue:
        current = queue.pop()
        if current in addons and current not in chosen:
            chosen.add(current)
            queue += addons[current].depends
    return {key: addons[key] for key in addons if key in _with_glue(chosen, addons)}


def _with_glue(chosen: set[str], addons: dict[str, Addon]) -> set[str]:
    """Add the glue modules whose parents among ours are all chosen."""
    for addon in addons.values():
        ours = {parent for parent in addon.depends if parent in addons}
        if addon.is_glue and ours and ours <= chosen and addon.name not in chosen:
            return _with_glue(chosen | {addon.name}, addons)
    return chosen


def external_depends(addons: dict[str, Addon]) -> list[str]:
    """Return the modules of Odoo itself that the given ones need, sorted."""
    needed = {parent for addon in addons.values() for parent in addon.depends}
    return sorted(needed - set(addons))


def content_hash(addons: Iterable[Addon]) -> str:
    """Return a hash of all files that an installation of the modules reads."""
    digest = hashlib.sha256()
    for addon in addons:
        for file in _installed_files(addon.path):
            digest.update(str(file.relative_to(addon.path.parent)).encode() + b"\0")
            digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _installed_files(folder: Path) -> list[Path]:
    """Return the files of a module that matter to a database, sorted."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file()
        and file.suffix not in (".md", ".pyc", ".pot")
        and not _NOT_INSTALLED & set(file.relative_to(folder).parts)
    )
