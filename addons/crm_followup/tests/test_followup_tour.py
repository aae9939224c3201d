from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import FollowupCommon


class FollowupTourCase(HttpCase, FollowupCommon):
    """# F1 F2 F3: the day of a rep and of the manager, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.context_today(cls.rep.with_context(tz="Asia/Shanghai"))
        cls.late = cls.make_customer("Tour Late Company", cls.rep)
        cls.due = cls.make_customer("Tour Due Company", cls.rep)
        cls.plan(cls.late, today - timedelta(days=4), summary="Ask about the order")
        cls.plan(cls.due, today, summary="Regular call")
        for user in (cls.rep, cls.manager):
            user.password = user.login

    def test_a_follow_up_is_written_in_three_steps(self):
        """# F1: tap, type, save; from the customer."""
        self.start_tour(
            f"/odoo/customer-centre/{self.due.id}",
            "crm_followup_three_steps",
            login=self.rep.login,
        )
        record = self.followups.search([("customer_id", "=", self.due.id)])
        self.assertEqual(record.content, "Wants two more pieces")
        self.assertEqual(record.user_id, self.rep)

    def test_my_day_is_worked_off(self):
        """# F3: one done, one put off, then nothing is due."""
        self.start_tour("/odoo/my-day", "crm_followup_my_day", login=self.rep.login)
        self.assertEqual(
            self.followups.search([("customer_id", "=", self.late.id)]).content,
            "Order is confirmed",
        )
        self.assertFalse(self.activities(self.late))
        today = fields.Date.context_today(self.rep.with_context(tz="Asia/Shanghai"))
        self.assertGreater(self.activities(self.due).date_deadline, today)

    def test_the_overdue_one_reaches_the_manager(self):
        """# F2: planned by the rule, overdue for days, told by the ladder, and on the
        manager's screen."""
        now = fields.Datetime.now()
        rule = self.make_rule(
            domain=f"[('id', '=', {self.customer.id})]",
            summary="Regular call",
            level_ids=[(0, 0, {"delay": 4, "unit": "hours", "target": "leader"})],
        )
        self.born_on(self.customer, now - timedelta(days=60))
        rule._run_whole()
        task = self.open_tasks(self.customer)
        self.tasks._escalate(now + timedelta(days=7))
        self.assertEqual(task.escalated_user_id, self.manager)
        self.start_tour(
            "/odoo/my-day", "crm_followup_escalated", login=self.manager.login
        )


@tagged("post_install", "-at_install")
class TestFollowupTourWide(FollowupTourCase):
    browser_size = "1366x768"

    def test_my_day_is_worked_off_by_keyboard(self):
        """# F3 U3: arrows, a digit, U, Enter, without a click before."""
        self.start_tour("/odoo/my-day", "crm_followup_keyboard", login=self.rep.login)
        for customer in (self.late, self.due):
            self.assertFalse(self.activities(customer))
        self.assertEqual(self.followups.search_count([]), 2)

    def test_what_was_begun_survives(self):
        """# F1: Escape and a closed page; it ends with saving, and is nobody else's."""
        person = self.env["res.partner"].create(
            {"name": "Wang", "parent_id": self.due.id, "phone": "+86 138 0013 8000"}
        )
        today = fields.Date.context_today(self.rep.with_context(tz="Asia/Shanghai"))
        # the call that is planned becomes the step agreed on
        self.write_followup(self.due, content="Asked for a price", next_date=today)
        self.start_tour(
            f"/odoo/customer-centre/{self.due.id}",
            "crm_followup_draft",
            login=self.rep.login,
        )
        record = self.followups.search([("outcome", "=", "documents")])
        self.assertEqual(record.contact_id, person)


@tagged("post_install", "-at_install")
class TestFollowupTourPhone(FollowupTourCase):
    browser_size = "390x844"
    touch_enabled = True
