"""Dashboards and the nightly snapshot over years of deals and follow-ups.

As many leads as partners (see sales_process.py), ten stays in stages and ten follow-ups
for each, as many tickets, by SQL. `limit=None`: there is nothing of Odoo's to compare
with; the scenarios hold their own limits, with plain SQL of the same figures.
"""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path
from typing import Any

from bench.harness import Run, scenario

PER_LEAD = 10
_STAYS = """
INSERT INTO crm_lead_stage_move (lead_id, stage_id, lead_type, entry, ending,
       date_entered, date_left, duration, is_slip, team_id, user_id, expected_revenue)
SELECT lead.id, (%(stages)s::int[])[1 + g %% cardinality(%(stages)s::int[])],
       'opportunity', 'moved', 'moved', entered, entered + interval '1 day', 86400,
       FALSE, lead.team_id, lead.user_id, lead.expected_revenue
  FROM crm_lead lead
 CROSS JOIN generate_series(1, %(more)s) g
 CROSS JOIN LATERAL (SELECT lead.create_date + g * interval '1 day' AS entered) at
"""
_FOLLOWUPS = """
INSERT INTO crm_followup (name, partner_id, customer_id, lead_id, user_id, method, date,
       day, content, origin, is_first_contact, response_hours, guard_user_id,
       is_customer, lead_user_id, lead_team_id, create_date)
SELECT 'B' || lead.id || '-' || g, lead.partner_id, lead.partner_id, lead.id,
       lead.user_id, 'phone', at.moment, at.moment::date, 'Talked about the order.',
       'typed', g = 1, CASE WHEN g = 1 THEN 3 END, lead.user_id, TRUE, lead.user_id,
       lead.team_id, at.moment
  FROM crm_lead lead
 CROSS JOIN generate_series(1, %(count)s) g
 CROSS JOIN LATERAL (SELECT lead.create_date + g * interval '3 days' AS moment) at
"""
_WON = """
UPDATE crm_lead SET won_status = 'won', probability = 100, date_closed =
       create_date + interval '20 days', stage_id = %(won)s
 WHERE id %% 7 = 0 AND won_status = 'pending'
"""
_SOLVED = """
UPDATE crm_service_ticket
   SET first_response_date = create_date + (id %% 9) * interval '1 hour',
       resolved_date = CASE WHEN state IN ('resolved', 'closed')
                            THEN create_date + (id %% 90) * interval '1 hour' END,
       closed_date = CASE WHEN state = 'closed'
                          THEN create_date + (id %% 90) * interval '1 hour' END,
       satisfaction_score = CASE WHEN state = 'closed' THEN 1 + id %% 5 ELSE 0 END
"""
_PROMISES = """
INSERT INTO crm_service_sla_result (ticket_id, clock, cycle, date_from, date_to,
       target, used, used_hours, is_late, met_rate, team_id, user_id, company_id,
       type_id, priority)
SELECT t.id, clock, 1, t.create_date, t.create_date + interval '3 hours', 7200, used,
       used / 3600.0, used > 7200, CASE WHEN used > 7200 THEN 0 ELSE 100 END,
       t.team_id, t.user_id, t.company_id, t.type_id, t.priority
  FROM crm_service_ticket t
 CROSS JOIN unnest(ARRAY['first_response', 'resolution']) clock
 CROSS JOIN LATERAL (SELECT (t.id %% 10) * 1000 AS used) spent
    ON CONFLICT DO NOTHING
"""
_HOURS = """
INSERT INTO crm_service_sla_entry (ticket_id, date_from, date_to, seconds, hours,
       bucket, state, team_id, user_id, company_id)
SELECT t.id, t.create_date, t.create_date + interval '2 hours', 7200, 2, 'working',
       'in_progress', t.team_id, t.user_id, t.company_id
  FROM crm_service_ticket t
 WHERE NOT EXISTS (SELECT FROM crm_service_sla_entry e WHERE e.ticket_id = t.id)
"""
# what the owner's dashboard counts, as somebody would write it by hand
_PLAIN = """
SELECT count(*) FILTER (WHERE create_date >= %(start)s),
       sum(expected_revenue) FILTER (WHERE won_status = 'won'
                                       AND date_closed >= %(start)s),
       count(*) FILTER (WHERE won_status = 'won' AND date_closed >= %(start)s),
       sum(expected_revenue) FILTER (WHERE won_status = 'pending' AND active)
  FROM crm_lead;
SELECT user_id, count(*), sum(expected_revenue) FROM crm_lead
 WHERE won_status = 'won' AND date_closed >= %(start)s GROUP BY 1;
SELECT count(*), avg(response_hours) FILTER (WHERE is_first_contact)
  FROM crm_followup WHERE day >= %(start)s;
SELECT source_id, count(*) FROM crm_lead WHERE create_date >= %(start)s GROUP BY 1;
SELECT user_id, count(*) FROM crm_followup WHERE day >= %(start)s GROUP BY 1;
SELECT lifecycle_state, count(*), count(*) FILTER (WHERE create_date >= %(start)s)
  FROM res_partner WHERE lifecycle_state IS NOT NULL AND active GROUP BY 1;
SELECT count(*) FILTER (WHERE state IN ('pending', 'in_progress', 'waiting')),
       avg(satisfaction_score) FILTER (WHERE satisfaction_score > 0
                                         AND closed_date >= %(start)s)
  FROM crm_service_ticket WHERE merged_into_id IS NULL;
SELECT stage_id, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)
  FROM (SELECT move.lead_id, move.stage_id, sum(move.duration) AS seconds
          FROM crm_lead_stage_move move JOIN crm_lead lead ON lead.id = move.lead_id
         WHERE lead.create_date >= %(start)s GROUP BY 1, 2) stay
 GROUP BY 1
"""
# allowed: what a person waits for, queries beside one per block (what Odoo reads of
# user and company in every request among them), times plain SQL
SECONDS, MORE_QUERIES, RATIO = 1.0, 5, 3


