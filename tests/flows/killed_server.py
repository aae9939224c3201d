"""An Odoo of its own on a copy of the test database, to be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import requests

PATIENCE = 600  # seconds for one phase on a busy machine


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Odoo as a process, and what can be asked of it from outside."""

    def __init__(self, database: str, log: Path) -> None:
        self.database, self.log = database, log
        self.words: list[str] = []
        self.port = free_port()
        self.session = requests.Session()
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [
            sys.executable,
            os.environ["CRM_SUITE_ODOO"],
            f"--database={self.database}",
            f"--http-port={self.port}",
            "--http-interface=127.0.0.1",
            "--max-cron-threads=1",
            "--log-level=warn",
            *self.words,
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until(self.answers)

    def answers(self) -> bool:
        assert self.process and self.process.poll() is None, self.log.read_text()
        try:
            return requests.get(self.url("/web/health"), timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def rpc(self, path: str, **params: object) -> object:
        answer = self.session.post(
            self.url(path), json={"jsonrpc": "2.0", "params": params}, timeout=PATIENCE
        ).json()
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def sign_in(self) -> None:
        self.rpc(
            "/web/session/authenticate",
            db=self.database,
            login="admin",
            password="admin",
        )

    def call(self, model: str, method: str, *args: object) -> object:
        self.sign_in()  # the session of a killed server may be lost
        return self.rpc(
            "/web/dataset/call_kw",
            model=model,
            method=method,
            args=list(args),
            kwargs={},
        )

    def ask(self, query: str, *values: object) -> int:
        """One number straight from the database."""
        with (
            closing(psycopg2.connect(dbname=self.database)) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(query, values)
            return cursor.fetchone()[0]

    def execute(self, statement: str) -> None:
        """Change something straight in the database."""
        with (
            closing(psycopg2.connect(dbname=self.database)) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    def wait_until(self, condition) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)
