"""A server killed in the middle of an import, twice. Spec row C8: "resumable after a
crash", issue 2: "goes on after a kill, never twice".

Odoo runs as a process of its own on a copy of the test database, is killed with
SIGKILL while it reads, while it imports and while it undoes, and is started again.
"""

from __future__ import annotations

import base64
import csv
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import requests

from odoo.tools import config

ROWS = 3000  # more than a request reads or imports itself
PATIENCE = 600  # seconds for one phase on a busy machine


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Odoo as a process, and what can be asked of it from outside."""

    def __init__(self, database: str, log: Path) -> None:
        self.database, self.log = database, log
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
        except requests.ConnectionError:
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

    def call(self, method: str, *args: object) -> object:
        self.sign_in()  # the session of a killed server may be lost
        return self.rpc(
            "/web/dataset/call_kw",
            model="crm.customer.import",
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

    def wait_until(self, condition) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)


@pytest.fixture
def server(tmp_path):
    template = os.environ["CRM_SUITE_TEMPLATE"]
    database = f"{os.environ['CRM_SUITE_DATABASE']}_kill"
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
    running = Server(database, tmp_path / "odoo.log")
    try:
        yield running
    finally:
        running.kill()
        with closing(psycopg2.connect(dbname="postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        shutil.rmtree(config.filestore(database), ignore_errors=True)


def workbook() -> str:
    rows = [["客户名称", "联系人", "手机"]]
    for number in range(ROWS):
        name = f"断电{number:06d}贸易有限公司"
        rows.append([name, f"张{number}", f"139{number:08d}"])
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return base64.b64encode(out.getvalue().encode()).decode()


LINES = "SELECT count(*) FROM crm_customer_import_line WHERE import_id = %s"
DONE = f"{LINES} AND state = 'done'"
STATE = "SELECT state FROM crm_customer_import WHERE id = %s"
CUSTOMERS = "SELECT count(*) FROM res_partner WHERE name LIKE '断电%%'"
NAMES = "SELECT count(DISTINCT name) FROM res_partner WHERE name LIKE '断电%%'"
CONTACTS = """SELECT count(*) FROM res_partner contact
                JOIN res_partner customer ON customer.id = contact.parent_id
               WHERE customer.name LIKE '断电%%'"""


def test_killed_server_goes_on_and_does_nothing_twice(server):
    """Kill in each phase; the counts at the end are those of an undisturbed run."""
    server.start()
    vals = {"data_file": workbook(), "file_name": "long.csv"}
    (record,) = server.call("create", [vals])

    def count(query: str) -> int:
        return server.ask(query, record)

    def kill_between(query: str, low: int, high: int) -> None:
        server.wait_until(lambda: low <= count(query) < high)
        server.kill()
        assert count(query) < high, "killed too late to show anything"
        server.start()

    def wait_for(state: str) -> None:
        server.wait_until(lambda: count(STATE) == state)

    server.call("action_preview", [record])
    assert count(STATE) == "reading"
    kill_between(LINES, 1, ROWS)
    wait_for("preview")
    assert count(LINES) == ROWS

    server.call("action_import", [record])
    kill_between(DONE, 500, ROWS)
    wait_for("done")
    assert count(DONE) == ROWS
    assert server.ask(CUSTOMERS) == server.ask(NAMES) == ROWS
    assert server.ask(CONTACTS) == ROWS

    server.call("action_undo", [record])
    kill_between(DONE, 1, ROWS - 499)
    wait_for("undone")
    assert server.ask(CUSTOMERS) == 0
    assert count(LINES) == ROWS
