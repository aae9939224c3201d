from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.crm_customer_center.models import crm_handover_work
from odoo.addons.crm_customer_center.tests.at_once import DONE, AtOnce

NAME = "宁波公海交叉有限公司"
LOGIN = "crm_pool_crossing"
ROUNDS = 10


@tagged("post_install", "-at_install")
class TestPoolCrossing(AtOnce):
    """# C10 C14 B2: protecting, recycling, claiming, handing over and giving back meet
    on two connections; whoever wins, owner, pool and log say the same."""

    def setUp(self):
        super().setUp()
        self.do(self.prepare)

    def prepare(self, env):
        rep = "crm_customer_center.group_sales_rep"
        admin = "crm_customer_center.group_crm_admin"
        self.owner, self.other, self.third = self.make_people(env, 3, rep, LOGIN).ids
        self.admin = self.make_people(env, 1, admin, f"{LOGIN}_admin").id
        pool = self.make(
            env,
            "crm.customer.pool",
            {
                "name": NAME,
                "company_id": False,
                "is_default": True,
                "sequence": 0,
                "member_ids": [Command.create({"user_id": self.other})],
            },
        )
        self.pool_id = pool.id
        rule = self.make(
            env,
            "crm.pool.rule",
            {
                "name": NAME, "days": 10, "first_days": 5, "last_days": 2,
                "working_days": False, "domain": f"[('name', '=', '{NAME}')]",
            },
        )  # fmt: skip
        rule.action_start()
        self.rule_id = rule.id

    def customer(self):
        """A customer of the owner who was warned twice, long ago."""

        def create(env):
            values = {
                "name": NAME, "is_company": True, "lifecycle_state": "potential",
                "user_id": self.owner,
            }  # fmt: skip
            partner = self.make(env, "res.partner", values)
            env.flush_all()
            env.cr.execute(
                "UPDATE res_partner SET create_date = '2024-01-01' WHERE id = %s",
                [partner.id],
            )
            today = env.company._today()
            watch = env["crm.pool.watch"].create(
                {
                    "partner_id": partner.id,
                    "owner_id": self.owner,
                    "rule_id": self.rule_id,
                    "first_on": today - timedelta(days=20),
                    "last_on": today - timedelta(days=10),
                    "lost_on": today,
                }
            )
            return partner.id, watch.id

        return self.do(create)

    def standing(self, partner_id):
        """Owner, pool, and what happened."""

        def look(env):
            partner = env["res.partner"].browse(partner_id)
            row = env["crm.pool.customer"].search([("partner_id", "=", partner_id)])
            moves = env["crm.pool.move"].search([("partner_id", "=", partner_id)])
            owner = partner.user_id.id
            self.assertEqual(partner.customer_owner_id.id, owner)
            self.assertEqual(bool(row), not owner)
            return owner, row.pool_id.id, moves.sorted("id").mapped("cause")

        return self.do(look)

    def protect(self, watch_id):
        def press(env):
            watch = env["crm.pool.watch"].browse(watch_id)
            watch._protect(env.company._today() + timedelta(days=30), "Budget")

        return press

    def settle(self, partner_id):
        def night(env):
            env["crm.pool.engine"]._settle(env["res.partner"].browse(partner_id))

        return night

    def test_two_clicks_protect_once(self):
        for _round in range(ROUNDS):
            partner, watch = self.customer()
            act = (self.owner, self.protect(watch))
            results = self.at_once(act, act)
            self.assertEqual(results.count(DONE), 1, results)
            self.assertRegex(
                next(one for one in results if one != DONE),
                "not about to go|does not exist|has been deleted",
            )
            owner, _pool, causes = self.standing(partner)
            self.assertEqual((owner, causes.count("protect")), (self.owner, 1))

    def test_protected_or_lost_but_not_both(self):
        for _round in range(ROUNDS):
            partner, watch = self.customer()
            told, night = self.at_once(
                (self.owner, self.protect(watch)), (1, self.settle(partner))
            )
            self.assertEqual(night, DONE)
            owner, pool, causes = self.standing(partner)
            if told == DONE:
                self.assertEqual((owner, "recycle" in causes), (self.owner, False))
            else:
                self.assertEqual((pool, "protect" in causes), (self.pool_id, False))

    def test_claimed_while_it_is_handed_over(self):
        """Who claimed it keeps it; the hand-over leaves it and says so."""
        for _round in range(ROUNDS):
            partner, _watch = self.customer()
            handover = self.begin_handover(partner)
            release = (1, lambda env, one=partner: self.release(env, one))
            hand = (1, lambda env: env["crm.handover"]._cron_work())
            released, handed = self.at_once(release, hand)
            self.assertEqual(handed, DONE)
            owner, pool, _causes = self.standing(partner)
            self.assertIn((owner, pool), [(False, self.pool_id), (self.third, False)])
            if not owner:
                self.do(lambda env, one=partner: self.claim(env, one), self.other)
                self.do(lambda env: env["crm.handover"]._cron_work())
                self.assertEqual(self.standing(partner)[0], self.other)
            self.assertEqual(released, DONE)
            self.assertEqual(self.rest(handover), 0)

    def begin_handover(self, partner_id):
        def create(env):
            handover = self.make(
                env,
                "crm.handover",
                {
                    "person_id": self.owner,
                    "reason": "moves",
                    "receiver_ids": [Command.create({"user_id": self.third})],
                },
            )
            with patch.object(crm_handover_work, "DIRECT", 0):
                handover.action_start()
            return handover.id

        return self.do(create, self.admin)

    def rest(self, handover_id):
        return self.do(
            lambda env: len(env["crm.handover"].browse(handover_id)._waiting_moves())
        )

    def release(self, env, partner_id):
        partner = env["res.partner"].browse(partner_id)
        if partner.user_id.id == self.owner:
            partner._release_to(env["crm.customer.pool"].browse(self.pool_id), "Gone")

    def claim(self, env, partner_id):
        rows = env["crm.pool.customer"].search([("partner_id", "=", partner_id)])
        rows.action_claim()

    def test_claimed_while_a_night_is_taken_back(self):
        """Who claimed it keeps it, or finds that somebody was faster."""
        for _round in range(ROUNDS):
            partner, _watch = self.customer()
            run = self.do(lambda env, one=partner: self.lose(env, one))
            row = self.do(
                lambda env, one=partner: (
                    env["crm.pool.customer"].search([("partner_id", "=", one)]).id
                )
            )
            claimed, undone = self.at_once(
                (self.other, self.press("crm.pool.customer", row, "action_claim")),
                (self.admin, self.press("crm.customer.run", run, "action_rollback")),
            )
            self.do(lambda env: env["crm.customer.run"]._cron_give_back())
            self.assertEqual(undone, DONE)
            owner, _pool, causes = self.standing(partner)
            if claimed == DONE:
                self.assertEqual((owner, causes[-1]), (self.other, "claim"))
            else:
                self.assertRegex(claimed, "Somebody was faster|does not exist|deleted")
                self.assertEqual((owner, causes[-1]), (self.owner, "undone"))

    def press(self, model, record_id, button):
        return lambda env: getattr(env[model].browse(record_id), button)()

    def lose(self, env, partner_id):
        runs = env["crm.customer.run"]
        going_on = [("kind", "=", "pool"), ("state", "in", ("running", "done"))]
        runs.search(going_on).write(
            {"create_date": fields.Datetime.now() - timedelta(days=2)}
        )
        env["crm.pool.engine"]._settle(env["res.partner"].browse(partner_id))
        runs._close_pool_nights()
        run = runs.search([("kind", "=", "pool")], limit=1)
        self.made.append(("crm.customer.run", run.ids))
        return run.id
