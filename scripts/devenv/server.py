"""`make run`, `make stop`, `make shell`: a server a person works with."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import addons as addons_
from . import logcheck, paths, postgres
from .console import StepError, capture, lock, say, step
from .environment import CORE_MODULES, LANGUAGES, Environment, prepare

DEFAULT_DATABASE = "crm_suite"
DEFAULT_PORT = 8069
_READY_SECONDS = 300
_BUNDLES = "env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()"


class Instance:
    """One database with the server on it, known by the database's name."""

    def __init__(self, database: str, port: int) -> None:
        """Describe the instance; nothing is started."""
        self.database = database
        self.port = port
        self.folder = paths.state_root() / "instances"
        self.pid_file = self.folder / f"{database}.pid"
        self.hash_file = self.folder / f"{database}.json"
        self.log = paths.logs() / f"server-{database}.log"

    @property
    def url(self) -> str:
        """The address a person opens."""
        return f"http://localhost:{self.port}"

    def running_pid(self) -> int | None:
        """Return the server's process if it is running."""
        return _pid_of(self.pid_file)

    def installed_hashes(self) -> dict[str, str]:
        """Return the content hash of each module as the database has it."""
        if not self.hash_file.exists():
            return {}
        return json.loads(self.hash_file.read_text())

    def remember(self, hashes: dict[str, str]) -> None:
        """Note what the database has now."""
        part = self.hash_file.with_suffix(".part")
        part.write_text(json.dumps(hashes, indent=1))
        part.replace(self.hash_file)


def _pid_of(file: Path) -> int | None:
    """Return the living Odoo process a pid file names, else ``None``."""
    try:
        pid = int(file.read_text())
    except (OSError, ValueError):
        return None
    command = capture(["ps", "-o", "command=", "-p", str(pid)]).stdout
    if not command and Path(f"/proc/{pid}/cmdline").exists():
        command = Path(f"/proc/{pid}/cmdline").read_text()
    return pid if "odoo" in command else None


def run_server(*, foreground: bool) -> int:
    """Bring everything up and serve; return the exit code.

    :param foreground: stay until Ctrl-C; otherwise return once it answers
    """
    database = os.environ.get("DB") or DEFAULT_DATABASE
    instance = Instance(database, _port())
    if instance.running_pid():
        say(f"Already running with database '{database}' (make stop ends it).")
        return 0
    _require_free_port(instance)
    env = prepare("run", development=False)
    instance.folder.mkdir(parents=True, exist_ok=True)
    with lock(instance.folder / f"{database}.lock", f"the database '{database}'"):
        modules = env.chosen_modules(None).values()
        hashes = {addon.name: addons_.content_hash([addon]) for addon in modules}
        if database not in env.cluster.databases():
            _create_database(env, instance, hashes)
        with step(f"Odoo on {instance.url}"):
            process = _start(env, instance, hashes)
            _wait_until_ready(instance, process)
            instance.remember(hashes)
    _print_address(instance, foreground)
    return _attend(instance, process) if foreground else 0


def _port() -> int:
    """Return the port asked for."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise StepError(f"PORT={text} is not a port: give a number, such as PORT=8070")
    return int(text)


def _require_free_port(instance: Instance) -> None:
    """Fail early when something else listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", instance.port)) == 0:
            raise StepError(
                f"port {instance.port} is in use: make run PORT={instance.port + 1} "
                f"DB={instance.database}_2 starts another one beside it"
            )


def _create_database(env: Environment, instance: Instance, hashes: dict) -> None:
    """Create the database with demo data, under its name only when complete."""
    modules = [*CORE_MODULES, *hashes]
    title = f"Database '{instance.database}' with demo data (once, a minute or two)"
    with step(title):
        if not hashes:
            say("    addons/ has no modules yet: Odoo's CRM alone")
        part = f"{instance.database}__part"
        env.cluster.drop(part)
        log = paths.logs() / f"create-{instance.database}.log"
        env.run_odoo(
            "-d",
            part,
            "-i",
            ",".join(modules),
            "--with-demo",
            f"--load-language={LANGUAGES}",
            "--stop-after-init",
            "--no-http",
            log=log,
            failure="the modules could not be installed",
        )
        if os.environ.get("STRICT"):
            logcheck.check(log, "creating the database with demo data")
        say("    generating the web client's bundles")
        env.shell(
            part,
            _BUNDLES,
            log=paths.logs() / f"bundles-{instance.database}.log",
            failure="the web client's bundles could not be generated",
        )
        env.cluster.rename(part, instance.database)
        instance.remember(hashes)


