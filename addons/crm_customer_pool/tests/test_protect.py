from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_recycle import START, RecycleCommon


@tagged("post_install", "-at_install")
class TestProtect(RecycleCommon):
    """# C10: the owner protects a customer until a day, twice in a row at most."""

    def at(self, number):
        return freeze_time(START + timedelta(days=number))

    def watch(self):
        return self.env["crm.pool.watch"].search(
            [("partner_id", "=", self.customer.id)]
        )

    def protect(self, number, days, user=None):
        user = user or self.rep
        with self.at(number), self.calling_as(user):
            watch = self.watch().with_user(user)
            dialogs = self.env["crm.pool.protect"].with_user(user)
            dialogs.with_context(**watch.action_protect()["context"]).create(
                {
                    "last_day": START.date() + timedelta(days=number + days),
                    "reason": "Budget in spring",
                }
            ).action_protect()

    def test_the_rules_leave_it_until_the_day_is_over(self):
        self.nights(1, 6)
        self.protect(6, 14)
        self.assertFalse(self.watch())
        # day 20 is the last: the owner is warned again on the next, and not lost
        self.assertEqual(self.nights(7, 23), [21])
        self.assertEqual(self.customer.user_id, self.rep)
        self.nights(24, 30)
        self.assertFalse(self.customer.customer_owner_id)

    def test_log_headline_and_timeline_say_so(self):
        self.nights(1, 6)
        self.protect(6, 14)
        move = self.moves(self.customer)[-1]
        self.assertEqual(
            (move.cause, move.owner_id, move.user_id, move.reason),
            ("protect", self.rep, self.rep, "Protected: Budget in spring"),
        )
        with self.at(7), self.calling_as(self.rep) as env:
            customer = self.customer.with_env(env)
            (fact,) = customer._pool_facts()
            self.assertEqual(
                (fact.label, fact.value, fact.hint),
                ("Protected until", "03/22/2026", "Budget in spring"),
            )
            (line,) = customer._render_pool_moves(move.with_env(env))
            self.assertEqual(line.title, "Protected from the pool until 03/22/2026")
        with self.at(21), self.calling_as(self.rep) as env:
            self.assertEqual(self.customer.with_env(env)._pool_facts(), [])

    def test_twice_in_a_row(self):
        self.nights(1, 6)
        self.protect(6, 3)
        self.nights(7, 10)
        self.protect(10, 3)
        self.nights(11, 14)
        with self.assertRaisesRegex(UserError, "2 times in a row. Kept by a contact"):
            self.protect(14, 3)
        self.assertTrue(self.watch())
        with self.at(14):
            self.customer.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.rep.id
            ).action_done()
        self.env.flush_all()
        self.nights(15, 20)
        self.protect(20, 3)
        self.assertFalse(self.watch())

    def test_only_the_owner(self):
        self.nights(1, 6)
        with self.assertRaisesRegex(AccessError, "Only its owner"):
            self.protect(6, 3, self.manager)
        self.assertTrue(self.watch())

    def test_not_for_ever_and_not_for_the_past(self):
        self.nights(1, 6)
        for days in (-1, 91):
            with self.assertRaisesRegex(UserError, "90 days at most"):
                self.protect(6, days)
        self.protect(6, 90)

    def test_what_is_kept_needs_no_protection(self):
        self.nights(1, 6)
        self.make_lead("Deal", self.rep, self.customer)
        with self.assertRaisesRegex(UserError, "not about to go"):
            self.protect(6, 3)

    def test_it_ends_with_the_owner(self):
        self.nights(1, 6)
        self.protect(6, 80)
        engine = self.env["crm.pool.engine"]
        ids = self.customer.ids
        with self.at(7):
            self.assertEqual(engine._kept_by_something(self.rule, ids), set(ids))
            self.customer.user_id = self.colleague
            self.assertFalse(engine._kept_by_something(self.rule, ids))
