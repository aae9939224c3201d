"""Giving leads to people: Odoo's own assignment against ours, on the same leads.

Without us ``_action_assign_leads`` of the teams does the work, as its daily job; with
us the ordered rules do, log and notices included. BENCH_ASSIGN_LEADS sets the number
of leads.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.harness import WITHOUT, Run, scenario

LEADS = int(os.environ.get("BENCH_ASSIGN_LEADS", "5000"))
TEAMS = 5
QUERIES_PER_LEAD = 0.5


@contextmanager
def no_commit() -> Iterator[None]:
    """Odoo's assignment commits as it goes, unless it believes in a test."""
    from odoo.modules import module

    module.current_test = "bench"
    try:
        yield
    finally:
        module.current_test = False


def make_teams(run: Run) -> Any:
    """Return teams with the reps as members, one team for each amount."""
    env = run.env(su=True)
    reps = env["res.users"].search([("login", "=like", "rep%")], order="id")
    env["crm.team.member"].search([]).unlink()
    env["crm.team"].search([]).assignment_optout = True
    teams = env["crm.team"].create(
        [
            {
                "name": f"Team {number}",
                "use_leads": True,
                "assignment_domain": str([("expected_revenue", "=", number)]),
            }
            for number in range(TEAMS)
        ]
    )
    env["crm.team.member"].create(
        [
            {
                "user_id": rep.id,
                "crm_team_id": teams[number % TEAMS].id,
                "assignment_max": LEADS * 30,
            }
            for number, rep in enumerate(reps)
        ]
    )
    return teams


def make_leads(run: Run) -> Any:
    """Return leads without owner, an equal part for each team."""
    env = run.env(su=True)
    env["ir.config_parameter"].set_param("crm_sales_process.assignment_by_rules", False)
    leads = env["crm.lead"].with_context(tracking_disable=True)
    created = leads.create(
        [
            {
                "name": f"Lead {number}",
                "type": "lead",
                "user_id": False,
                "team_id": False,
                "email_from": f"lead{number}@new{number}.example",
                "expected_revenue": number % TEAMS,
            }
            for number in range(LEADS)
        ]
    )
    # all that a commit of the intake writes: it is no part of the assignment
    env.cr.flush()
    return created.with_context(tracking_disable=False)


def make_rules(run: Run, teams: Any) -> None:
    """One rule for each team, its members in turn."""
    run.env(su=True)["crm.lead.assignment.rule"].create(
        [
            {
                "name": team.name,
                "sequence": number,
                "domain": team.assignment_domain,
                "team_id": team.id,
                "member_ids": [
                    (0, 0, {"user_id": user.id}) for user in team.member_ids
                ],
            }
            for number, team in enumerate(teams)
        ]
    )


@scenario(
    "assignment of leads", users=("admin",), limit=0.1, extra_queries=None, rounds=1
)
def assignment(run: Run) -> str:
    """All leads in one batch.

    :raise RuntimeError: when leads are left over or ours asks too many queries
    """
    teams = make_teams(run)
    leads = make_leads(run)
    if run.side == WITHOUT:
        parameters = run.env(su=True)["ir.config_parameter"]
        parameters.set_param("crm.lead.auto.assignment", True)
        with no_commit(), run.clock():
            teams._action_assign_leads(force_quota=True, creation_delta_days=0)
            # what a commit would write as well: messages of tracking
            run.env.cr.flush()
    else:
        make_rules(run, teams)
        with run.clock():
            run.env["crm.lead.assigner"]._assign(leads, "batch")
            run.env.cr.flush()
    left = leads.exists().filtered(lambda lead: not lead.user_id)
    if left:
        raise RuntimeError(f"{len(left)} of {LEADS} leads have no owner")
    if run.side != WITHOUT and run.queries > QUERIES_PER_LEAD * LEADS:
        raise RuntimeError(f"{run.queries} queries for {LEADS} leads")
    return (
        f"{run.side}: {LEADS} leads, {run.queries / LEADS:.2f} queries and "
        f"{run.seconds / LEADS * 1000:.2f} ms a lead"
    )
