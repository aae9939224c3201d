from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupQueries(FollowupCommon):
    """What the module costs: queries per batch, never per record."""

    def queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def make_customers(self, number):
        return self.env["res.partner"].create(
            [
                {"name": f"C{n}", "lifecycle_state": "active", "user_id": self.rep.id}
                for n in range(number)
            ]
        )

    def test_many_follow_ups_cost_as_much_as_few(self):
        """# F1: written for a selection."""
        customers = self.make_customers(100)
        followups = self.followups.with_user(self.rep)

        def write(some):
            return self.queries(
                lambda: followups.create(
                    [{"partner_id": c.id, "content": "Sent the flyer"} for c in some]
                )
            )

        write(customers[:1])
        few, many = write(customers[:5]), write(customers)
        self.assertLessEqual(many, few + 4)

    def test_rules_plan_many_as_few(self):
        """# F2: but for what Odoo itself does for each activity's followers."""
        customers = self.make_customers(110)
        self.born_on(customers, fields.Datetime.now() - timedelta(days=60))
        few = self.make_rule(domain=f"[('id', 'in', {customers[:10].ids})]")
        many = self.make_rule(domain=f"[('id', 'in', {customers[10:].ids})]")
        warm = self.make_rule(domain=f"[('id', 'in', {self.customer.ids})]")
        self.born_on(self.customer, fields.Datetime.now() - timedelta(days=60))
        warm._run_batch()
        cost_few = self.queries(few._run_batch)
        cost_many = self.queries(many._run_batch)
        self.assertEqual(len(self.tasks.search([("rule_id", "=", many.id)])), 100)
        self.assertLessEqual(cost_many, cost_few + 10)

    def test_the_dates_of_a_list_cost_one_query(self):
        """# F3: for eighty rows as for one."""
        customers = self.make_customers(81).with_user(self.rep)
        names = ["last_contact_date", "next_contact_date", "followup_overdue"]

        def read(some):
            return self.queries(lambda: some.read(names)) - self.queries(
                lambda: some.read(["color"])
            )

        read(customers[:1])
        self.assertEqual(read(customers[:1]), read(customers[1:]))
        self.assertLessEqual(read(customers), 2)

    def test_new_leads_and_partners_cost_nothing(self):
        """# F3: no row until there is something to say."""
        before = self.env["crm.followup.state"].search_count([])
        self.make_customers(5)
        self.make_lead("Fair", self.rep)
        self.assertEqual(self.env["crm.followup.state"].search_count([]), before)
