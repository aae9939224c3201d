from datetime import timedelta

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import levels
from .lifecycle_common import NOW, LifecycleCommon


@tagged("post_install", "-at_install")
class TestLevels(LifecycleCommon):
    """# C7: levels by sales, orders, open deals and conditions, every night in sets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.levels = cls.env["crm.customer.level"]
        cls.levels.search([]).active = False
        cls.vip, cls.a, cls.c = cls.levels.create(
            [
                {"name": name, "code": f"T{name}", "sequence": number}
                for number, name in enumerate(("VIP", "A", "C"))
            ]
        )
        # deals are sales here, whatever is installed beside
        cls.classPatch(type(cls.env["crm.customer.event"]), "_sales_kinds",
                       lambda self: ("won",))  # fmt: skip
        cls.classPatch(type(cls.env["crm.customer.event"]), "_order_kinds",
                       lambda self: ("won",))  # fmt: skip
        cls.rules = cls.env["crm.level.rule"].create(
            [
                {
                    "name": "VIP",
                    "level_id": cls.vip.id,
                    "min_sales": 1000,
                    "sequence": 1,
                },
                {"name": "A", "level_id": cls.a.id, "min_sales": 100, "sequence": 2},
                {"name": "C", "level_id": cls.c.id, "min_orders": 1, "sequence": 3},
            ]
        )
        cls.rules.action_start()

    def bought(self, *amounts, **values):
        customer = self.make_customer(f"Bought {amounts}", self.rep, **values)
        for amount in amounts:
            self.win(customer, amount)
        return customer

    # ------------------------------------------------------------
    # NIGHT
    # ------------------------------------------------------------

    def test_the_best_level_reached_is_given_with_its_figures(self):
        vip, a, c = self.bought(600, 400), self.bought(100), self.bought(99.99)
        none = self.make_customer("None", self.rep)
        self.night()
        self.assertEqual(
            [one.customer_level_id for one in (vip, a, c, none)],
            [self.vip, self.a, self.c, self.levels],
        )
        move = vip.level_move_ids
        self.assertEqual(
            (move.cause, move.rule_id, move.sales, move.order_count, move.direction),
            ("rule", self.rules[0], 1000, 2, "up"),
        )
        self.assertIn("VIP", move.reason)
        self.assertEqual(vip.level_since, NOW)

    def test_what_is_older_than_twelve_months_does_not_count(self):
        customer = self.bought(1000)
        self.night()
        self.at(days=-366)
        self.night()
        self.assertFalse(customer.customer_level_id)
        self.assertEqual(customer.level_move_ids.sorted("id")[-1].direction, "down")

    def test_a_level_a_person_gave_stays_where_no_rule_fits(self):
        customer = self.make_customer("Acme", self.rep)
        customer.with_user(self.rep).customer_level_id = self.a
        self.night()
        self.assertEqual(customer.customer_level_id, self.a)
        self.assertEqual(customer.level_move_ids.user_id, self.rep)

    def test_a_second_night_writes_nothing(self):
        customers = [self.bought(amount) for amount in (1000, 100, 1)]
        self.night()
        count = self.env["crm.level.move"].search_count([])
        runs = self.runs.search_count([])
        self.night()
        self.assertEqual(self.env["crm.level.move"].search_count([]), count)
        self.assertEqual(self.runs.search_count([]), runs)
        self.assertEqual(len(customers), 3)

    def test_open_deals_and_conditions(self):
        self.rules.action_stop()
        rule = self.env["crm.level.rule"].create(
            {
                "name": "Promising", "level_id": self.a.id, "min_open": 500,
                "domain": "[('city', '=', 'Suzhou')]",
            }
        )  # fmt: skip
        rule.action_start()
        here, there = (
            self.make_customer(city, self.rep, city=city)
            for city in ("Suzhou", "Lhasa")
        )
        for customer in (here, there):
            self.make_lead("Open", self.rep, customer, expected_revenue=500)
        self.night()
        self.assertEqual(here.customer_level_id, self.a)
        self.assertFalse(there.customer_level_id)

    def test_an_amount_counts_at_the_rate_of_its_day(self):
        """Nine hundred at two to one; a customer with an amount whose rate is missing
        keeps the level it has."""
        self.env["res.company"].search([]).currency_id.rate_ids.unlink()
        foreign = self.env["res.currency"].create(
            {"name": "XTL", "symbol": "X", "rounding": 0.01}
        )
        self.env["res.currency.rate"].create(
            {
                "currency_id": foreign.id, "rate": 0.5, "company_id": False,
                "name": (NOW - timedelta(days=10)).date(),
            }
        )  # fmt: skip
        known, unknown = self.bought(), self.bought()
        rows = [(known, 5, 900), (unknown, 20, 900)]
        self.env["crm.customer.event"].create(
            [
                {
                    "partner_id": customer.id, "kind": "won", "res_id": 10**9 + number,
                    "date": NOW - timedelta(days=ago), "amount": amount,
                    "currency_id": foreign.id, "known_at": NOW,
                }
                for number, (customer, ago, amount) in enumerate(rows)
            ]
        )  # fmt: skip
        plan = self.env["crm.level.engine"]._plan()
        self.assertEqual(plan[known.id].figures.sales, 1800)
        self.assertNotIn(unknown.id, plan)

    def test_the_statement_agrees_with_the_definition(self):
        """Sets in SQL against ``tools/levels.py``, for some lives."""
        customers = [
            self.bought(*amounts)
            for amounts in ((), (1,), (50, 50), (99,), (999.99,), (500, 500), (0,))
        ]
        self.make_lead("Open", self.rep, customers[0], expected_revenue=700)
        self.rules[1].min_open = 0
        plan = self.env["crm.level.engine"]._plan()
        rules = [rule._as_rule() for rule in self.rules]
        for customer in customers:
            won = self.env["crm.lead"].search(
                [("partner_id", "=", customer.id), ("won_status", "=", "won")]
            )
            figures = levels.Figures(sum(won.mapped("expected_revenue")), len(won), 0)
            rule = levels.earned(figures, rules)
            row = plan.get(customer.id)
            self.assertEqual(row.target if row else 0, rule.level if rule else 0)

    # ------------------------------------------------------------
    # LOCK, NOTICE
    # ------------------------------------------------------------

    def lock(self, customer, level, user=None, **values):
        wizard = self.env["crm.customer.by.hand"].with_user(user or self.rep)
        wizard.create(
            {
                "what": "level", "level_id": level.id, "reason": "Promised by the boss",
                "partner_ids": [Command.set(customer.ids)], **values,
            }
        ).action_apply()  # fmt: skip

    def test_a_locked_level_stays_until_its_end(self):
        customer = self.bought(1)
        self.lock(customer, self.vip, until=(NOW + timedelta(days=9)).date())
        self.assertTrue(customer.level_held)
        self.night()
        self.assertEqual(customer.customer_level_id, self.vip)
        self.at(days=-10)
        self.night()
        self.assertEqual(customer.customer_level_id, self.c)
        self.assertFalse(customer.level_held)

    def test_a_lock_is_lifted_and_others_customers_are_not_locked(self):
        customer = self.bought(1)
        with self.assertRaises(AccessError):
            self.lock(customer, self.vip, self.other_rep)
        self.lock(customer, self.vip)
        customer.with_user(self.rep).action_unlock_level()
        self.night()
        self.assertEqual(customer.customer_level_id, self.c)

    def test_the_owner_is_told_before_a_lower_level(self):
        self.vip.grace_days = 30
        customer, again = self.bought(1000), self.bought(1000)
        self.night()
        self.at(days=-370)
        self.night()
        self.assertEqual(customer.customer_level_id, self.vip)
        self.assertEqual(
            str(customer.level_leaves_on), str((NOW + timedelta(days=400)).date())
        )
        activity = customer.activity_ids
        self.assertEqual((activity.user_id, activity.date_deadline),
                         (self.rep, customer.level_leaves_on))  # fmt: skip
        self.win(again, 1000)
        self.at(days=-380)
        self.night()
        self.assertEqual(len(customer.activity_ids), 1, "told once")
        self.assertFalse(again.level_leaves_on, "reached again")
        self.at(days=-400)
        self.night()
        self.assertFalse(customer.customer_level_id)
        self.assertEqual(again.customer_level_id, self.vip)

    # ------------------------------------------------------------
    # REHEARSAL, RUN, TAKE BACK
    # ------------------------------------------------------------

    def test_a_rehearsal_says_who_would_move_beside_the_rules_in_use(self):
        customer, vip = self.bought(600), self.bought(1000)
        self.night()
        rule = self.env["crm.level.rule"].create(
            {
                "name": "Easier", "level_id": self.vip.id, "min_sales": 500,
                "sequence": 0,
            }
        )  # fmt: skip
        total, rows = rule._rehearse()
        self.assertEqual((total, [row.record for row in rows]), (1, [customer]))
        self.assertEqual(rows[0].would, "A → VIP")
        self.assertIn("600", rows[0].because)
        self.assertEqual(customer.customer_level_id, self.a)
        self.assertEqual(vip.customer_level_id, self.vip)
        rule.action_start()
        rule.with_user(self.crm_admin).action_run_now()
        self.assertEqual(customer.customer_level_id, self.vip)
        run = self.runs.search([("trigger", "=", "manual")], limit=1)
        self.assertEqual((run.user_id, run.changed), (self.crm_admin, 1))
        run.with_user(self.crm_admin).action_rollback()
        self.assertEqual(customer.customer_level_id, self.a)
        self.assertEqual(run.restored, 1)

    def test_only_administrators_run_and_change_rules(self):
        for user in (self.rep, self.manager, self.agent):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.rules[0].with_user(user).action_run_now()

    def test_a_level_with_history_is_archived_and_not_deleted(self):
        customer = self.bought(1)
        self.night()
        customer.customer_level_id = False
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.ForeignKeyViolation),
            self.env.cr.savepoint(),
        ):
            self.c.unlink()
