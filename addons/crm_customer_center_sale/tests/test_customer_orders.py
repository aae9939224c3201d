from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon


class OrderCommon(CustomerCommon):
    """``customer`` of ``rep`` has an order of 1 000 by ``rep``; its contact one of 200
    by ``colleague``, and a quotation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {"name": "Sensor", "type": "service", "taxes_id": [Command.clear()]}
        )
        cls.customer = cls.make_customer("Acme", cls.rep)
        cls.contact = cls.make_contact(cls.customer, "Ms Li")
        cls.mine = cls.make_order(cls.customer, cls.rep, 1000)
        cls.colleagues = cls.make_order(cls.contact, cls.colleague, 200)
        cls.make_order(cls.customer, cls.rep, 50, confirmed=False)
        cls.env.flush_all()

    @classmethod
    def make_order(cls, partner, user, price, *, confirmed=True, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "user_id": user.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "price_unit": price,
                            "tax_ids": [],
                        }
                    )
                ],
                **values,
            }
        )
        if confirmed:
            order.action_confirm()
        return order


@tagged("post_install", "-at_install")
class TestCustomerOrders(OrderCommon):
    """# C5 V5 G1: orders on the customer's page, which stands beside its tickets."""

    def tile(self, role):
        with self.calling_as(self.roles[role]) as env:
            tiles = self.customer.with_env(env).get_customer_360()
        return next((tile for tile in tiles if tile["key"] == "orders"), None)

    def test_who_sells_counts_the_orders_odoo_lets_him_read(self):
        """# C5: confirmed ones of the company and its people."""
        for role, count in (("rep", 1), ("crm_admin", 2)):
            tile = self.tile(role)
            with self.subTest(role=role):
                self.assertEqual((tile["model"], tile["count"]), ("sale.order", count))

    def test_an_agent_sees_all_confirmed_orders_in_short(self):
        """# V5: number, date, amount, invoicing, whose."""
        tile = self.tile("agent")
        self.assertEqual((tile["model"], tile["count"]), ("crm.customer.order", 2))
        with self.calling_as(self.agent) as env:
            customer = self.customer.with_env(env)
            action = customer.action_open_customer_360_section("orders")
            found = env[action["res_model"]].search(action["domain"])
            self.assertEqual(action["views"][0][1], "list")
            self.assertRecordValues(
                found.sorted("amount_total"),
                [
                    {
                        "name": order.name,
                        "date": order.date_order,
                        "amount_total": order.amount_total,
                        "invoice_status": order.invoice_status,
                        "user_id": order.user_id.id,
                    }
                    for order in (self.colleagues, self.mine)
                ],
            )
            self.assertEqual(sum(found.mapped("amount_total")), 1200)

    def test_an_agent_reads_no_order_itself(self):
        """# G1: and changes nothing by the view."""
        with self.assertRaises(AccessError):
            self.mine.with_user(self.agent).read(["amount_total"])
        short = (
            self.env["crm.customer.order"].with_user(self.agent).browse(self.mine.id)
        )
        self.assertEqual(short.name, self.mine.name)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(short.has_access(operation), operation)

    def test_who_is_neither_sees_no_tile(self):
        """# G1: nor reads it by a call; a rep does not get round Odoo's rules."""
        self.assertIsNone(self.tile("marketing"))
        portal = self.make_portal_user("li", self.contact)
        for user in (self.marketing, self.rep, self.plain, portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["crm.customer.order"].with_user(user).search([])

    def test_orders_of_who_is_no_customer_are_not_the_agents(self):
        """# G1"""
        supplier = self.make_plain_partner("Supplier")
        order = self.make_order(supplier, self.rep, 10)
        orders = self.env["crm.customer.order"].with_user(self.agent)
        self.assertFalse(orders.search([("id", "=", order.id)]))

    def test_orders_of_another_company_are_not_shown(self):
        """# G1"""
        other = self.env["res.company"].create({"name": "Other company"})
        order = self.make_order(self.customer, self.rep, 10, company_id=other.id)
        orders = self.env["crm.customer.order"].with_user(self.agent)
        self.assertFalse(orders.search([("id", "=", order.id)]))
        self.assertEqual(self.tile("agent")["count"], 2)

    def test_the_page_costs_one_query_more_whatever_the_number(self):
        """# C5"""

        def queries():
            with self.calling_as(self.agent) as env:
                customer = self.customer.with_env(env)
                customer.get_customer_360()
                before = env.cr.sql_log_count
                customer.get_customer_360()
                return env.cr.sql_log_count - before

        few = queries()
        for price in range(5):
            self.make_order(self.customer, self.rep, price)
        self.assertEqual(queries(), few)
