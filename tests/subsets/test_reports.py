"""The dashboards without this or that part of the suite. Rows A8, O2.

Each subset is installed on Odoo's own modules alone, as a company that needs nothing
else has it; then every role opens every dashboard it has.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from devenv import logcheck, template

SUBSETS = {
    "hub": (),
    "service": ("crm_service_sla",),
    "sales": ("crm_sales_process",),
    "followup": ("crm_followup",),
}
# what must have installed itself, and what must not
GLUE = {
    "hub": set(),
    "service": {"crm_reports_service_ticket", "crm_reports_service_sla"},
    "sales": {"crm_reports_sales_process"},
    "followup": {"crm_reports_followup"},
}
ROLES = {
    "group_crm_admin": {"owner", "manager", "marketing", "rep"},
    "group_team_manager": {"manager", "rep"},
    "group_marketing": {"marketing"},
    "group_sales_rep": {"rep"},
    "group_service_manager": set(),
    "group_service_agent": set(),
}
OF_SERVICE = {"group_crm_admin", "group_service_manager", "group_service_agent"}
# a tile that a role finds there because of the subset
TILES = {
    "hub": ("group_sales_rep", "rep", "customers"),
    "service": ("group_service_agent", "service", "open_tickets"),
    "sales": ("group_sales_rep", "rep", "won_revenue"),
    "followup": ("group_sales_rep", "rep", "followups"),
}
OPEN = """
import json
from odoo.tests import new_test_user

def read(user, key):
    data = env["crm.dashboard"].with_user(user).get_dashboard(key, {})
    blocks = data["tiles"] + data["panels"]
    return {
        "bytes": len(env["crm.dashboard"]._workbook(data)),
        "tiles": [one["key"] for one in data["tiles"]],
        "panels": [one["key"] for one in data["panels"]],
        "errors": [one["key"] for one in blocks if one["error"]],
    }

found = {}
for group in %r:
    user = new_test_user(env, group, groups=f"crm_customer_center.{group}")
    mine = env["crm.dashboard"].with_user(user)
    found[group] = {key: read(user, key) for key in mine._dashboards()}
modules = env["ir.module.module"].search([("state", "=", "installed")])
print("FOUND" + json.dumps({
    "roles": found,
    "modules": modules.mapped("name"),
    "kept": env["crm.report.snapshot"].search_count([]),
    "left": modules.search([("state", "like", "to ")]).mapped("name"),
}))
"""


def odoo(*words: str, stdin: str = "") -> str:
    """Run Odoo to its end; return what it printed, and fail for what it logged."""
    done = subprocess.run(
        [sys.executable, os.environ["CRM_SUITE_ODOO"], *words],
        input=stdin,
        text=True,
        capture_output=True,
        check=False,
    )
    assert not done.returncode, done.stderr[-3000:]
    lines = logcheck.offending_lines(done.stderr)
    assert not lines, "\n".join(lines[:10])
    return done.stdout


def opened(cluster, name: str) -> dict:
    """Install a subset and have everybody open everything."""
    database = template.scratch_name(f"subset{name}")
    cluster.clone(os.environ["CRM_SUITE_CORE_TEMPLATE"], database)
    common = ("-d", database, "--no-http", "--log-level=warn")
    try:
        modules = ",".join(("crm_reports", *SUBSETS[name]))
        odoo(*common, "-i", modules, "--stop-after-init")
        text = odoo("shell", *common, stdin=OPEN % [*ROLES])
    finally:
        cluster.drop(database)
    [line] = [line for line in text.splitlines() if line.startswith("FOUND")]
    return json.loads(line.removeprefix("FOUND"))


@pytest.fixture(scope="module")
def found(cluster):
    """What was found in each subset; two are installed at a time."""
    with ThreadPoolExecutor(2) as pool:
        return dict(
            zip(SUBSETS, pool.map(lambda n: opened(cluster, n), SUBSETS), strict=True)
        )


each_subset = pytest.mark.parametrize("name", SUBSETS)


@each_subset
def test_only_what_belongs_there_is_installed(found, name):
    glue = {one for one in found[name]["modules"] if one.startswith("crm_reports_")}
    assert glue == GLUE[name]
    assert not found[name]["left"]
    assert found[name]["kept"], "trends begin with the first day"


@each_subset
def test_each_role_opens_its_dashboards_without_error(found, name):
    for group, expected in ROLES.items():
        mine = found[name]["roles"][group]
        if name == "service" and group in OF_SERVICE:
            expected = expected | {"service"}
        assert set(mine) == expected, group
        for key, data in mine.items():
            assert not data["errors"], (group, key)
            assert data["tiles"], (group, key)
            assert data["panels"], (group, key)
            assert data["bytes"] > 5000, (group, key)


@each_subset
def test_a_role_finds_the_figures_of_the_subset(found, name):
    group, key, tile = TILES[name]
    assert tile in found[name]["roles"][group][key]["tiles"]


@each_subset
def test_no_figure_of_what_is_not_there(found, name):
    for other, (_group, _key, tile) in TILES.items():
        if other not in (name, "hub"):
            for mine in found[name]["roles"].values():
                assert not [key for key, data in mine.items() if tile in data["tiles"]]
