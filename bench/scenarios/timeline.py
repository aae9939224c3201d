"""The timeline of one customer with 20 000 events and 2 000 contacts: a page costs the
same wherever it is."""

from __future__ import annotations

import time
from typing import Any

from odoo.tools import SQL

from bench.harness import WITH, Run, scenario

EVENTS = 20_000
CONTACTS = 2_000
PAGES = 100
SPREAD = 0.2  # how much page 100 may differ from page 1
ROUNDS = 9


def busy_customer(run: Run) -> Any:
    """Return a customer of the user's with all its events: six in ten are messages on
    the customer and its contacts, three follow-ups, one on its opportunities."""
    env = run.env(su=True)
    customer, contacts, leads = _family(run, env)
    _write_messages(env, "res.partner", [customer.id] * 1000 + contacts.ids, 6)
    _write_messages(env, "crm.lead", leads.ids, 1)
    _write_followups(env, customer)
    for table in ("mail_message", "crm_followup", "res_partner", "crm_lead"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.invalidate_all()
    return run.env["res.partner"].browse(customer.id)


def _family(run: Run, env: Any) -> tuple[Any, Any, Any]:
    """Return a customer of the user's, its contacts and its opportunities."""
    customer = env["res.partner"].create(
        {
            "name": f"时间线 {run.number}",
            "is_company": True,
            "lifecycle_state": "active",
            "user_id": run.env.uid,
        }
    )
    contacts = env["res.partner"].create(
        [{"name": f"联系人 {n}", "parent_id": customer.id} for n in range(CONTACTS)]
    )
    leads = env["crm.lead"].create(
        [
            {
                "name": f"询价 {n}",
                "type": "opportunity",
                "partner_id": customer.id,
                "user_id": run.env.uid,
            }
            for n in range(100)
        ]
    )
    env.flush_all()
    return customer, contacts, leads


def _write_messages(env: Any, model: str, ids: list[int], tenths: int) -> None:
    """Write comments on the records, as many tenths of all events."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO mail_message (model, res_id, date, message_type, subtype_id,
                                      author_id, body, create_uid, create_date)
            SELECT %s, (%s::int[])[1 + (n * 7919) %% %s],
                   now() AT TIME ZONE 'UTC' - n * INTERVAL '1 hour', 'comment', %s,
                   %s, '<p>' || n || '</p>', %s, now()
              FROM generate_series(1, %s) AS n
            """,
            model,
            ids,
            len(ids),
            env.ref("mail.mt_comment").id,
            env.user.partner_id.id,
            env.uid,
            EVENTS * tenths // 10,
        )
    )


def _write_followups(env: Any, customer: Any) -> None:
    """Write what is left of the events as follow-ups of the user's."""
    followups = EVENTS - EVENTS * 7 // 10
    env.cr.execute(
        SQL(
            """
            INSERT INTO crm_followup (name, partner_id, customer_id, user_id,
                                      guard_user_id, is_customer, method, date, day,
                                      content, origin, create_uid, create_date)
            SELECT 'B' || n, %(customer)s, %(customer)s, %(user)s, %(user)s, TRUE,
                   'phone', now() AT TIME ZONE 'UTC' - n * INTERVAL '2 hours',
                   current_date, 'Bench ' || n, 'typed', %(user)s, now()
              FROM generate_series(1, %(count)s) AS n
            """,
            customer=customer.id,
            user=env.uid,
            count=followups,
        )
    )


def milliseconds(run: Run, customer: Any, cursor: Any) -> float:
    """Return the best time of a few calls of one page."""
    times = []
    for _round in range(ROUNDS):
        run.env.invalidate_all()
        started = time.perf_counter()
        customer.get_customer_timeline(cursor=cursor)
        times.append(time.perf_counter() - started)
    return min(times) * 1000


@scenario(
    "timeline of 20 000 events, page 1 and page 100",
    users=("admin", "rep"), limit=None, rounds=1, runs_on=(WITH,),
)  # fmt: skip
def timeline_pages(run: Run) -> str:
    """Page 100 of the timeline against page 1.

    :raise AssertionError: when one of them costs more than a fifth more
    """
    customer = busy_customer(run)
    cursor: Any = False
    for _page in range(PAGES - 1):
        cursor = customer.get_customer_timeline(cursor=cursor)["cursor"]
    assert cursor, "the timeline has not as many pages"
    first = milliseconds(run, customer, False)
    last = milliseconds(run, customer, cursor)
    with run.clock():
        customer.get_customer_timeline(cursor=cursor)
    started = time.perf_counter()
    customer.get_customer_timeline_kinds()
    kinds = (time.perf_counter() - started) * 1000
    ratio = last / first
    assert ratio <= 1 + SPREAD, f"page {PAGES} costs {ratio:.2f} times page 1"
    return (
        f"{EVENTS} events, {CONTACTS} contacts: page 1 {first:.0f} ms, page {PAGES} "
        f"{last:.0f} ms, ratio {ratio:.2f}; counters of the chips {kinds:.0f} ms"
    )
