from odoo.tests import HttpCase, tagged

from .stage_common import StageCommon


@tagged("post_install", "-at_install")
class TestCustomerWonTour(HttpCase, StageCommon):
    def test_a_won_deal_makes_a_customer_active(self):
        """# C6: and the customer's story says so, with the deal that decided."""
        customer = self.make_customer("Acme", owner=self.rep)
        self.make_lead("Sensors", self.rep, customer, expected_revenue=5000)
        self.assertEqual(customer.lifecycle_state, "potential")
        self.rep.password = "a-password-for-the-tour"
        self.env.flush_all()
        path = f"/odoo/customer-centre/{customer.id}"
        self.start_tour(path, "crm_sales_process_customer_won", login=self.rep.login)
        self.env.invalidate_all()
        self.assertEqual(customer.lifecycle_state, "active")
