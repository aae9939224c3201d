from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..models import crm_handover_work
from .at_once import DONE, AtOnce

NAME = "宁波交接同时有限公司"
LOGIN = "crm_handover_at_once"
ROUNDS = 10


@tagged("post_install", "-at_install")
class TestHandoverConcurrency(AtOnce):
    """# C14 B2: two people hand over the same person's work at once, and somebody
    takes back what is being handed over, on two connections."""

    def setUp(self):
        super().setUp()
        self.do(self.prepare)

    def prepare(self, env):
        rep, admin = (
            f"crm_customer_center.group_{name}" for name in ("sales_rep", "crm_admin")
        )
        people = self.make_people(env, 3, rep, LOGIN)
        self.old, self.new, self.third = people.ids
        self.admins = self.make_people(env, 2, admin, f"{LOGIN}_admin").ids
        self.partner_ids = self.make(
            env,
            "res.partner",
            [
                {"name": f"{NAME}{number}", "is_company": True,
                 "lifecycle_state": "potential", "user_id": self.old}
                for number in range(4)
            ],
        ).ids  # fmt: skip

    def draft(self, by, to):
        def create(env):
            return self.make(
                env,
                "crm.handover",
                {
                    "person_id": self.old,
                    "reason": "moves",
                    "receiver_ids": [Command.create({"user_id": to})],
                },
            ).id

        return self.do(create, by)

    def press(self, handover_id, button):
        return lambda env: getattr(env["crm.handover"].browse(handover_id), button)()

    def state(self, *ids):
        """Who has the customers, and what became of the hand-overs."""

        def look(env):
            partners = env["res.partner"].browse(self.partner_ids)
            handovers = env["crm.handover"].browse(ids)
            return (
                {one.user_id.id for one in partners},
                [
                    (
                        one.state,
                        len(one.move_ids.filtered(lambda m: m.state == "moved")),
                    )
                    for one in handovers
                ],
            )

        return self.do(look)

    def back(self, env):
        env["res.partner"].browse(self.partner_ids).user_id = self.old

    def test_of_two_who_hand_over_the_same_person_one_does(self):
        for _round in range(ROUNDS):
            first = self.draft(self.admins[0], self.new)
            second = self.draft(self.admins[1], self.third)
            results = self.at_once(
                (self.admins[0], self.press(first, "action_start")),
                (self.admins[1], self.press(second, "action_start")),
            )
            self.assertEqual(results.count(DONE), 1, results)
            refused = next(one for one in results if one != DONE)
            self.assertRegex(refused, "already|nothing to hand over")
            owners, states = self.state(first, second)
            self.assertEqual(sorted(states), [("done", 4), ("draft", 0)])
            winner = results.index(DONE)
            self.assertEqual(owners, {(self.new, self.third)[winner]})
            self.do(self.back)

    def test_what_is_taken_back_while_it_runs_is_done_or_back(self):
        """Never half: refused, for it was not done yet, or all is back."""
        for _round in range(ROUNDS):
            handover = self.draft(self.admins[0], self.new)
            with patch.object(crm_handover_work, "DIRECT", 0):
                self.do(self.press(handover, "action_start"), self.admins[0])
            work, undo = self.at_once(
                (1, lambda env: env["crm.handover"]._cron_work()),
                (self.admins[0], self.press(handover, "action_rollback")),
            )
            self.assertEqual(work, DONE)
            owners, [(state, moved)] = self.state(handover)
            if undo == DONE:
                self.assertEqual((owners, state, moved), ({self.old}, "rolled_back", 0))
            else:
                self.assertIn("done", undo)
                self.assertEqual((owners, state, moved), ({self.new}, "done", 4))
            self.do(self.back)

    def test_of_two_who_take_back_one_does(self):
        for _round in range(ROUNDS):
            handover = self.draft(self.admins[0], self.new)
            self.do(self.press(handover, "action_start"), self.admins[0])
            undo = self.press(handover, "action_rollback")
            results = self.at_once((self.admins[0], undo), (self.admins[1], undo))
            self.assertEqual(results.count(DONE), 1, results)
            owners, [(state, moved)] = self.state(handover)
            self.assertEqual((owners, state, moved), ({self.old}, "rolled_back", 0))
