from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon


@tagged("post_install", "-at_install")
class TestCustomerOrderTour(CustomerCommon, HttpCase):
    def test_a_dormant_customer_comes_back_with_an_order(self):
        """# C6: confirmed on the screen; the customer's page says why it is active."""
        customer = self.make_customer("Acme", owner=self.rep)
        self.env["crm.customer.by.hand"].create(
            {
                "what": "lifecycle",
                "partner_ids": customer.ids,
                "lifecycle_state": "dormant",
                "reason": "Silent for long",
                "hold": False,
            }
        ).action_apply()
        product = self.env["product.product"].create(
            {"name": "Sensor", "type": "service", "taxes_id": False}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "user_id": self.rep.id,
                "order_line": [
                    Command.create({"product_id": product.id, "price_unit": 100})
                ],
            }
        )
        self.assertEqual(customer.lifecycle_state, "dormant")
        self.env.flush_all()
        path = f"/odoo/action-sale.action_quotations/{order.id}"
        self.start_tour(path, "crm_customer_back_by_order", login=self.rep.login)
        self.env.invalidate_all()
        self.assertEqual(customer.lifecycle_state, "active")
