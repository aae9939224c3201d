from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import crm_customer_run
from .test_recycle import START, RecycleCommon, timedelta


@tagged("post_install", "-at_install")
class TestPoolRun(RecycleCommon):
    """# C10: a night of the rules is taken back, but for what was touched since."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(START):
            cls.second = cls.make_aged("zqr Second")
            cls.person = cls.make_contact(cls.second, "Ms Li")
            cls.person.user_id = cls.rep

    def lose(self):
        """Both are lost; the night that took them."""
        self.nights(1, 13)
        (run,) = self.env["crm.customer.run"].search([("kind", "=", "pool")])
        return run

    def undo(self, run, user=None):
        with (
            freeze_time(START + timedelta(days=14)),
            self.calling_as(user or self.crm_admin) as env,
        ):
            return run.with_env(env).action_rollback()

    def test_a_night_says_how_many_it_took_and_by_which_rule(self):
        run = self.lose()
        self.assertEqual(
            (run.state, run.trigger, run.changed, run.pool_rule_id),
            ("done", "nightly", 2, self.rule),
        )
        self.assertIn("Silence", run.display_name)
        moves = self.env["crm.pool.move"].search(run.action_open_moves()["domain"])
        self.assertEqual(moves.partner_id, self.customer | self.second)

    def test_everything_goes_back_and_the_history_says_so(self):
        run = self.lose()
        self.assertFalse(self.person.user_id)
        self.undo(run)
        self.assertEqual((run.state, run.restored, run.left_alone),
                         ("rolled_back", 2, 0))  # fmt: skip
        self.assertEqual(run.rollback_user_id, self.crm_admin)
        for partner in (self.customer, self.second, self.person):
            self.assertEqual(partner.customer_owner_id, self.rep)
            self.assertEqual(partner.user_id, self.rep)
        self.assertFalse(self.row(self.customer))
        move = self.moves(self.customer)[-1]
        self.assertEqual(
            (move.cause, move.to_user_id, move.user_id, move.reason),
            ("undone", self.rep, self.crm_admin, "A run was taken back: Silence"),
        )

    def test_its_owner_is_told_once(self):
        run = self.lose()
        before = self.messages()
        self.undo(run)
        self.assertEqual(self.messages(), before + 1)

    def test_the_days_begin_anew(self):
        self.undo(self.lose())
        self.assertEqual(self.nights(14, 18), [])
        self.assertEqual(self.nights(19, 20), [19])

    def test_who_was_claimed_stays_and_is_listed(self):
        run = self.lose()
        self.claim(self.customer, self.colleague)
        self.undo(run)
        self.assertEqual((run.restored, run.left_alone), (1, 1))
        self.assertEqual(self.customer.user_id, self.colleague)
        self.assertEqual(self.second.user_id, self.rep)
        left = self.env["crm.pool.move"].search(run.action_open_left()["domain"])
        self.assertEqual(left.partner_id, self.customer)

    def test_who_was_claimed_and_given_back_stays_too(self):
        run = self.lose()
        self.claim(self.customer, self.colleague)
        self.customer._release_to(self.pool, "Wrong one")
        self.undo(run)
        self.assertFalse(self.customer.user_id)
        self.assertEqual(run.left_alone, 1)

    def test_who_has_no_account_gets_nothing(self):
        run = self.lose()
        self.rep.active = False
        self.undo(run)
        self.assertEqual((run.restored, run.left_alone), (0, 2))
        self.assertTrue(self.row(self.customer))

    def test_another_pool_does_not_matter(self):
        run = self.lose()
        self.make_pool("All", self.env["crm.team"], self.rep, is_default=True)
        self.pool.active = False
        self.undo(run)
        self.assertEqual(run.restored, 2)

    def test_many_go_back_in_the_background(self):
        run = self.lose()
        with patch.object(crm_customer_run, "DIRECT", 1):
            self.undo(run)
        self.assertEqual(run.state, "undoing")
        self.assertEqual(run.get_progress()["done"], 0)
        # claimed meanwhile
        self.claim(self.customer, self.colleague)
        self.assertEqual(run.get_progress()["percent"], 50)
        self.env["crm.customer.run"]._cron_give_back()
        self.assertEqual((run.state, run.restored, run.left_alone),
                         ("rolled_back", 1, 1))  # fmt: skip
        self.assertEqual(self.second.user_id, self.rep)
        self.assertEqual(self.customer.user_id, self.colleague)
        self.assertEqual(run.get_progress()["percent"], 100)

    def test_one_that_cannot_go_back_holds_up_no_other(self):
        run = self.lose()
        rows = self.env.registry["crm.pool.customer"]
        real, bad = rows._give_back, self.row(self.customer)

        def give_back(records):
            if bad in records:
                raise UserError("No")
            return real(records)

        with patch.object(rows, "_give_back", give_back):
            self.undo(run)
        self.assertEqual((run.state, run.restored, run.left_alone),
                         ("rolled_back", 1, 1))  # fmt: skip

    def test_nights_of_other_rules_stay(self):
        other = self.rule.copy({"name": "Other", "domain": "[('name','like','yqr')]"})
        other.action_start()
        with freeze_time(START):
            third = self.make_aged("yqr Third")
        self.nights(1, 13)
        runs = self.env["crm.customer.run"].search([("kind", "=", "pool")])
        self.assertEqual(len(runs), 2)
        self.undo(runs.filtered(lambda run: run.pool_rule_id == other))
        self.assertEqual(third.user_id, self.rep)
        self.assertFalse(self.customer.user_id | self.second.user_id)

    def test_once_and_by_an_administrator_alone(self):
        run = self.lose()
        for user in (self.rep, self.manager, self.agent, self.marketing):
            with self.assertRaises(AccessError):
                self.undo(run, user)
        self.undo(run)
        with self.assertRaisesRegex(UserError, "only once"):
            self.undo(run)

    def test_a_night_without_a_loss_writes_no_run(self):
        self.nights(1, 10)
        self.assertFalse(self.env["crm.customer.run"].search([("kind", "=", "pool")]))
