from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon


@tagged("post_install", "-at_install")
class TestMyDayApprovals(CustomerCommon):
    """# F3 S9: who is asked sees it the same day, on top."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead.approval.rule"].search([]).active = False
        cls.env["crm.lead.approval.rule"].create({"name": "Large", "amount": 1000})
        customer = cls.make_customer("Acme", cls.rep)
        cls.lead = cls.make_lead("Line 2", cls.rep, customer, expected_revenue=5000)
        cls.lead.team_id = cls.team
        cls.lead.discount = 12.5

    def ask(self):
        with self.calling_as(self.rep) as env:
            lead = env["crm.lead"].browse(self.lead.id)
            return lead._ask_approval(5000, 12.5, "Before Friday").with_env(self.env)

    def sections(self, user):
        with self.calling_as(user) as env:
            sections = env["crm.my.day"].get_my_day()["sections"]
        return {section["key"]: section["items"] for section in sections}

    def test_a_request_is_on_top_and_no_call_to_be_made(self):
        self.assertNotIn("approvals", self.sections(self.manager))
        request = self.ask()
        self.assertEqual(request.approver_id, self.manager)
        # the reminder is there, for Odoo's clock at the top
        reminders = self.lead.activity_ids.filtered(
            lambda one: one.user_id == self.manager
        )
        reminders.date_deadline = self.env.company._today()
        sections = self.sections(self.manager)
        self.assertEqual([*sections], ["approvals"])
        [item] = sections["approvals"]
        self.assertEqual(
            (item["name"], item["customer"], item["person"], item["can_follow_up"]),
            ("Line 2", "Acme", self.rep.name, False),
        )
        for words in ("5,000", "12.5 %", "Before Friday"):
            self.assertIn(words, item["note"])
        for user in (self.rep, self.other_manager, self.colleague):
            self.assertNotIn("approvals", self.sections(user))
        with self.calling_as(self.manager) as env:
            env["crm.lead.approval"].browse(request.id).action_approve()
        self.assertNotIn("approvals", self.sections(self.manager))
