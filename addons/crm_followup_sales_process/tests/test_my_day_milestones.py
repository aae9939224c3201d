from datetime import timedelta

from odoo import fields
from odoo.tests import Form, tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon


@tagged("post_install", "-at_install")
class TestMyDayMilestones(CustomerCommon):
    """# F3 S6: milestones in My Day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("Acme", cls.rep)
        cls.lead = cls.make_lead("Line 2", cls.rep, cls.customer)
        cls.today = fields.Date.context_today(cls.env["crm.my.day"].with_user(cls.rep))

    def make_milestone(self, name, days, user=None, lead=None):
        return self.env["crm.lead.milestone"].create(
            {
                "name": name,
                "lead_id": (lead or self.lead).id,
                "date": self.today + timedelta(days=days),
                "remind_days": 0,
                "user_id": (user or self.rep).id,
            }
        )

    def sections(self, user=None):
        with self.calling_as(user or self.rep) as env:
            sections = env["crm.my.day"].get_my_day()["sections"]
        return {section["key"]: section["items"] for section in sections}

    def test_the_milestones_of_the_coming_week_are_listed(self):
        """# F3 S6: own, open ones of open opportunities, the next first."""
        self.make_milestone("Contract", 7)
        self.make_milestone("Review", 2)
        self.make_milestone("Later", 8)
        self.make_milestone("Done", 3).action_done()
        self.make_milestone("Of the manager", 3, self.manager)
        lost = self.make_lead("Lost", self.rep)
        self.make_milestone("Of a lost one", 3, lead=lost)
        lost.action_set_lost()
        items = self.sections()["milestones"]
        self.assertEqual([item["note"] for item in items], ["Review", "Contract"])
        self.assertEqual(
            (items[0]["name"], items[0]["customer"], items[0]["can_follow_up"]),
            ("Line 2", "Acme", False),
        )
        managers = self.sections(self.manager)["milestones"]
        self.assertEqual([item["note"] for item in managers], ["Of the manager"])

    def test_one_that_is_due_is_done_with_its_follow_up(self):
        """# F3 S6 F1: it stands among today's, and the dialog does the milestone."""
        milestone = self.make_milestone("Review", 0)
        sections = self.sections()
        self.assertNotIn("milestones", sections)
        (item,) = sections["today"]
        self.assertEqual(item["note"], "Review")
        with self.calling_as(self.rep) as env:
            activity = env["mail.activity"].browse(item["activity_id"])
            action = activity.action_followup_done()
            dialog = Form(env[action["res_model"]].with_context(**action["context"]))
            dialog.content = "Scheme was accepted"
            dialog.save().action_save()
        self.assertTrue(milestone.done)
        self.assertEqual(milestone.note, "Scheme was accepted")
        followup = self.env["crm.followup"].search([("lead_id", "=", self.lead.id)])
        self.assertEqual(followup.content, "Scheme was accepted")
