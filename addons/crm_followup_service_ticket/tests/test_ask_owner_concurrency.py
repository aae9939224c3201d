import threading

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestAskOwnerConcurrency(BaseCase):
    """# V5: two agents ask for the same ticket at the same moment, on two real
    connections with real commits."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            admin = env.ref("base.user_admin")
            partner = env["res.partner"].create(
                {"name": "Asked Twice", "is_company": True, "user_id": admin.id}
            )
            ticket = env["crm.service.ticket"].create(
                {"name": "Asked twice", "partner_id": partner.id}
            )
            self.partner_id, self.ticket_id = partner.id, ticket.id
        self.addCleanup(self.remove)

    def environment(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def remove(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env["crm.service.ticket"].browse(self.ticket_id).unlink()
            self.activities(env).unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def activities(self, env):
        return env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.partner_id)]
        )

    def ask(self, cr):
        ticket = self.environment(cr)["crm.service.ticket"].browse(self.ticket_id)
        return ticket._ask_owner("Call the buyer back", fields.Date.today())

    def test_two_agents_ask_once(self):
        """# V5: both have seen that nobody was asked; the second is stopped, starts
        anew as Odoo does, and is told so."""
        both_have_looked, outcomes = threading.Barrier(2), []

        def ask():
            with self.registry.cursor() as cr:
                ticket = self.environment(cr)["crm.service.ticket"].browse(
                    self.ticket_id
                )
                self.assertFalse(ticket.owner_request_state)
                both_have_looked.wait(timeout=20)
                try:
                    with mute_logger("odoo.sql_db"):
                        self.ask(cr)
                        cr.flush()
                        cr.commit()
                    outcomes.append("asked")
                except SerializationFailure:
                    cr.rollback()
                    outcomes.append("stopped")

        threads = [threading.Thread(target=ask) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        self.assertEqual(sorted(outcomes), ["asked", "stopped"])
        with self.registry.cursor() as cr:
            self.assertEqual(len(self.activities(self.environment(cr))), 1)
            with self.assertRaises(UserError):
                self.ask(cr)
            cr.rollback()
