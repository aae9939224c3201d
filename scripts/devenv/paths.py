"""Where things are kept: the repository, the cache folder, the databases."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
ADDONS = REPOSITORY / "addons"
CONFIG = REPOSITORY / "config"
NAME = "odoo-crm-suite"


def cache_root() -> Path:
    """Return the folder for everything that can be made again."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).expanduser().absolute() / NAME


def state_root() -> Path:
    """Return the folder of databases and stored files.

    It is the cache folder itself, except for root: PostgreSQL refuses to run as
    root, so its files belong to another user, who cannot reach a folder below a
    private home such as /root.
    """
    cache = cache_root()
    if os.geteuid() == 0 and not _open_to_everyone(cache):
        digest = hashlib.sha256(os.fsencode(cache)).hexdigest()[:10]
        return Path("/var/lib") / NAME / digest
    return cache


def _open_to_everyone(folder: Path) -> bool:
    """Tell whether any user can pass through the folder and those above it."""
    existing = [p for p in (folder, *folder.parents) if p.exists()]
    return all(p.stat().st_mode & 0o001 for p in existing)


def logs() -> Path:
    """Return the folder of log files of this cache."""
    return cache_root() / "logs"


def filestore(kind: str, database: str) -> Path:
    """Return where a database's attachments are.

    :param kind: name of the PostgreSQL cluster, ``run`` or ``test``
    """
    return data_dir(kind) / "filestore" / database


def data_dir(kind: str) -> Path:
    """Return Odoo's data folder for the databases of one cluster."""
    return state_root() / f"data-{kind}"


def remove_tree(folder: Path) -> None:
    """Delete a folder if it is there."""
    if folder.exists():
        shutil.rmtree(folder)


def link_tree(source: Path, target: Path) -> None:
    """Copy a folder by hard links: instant, no space.

    Safe for a filestore because Odoo never rewrites a stored file: it is named
    by its content, added and removed only.
    """
    if source.exists():
        shutil.copytree(source, target, copy_function=os.link)
