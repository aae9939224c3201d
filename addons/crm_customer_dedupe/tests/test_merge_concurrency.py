import threading

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

NAME = "苏州并行仪器有限公司"


@tagged("post_install", "-at_install")
class TestMergeConcurrency(BaseCase):
    """# C4 B2: two people merge customers of which one is the same, on two connections:
    one result, and a clear message."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)
        with self.registry.cursor() as cr:
            partners = self.connect(cr)["res.partner"]
            self.ids = [
                partners.create({"name": f"{NAME}{number}", "is_company": True}).id
                for number in range(4)
            ]

    def connect(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def remove(self):
        with self.registry.cursor() as cr:
            partners = self.connect(cr)["res.partner"].with_context(active_test=False)
            partners.search([("name", "like", NAME)]).unlink()

    def merge(self, ids, keep, results, begin):
        """As a request does: what meets another transaction is tried again."""
        for _time in range(5):
            with self.registry.cursor() as cr:
                env = self.connect(cr)
                env["res.partner"].browse(ids).mapped("name")  # its picture is taken
                begin.wait(30)
                try:
                    wizard = env["base.partner.merge.automatic.wizard"]
                    wizard._merge(ids, env["res.partner"].browse(keep))
                    cr.commit()
                    results.append("merged")
                    return
                except UserError as error:
                    cr.rollback()
                    results.append(str(error))
                    return
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    cr.rollback()
                    begin = threading.Barrier(1)

    def both(self, *asked):
        begin, results = threading.Barrier(2), []
        threads = [
            threading.Thread(target=self.merge, args=(*one, results, begin))
            for one in asked
        ]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        return sorted(results, key=len)

    def merged_into(self):
        with self.registry.cursor() as cr:
            partners = self.connect(cr)["res.partner"].browse(self.ids)
            return [one.merged_into_id.id for one in partners]

    def test_a_into_b_while_b_into_a(self):
        a, b, *_rest = self.ids
        won, lost = self.both(([a, b], a), ([a, b], b))
        self.assertEqual(won, "merged")
        self.assertRegex(lost, "was merged into")
        self.assertIn(self.merged_into()[:2], ([False, a], [b, False]))

    def test_sets_that_overlap(self):
        a, b, c, d = self.ids
        won, lost = self.both(([c, b, a], a), ([d, c, b], d))
        self.assertEqual(won, "merged")
        self.assertRegex(lost, "was merged into")
        into = self.merged_into()
        self.assertIn(into, ([False, a, a, False], [False, d, d, False]))
