"""Tickets against plain Odoo's leads: creating a hundred, the list, the board, the
counters.

Without us the same is done with leads: there is no ticket in Odoo Community. Both
tables hold as many rows as there are partners, filled by SQL; a ticket of ours is given
to an agent by the team, a lead of Odoo's stays with who enters it. On our side an agent
made for this stands in for the rep: a rep who became an agent would see more, also in
all other scenarios.
"""

from __future__ import annotations

from typing import Any

from bench.harness import WITHOUT, Run, scenario
from bench.scenarios.sales_process import ensure_leads, new_lead

AGENTS = 20
AGENT = "bench_agent"
_FILL = """
INSERT INTO crm_service_ticket ({columns})
SELECT {values}
  FROM generate_series(1, %(size)s) g
"""
LIST = {
    "name": {},
    "partner_id": {"fields": {"display_name": {}}},
    "user_id": {"fields": {"display_name": {}}},
    "team_id": {"fields": {"display_name": {}}},
    "stage_id": {"fields": {"display_name": {}}},
    "tag_ids": {"fields": {"display_name": {}, "color": {}}},
    "priority": {},
    "create_date": {},
    "activity_ids": {"fields": {}},
    "activity_state": {},
}


def ensure_tickets(run: Run) -> None:
    """Fill leads on both sides, and as many tickets on ours; once."""
    ensure_leads(run)
    if run.side == WITHOUT:
        return
    with run.env.registry.cursor() as cr:
        env = run.env(cr=cr, user=1)
        cr.execute("SELECT count(*) FROM crm_service_ticket")
        if cr.fetchone()[0] >= run.size:
            return
        _insert_tickets(env, run.size, _ensure_team(env))
        cr.execute("ANALYZE crm_service_ticket")
    # a snapshot older than the tickets would not see them
    run.env.cr.commit()
    run.env.invalidate_all()


def _ensure_team(env: Any) -> Any:
    """Return the team, which gives tickets out in turn to its agents."""
    team = env["crm.service.team"].search([("name", "=", "Bench")], limit=1)
    if team:
        return team
    team = env["crm.service.team"].create(
        {"name": "Bench", "assignment_method": "turn", "sequence": 0}
    )
    env["crm.service.team.member"].create(
        [{"team_id": team.id, "user_id": user.id} for user in _make_agents(env)]
    )
    return team


def _make_agents(env: Any) -> Any:
    """Create the users who answer tickets."""
    groups = ("base.group_user", "crm_customer_center.group_service_agent")
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Agent {number}",
                    "login": f"{AGENT}{number}",
                    "group_ids": [(6, 0, [env.ref(name).id for name in groups])],
                }
                for number in range(AGENTS)
            ]
        )
    )


def worker_env(run: Run) -> Any:
    """Return the environment of who works here: with tickets, an agent instead of the
    rep."""
    env = run.env
    if run.side == WITHOUT or not env.user.login.startswith("rep"):
        return env
    agent = env["res.users"].sudo().search([("login", "=", f"{AGENT}1")])
    return env(user=agent.id)


