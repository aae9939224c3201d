"""A server killed in the middle of an import, twice. Spec row C8: "resumable after a
crash", issue 2: "goes on after a kill, never twice".

Odoo runs as a process of its own on a copy of the test database, is killed with
SIGKILL while it reads, while it imports and while it undoes, and is started again.
"""

from __future__ import annotations

import base64
import csv
import io

IMPORT = "crm.customer.import"
ROWS = 3000  # more than a request reads or imports itself


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
    (record,) = server.call(IMPORT, "create", [vals])

    def count(query: str) -> int:
        return server.ask(query, record)

    def kill_between(query: str, low: int, high: int) -> None:
        server.wait_until(lambda: low <= count(query) < high)
        server.kill()
        assert count(query) < high, "killed too late to show anything"
        server.start()

    def wait_for(state: str) -> None:
        server.wait_until(lambda: count(STATE) == state)

    server.call(IMPORT, "action_preview", [record])
    assert count(STATE) == "reading"
    kill_between(LINES, 1, ROWS)
    wait_for("preview")
    assert count(LINES) == ROWS

    server.call(IMPORT, "action_import", [record])
    kill_between(DONE, 500, ROWS)
    wait_for("done")
    assert count(DONE) == ROWS
    assert server.ask(CUSTOMERS) == server.ask(NAMES) == ROWS
    assert server.ask(CONTACTS) == ROWS

    server.call(IMPORT, "action_undo", [record])
    kill_between(DONE, 1, ROWS - 499)
    wait_for("undone")
    assert server.ask(CUSTOMERS) == 0
    assert count(LINES) == ROWS
