"""Doubles: all customers compared once, a night in which nothing happened, and the
warning while one is entered."""

from __future__ import annotations

import time

from bench.harness import WITH, Run, scenario

# seconds in which the form has its answer
SECONDS = 0.1
ENTRIES = 40
MESSAGES = 10_000


@scenario(
    "duplicates: all customers",
    users=("admin",),
    limit=None,
    extra_queries=None,
    runs_on=(WITH,),
    rounds=1,
)
def all_customers(run: Run) -> str:
    """Keys and pairs of every customer, then the same with nothing to do."""
    pairs = run.env["crm.customer.pair"].sudo()
    for table in ("pair", "match_key", "match"):
        run.env.cr.execute(f"DELETE FROM crm_customer_{table}")
    run.env.invalidate_all()
    with run.clock():
        done = pairs._cron_find()
    started = time.perf_counter()
    again = pairs._cron_find()
    quiet = time.perf_counter() - started
    found = pairs.search_count([])
    return f"{done // 2} compared, {found} pairs; then {again} in {quiet:.1f} s"


@scenario(
    "duplicates: warning at entry",
    users=("admin",),
    limit=None,
    extra_queries=None,
    runs_on=(WITH,),
    rounds=1,
)
def at_entry(run: Run) -> str:
    """The form of a new customer with the name and phone of one that is there."""
    partners = run.env["res.partner"]
    # what the night has written down of every customer; no part of what is measured
    pairs = run.env["crm.customer.pair"].sudo()
    run.env["crm.job"]._work_off(pairs._key_step())
    known = partners.search(
        [("lifecycle_state", "!=", False), ("is_company", "=", True)], limit=ENTRIES
    )
    typed = [(one.name, one.phone) for one in known]
    times = []
    with run.clock():
        for name, phone in typed:
            run.env.invalidate_all()
            started = time.perf_counter()
            new = partners.new(
                {
                    "name": name,
                    "phone": phone,
                    "is_company": True,
                    "lifecycle_state": "potential",
                }
            )
            assert isinstance(new.possible_doubles, list)
            times.append(time.perf_counter() - started)
    times.sort()
    median, worst = times[len(times) // 2], times[int(len(times) * 0.95)]
    verdict = "within" if worst <= SECONDS else "beyond"
    return f"p50 {median * 1e3:.0f} ms, p95 {worst * 1e3:.0f} ms, {verdict} 100 ms"


@scenario(
    "duplicates: merge with 10,000 messages",
    users=("admin",),
    limit=5,
    extra_queries=None,
    runs_on=(WITH,),
    rounds=1,
)
def merge_of_many(run: Run) -> str:
    """Two customers, one of them with many messages, become one, and two again."""
    partners = run.env["res.partner"]
    kept, gone = partners.create(
        [{"name": f"Merged {n}", "is_company": True} for n in range(2)]
    )
    run.env["mail.message"].create(
        [
            {
                "model": "res.partner",
                "res_id": gone.id,
                "author_id": gone.id,
                "message_type": "comment",
                "body": "How do you do? " * 40,
            }
            for _time in range(MESSAGES)
        ]
    )
    run.env.cr.flush()
    with run.clock():
        wizard = run.env["base.partner.merge.automatic.wizard"]
        wizard._merge((kept | gone).ids, kept)
    merge = kept.merge_ids
    lines = len(merge.sudo().line_ids)
    started = time.perf_counter()
    merge.action_undo()
    undo = time.perf_counter() - started
    return f"{merge.row_count} rows, {lines} lines; taken back in {undo:.1f} s"
