import threading
from datetime import datetime

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

NOW = datetime(2001, 1, 1, 9, 30)


@tagged("post_install", "-at_install")
class TestFormCounterConcurrency(BaseCase):
    """# V2: two workers count one sender at the same moment, on two real connections
    with real commits."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.remove()
        self.addCleanup(self.remove)

    def remove(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM crm_service_form_counter WHERE started < '2002-01-01'"
            )

    def hit(self, results, first=None, second=None):
        """Count once, as a request does; between counting and commit tell ``first``
        and wait for ``second``."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})

            def count():
                hits = env["crm.service.form.counter"]._hit("address", "10.9.8.7", NOW)
                if first:
                    first.set()
                    second.wait(timeout=2)
                return hits

            results.append(retrying(count, env))
            cr.commit()

    def test_no_hit_is_lost(self):
        """# V2: the second waits for the first and counts on from it."""
        results, counted, go_on = [], threading.Event(), threading.Event()
        slow = threading.Thread(target=self.hit, args=(results, counted, go_on))
        fast = threading.Thread(target=self.hit, args=(results,))
        slow.start()
        self.assertTrue(counted.wait(timeout=5))
        fast.start()
        fast.join(timeout=0.5)
        self.assertTrue(fast.is_alive(), "the second waits for the first")
        go_on.set()
        for thread in (slow, fast):
            thread.join(timeout=10)
        self.assertEqual(sorted(results), [1, 2])
