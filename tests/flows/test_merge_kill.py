"""A worker killed in the middle of a merge, twenty times. Spec row C4: before or after,
never half.

Odoo runs with workers on a copy of the test database; while one merges, all are killed
with SIGKILL, each time a little later, and the master starts others.
"""

from __future__ import annotations

import os
import signal
import threading
import time

import requests
from killed_server import free_port

POINTS = 20
CONTACTS = 8
WIZARD = "base.partner.merge.automatic.wizard"

GONE = """SELECT count(*) FROM res_partner
           WHERE id = %s AND NOT active AND merged_into_id = %s"""
MOVED = "SELECT count(*) FROM res_partner WHERE parent_id = %s AND id <> %s"
NOTED = """SELECT count(DISTINCT merge.id) FROM crm_customer_merge merge
             JOIN crm_customer_merge_absorbed_rel gone ON gone.merge_id = merge.id
             JOIN crm_customer_merge_line line ON line.merge_id = merge.id
            WHERE gone.partner_id = %s AND merge.survivor_id = %s"""


def children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def pairs_of(server) -> list[tuple[int, int]]:
    """Make customers to be merged, of whom the second has contacts."""
    contacts = [[0, 0, {"name": f"张{n}"}] for n in range(CONTACTS)]
    vals = []
    for number in range(POINTS + 1):
        name = f"断电{number:02d}并购有限公司"
        base = {"name": name, "is_company": True, "lifecycle_state": "potential"}
        vals += [base, {**base, "child_ids": contacts}]
    ids = server.call("res.partner", "create", vals)
    return list(zip(ids[::2], ids[1::2], strict=True))


def merge(server, kept: int, gone: int) -> None:
    vals = {"partner_ids": [[6, 0, [kept, gone]]], "dst_partner_id": kept}
    (wizard,) = server.call(WIZARD, "create", [vals])
    server.call(WIZARD, "action_merge", [wizard])


def test_a_killed_merge_is_whole_or_not_there(server):
    server.words = ["--workers=2", f"--gevent-port={free_port()}"]
    server.start()
    first, *pairs = pairs_of(server)
    started = time.monotonic()
    merge(server, *first)
    whole = time.monotonic() - started
    outcomes = []
    for point, (kept, gone) in enumerate(pairs):
        caller = threading.Thread(target=try_to_merge, args=(server, kept, gone))
        caller.start()
        time.sleep(whole * 1.2 * point / POINTS)
        for pid in children(server.process.pid):
            os.kill(pid, signal.SIGKILL)
        caller.join(60)
        outcomes.append(outcome(server, kept, gone))
        server.wait_until(server.answers)
    assert set(outcomes) <= {(0, 0, 0), (1, CONTACTS, 1)}, outcomes
    assert (0, 0, 0) in outcomes, "killed too late to show anything"
    # who was killed comes again, and all is as if nothing had been
    for (kept, gone), found in zip(pairs, outcomes, strict=True):
        if not found[0]:
            merge(server, kept, gone)
            assert outcome(server, kept, gone) == (1, CONTACTS, 1)
            break


def try_to_merge(server, kept: int, gone: int) -> None:
    try:
        merge(server, kept, gone)
    except (requests.RequestException, ValueError, AssertionError):
        pass  # the worker is dead


def outcome(server, kept: int, gone: int) -> tuple[int, int, int]:
    """Return whether it is put away, how many contacts moved, and what is noted."""
    return (
        server.ask(GONE, gone, kept),
        server.ask(MOVED, kept, kept),
        server.ask(NOTED, gone, kept),
    )
