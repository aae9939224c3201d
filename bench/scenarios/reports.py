"""Dashboards and the nightly snapshot over years of deals and follow-ups.

As many leads as partners (see sales_process.py), ten stays in stages and ten follow-ups
for each, by SQL. `limit=None`: there is nothing of Odoo's to compare with; the plain
SQL of the same figures is a scenario of its own.
"""

from __future__ import annotations

import importlib.util
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
_PLAIN = """
SELECT count(*) FILTER (WHERE create_date >= %(month)s),
       sum(expected_revenue) FILTER (WHERE won_status = 'won'
                                       AND date_closed >= %(month)s),
       count(*) FILTER (WHERE won_status = 'won' AND date_closed >= %(month)s),
       sum(expected_revenue) FILTER (WHERE won_status = 'pending' AND active)
  FROM crm_lead;
SELECT count(*), avg(response_hours) FILTER (WHERE is_first_contact)
  FROM crm_followup WHERE day >= %(month)s;
SELECT source_id, count(*) FROM crm_lead WHERE create_date >= %(month)s GROUP BY 1;
SELECT user_id, count(*) FROM crm_followup WHERE day >= %(month)s GROUP BY 1;
SELECT move.stage_id, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY duration)
  FROM crm_lead_stage_move move JOIN crm_lead lead ON lead.id = move.lead_id
 WHERE lead.create_date >= %(month)s GROUP BY 1
"""


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


def _dashboard(run: Run, key: str, period: str) -> str:
    ensure_history(run)
    with run.clock():
        data = run.env["crm.dashboard"].get_dashboard(key, {"period": period})
    blocks = len(data["tiles"]) + len(data["panels"])
    return f"{run.queries} queries for {blocks} tiles and panels (at most {blocks + 5})"


@scenario(
    "dashboard owner month",
    users=("admin",),
    limit=None,
    extra_queries=None,
    runs_on=("with",),
)
def owner_month(run: Run) -> str:
    """The whole company's dashboard, this month."""
    return _dashboard(run, "owner", "this_month")


@scenario(
    "dashboard owner year",
    users=("admin",),
    limit=None,
    extra_queries=None,
    runs_on=("with",),
)
def owner_year(run: Run) -> str:
    """The whole company's dashboard over a year: every lead counts."""
    return _dashboard(run, "owner", "last_365")


@scenario(
    "dashboard rep month",
    users=("rep",),
    limit=None,
    extra_queries=None,
    runs_on=("with",),
)
def rep_month(run: Run) -> str:
    """A rep's own dashboard, with record rules."""
    return _dashboard(run, "rep", "this_month")


@scenario(
    "dashboard plain sql",
    users=("admin",),
    limit=None,
    extra_queries=None,
    runs_on=("with",),
)
def plain_sql(run: Run) -> None:
    """What the owner's dashboard counts, as somebody would write it by hand."""
    ensure_history(run)
    month = run.env.company._report_today().replace(day=1)
    with run.clock():
        for statement in _PLAIN.split(";"):
            run.env.cr.execute(statement, {"month": month})
            run.env.cr.fetchall()


@scenario(
    "snapshot of a day",
    users=("admin",),
    limit=None,
    extra_queries=None,
    rounds=3,
    runs_on=("with",),
)
def snapshot(run: Run) -> None:
    """All key figures of yesterday, for every person and team."""
    ensure_history(run)
    snapshots = run.env["crm.report.snapshot"].sudo()
    company = run.env.company
    with run.clock():
        day = snapshots._yesterday(company)
        snapshots._take(company, day, day)
