"""The clock of tickets: creating with it, evaluating many, the job on 50 000."""

from __future__ import annotations

import statistics
import time
from typing import Any

from bench.harness import WITH, WITHOUT, Run, scenario
from bench.scenarios.sales_process import new_lead
from bench.scenarios.service_ticket import ensure_tickets, model_of, new_ticket

EVALUATED = 10_000
OPEN = 50_000
ROUNDS = 7
QUERIES_EACH = 0.1
MILLISECONDS_EACH = 1.0
JOB_LIMIT = 3.0
DUE_EACH = 50

# What the job looks for, as a person would write it with the deadlines on the ticket.
_PLAIN = """
SELECT id FROM crm_service_ticket
 WHERE state IN ('pending', 'in_progress', 'waiting')
   AND (first_response_deadline <= now() AT TIME ZONE 'UTC'
        OR next_response_deadline <= now() AT TIME ZONE 'UTC'
        OR resolution_deadline <= now() AT TIME ZONE 'UTC')
   AND sla_state IS DISTINCT FROM 'breached'
"""


def make_tickets(run: Run, number: int) -> Any:
    """Return as many open tickets with a clock, their first span begun an hour ago."""
    env = run.env(su=True)
    team = env["crm.service.team"].search([], limit=1)
    partner = env["res.partner"].search([("is_company", "=", True)], limit=1)
    stage = env["crm.service.stage"].search([("state", "=", "in_progress")], limit=1)
    env.cr.execute(
        """
        INSERT INTO crm_service_ticket (name, number, active, type_id, ticket_type,
               channel, level, priority, team_id, user_id, stage_id, state, company_id,
               partner_id, reopen_count, satisfaction_score, create_date)
        SELECT '设备 ' || g, 'S' || g, TRUE, %s, 'fault', 'email', 'agent',
               (g %% 3)::text, %s, %s, %s, 'in_progress', %s, %s, 0, 0,
               now() - interval '1 hour'
          FROM generate_series(1, %s) g RETURNING id
        """,
        [
            env.ref("crm_service_ticket.type_fault").id,
            *(team.id, run.env.uid, stage.id, env.company.id, partner.id, number),
        ],
    )
    tickets = env["crm.service.ticket"].browse(row[0] for row in env.cr.fetchall())
    promise_much(run)
    for start in range(0, number, 10_000):
        tickets[start : start + 10_000]._sla_sync()
    env.cr.execute("ANALYZE crm_service_ticket, crm_service_sla_clock")
    return tickets


def promise_much(run: Run) -> None:
    """Let what is promised lie far ahead, so that nothing is due by itself."""
    policies = run.env(su=True)["crm.service.sla.policy"].search([])
    run.env.cr.execute(
        "UPDATE crm_service_sla_policy SET first_response_minutes = 60000,"
        " next_response_minutes = 60000, resolution_minutes = 90000"
    )
    policies.invalidate_model()


def seconds(function: Any) -> float:
    """Return the median time of a few calls, after one that warms up."""
    times = []
    for _round in range(ROUNDS + 1):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


@scenario("SLA: creating 100 tickets with SLA and assignment", limit=1.0,
          extra_queries=None)  # fmt: skip
def create_tickets(run: Run) -> None:
    """A hundred at once; without us a hundred leads."""
    ensure_tickets(run)
    make = new_lead if run.side == WITHOUT else new_ticket
    values = [make(run, number) for number in range(100)]
    model = model_of(run)
    with run.clock():
        records = model.create(values)
    if run.side != WITHOUT:
        assert all(records.sudo().mapped("resolution_deadline")), "no clock"
        assert all(records.mapped("user_id")), "not assigned"


@scenario("SLA: evaluating 10 000 tickets", users=("admin",), limit=None, rounds=1,
          runs_on=(WITH,))  # fmt: skip
def evaluate(run: Run) -> str:
    """All at once: first nothing has happened, then all change their priority.

    :raise AssertionError: above the queries or the time a ticket may take
    """
    tickets = make_tickets(run, EVALUATED)
    with run.clock():
        tickets._sla_sync()
    queries, spent = run.queries / EVALUATED, run.seconds / EVALUATED * 1000
    run.env.invalidate_all()
    started = time.perf_counter()
    before = run.env.cr.sql_log_count
    # the cost of the clock alone: the ticket's own write is measured elsewhere
    run.env.cr.execute(
        "UPDATE crm_service_ticket SET user_id = NULL, priority = '2'"
        " WHERE id = ANY(%s)",
        [tickets.ids],
    )
    tickets._sla_sync()
    changed = (time.perf_counter() - started) / EVALUATED * 1000
    changed_queries = (run.env.cr.sql_log_count - before) / EVALUATED
    for name, value, limit in (
        ("queries", queries, QUERIES_EACH),
        ("queries of a change", changed_queries, QUERIES_EACH),
        ("ms", spent, MILLISECONDS_EACH),
        ("ms of a change", changed, MILLISECONDS_EACH),
    ):
        assert value <= limit, f"{value:.3f} {name} a ticket, {limit} allowed"
    return (
        f"a ticket: {queries:.4f} queries, {spent:.3f} ms; with a line of the ledger "
        f"and new deadlines {changed_queries:.4f} queries, {changed:.3f} ms "
        f"(limits {QUERIES_EACH} and {MILLISECONDS_EACH})"
    )


@scenario("SLA: the job on 50 000 open tickets", users=("admin",), limit=None,
          rounds=1, runs_on=(WITH,))  # fmt: skip
def job(run: Run) -> str:
    """A run on which nothing is due against the plain SQL that finds nothing; then the
    time of one on which some are.

    :raise AssertionError: above the limit, or when a run writes for nothing
    """
    tickets = make_tickets(run, OPEN)
    plain = seconds(lambda: run.env.cr.execute(_PLAIN))
    now = tickets._sla_now()
    with run.clock():
        done = tickets._sla_process_batch(now)
    assert not done, f"{done} were due"
    ours = seconds(lambda: tickets._sla_process_batch(now))
    ratio = ours / plain
    assert ratio <= JOB_LIMIT, f"{ratio:.2f} times plain SQL, {JOB_LIMIT} allowed"
    due = tickets[::DUE_EACH]
    run.env.cr.execute(
        "UPDATE crm_service_sla_clock SET since = since - interval '400 days',"
        " check_at = now() AT TIME ZONE 'UTC' WHERE ticket_id = ANY(%s)",
        [due.ids],
    )
    run.env.invalidate_all()
    started = time.perf_counter()
    done = tickets._sla_process_batch(now)
    spent = time.perf_counter() - started
    return (
        f"nothing due: {ours * 1000:.2f} ms, plain SQL {plain * 1000:.2f} ms, ratio "
        f"{ratio:.2f} (limit {JOB_LIMIT}); {len(due)} breached at once, {done} things "
        f"done: {spent:.2f} s, {spent / max(len(due), 1) * 1000:.2f} ms a ticket"
    )
