"""The machine's own Debian archive, read with a private apt state.

No root is needed to download packages this way, nothing of the machine changes,
and apt checks the signatures. The archive's address comes from the machine's own
sources, in either format, so mirrors and proxies keep working.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from .console import StepError, run

_APT = Path("/etc/apt")
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Releases whose fonts-font-awesome still is version 4 with its file names.
_STABLE_SUITES = ("bookworm", "trixie")


class Source(NamedTuple):
    """One archive: where it is and which keyring signs it ('' = the default)."""

    uri: str
    suites: tuple[str, ...]
    signed_by: str


def is_debian() -> bool:
    """Tell whether this machine is a Debian with apt."""
    return os_release().get("ID") == "debian" and bool(shutil.which("apt-get"))


def os_release(file: Path = Path("/etc/os-release")) -> dict[str, str]:
    """Return the machine's description of itself, empty when it has none."""
    if not file.exists():
        return {}
    pairs = (
        line.split("=", 1) for line in file.read_text().splitlines() if "=" in line
    )
    return {key: value.strip("\"'") for key, value in pairs}


def parse_one_line(text: str) -> Iterator[Source]:
    """Read the classic format, ``deb [options] uri suite component…``."""
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^]]*)\]\s+)?(\S+)\s+(\S+)\s+\S", line)
        if match:
            signed = re.search(r"signed-by=(\S+)", match[1] or "")
            yield Source(match[2], (match[3],), signed[1] if signed else "")


def parse_deb822(text: str) -> Iterator[Source]:
    """Read the paragraph format of ``*.sources`` files."""
    text = re.sub(r"(?m)^#.*\n?", "", text)
    for paragraph in re.split(r"\n\s*\n", text):
        fields = {
            key.lower(): " ".join(value.split())
            for key, value in re.findall(
                r"(?m)^([A-Za-z-]+):((?:.*(?:\n[ \t].*)*))", paragraph
            )
        }
        enabled = fields.get("enabled", "yes").lower() not in ("no", "false")
        if enabled and "deb" in fields.get("types", "").split():
            signed = fields.get("signed-by", "")
            for uri in fields.get("uris", "").split():
                suites = tuple(fields.get("suites", "").split())
                yield Source(uri, suites, signed if signed.startswith("/") else "")


def machine_sources(apt: Path = _APT) -> list[Source]:
    """Return all archives the machine is set up with."""
    found: list[Source] = []
    for file in [apt / "sources.list", *sorted(apt.glob("sources.list.d/*.list"))]:
        if file.exists():
            found += parse_one_line(file.read_text())
    for file in sorted(apt.glob("sources.list.d/*.sources")):
        found += parse_deb822(file.read_text())
    return found


def debian_source() -> Source:
    """Return the machine's main Debian archive.

    :raise StepError: when there is none among its sources
    """
    codename = os_release().get("VERSION_CODENAME", "")
    names = {codename, "stable", "testing", "unstable", "sid", *_STABLE_SUITES}
    for source in machine_sources():
        if names & set(source.suites) and "security" not in source.uri:
            return source
    raise StepError(
        "apt on this machine has no Debian archive: set ODOO_HOME to a checkout "
        "of Odoo 19.0, or use docker compose"
    )


def stable_suite() -> str:
    """Return the release to take fonts with unchanged file names from."""
    codename = os_release().get("VERSION_CODENAME", "")
    return codename if codename in _STABLE_SUITES else _STABLE_SUITES[-1]


class PrivateApt:
    """Apt with its own lists and cache in a folder of ours."""

    def __init__(self, folder: Path, log: Path) -> None:
        """Use ``folder`` for the state of apt and write its output to ``log``."""
        self.folder = folder
        self.log = log

    def update(self, suites: Sequence[str]) -> None:
        """Fetch the package lists of the given releases."""
        source = debian_source()
        keyring = source.signed_by or (str(_KEYRING) if _KEYRING.exists() else "")
        option = f"[signed-by={keyring}] " if keyring else ""
        for name in ("lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "sources.list").write_text(
            "".join(f"deb {option}{source.uri} {suite} main\n" for suite in suites)
        )
        self._apt(["update", "--error-on=any"], "the Debian archive cannot be read")

    def download(self, packages: Sequence[str], target: Path) -> list[Path]:
        """Download ``name`` or ``name/suite`` packages; return the files."""
        target.mkdir(parents=True, exist_ok=True)
        self._apt(["download", *packages], "a package cannot be downloaded", target)
        return sorted(target.glob("*.deb"))

    def _apt(self, words: Sequence[str], problem: str, cwd: Path | None = None) -> None:
        """Run apt-get on the private state."""
        options = {
            "Dir::State::Lists": self.folder / "lists",
            "Dir::Etc::SourceList": self.folder / "sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::Cache": self.folder / "cache",
            # apt drops to a user who may not reach our folder
            "APT::Sandbox::User": "root",
        }
        flags = [
            part for key, val in options.items() for part in ("-o", f"{key}={val}")
        ]
        run(
            ["apt-get", *flags, *words],
            log=self.log,
            cwd=cwd,
            failure=f"{problem}: check the network and the apt sources, then run "
            "the same command again",
        )


def unpack(package: Path, root: Path, log: Path) -> None:
    """Unpack a package below ``root`` without installing it."""
    run(
        ["dpkg", "-x", package, root],
        log=log,
        failure=f"{package.name} cannot be unpacked: is the disk full?",
    )
