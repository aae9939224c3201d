"""What the record rule on customers costs PostgreSQL, as its own plan shows."""

from __future__ import annotations

from typing import Any

from bench.harness import WITH, Run, scenario


def plan(run: Run, query: Any) -> dict[str, Any]:
    """Return PostgreSQL's plan of a query, as executed."""
    from odoo.tools import SQL

    explain = SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) %s", query)
    run.env.cr.execute(explain)
    return run.env.cr.fetchone()[0][0]


def walk(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a node of a plan and all below it."""
    return [node, *(found for child in node.get("Plans", []) for found in walk(child))]


def check(name: str, executed: dict[str, Any]) -> str:
    """Return a line on a plan.

    :raise AssertionError: when partners are scanned whole more than once
    """
    nodes = walk(executed["Plan"])
    scans = [node for node in nodes if node.get("Relation Name") == "res_partner"]
    for node in scans:
        whole = node["Node Type"] == "Seq Scan"
        assert not (whole and node["Actual Loops"] > 1), f"{name}: nested full scan"
    kinds = ", ".join(
        f"{node['Node Type']} {node.get('Index Name', '')}".strip()
        for node in nodes
        if "Scan" in node["Node Type"]
    )
    return f"{name}: {executed['Execution Time']:.1f} ms, {kinds}"


@scenario(
    "record rule of a rep, plans", users=("rep",), limit=None, rounds=1, runs_on=(WITH,)
)
def rule_plans(run: Run) -> str:
    """The list's first page, the count, and a rep's own customers."""
    from odoo.tools import SQL

    partners = run.env["res.partner"]
    page = partners._search([("is_company", "=", True)], limit=80).select()
    everything = partners._search([]).select(SQL("count(*)"))
    own = partners._search([("user_id", "=", run.env.uid)], limit=80).select()
    return "\n".join(
        [
            check("first page of the list", plan(run, page)),
            check("count of all the rep may see", plan(run, everything)),
            check("the rep's own customers", plan(run, own)),
        ]
    )
