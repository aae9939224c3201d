import importlib.util
from pathlib import Path

from odoo.tests import tagged

from .common import TicketCommon

MIGRATIONS = Path(__file__).parents[1] / "migrations"


class MigrationCase(TicketCommon):
    migrations = MIGRATIONS

    def migrate(self, name):
        file = self.migrations / f"{name}.py"
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

    def test_choices_become_types(self):
        """# V15: tickets, skills and canned answers; who has a type keeps it, and the
        second time nothing happens."""
        cr = self.env.cr
        fine = self.make_type("Fine", self.type("fault"))
        ticket, kept = self.make_ticket(), self.make_ticket(type_id=fine.id)
        skill = self.env["crm.service.skill"].create({"name": "Old"})
        canned = self.env["mail.canned.response"].create(
            {"source": "old", "substitution": "Old"}
        )
        self.env.flush_all()
        cr.execute("ALTER TABLE crm_service_ticket ALTER type_id DROP NOT NULL")
        for table, record in (
            ("crm_service_skill", skill),
            ("mail_canned_response", canned),
        ):
            cr.execute(f"ALTER TABLE {table} ADD COLUMN ticket_type varchar")
            cr.execute(
                f"UPDATE {table} SET ticket_type = 'complaint' WHERE id = {record.id}"
            )
        cr.execute(
            "UPDATE crm_service_ticket SET ticket_type = 'suggestion', type_id = NULL"
            " WHERE id = %s",
            [ticket.id],
        )
        for _time in range(2):
            self.migrate("19.0.1.3.0/post-types")
            self.assertEqual(ticket.type_id, self.type("suggestion"))
            self.assertEqual(kept.type_id, fine)
            self.assertEqual(skill.type_id, self.type("complaint"))
            self.assertEqual(canned.ticket_type_id, self.type("complaint"))