def _start(env: Environment, instance: Instance, hashes: dict) -> subprocess.Popen:
    """Start the server process, updating the modules that changed since."""
    known = instance.installed_hashes()
    new = [name for name in hashes if name not in known]
    changed = [n for n in hashes if n in known and known[n] != hashes[n]]
    words = [
        "-d",
        instance.database,
        f"--http-port={instance.port}",
        f"--gevent-port={instance.port + 3}",
        f"--db-filter=^{instance.database}$",
    ]
    if os.environ.get("INTERFACE"):
        words.append(f"--http-interface={os.environ['INTERFACE']}")
    if new:
        say(f"    new modules: {', '.join(new)}")
        words.append(f"--init={','.join(new)}")
    if changed:
        say(f"    changed modules, updating: {', '.join(changed)}")
        words.append(f"--update={','.join(changed)}")
    instance.log.parent.mkdir(parents=True, exist_ok=True)
    with instance.log.open("w") as out:
        process = subprocess.Popen(
            [os.fspath(word) for word in env.odoo(*words)],
            env=env.variables(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    instance.pid_file.write_text(str(process.pid))
    return process


def _wait_until_ready(instance: Instance, process: subprocess.Popen) -> None:
    """Wait for the server's first answer.

    :raise StepError: when it ends, or does not answer in time
    """
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            for line in instance.log.read_text(errors="replace").splitlines()[-12:]:
                say(f"    | {line}")
            raise StepError(f"the server ended at once (log: {instance.log})")
        if answers(f"http://127.0.0.1:{instance.port}/web/health"):
            return
        time.sleep(0.2)
    process.terminate()
    raise StepError(f"the server does not answer (log: {instance.log})")


def answers(url: str) -> bool:
    """Tell whether an address answers with success."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _print_address(instance: Instance, foreground: bool) -> None:
    """Tell the person where to go."""
    end = "Ctrl-C stops it" if foreground else "make stop ends it"
    say(f"""
    Odoo is running:  {instance.url}
    login: admin      password: admin
    language:         English or Chinese, under Preferences in the user's menu
    database:         {instance.database}, kept; the next start takes seconds
    log:              {instance.log}
    {end}.
""")


def _attend(instance: Instance, process: subprocess.Popen) -> int:
    """Stay with the server, showing warnings, until it or the person ends it."""

    def leave(*_ignored: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    try:
        with instance.log.open(errors="replace") as log:
            log.seek(0, os.SEEK_END)
            while process.poll() is None:
                for line in log:
                    if logcheck.offending_lines(line):
                        say(line.rstrip())
                time.sleep(0.5)
        return process.returncode
    except KeyboardInterrupt:
        say("\nstopping")
        _terminate(process.pid)
        process.wait()
        return 0
    finally:
        instance.pid_file.unlink(missing_ok=True)


def _terminate(pid: int, patience: float = 10.0) -> None:
    """End a process, first politely."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            # our own child stays a zombie until it is waited for
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            os.kill(pid, 0)
            time.sleep(0.1)
        os.kill(pid, signal.SIGKILL)


def stop(*, even_in_use: bool = False) -> int:
    """Stop all servers of this cache folder, then the databases.

    :param even_in_use: also a database server another command works with
    """
    stopped = []
    for file in sorted((paths.state_root() / "instances").glob("*.pid")):
        pid = _pid_of(file)
        if pid:
            _terminate(pid)
            stopped.append(f"server of '{file.stem}'")
        file.unlink(missing_ok=True)
    for cluster in _clusters():
        if cluster.stop(even_in_use=even_in_use):
            stopped.append(f"database server '{cluster.kind}'")
        elif cluster.is_running():
            say(f"left running, in use: database server '{cluster.kind}'")
    say("stopped: " + (", ".join(stopped) or "nothing was running"))
    return 0


def _clusters() -> list[postgres.Cluster]:
    """Return the clusters of this cache folder, running or not."""
    folders = sorted(paths.state_root().glob("pg*-*/data"))
    if not folders:
        return []
    kinds = [folder.parent.name.split("-")[-1] for folder in folders]
    found = [postgres.Cluster(kind, postgres.binaries()) for kind in kinds]
    return [cluster for cluster in found if cluster.data in folders]


def clean() -> int:
    """Stop everything and delete the cache folder and all databases."""
    stop(even_in_use=True)
    for folder in {paths.cache_root(), paths.state_root()}:
        paths.remove_tree(folder)
        say(f"deleted: {folder}")
    return 0


def shell() -> int:
    """Open an interactive Odoo shell on the database of `make run`."""
    database = os.environ.get("DB") or DEFAULT_DATABASE
    env = prepare("run", development=False)
    if database not in env.cluster.databases():
        raise StepError(f"there is no database '{database}' yet: make run creates it")
    command = [os.fspath(w) for w in env.odoo("shell", "-d", database, "--no-http")]
    return subprocess.run(command, env=env.variables(), check=False).returncode
