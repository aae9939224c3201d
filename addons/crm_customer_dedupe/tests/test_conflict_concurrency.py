from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestConflictConcurrency(BaseCase):
    """# C18 B2: two questions of one person at the same moment, on two connections."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            user = env["res.users"].create(
                {
                    "name": "Asker",
                    "login": "conflict_asker",
                    "group_ids": [
                        Command.set(env.ref("crm_customer_center.group_sales_rep").ids)
                    ],
                }
            )
            self.user_id = user.id
            self.limit = user.company_id.conflict_query_limit
            user.company_id.conflict_query_limit = 1
        self.addCleanup(self.remove)

    def remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            user = env["res.users"].browse(self.user_id)
            user.company_id.conflict_query_limit = self.limit
            env["crm.conflict.query"].search([("user_id", "=", user.id)]).unlink()
            partner = user.partner_id
            user.unlink()
            partner.unlink()

    def ask(self, cr):
        env = api.Environment(cr, self.user_id, {})
        return env["crm.conflict.query"].ask("没有这个公司有限公司", "work", False)

    def test_the_last_question_is_asked_once(self):
        """The second has read the count before the first was done; it is started anew,
        and finds that nothing is left."""
        with self.registry.cursor() as one, self.registry.cursor() as other:
            other.execute("SELECT count(*) FROM crm_conflict_count")
            self.assertEqual(self.ask(one)["left"], 0)
            one.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(PG_CONCURRENCY_EXCEPTIONS_TO_RETRY),
            ):
                self.ask(other)
            other.rollback()
            with self.assertRaisesRegex(Exception, "used up: 1 a day"):
                self.ask(other)
            other.rollback()
