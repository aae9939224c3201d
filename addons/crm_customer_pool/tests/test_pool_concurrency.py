import threading

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

NAME = "宁波同时公海有限公司"
LOGIN = "crm_pool_at_once"
ROUNDS = 200


@tagged("post_install", "-at_install")
class TestPoolConcurrency(BaseCase):
    """# C10 B2: two people claim the same customer, and one person claims twice over
    the limit, each on two connections: one winner each time, and no limit broken."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)
        with self.registry.cursor() as cr:
            env = self.connect(cr)
            group = env.ref("crm_customer_center.group_sales_rep")
            self.users = [
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "name": f"{LOGIN}{number}",
                        "login": f"{LOGIN}{number}",
                        "group_ids": group.ids,
                    }
                )
                .id
                for number in range(2)
            ]
            pool = env["crm.customer.pool"].create(
                {
                    "name": NAME,
                    "company_id": False,
                    "member_ids": [(0, 0, {"user_id": id_}) for id_ in self.users],
                }
            )
            self.pool_id = pool.id
            partners = env["res.partner"].create(
                [
                    {
                        "name": f"{NAME}{number}",
                        "is_company": True,
                        "lifecycle_state": "potential",
                    }
                    for number in range(2)
                ]
            )
            rows = env["crm.pool.customer"]
            partners._stand_where_they_belong("entered")
            self.partner_ids = rows.search([("pool_id", "=", pool.id)]).partner_id.ids
            assert len(self.partner_ids) == 2

    def connect(self, cr, uid=SUPERUSER_ID):
        return api.Environment(cr, uid, {})

    def remove(self):
        with self.registry.cursor() as cr:
            env = self.connect(cr)
            env["res.partner"].search([("name", "like", NAME)]).unlink()
            env["crm.customer.pool"].search([("name", "=", NAME)]).unlink()
            users = env["res.users"].search([("login", "like", LOGIN)])
            users.active = False
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def claim(self, uid, partner_id, results, begin):
        """As a request does: what meets another transaction is tried again."""
        row_id = None
        for _time in range(5):
            with self.registry.cursor() as cr:
                env = self.connect(cr, uid)
                rows = env["crm.pool.customer"]
                found = rows.search([("partner_id", "=", partner_id)])
                row_id = row_id or found.id
                begin.wait(30)
                try:
                    rows.browse(row_id).action_claim()
                    cr.commit()
                    results.append("claimed")
                    return
                except UserError as error:
                    cr.rollback()
                    results.append(str(error))
                    return
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    cr.rollback()
                    begin = threading.Barrier(1)
        results.append("gave up")

    def both(self, *asked):
        begin, results = threading.Barrier(2), []
        threads = [
            threading.Thread(target=self.claim, args=(*one, results, begin))
            for one in asked
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return sorted(results, key=len)

    def back(self):
        """Everything is in the pool again; the log forgets the day."""
        with self.registry.cursor() as cr:
            env = self.connect(cr)
            partners = env["res.partner"].browse(self.partner_ids)
            owned = partners.filtered("user_id")
            owners = owned.user_id.ids
            owned.user_id = False
            cr.execute("DELETE FROM crm_pool_move WHERE pool_id = %s", [self.pool_id])
            return owners

    def test_one_winner_each_time(self):
        first, second = self.users
        one = self.partner_ids[0]
        for _round in range(ROUNDS // 2):
            with mute_logger("odoo.sql_db"):
                won, lost = self.both((first, one), (second, one))
            self.assertEqual(won, "claimed")
            self.assertRegex(lost, "Somebody was faster")
            self.assertEqual(len(self.back()), 1)

    def test_no_limit_is_broken(self):
        """The person opens two windows."""
        with self.registry.cursor() as cr:
            pool = self.connect(cr)["crm.customer.pool"].browse(self.pool_id)
            pool.write({"claims_per_day": 1, "capacity": 1})
        user = self.users[0]
        for _round in range(ROUNDS // 2):
            with mute_logger("odoo.sql_db"):
                won, lost = self.both(*((user, one) for one in self.partner_ids))
            self.assertEqual(won, "claimed")
            self.assertRegex(lost, "may (own|claim) 1 customers")
            self.assertEqual(len(self.back()), 1)
