"""Bringing in a list: our whole import against Odoo's own ``load()`` of its rows.

Without us Odoo loads the rows into plain partners, as its import screen does it
(tracking off, 2 000 rows a batch). With us the same rows go all the way: reading the
file, cleaning, preview, matching against what is stored, creating, and the journal for
undo. ``load()`` gets its rows ready made and does none of that.

BENCH_IMPORT_ROWS sets the number of rows (100000 for the figure in the docs).
"""

from __future__ import annotations

import base64
import csv
import io
import os
import resource
from typing import Any

from bench.harness import WITH, WITHOUT, Run, scenario

ROWS = int(os.environ.get("BENCH_IMPORT_ROWS", "4000"))
LOAD_BATCH = 2000
TITLES = ["客户名称", "电话", "邮箱", "城市", "地址"]
LOAD_FIELDS = ["name", "phone", "email", "city", "street", "is_company", "country_id"]
CONTACT_TITLES = ["联系人", "手机"]
CONTACT_FIELDS = ["child_ids/name", "child_ids/phone"]


def rows(contacts: bool) -> list[list[str]]:
    """Return clean rows, each a customer that is not stored yet."""
    found = []
    for number in range(ROWS):
        row = [
            f"基准{number:06d}贸易有限公司",
            f"+86 21 6{number:07d}"[:17],
            f"info{number}@import{number}.example",
            "上海",
            f"南京东路{number}号",
        ]
        if contacts:
            row += [
                f"张{number}",
                f"+86 139 {number // 10000:04d} {number % 10000:04d}",
            ]
        found.append(row)
    return found


def load(run: Run, contacts: bool) -> str:
    """Odoo's own way."""
    Partner = run.env["res.partner"].with_context(
        import_file=True, tracking_disable=True, lang="en_US"
    )
    names = LOAD_FIELDS + (CONTACT_FIELDS if contacts else [])
    data = [row[:5] + ["1", "China"] + row[5:] for row in rows(contacts)]
    for start in range(0, len(data), LOAD_BATCH):
        result = Partner.load(names, data[start : start + LOAD_BATCH])
        if not result["ids"]:
            raise RuntimeError(result["messages"][:3])
        run.env.flush_all()
        run.env.invalidate_all()
    return _note()


def staged(run: Run, contacts: bool) -> Any:
    """Return an import with the rows of a list in it, not read yet."""
    out = io.StringIO()
    titles = TITLES + (CONTACT_TITLES if contacts else [])
    csv.writer(out).writerows([titles, *rows(contacts)])
    run.env.company.country_id = run.env.ref("base.cn")
    record = run.env["crm.customer.import"].create(
        {"data_file": base64.b64encode(out.getvalue().encode()), "file_name": "l.csv"}
    )
    return record.sudo()


def drain(record: Any, state: str) -> None:
    """Run one phase to its end; commits are left to the caller."""
    record.state = state
    for _rows in record._phase():
        pass


def write(run: Run, contacts: bool) -> str:
    """Our way, from the uploaded file to the customers."""
    record = staged(run, contacts)
    drain(record, "reading")
    if record.create_count != ROWS:
        raise RuntimeError(f"{record.create_count} of {ROWS} rows are clean")
    drain(record, "importing")
    if record.create_count != ROWS:
        raise RuntimeError("rows were refused while importing")
    return _note()


def _note() -> str:
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return f"{ROWS} rows, peak {megabytes} MiB"


@scenario(
    "import of companies", users=("admin",), limit=1.5, extra_queries=None, rounds=1
)
def companies(run: Run) -> str:
    """One partner a row: load() against our import."""
    return load(run, False) if run.side == WITHOUT else write(run, False)


@scenario(
    "import of companies with a contact",
    users=("admin",),
    limit=1.5,
    extra_queries=None,
    rounds=1,
)
def companies_with_contact(run: Run) -> str:
    """Two partners a row: load() against our import."""
    return load(run, True) if run.side == WITHOUT else write(run, True)


@scenario(
    "import: reading and preview",
    users=("admin",),
    limit=None,
    extra_queries=None,
    rounds=1,
    runs_on=(WITH,),
)
def reading(run: Run) -> str:
    """Parsing, cleaning, matching and deciding, before anything is written."""
    record = staged(run, True)
    with run.clock():
        drain(record, "reading")
    return _note()


@scenario(
    "import: undo",
    users=("admin",),
    limit=None,
    extra_queries=None,
    rounds=1,
    runs_on=(WITH,),
)
def undo(run: Run) -> str:
    """Removing what an import created."""
    record = staged(run, True)
    drain(record, "reading")
    drain(record, "importing")
    with run.clock():
        drain(record, "undoing")
    if record.kept_count:
        raise RuntimeError("something was kept")
    return _note()
