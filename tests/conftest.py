"""What tests across modules share.

They run by ``make test`` in the process of pytest-odoo, which has Odoo loaded on a
clone of the suite template; ``make test`` says in ``CRM_SUITE_*`` variables where
things are.
"""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY / "scripts"), str(REPOSITORY)]

from devenv import addons, logcheck, paths, postgres, server, template


@pytest.fixture(scope="session")
def repository():
    """The folder of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def suite():
    """Our installable modules by name (see devenv.addons.Addon)."""
    return addons.scan()


@pytest.fixture(scope="session")
def cluster():
    """The database server of the tests."""
    return postgres.Cluster("test", postgres.binaries())


def free_port():
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RunningServer:
    """A real Odoo in a process of its own, as outside clients see it."""

    def __init__(self, cluster, config, words=()):
        """Start it on a clone of the suite template and wait for its answer."""
        self.cluster = cluster
        self.database = template.scratch_name("flow")
        self.port, self.gevent_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = paths.logs() / f"{self.database}.log"
        cluster.clone(os.environ["CRM_SUITE_TEMPLATE"], self.database)
        command = [
            sys.executable,
            os.environ["CRM_SUITE_ODOO"],
            f"--database={self.database}",
            f"--db-filter=^{self.database}$",
            f"--http-port={self.port}",
            f"--gevent-port={self.gevent_port}",
            *words,
        ]
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                command,
                env={**os.environ, "ODOO_RC": str(config)},
                stdout=out,
                stderr=out,
            )
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + 60
        while not server.answers(f"{self.url}/web/health"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"no server: {self.log.read_text()[-2000:]}")
            time.sleep(0.2)

    def stop(self):
        """End it, delete its database; fail for warnings in its log."""
        self.process.terminate()
        self.process.wait(timeout=30)
        self.cluster.drop(self.database)
        lines = logcheck.offending_lines(self.log.read_text(errors="replace"))
        assert not lines, "\n".join(lines[:10])


@pytest.fixture(scope="session")
def start_server(cluster):
    """A function ``(config=…, words=…) -> RunningServer``; stopped at the end."""
    started = []

    def start(config=REPOSITORY / "config/odoo.development.conf", words=()):
        started.append(RunningServer(cluster, config, words))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.stop()


@pytest.fixture(scope="session")
def odoo_server(start_server):
    """One server on a clone of its own, shared by the flows; admin / admin."""
    return start_server()