def _insert_tickets(env: Any, size: int, team: Any) -> None:
    stages = env["crm.service.stage"].search([], order="sequence")
    # customers only: what other scenarios rolled back left gaps before the agents' own
    customers = [("partner_share", "=", True)]
    newest = env["res.partner"].search(customers, order="id desc", limit=1).id
    partner = "%(partner)s + (g %% 1000) / 7 * 10"
    values = {
        "name": "'设备 ' || g",
        "number": "'B' || g",
        "active": "TRUE",
        "type_id": str(env.ref("crm_service_ticket.type_fault").id),
        "ticket_type": "'fault'",
        "channel": "'email'",
        "level": "'agent'",
        # in runs, as those of the leads: a page has as many customers as theirs
        "priority": "((g / 20) %% 3)::text",
        "team_id": "%(team)s",
        "user_id": "(%(users)s::int[])[1 + g %% cardinality(%(users)s::int[])]",
        "stage_id": "(%(stages)s::int[])[1 + g %% cardinality(%(stages)s::int[])]",
        "state": "(%(states)s::text[])[1 + g %% cardinality(%(states)s::text[])]",
        "company_id": "%(company)s",
        "partner_id": partner,
        "customer_id": partner,
        "guard_user_id": "(SELECT customer_owner_id FROM res_partner p WHERE p.id = "
        f"{partner})",
        "reopen_count": "0",
        "satisfaction_score": "0",
        "create_uid": "1",
        "write_uid": "1",
        "create_date": "now() - (g %% 300) * interval '1 day'",
        "write_date": "now()",
        "date_last_stage_update": "now() - (g %% 60) * interval '1 day'",
    }
    env.cr.execute(
        _FILL.format(columns=", ".join(values), values=", ".join(values.values())),
        {
            "size": size,
            "team": team.id,
            "users": team.member_ids.user_id.ids,
            "stages": stages.ids,
            "states": stages.mapped("state"),
            "company": env.company.id,
            "partner": newest - newest % 10 - 2000,
        },
    )


def model_of(run: Run) -> Any:
    """Return leads without us, tickets with us."""
    name = "crm.lead" if run.side == WITHOUT else "crm.service.ticket"
    return worker_env(run)[name]


def mine(run: Run) -> list:
    """Return the domain of open ones; a rep looks at the own ones first."""
    domain = (
        [("type", "=", "opportunity")]
        if run.side == WITHOUT
        else [("state", "in", ("pending", "in_progress", "waiting"))]
    )
    env = worker_env(run)
    if env.user.login != "admin":
        domain.append(("user_id", "=", env.uid))
    return domain


def new_ticket(run: Run, number: int) -> dict[str, Any]:
    """Return the values of a new ticket, as a form or an integration sends them."""
    return {
        "name": f"新问题 {run.number}-{number}",
        "partner_name": f"新客户{run.number}-{number}",
        "partner_email": f"info{run.number}-{number}@neu.example",
        "partner_phone": f"025-8{run.number % 1000:03d}{number:04d}",
        "ticket_type": "fault",
    }


@scenario("ticket create 100", limit=1.0, extra_queries=0)
def create_hundred(run: Run) -> None:
    """A hundred tickets with customer search, number and agent, against a hundred
    leads; with all that is written before the commit."""
    ensure_tickets(run)
    if run.side == WITHOUT:
        values = [new_lead(run, number) for number in range(100)]
    else:
        values = [new_ticket(run, number) for number in range(100)]
    model = model_of(run)
    with run.clock():
        model.create(values)
        run.env.cr.flush()


@scenario("ticket list", limit=1.2, extra_queries=2)
def read_list(run: Run) -> None:
    """The first page of the list, with its count."""
    ensure_tickets(run)
    model, domain = model_of(run), mine(run)
    with run.clock():
        model.web_search_read(domain, LIST, limit=80, count_limit=10001)


@scenario("ticket kanban", limit=1.2, extra_queries=2)
def read_board(run: Run) -> None:
    """The columns of the board with their cards."""
    ensure_tickets(run)
    model, domain = model_of(run), mine(run)
    with run.clock():
        model.with_context(read_group_expand=True).web_read_group(
            domain,
            ["stage_id"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=LIST,
            unfold_read_default_limit=40,
        )


@scenario("ticket counters", limit=1.2, extra_queries=2)
def counters(run: Run) -> None:
    """How many are mine, and how many have nobody."""
    ensure_tickets(run)
    model, domain = model_of(run), mine(run)
    with run.clock():
        model.search_count([*domain, ("user_id", "=", model.env.uid)])
        model.search_count([*domain, ("user_id", "=", False)])
        model.formatted_read_group(domain, ["priority"], ["__count"])
