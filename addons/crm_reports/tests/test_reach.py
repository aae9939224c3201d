from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon


@tagged("post_install", "-at_install")
class TestReach(CustomerCommon):
    """# A4: what is somebody else's is not filled or taken by a call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.sales.target"].search([]).unlink()

    def report(self, user):
        return (
            self.env["crm.report.view"]
            .with_user(user)
            .create({"name": "r", "line_ids": [(0, 0, {"measure": "new_customers"})]})
        )

    def test_a_report_is_not_put_into_anothers_list(self):
        mine = self.report(self.rep)
        with self.assertRaisesRegex(AccessError, "belongs to who makes it"):
            mine.write({"user_id": self.colleague.id})

    def test_no_figure_is_moved_into_a_shared_report(self):
        """A report that is shared is read, not written."""
        theirs = self.report(self.colleague)
        theirs.sudo().group_ids = self.env.ref("crm_customer_center.group_sales_rep")
        theirs.line_ids.unlink()
        mine = self.report(self.rep)
        with self.assertRaises(AccessError):
            mine.line_ids.write({"report_id": theirs.id})

    def test_the_copy_of_a_shared_report_is_ones_own(self):
        theirs = self.report(self.colleague)
        theirs.sudo().group_ids = self.env.ref("crm_customer_center.group_sales_rep")
        self.assertEqual(theirs.with_user(self.rep).copy().user_id, self.rep)

    def test_a_subscription_stays_with_who_set_it_up(self):
        mine = (
            self.env["crm.report.subscription"]
            .with_user(self.rep)
            .create({"dashboard": "rep"})
        )
        with self.assertRaisesRegex(AccessError, "not to be typed"):
            mine.write({"owner_id": self.colleague.id})

    def test_a_target_is_not_moved_to_another_team(self):
        Target = self.env["crm.sales.target"].with_user(self.manager)
        target = Target.create({"month": "2026-03-01", "user_id": self.rep.id})
        target.write({"user_id": self.colleague.id})
        with self.assertRaises(AccessError):
            target.write({"user_id": self.other_rep.id})
        with self.assertRaises(AccessError):
            target.write({"user_id": False, "team_id": self.other_team.id})
