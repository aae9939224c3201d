import threading
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

COUNT = 30


@tagged("post_install", "-at_install")
class TestSlaConcurrency(BaseCase):
    """# V4: two workers find the same breaches at the same moment, on two real
    connections with real commits."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.env() as env:
            policy = env["crm.service.sla.policy"].create(
                {
                    "name": "Concurrent",
                    "sequence": 1,
                    "state": "ok",
                    "domain": "[('name', '=', 'Concurrent')]",
                    "hours": "always",
                    "first_response_minutes": 10,
                    "resolution_minutes": 60,
                }
            )
            team = env["crm.service.team"].create(
                {"name": "Concurrent", "user_id": env.ref("base.user_admin").id}
            )
            tickets = env["crm.service.ticket"].create(
                [{"name": "Concurrent", "team_id": team.id}] * COUNT
            )
            long_ago = fields.Datetime.now() - timedelta(days=2)
            env.cr.execute(
                "UPDATE crm_service_sla_clock SET start = %s, since = %s, check_at = %s"
                " WHERE ticket_id = ANY(%s)",
                [long_ago, long_ago, long_ago, tickets.ids],
            )
            self.ids, self.policy_id, self.team_id = tickets.ids, policy.id, team.id
        self.addCleanup(self.remove)

    def env(self):
        return self.Connection(self.registry)

    class Connection:
        """An environment of its own connection, committed at the end."""

        def __init__(self, registry):
            self.cr = registry.cursor()

        def __enter__(self):
            return api.Environment(self.cr, SUPERUSER_ID, {})

        def __exit__(self, kind, value, trace):
            if not kind:
                self.cr.commit()
            self.cr.close()

    def remove(self):
        with self.env() as env:
            env["mail.activity"].search(
                [("res_model", "=", "crm.service.ticket"), ("res_id", "in", self.ids)]
            ).unlink()
            env["crm.service.ticket"].browse(self.ids).unlink()
            env["crm.service.sla.policy"].browse(self.policy_id).unlink()
            env["crm.service.team"].browse(self.team_id).unlink()

    def test_a_breach_is_noted_and_told_once(self):
        """# V4: both workers begin before either has committed; one finds the
        tickets in the other's hands, and nothing is noted, told or handed up twice."""
        begun, errors, done = threading.Barrier(2), [], []

        def work():
            for _attempt in range(5):
                try:
                    with self.env() as env:
                        now = fields.Datetime.now()
                        tickets = env["crm.service.ticket"]
                        if not done:
                            begun.wait(timeout=30)
                        while tickets._sla_process_batch(now):
                            pass
                        done.append(True)
                    return
                except psycopg2.errors.SerializationFailure:
                    continue  # Odoo starts such a transaction anew
                except Exception as error:  # noqa: BLE001 - told by the main thread
                    errors.append(error)
                    return

        threads = [threading.Thread(target=work) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=90)
        self.assertEqual(errors, [])
        with self.env() as env:
            events = env["crm.service.sla.event"].search(
                [("ticket_id", "in", self.ids), ("percent", "=", 100)]
            )
            self.assertEqual(len(events), 2 * COUNT)  # first response and resolution
            self.assertFalse(any(events.mapped("escalate")))
            keys = [
                (notice.event_id, notice.user_id)
                for notice in env["crm.service.sla.notice"].search(
                    [("ticket_id", "in", self.ids)]
                )
            ]
            self.assertEqual(len(keys), len(set(keys)))
            tickets = env["crm.service.ticket"].browse(self.ids)
            self.assertEqual(set(tickets.mapped("sla_state")), {"breached"})
            self.assertEqual({len(ticket.handover_ids) for ticket in tickets}, {2})

    def test_the_database_knows_each_event_once(self):
        """# V4: whoever comes by another way is stopped by the index."""
        row = (
            self.ids[0],
            self.policy_id,
            "resolution",
            0,
            80,
            fields.Datetime.now(),
            False,
        )
        with self.env() as env:
            events = env["crm.service.sla.event"]
            self.assertEqual(len(events._note([row])), 1)
            self.assertEqual(len(events._note([row])), 0)
