"""The pipeline in daily use: create leads, move them, look at kanban and list.

Each side is filled once with as many leads as partners, by SQL, before its first
scenario here is measured; the transaction that measures rolls back, so the filling
is committed by a cursor of its own.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from bench.harness import Run, scenario

MOVED = 500
COLUMNS = 4
# 4 of 5 leads are open; 20 reps own them, so a rep has one in twenty
_FILL = """
INSERT INTO crm_lead ({columns})
SELECT {values}
  FROM generate_series(1, %(size)s) g
"""


def ensure_leads(run: Run) -> None:
    """Fill the database with leads, unless that has been done."""
    with run.env.registry.cursor() as cr:
        env = run.env(cr=cr, user=1)
        cr.execute("SELECT count(*) FROM crm_lead")
        if cr.fetchone()[0] >= run.size:
            return
        _insert_leads(env, run.size)
        if "crm.lead.stage.move" in env:
            from odoo.addons.crm_sales_process.hooks import _rebuild_history

            _rebuild_history(env)
            cr.execute("ANALYZE crm_lead_stage_move")
        cr.execute("ANALYZE crm_lead")
    # a snapshot older than the leads would not see them
    run.env.cr.commit()
    run.env.invalidate_all()


def _insert_leads(env: Any, size: int) -> None:
    """Insert the leads by SQL; both sides get the same."""
    stages = env["crm.stage"].search([("is_won", "=", False)], order="id", limit=3)
    reps = env["res.users"].search([("login", "=like", "rep%")])
    team = env["crm.team"].search([("name", "=", "Bench")], limit=1)
    newest = env["res.partner"].search([], order="id desc", limit=1).id
    values = {
        "name": "'项目 ' || g",
        "type": "'opportunity'",
        "active": "g %% 5 > 0",
        "user_id": "(%(reps)s::int[])[1 + g %% cardinality(%(reps)s::int[])]",
        "team_id": "%(team)s",
        "stage_id": "(%(stages)s::int[])[1 + g %% cardinality(%(stages)s::int[])]",
        "partner_id": "%(partner)s + (g %% 1000) / 7 * 10",
        # another one than the owner's: no rep has leads of one priority only
        "priority": "((g / 20) %% 4)::text",
        "expected_revenue": "1000 * (g %% 500)",
        "probability": "CASE WHEN g %% 5 > 0 THEN 10 + g %% 80 ELSE 0 END",
        "automated_probability": "CASE WHEN g %% 5 > 0 THEN 10 + g %% 80 ELSE 0 END",
        "won_status": "CASE WHEN g %% 5 > 0 THEN 'pending' ELSE 'lost' END",
        "color": "0",
        "create_uid": "1",
        "write_uid": "1",
        "create_date": "now() - (g %% 300) * interval '1 day'",
        "write_date": "now()",
        "date_last_stage_update": "now() - (g %% 60) * interval '1 day'",
        "date_closed": "CASE WHEN g %% 5 = 0 THEN now() END",
    }
    env.cr.execute(
        _FILL.format(columns=", ".join(values), values=", ".join(values.values())),
        {
            "size": size,
            "reps": reps.ids,
            "team": team.id,
            "stages": stages.ids,
            "partner": newest - newest % 10 - 2000,
        },
    )


def new_lead(run: Run, number: int) -> dict[str, Any]:
    """Return the values a person types for a new opportunity."""
    return {
        "name": f"新项目 {run.number}-{number}",
        "type": "opportunity",
        "partner_name": f"新客户{run.number}-{number}有限公司",
        "email_from": f"info{run.number}-{number}@neu.example",
        "phone": f"025-8{run.number % 1000:03d}{number:04d}",
        "user_id": run.env.uid,
        "expected_revenue": 5000,
    }


@scenario("lead create 1", limit=1.25, extra_queries=12)
def create_one(run: Run) -> None:
    """An opportunity typed in a form, with all that is written before the commit."""
    ensure_leads(run)
    values = new_lead(run, 0)
    with run.clock():
        run.env["crm.lead"].create(values)
        run.env.cr.flush()


@scenario("lead create 100", limit=1.25, extra_queries=14)
def create_hundred(run: Run) -> None:
    """A batch, as an integration sends it, with all that is written before the
    commit."""
    ensure_leads(run)
    values = [new_lead(run, number) for number in range(100)]
    with run.clock():
        run.env["crm.lead"].create(values)
        run.env.cr.flush()


@scenario(
    "lead stage move 500", users=("admin",), limit=1.15, extra_queries=16, rounds=3
)
def move_stage(run: Run) -> None:
    """Five hundred deals of one stage into the next, by mass edit, with all that is
    written before the commit: Odoo's messages, our history."""
    ensure_leads(run)
    first, second = run.env["crm.stage"].search(
        [("is_won", "=", False)], order="id", limit=2
    )
    leads = run.env["crm.lead"].search(
        [("stage_id", "=", first.id)], limit=MOVED, order="id"
    )
    with run.clock():
        leads.write({"stage_id": second.id})
        run.env.cr.flush()


def specification(run: Run, kind: str, view: str) -> dict[str, Any]:
    """Return what the web client asks for to show a view of leads."""
    arch = run.env["crm.lead"].get_view(run.env.ref(view).id, view_type=kind)["arch"]
    fields = run.env["crm.lead"]._fields
    answer: dict[str, Any] = {}
    for name in etree.fromstring(arch).xpath("//field[not(ancestor::field)]/@name"):
        relational = fields[name].type == "many2one"
        many = fields[name].type in ("many2many", "one2many")
        answer[name] = {"fields": {"display_name": {}}} if relational or many else {}
    return answer


@scenario("pipeline kanban", limit=1.15)
def pipeline_kanban(run: Run) -> None:
    """The pipeline by stage: the columns with their sums and their first cards."""
    ensure_leads(run)
    leads = run.env["crm.lead"]
    wanted = specification(run, "kanban", "crm.crm_case_kanban_view_leads")
    domain = [("type", "=", "opportunity")]
    # as many columns on both sides: ours has a stage more than Odoo's
    stages = leads.env["crm.stage"].search([], limit=COLUMNS)
    with run.clock():
        leads.formatted_read_group(
            domain, ["stage_id"], ["__count", "expected_revenue:sum"]
        )
        for stage in stages:
            leads.web_search_read(
                [*domain, ("stage_id", "=", stage.id)],
                wanted,
                limit=80,
                count_limit=10001,
            )


@scenario("pipeline list", limit=1.15)
def pipeline_list(run: Run) -> None:
    """The list of opportunities: 80 rows."""
    ensure_leads(run)
    wanted = specification(run, "list", "crm.crm_case_tree_view_oppor")
    with run.clock():
        run.env["crm.lead"].web_search_read(
            [("type", "=", "opportunity")], wanted, limit=80, count_limit=10001
        )


@scenario("funnel screen", limit=None, extra_queries=None, runs_on=("with",))
def funnel_screen(run: Run) -> None:
    """The funnel over all deals, from the stage history."""
    ensure_leads(run)
    with run.clock():
        run.env["crm.stage.report"].get_funnel(months=0)


@scenario("probability check", limit=None, extra_queries=None, runs_on=("with",))
def probability_check(run: Run) -> None:
    """Brier scores and reliability over all closed deals."""
    ensure_leads(run)
    with run.clock():
        run.env["crm.stage.report"].get_accuracy(months=0)