def _sales_process() -> Any:
    """Return the scenarios of the pipeline, whose leads are used here."""
    file = Path(__file__).with_name("sales_process.py")
    spec = importlib.util.spec_from_file_location("bench_sales_process_fill", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ensure_history(run: Run) -> None:
    """Fill the database with stays and follow-ups, unless that has been done."""
    _sales_process().ensure_leads(run)
    with run.env.registry.cursor() as cr:
        env = run.env(cr=cr, user=1)
        cr.execute("SELECT count(*) FROM crm_followup")
        if cr.fetchone()[0] >= run.size:
            return
        stages = env["crm.stage"].search([], order="sequence")
        cr.execute(_WON, {"won": stages.filtered("is_won")[:1].id})
        cr.execute(_STAYS, {"stages": stages.ids, "more": PER_LEAD - 1})
        cr.execute(_FOLLOWUPS, {"count": PER_LEAD})
        for table in ("crm_lead", "crm_lead_stage_move", "crm_followup"):
            cr.execute(f"ANALYZE {table}")
    run.env.cr.commit()
    run.env.invalidate_all()


def ensure_service(run: Run) -> None:
    """Solve the tickets and write what the clock would have written; once."""
    from bench.scenarios.service_ticket import ensure_tickets

    ensure_tickets(run)
    with run.env.registry.cursor() as cr:
        cr.execute("SELECT count(*) FROM crm_service_sla_result")
        if cr.fetchone()[0] >= run.size:
            return
        for statement in (_SOLVED, _PROMISES, _HOURS):
            cr.execute(statement, ())
        for table in ("ticket", "sla_result", "sla_entry"):
            cr.execute(f"ANALYZE crm_service_{table}")
    run.env.cr.commit()
    run.env.invalidate_all()


def _dashboard(
    run: Run, key: str, period: str, is_compared: bool = False, env: Any = None
) -> str:
    """Read a dashboard.

    :param is_compared: with plain SQL of the same, which is not measured
    :param env: of whoever reads it, if it is not the run's own
    :raise AssertionError: above the queries or the multiple of plain SQL allowed
    """
    ensure_history(run)
    ensure_service(run)
    dashboards = (env or run.env)["crm.dashboard"]
    with run.clock():
        data = dashboards.get_dashboard(key, {"period": period})
    blocks = len(data["tiles"]) + len(data["panels"])
    allowed = blocks + MORE_QUERIES
    note = f"{run.queries} queries for {blocks} tiles and panels (at most {allowed})"
    # the first run also reads what Odoo keeps between requests
    is_warm = run.number > 0
    assert not is_warm or run.queries <= allowed, note
    assert not [b for b in data["tiles"] + data["panels"] if b["error"]], "an error"
    if run.seconds > SECONDS:
        note += f"; SLOWER than {SECONDS} s: {run.seconds:.2f} s"
    if is_compared:
        plain = _plain(run, dashboards._question({"period": period}).period.start)
        ratio = run.seconds / plain
        note += (
            f"; plain SQL {plain * 1000:.0f} ms, ratio {ratio:.2f} (at most {RATIO})"
        )
        assert not is_warm or ratio <= RATIO, note
    return note


def _plain(run: Run, start: Any) -> float:
    """Return the seconds of the same figures by hand."""
    started = time.perf_counter()
    for statement in _PLAIN.split(";"):
        run.env.cr.execute(statement, {"start": start})
        run.env.cr.fetchall()
    return time.perf_counter() - started


def _scenario(name: str, user: str = "admin", rounds: int | None = None) -> Any:
    """Register what only our side can do."""
    return scenario(
        name, users=(user,), limit=None, extra_queries=None, rounds=rounds,
        runs_on=("with",),
    )  # fmt: skip


@_scenario("dashboard owner month")
def owner_month(run: Run) -> str:
    """The whole company's dashboard, this month."""
    return _dashboard(run, "owner", "this_month", is_compared=True)


@_scenario("dashboard owner year")
def owner_year(run: Run) -> str:
    """The whole company's dashboard over a year: every lead counts."""
    return _dashboard(run, "owner", "last_365", is_compared=True)


@_scenario("dashboard rep month", "rep")
def rep_month(run: Run) -> str:
    """A rep's own dashboard, with record rules."""
    return _dashboard(run, "rep", "this_month")


@_scenario("dashboard rep year", "rep")
def rep_year(run: Run) -> str:
    """A rep's own dashboard over a year."""
    return _dashboard(run, "rep", "last_365")


@_scenario("dashboard service month")
def service_month(run: Run) -> str:
    """All tickets and promises, this month."""
    return _dashboard(run, "service", "this_month")


@_scenario("dashboard service year")
def service_year(run: Run) -> str:
    """All tickets and promises over a year."""
    return _dashboard(run, "service", "last_365")


@_scenario("dashboard agent year", "rep")
def agent_year(run: Run) -> str:
    """An agent's dashboard, with record rules."""
    from bench.scenarios.service_ticket import worker_env

    ensure_service(run)
    return _dashboard(run, "service", "last_365", env=worker_env(run))


@_scenario("snapshot of a day", rounds=3)
def snapshot(run: Run) -> None:
    """All key figures of yesterday, for every person and team."""
    ensure_history(run)
    ensure_service(run)
    snapshots = run.env["crm.report.snapshot"].sudo()
    company = run.env.company
    with run.clock():
        day = snapshots._yesterday(company)
        snapshots._take(company, day, day)
