"""A customer's life in the browser: given a level by a rule, and locked."""

from odoo.tests import HttpCase, tagged

from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestCustomerLife(CustomerCommon, HttpCase):
    def open(self, path, tour, user):
        self.env.flush_all()
        self.start_tour(f"/odoo/{path}", tour, login=user.login)

    def make_levels(self):
        return self.env["crm.customer.level"].create(
            [
                {"name": name, "code": f"TOUR{number}", "sequence": -number}
                for number, name in enumerate(("Tour other", "Tour level"), 1)
            ]
        )

    def test_a_level_rule_is_rehearsed_started_and_run(self):
        """# C7: nobody is moved before the rehearsal was seen."""
        # deals are sales here, whatever is installed beside
        events = type(self.env["crm.customer.event"])
        self.patch(events, "_sales_kinds", lambda self: ("won",))
        self.env["crm.level.rule"].search([]).active = False
        other, level = self.make_levels()
        customer = self.make_customer("Tour customer", owner=self.rep)
        lead = self.make_lead("Sensors", self.rep, customer, expected_revenue=5000)
        lead.action_set_won()
        # who has a level by a rule that is switched off here would lose it
        self.env["res.partner"].search(
            [("customer_level_id", "!=", False)]
        ).active = False
        path = "action-crm_customer_center.action_level_rule/new"
        self.open(path, "crm_customer_level_rule", self.crm_admin)
        self.env.invalidate_all()
        self.assertEqual(customer.customer_level_id, level)

        self.open(
            f"customer-centre/{customer.id}", "crm_customer_level_locked", self.rep
        )
        self.env["crm.customer.run"]._run("nightly", ("level",))
        self.env.invalidate_all()
        self.assertEqual(customer.customer_level_id, other, "locked")
        self.assertEqual(customer.level_move_ids.sorted("id")[-1].user_id, self.rep)
