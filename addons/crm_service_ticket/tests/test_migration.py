import importlib.util
from pathlib import Path

from odoo.tests import tagged

from .common import TicketCommon

MIGRATIONS = Path(__file__).parents[1] / "migrations"


class MigrationCase(TicketCommon):
    def migrate(self, name):
        file = MIGRATIONS / f"{name}.py"
        spec = importlib.util.spec_from_file_location("migration", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.env.flush_all()
        module.migrate(self.env.cr, "19.0.1.0.2")
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMigration(MigrationCase):
    """What former versions stored is read by this one."""

    def test_rows_of_the_assignment_log_get_their_names(self):
        """# V7: once; somebody who is gone is a question mark."""
        ticket = self.make_ticket()
        former = {"share": 0.5, "credit": 0.5, "total": 0, "skipped": ""}
        log = self.env["crm.service.assignment"].create(
            {
                "ticket_id": ticket.id,
                "team_id": self.service.id,
                "user_id": self.agent.id,
                "method": "turn",
                "outcome": "assigned",
                "candidates": [
                    {"key": self.agent.id, **former},
                    {"key": 2**30, **former, "skipped": "leave"},
                ],
            }
        )
        for _time in range(2):
            self.migrate("19.0.1.1.0/post-assignment-log")
            self.assertEqual(
                log.candidates,
                [
                    {"user": self.agent.id, "name": self.agent.name, **former},
                    {"user": 2**30, "name": "?", **former, "skipped": "leave"},
                ],
            )
            self.assertIn("? (on leave)", log.explanation)
