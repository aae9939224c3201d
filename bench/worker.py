"""The process that runs scenarios on one database, told what by its input.

Each line of input is a JSON object; each gets one line of JSON in answer:
``{"list": true}`` describes the scenarios, ``{"fill": 100000}`` fills the database,
``{"run": name, "user": "rep", "number": 1}`` runs a scenario, ``{"let_in": "word"}``
gives the reps a password.
Odoo's log goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "scripts")]

import odoo
from odoo.modules.registry import Registry
from odoo.tools import config

from bench import fill, harness


class Worker:
    """One database with its registry."""

    def __init__(self, database: str, side: str, size: int) -> None:
        """Load the registry."""
        self.registry = Registry(database)
        self.side = side
        self.size = size
        self.scenarios = harness.load_scenarios()

    def answer(self, order: dict[str, Any]) -> dict[str, Any]:
        """Do what one line of input says."""
        if "list" in order:
            return {name: found.describe() for name, found in self.scenarios.items()}
        if "fill" in order:
            with self.registry.cursor() as cr:
                fill.fill(
                    odoo.api.Environment(cr, odoo.SUPERUSER_ID, {}), order["fill"]
                )
            return {"filled": order["fill"]}
        if "let_in" in order:
            with self.registry.cursor() as cr:
                env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
                reps = env["res.users"].search([("login", "=like", "rep%")])
                reps.password = order["let_in"]
            return {"let_in": len(reps)}
        return self._run(self.scenarios[order["run"]], order["user"], order["number"])

    def _run(
        self, scenario: harness.Scenario, user: str, number: int
    ) -> dict[str, Any]:
        """Run a scenario in a transaction that is rolled back."""
        with self.registry.cursor() as cr:
            env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
            login = {"admin": "admin", "rep": "rep1"}[user]
            user_id = env["res.users"].search([("login", "=", login)]).id
            env = odoo.api.Environment(
                cr, user_id, {"lang": "zh_CN", "tz": "Asia/Shanghai"}
            )
            try:
                run = harness.Run(env, self.side, self.size, number)
                return harness.measure(scenario, run)
            finally:
                cr.rollback()


def main() -> None:
    """Serve the orders on standard input until it ends."""
    config.parse_config(
        ["--no-http", "--log-level=warn", *sys.argv[4:]], setup_logging=True
    )
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    worker = Worker(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    for line in sys.stdin:
        print(json.dumps(worker.answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
