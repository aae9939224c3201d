from odoo import Command
from odoo.exceptions import UserError
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
        for words in ("5,000", "12.5 %"):
            self.assertIn(words, item["amount"])
        self.assertEqual(item["reason"], "Before Friday")
        self.assertEqual(
            [(button["method"], button["res_id"]) for button in item["buttons"]],
            [("action_approve", request.id), ("action_refuse", request.id)],
        )
        for user in (self.rep, self.other_manager, self.colleague):
            self.assertNotIn("approvals", self.sections(user))
        with self.calling_as(self.manager) as env:
            env["crm.lead.approval"].browse(request.id).action_approve()
        self.assertNotIn("approvals", self.sections(self.manager))

    def test_who_may_not_decide_any_more_has_no_buttons(self):
        self.ask()
        self.team.user_id = self.other_manager
        [item] = self.sections(self.manager)["approvals"]
        self.assertFalse(item["buttons"])

    def reminder(self):
        return self.lead.activity_ids.filtered(lambda one: one.user_id == self.manager)

    def test_a_follow_up_is_no_decision(self):
        """The reminder stays, whichever way a follow-up is written; so does one that
        was taken for the next step before."""
        self.ask()
        reminder = self.reminder()
        # planned by hand, as an import or a script does
        reminder.automated = False
        with self.calling_as(self.manager) as env:
            action = reminder.with_env(env).action_followup_done()
            self.assertNotIn("default_activity_id", action["context"])
            dialog = env["crm.followup.dialog"].create(
                {
                    "lead_ids": [Command.set(self.lead.ids)],
                    "activity_id": reminder.id,
                    "content": "Talked about the discount",
                    "next_choice": "tomorrow",
                }
            )
            dialog.action_save()
        tasks = self.env["crm.followup.task"].search([("lead_id", "=", self.lead.id)])
        self.assertTrue(tasks)
        self.assertNotIn(reminder, tasks.activity_id)
        tasks.activity_id = reminder
        tasks._finish(
            self.env.company._today(),
            self.env["crm.followup"].search([("lead_id", "=", self.lead.id)], limit=1),
        )
        self.assertTrue(reminder.active)
        self.assertEqual(self.lead.approval_state, "pending")

    def test_a_reminder_ends_with_the_decision_alone(self):
        request = self.ask()
        reminder = self.reminder()
        with self.calling_as(self.manager) as env:
            for way in ("action_done", "unlink"):
                with self.subTest(way=way), self.assertRaises(UserError):
                    getattr(reminder.with_env(env), way)()
            env["crm.lead.approval"].browse(request.id).action_approve()
        self.assertFalse(reminder.exists().active)

    def test_a_decision_is_no_contact_with_the_customer(self):
        request = self.ask()
        with self.calling_as(self.manager) as env:
            env["crm.lead.approval"].browse(request.id).action_approve()
        self.assertFalse(
            self.env["crm.followup"].search([("lead_id", "=", self.lead.id)])
        )
