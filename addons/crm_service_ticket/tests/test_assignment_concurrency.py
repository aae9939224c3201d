from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

NAME = "Given out at the same moment"
WORKERS, EACH = 4, 10


@tagged("post_install", "-at_install")
class TestAssignmentConcurrency(BaseCase):
    """# V7: tickets created at once on real connections, with real commits."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            users = env["res.users"].create(
                [
                    {"name": login, "login": login}
                    for login in ("at_once_1", "at_once_2")
                ]
            )
            self.team_id = (
                env["crm.service.team"]
                .create(
                    {
                        "name": NAME,
                        "assignment_method": "turn",
                        "member_ids": [
                            Command.create({"user_id": user.id}) for user in users
                        ],
                    }
                )
                .id
            )

    def remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            team = env["crm.service.team"].browse(self.team_id)
            users = team.member_ids.user_id
            env["crm.service.ticket"].search([("team_id", "=", team.id)]).unlink()
            team.unlink()
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def create_one(self, number):
        """A request, without Odoo's starting anew: a collision would be an error."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            ticket = env["crm.service.ticket"].create(
                {"name": f"{NAME} {number}", "team_id": self.team_id}
            )
            return ticket.user_id.login

    def test_nothing_collides_and_turns_are_kept(self):
        """# V7: not one of the tickets fails, and each gets half."""
        with ThreadPoolExecutor(WORKERS) as workers:
            logins = list(workers.map(self.create_one, range(WORKERS * EACH)))
        half = WORKERS * EACH // 2
        self.assertEqual(Counter(logins), {"at_once_1": half, "at_once_2": half})

    @mute_logger("odoo.sql_db")
    def test_two_runs_at_once_say_once_that_a_ticket_waits(self):
        """# V7: the job and a button; the second looked before the first was done."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            team = env["crm.service.team"].browse(self.team_id)
            team.assignment_method = "manual"
            ticket_id = (
                env["crm.service.ticket"].create({"name": NAME, "team_id": team.id}).id
            )
            team.assignment_method = "turn"
            team.member_ids.paused = True
        with self.registry.cursor() as one, self.registry.cursor() as two:
            two.execute("SELECT 1")  # its snapshot is older than the first's commit
            self.button(one, ticket_id)
            one.commit()
            with self.assertRaises(SerializationFailure):
                self.button(two, ticket_id)
            two.rollback()
            self.button(two, ticket_id)
            two.commit()
            env = api.Environment(two, SUPERUSER_ID, {})
            ticket = env["crm.service.ticket"].browse(ticket_id)
            self.assertEqual(ticket.assignment_ids.mapped("outcome"), ["waiting"])

    def button(self, cr, ticket_id):
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["crm.service.ticket"].browse(ticket_id).action_assign()
        env.flush_all()
