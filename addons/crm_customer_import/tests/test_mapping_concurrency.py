import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

SIGNATURE = "two at once"


@tagged("post_install", "-at_install")
class TestMappingConcurrency(BaseCase):
    """# C8 B2: two imports of lists with the same new titles, on two connections."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)

    def connect(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {})
        return env["crm.customer.import.mapping"], env.company

    def remove(self):
        with self.registry.cursor() as cr:
            mappings, _company = self.connect(cr)
            mappings.search([("signature", "=", SIGNATURE)]).unlink()

    def test_the_second_does_not_fail_on_the_first(self):
        """It is told to begin anew, which Odoo does by itself, and counts."""
        with self.registry.cursor() as one, self.registry.cursor() as other:
            first, company = self.connect(one)
            second, _company = self.connect(other)
            other.execute("SELECT 1")  # its picture of the database is taken
            first._remember(company, SIGNATURE, {"name": "name"})
            one.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                second._remember(company, SIGNATURE, {"name": "ref"})
            other.rollback()
            second._remember(company, SIGNATURE, {"name": "ref"})
            self.assertEqual(second._recall(company, SIGNATURE), {"name": "ref"})
            other.commit()
