from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.lifecycle_common import (
    NOW,
    LifecycleCommon,
)


@tagged("post_install", "-at_install")
class TestCustomerLifecycle(LifecycleCommon):
    """# C6 C7: orders and refunds are business with a customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {"name": "Sensor", "type": "service", "taxes_id": False}
        )

    @classmethod
    def order(cls, partner, amount=100, date=None, confirm=True):
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "price_unit": amount,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        if confirm:
            order.action_confirm()
        if date:
            order.date_order = date
        return order

    def event(self, record):
        kind = "order" if record._name == "sale.order" else "refund"
        return self.env["crm.customer.event"].search(
            [("kind", "=", kind), ("res_id", "=", record.id)]
        )

    def test_a_confirmed_order_makes_active_and_is_the_evidence(self):
        customer = self.make_customer("Acme", self.rep)
        order = self.order(customer, confirm=False)
        self.assertEqual(customer.lifecycle_state, "potential", "a quotation is none")
        order.action_confirm()
        self.assertEqual(customer.lifecycle_state, "active")
        move = customer.lifecycle_move_ids.sorted("id")[-1]
        self.assertEqual(
            (move.evidence_model, move.evidence_id, move.evidence_name),
            ("sale.order", order.id, order.display_name),
        )

    def test_a_contacts_order_counts_for_the_family(self):
        customer = self.make_customer("Acme", self.rep)
        self.order(self.make_contact(customer, "Ms Li"))
        self.assertEqual(customer.lifecycle_state, "active")

    def test_the_only_order_that_is_cancelled_makes_potential_again(self):
        customer = self.make_customer("Acme", self.rep)
        order, other = self.order(customer), self.order(customer)
        self.at(hours=-1)
        order._action_cancel()
        self.assertEqual(customer.lifecycle_state, "active", "one stands")
        self.at(hours=-2)
        other._action_cancel()
        self.assertEqual(customer.lifecycle_state, "potential")
        self.assertEqual(self.event(order).gone_at, NOW + timedelta(hours=1))

    def test_an_order_of_the_past_is_effective_then_and_known_now(self):
        """Entered in the order in which nobody would: the later one first."""
        customer = self.make_customer("Acme", self.rep)
        early = NOW - timedelta(days=300)
        self.order(customer, date=NOW - timedelta(days=10))
        self.order(customer, date=early)
        line = [
            (move.to_state, move.effective_at, move.known_at)
            for move in customer.lifecycle_move_ids.sorted("id")[-3:]
        ]
        self.assertEqual(customer.lifecycle_state, "active")
        # active from the early one on, silent half a year later, and there again
        self.assertEqual(line[0], ("active", early, NOW))
        self.assertEqual([state for state, _at, _known in line],
                         ["active", "dormant", "active"])  # fmt: skip
        self.assertEqual(line[2][1], NOW - timedelta(days=10))

    def test_a_refund_in_full_is_as_a_cancelled_order(self):
        customer = self.make_customer("Acme", self.rep)
        self.order(customer, 100)
        self.at(days=-1)
        half = self.refund(customer, 50)
        self.assertEqual(customer.lifecycle_state, "active")
        self.at(days=-2)
        rest = self.refund(customer, 50)
        self.assertEqual(customer.lifecycle_state, "potential")
        self.at(days=-3)
        rest.button_draft()
        self.assertEqual(customer.lifecycle_state, "active", "taken back")
        self.assertEqual(self.event(half).amount, -50)

    def refund(self, partner, amount):
        income = self.env["account.account"].search(
            [
                ("account_type", "=", "income"),
                ("company_ids", "in", self.env.company.ids),
            ],
            limit=1,
        )
        move = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": partner.id,
                "invoice_date": self.env.company._today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Back",
                            "price_unit": amount,
                            "account_id": income.id,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def test_levels_count_orders_less_refunds_and_no_deal_twice(self):
        level = self.env["crm.customer.level"].create({"name": "L", "sequence": 0})
        self.env["crm.level.rule"].create(
            {"name": "L", "level_id": level.id, "min_sales": 100}
        ).action_start()
        deal, reached = (self.make_customer(name, self.rep) for name in "AB")
        self.win(deal, 100)
        self.order(reached, 100)
        self.night()
        self.assertFalse(deal.customer_level_id, "a deal is only what led to orders")
        self.assertEqual(reached.customer_level_id, level)
        self.at(days=-1)
        self.refund(reached, 1)
        self.night()
        self.assertFalse(reached.customer_level_id)
