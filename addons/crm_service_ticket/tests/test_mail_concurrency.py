import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

MESSAGE_ID = "<at-the-same-moment@mail.ruida.example>"
MAIL = f"""\
From: Ms Li <li@concurrent.example>
To: nobody@concurrent.example
Subject: Twice at the same moment
Message-ID: {MESSAGE_ID}
Date: Mon, 02 Mar 2026 10:00:00 +0800

Please help.
"""


@tagged("post_install", "-at_install")
class TestMailConcurrency(BaseCase):
    """# V2: two deliveries of one mail, on two real connections with real commits."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)

    def cursor(self):
        cr = self.registry.cursor()
        self.addCleanup(cr.close)
        return cr

    def deliver(self, cr):
        """What the mail gate does, in a transaction that is not yet committed."""
        env = api.Environment(cr, SUPERUSER_ID, {})
        ticket_id = env["mail.thread"].message_process("crm.service.ticket", MAIL)
        env.flush_all()
        return ticket_id

    def count(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return env["crm.service.ticket"].search_count(
                [("email_normalized", "=", "li@concurrent.example")]
            )

    def remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["crm.service.ticket"].search(
                [("email_normalized", "=", "li@concurrent.example")]
            ).unlink()
            env["crm.service.mail"].search([("message_id", "=", MESSAGE_ID)]).unlink()

    @mute_logger("odoo.sql_db")
    def test_two_deliveries_at_the_same_moment_make_one_ticket(self):
        """# V2: the second has not seen the first; the database stops it, and tried
        again, as Odoo does with this error, it finds that the mail is there."""
        first, second = self.cursor(), self.cursor()
        second.execute("SELECT 1")  # its snapshot is older than the first's commit
        self.assertTrue(self.deliver(first))
        first.commit()
        with self.assertRaises(psycopg2.errors.SerializationFailure):
            self.deliver(second)
        second.rollback()
        self.assertFalse(self.deliver(second))
        second.commit()
        self.assertEqual(self.count(), 1)

    def test_a_delivery_that_crashed_is_taken_anew(self):
        """# V2: nothing of the first is left, nothing is lost."""
        crashed = self.cursor()
        self.assertTrue(self.deliver(crashed))
        crashed.rollback()
        again = self.cursor()
        self.assertTrue(self.deliver(again))
        again.commit()
        self.assertEqual(self.count(), 1)
