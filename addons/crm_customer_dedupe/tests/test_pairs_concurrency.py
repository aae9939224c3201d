import threading

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

NAME = "上海恒策双生信息技术有限公司"


@tagged("post_install", "-at_install")
class TestPairsConcurrency(BaseCase):
    """# C4 B2: two people at one pair, on two connections."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)
        with self.registry.cursor() as cr:
            env = self.connect(cr)
            customers = env["res.partner"].create(
                [
                    {"name": NAME, "is_company": True, "lifecycle_state": "potential"}
                    for _time in range(2)
                ]
            )
            env.flush_all()
            pairs = env["crm.customer.pair"]
            pairs._make_keys(customers.ids)
            pairs._make_pairs(customers.ids)
            pair = pairs.search([("one_id", "in", customers.ids)])
            self.pair_id, self.ids = pair.id, customers.ids
        self.assertTrue(self.pair_id)

    def connect(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def remove(self):
        with self.registry.cursor() as cr:
            env = self.connect(cr)
            partners = env["res.partner"].with_context(active_test=False)
            partners.search([("name", "=", NAME)]).unlink()

    def pair(self, cr):
        return self.connect(cr)["crm.customer.pair"].browse(self.pair_id)

    def test_who_meets_somebody_at_it_hears_so(self):
        with self.registry.cursor() as one, self.registry.cursor() as other:
            self.pair(one).say_different("Two")
            with self.assertRaisesRegex(UserError, "right now"):
                self.pair(other).merge_into(self.ids[0])
            other.rollback()
            one.commit()
            with self.assertRaisesRegex(UserError, "decided on this pair already"):
                self.pair(other).merge_into(self.ids[0])

    def test_a_into_b_while_b_into_a(self):
        """One wins; the other loses nothing and hears it."""
        begin, results = threading.Barrier(2), []

        def merge(keep):
            with self.registry.cursor() as cr:
                pair = self.pair(cr)
                pair.state  # noqa: B018  # its picture of the database is taken
                begin.wait(30)
                try:
                    pair.merge_into(keep)
                    cr.commit()
                    results.append("merged")
                except (UserError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                    cr.rollback()
                    results.append("lost")

        with mute_logger("odoo.sql_db"):
            threads = [threading.Thread(target=merge, args=(id_,)) for id_ in self.ids]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        self.assertEqual(sorted(results), ["lost", "merged"])
        with self.registry.cursor() as cr:
            pair = self.pair(cr)
            left = self.connect(cr)["res.partner"].browse(self.ids).filtered("active")
            self.assertEqual((pair.state, pair.one_id, len(left)), ("merged", left, 1))

    def test_a_night_that_meets_a_decision_does_not_undo_it(self):
        with self.registry.cursor() as one, self.registry.cursor() as other:
            pairs = self.connect(one)["crm.customer.pair"]
            one.execute("SELECT 1")  # its picture of the database is taken
            self.pair(other).say_different("Two")
            other.commit()
            with mute_logger("odoo.sql_db"):
                try:
                    pairs._make_pairs(self.ids)
                    one.commit()
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    one.rollback()
        with self.registry.cursor() as cr:
            self.assertEqual(self.pair(cr).state, "different")
