"""What a manager does about the follow-ups of the team: comment and nudge."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import WEDNESDAY, FollowupCommon

DAY = timedelta(days=1)


class ManagerCommon(FollowupCommon):
    def notices(self, user):
        """What was sent to one person's inbox or mailbox, newest first."""
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
            ]
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 02:00:00")
class TestFollowupComment(ManagerCommon):
    """# B4: on a recorded follow-up."""

    def comment(self, followups, user, text="Ask for the budget"):
        wizards = self.env["crm.followup.comment.wizard"].with_user(user)
        action = followups.with_user(user).action_comment()
        wizard = wizards.with_context(**action["context"]).create({"content": text})
        return wizard.action_send()

    def test_a_comment_stands_below_the_follow_up_and_is_told(self):
        """# B4 C5: in the form, on the timeline; a second one joins it."""
        followup = self.write_followup(self.customer)
        before = self.notices(self.rep)
        self.comment(followup, self.manager)
        line = "manager user · 2026-03-04: Ask for the budget"
        self.assertEqual(followup.comments, line)
        notice = self.notices(self.rep) - before
        self.assertEqual(len(notice), 1)
        self.assertIn("Ask for the budget", notice.body)
        self.assertIn(f"/odoo/crm.followup/{followup.id}", notice.body)
        with self.calling_as(self.rep) as env:
            partner = env["res.partner"].browse(self.customer.id)
            (event,) = partner.get_customer_timeline(kinds=["followup"])["events"]
        self.assertIn(line, event["text"])
        self.comment(followup, self.manager, "And call again")
        self.assertEqual(len(followup.comments.splitlines()), 2)

    def test_several_at_once_are_one_message_a_person(self):
        """# B4"""
        other = self.make_customer("Other", self.colleague)
        mine = self.write_followup(self.customer)
        mine |= self.write_followup(self.customer, content="Talked about the price.")
        all_of_them = mine | self.write_followup(other, self.colleague)
        before = {user: self.notices(user) for user in (self.rep, self.colleague)}
        self.comment(all_of_them, self.manager)
        self.assertTrue(all(all_of_them.mapped("comments")))
        for user, known in before.items():
            self.assertEqual(len(self.notices(user) - known), 1, user.name)

    def test_who_leads_the_person_comments(self):
        """# B4 G1: not the person, nor another team's manager, nor by the API."""
        followup = self.write_followup(self.customer)
        for role, error in (
            ("rep", UserError),
            ("other_manager", AccessError),
            ("agent", UserError),
        ):
            with self.subTest(role=role), self.assertRaises(error):
                followup.with_user(self.roles[role])._comment("No")
        for role in ("rep", "manager"):
            mine = followup.with_user(self.roles[role])
            with self.subTest(role=role), self.assertRaises(AccessError):
                mine.write({"comments": "Forged"})
        own = self.write_followup(self.customer, self.manager)
        with self.assertRaises(UserError):
            (followup | own).with_user(self.manager).action_comment()
        self.comment(own, self.roles["crm_admin"])
        self.assertTrue(own.comments)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 02:00:00")
class TestFollowupNudge(ManagerCommon):
    """# B4: of what is overdue, once a day."""

    def overdue(self, customer, user):
        self.write_followup(customer, user, next_date=WEDNESDAY - DAY)
        return self.open_tasks(customer)

    def test_a_tap_reminds_once_a_day(self):
        """# B4: the next day again."""
        task = self.overdue(self.customer, self.rep).with_user(self.manager)
        self.assertTrue(task.can_be_nudged)
        before = self.notices(self.rep)
        action = task.action_nudge()
        self.assertIn("rep user (1)", action["params"]["message"])
        notice = self.notices(self.rep) - before
        self.assertEqual(len(notice), 1)
        self.assertIn("manager user", notice.subject)
        task.invalidate_recordset()
        self.assertFalse(task.can_be_nudged)
        again = task.action_nudge()
        self.assertEqual(again["params"]["type"], "warning")
        self.assertEqual(self.notices(self.rep) - before, notice)
        with freeze_time("2026-03-05 02:00:00"):
            task.invalidate_recordset()
            self.assertTrue(task.can_be_nudged)
            task.action_nudge()
        self.assertEqual(len(self.notices(self.rep) - before), 2)

    def test_several_at_once_are_one_message_a_person(self):
        """# B4"""
        customers = [self.make_customer(f"C{number}", self.rep) for number in range(3)]
        customers.append(self.make_customer("D", self.colleague))
        tasks = self.tasks.union(
            *(self.overdue(one, one.user_id) for one in customers)
        ).with_user(self.manager)
        before = {user: self.notices(user) for user in (self.rep, self.colleague)}
        tasks[0].action_nudge()
        action = tasks.action_nudge()
        self.assertIn("rep user (2)", action["params"]["message"])
        self.assertIn("1 left out", action["params"]["message"])
        self.assertEqual(len(self.notices(self.rep) - before[self.rep]), 2)
        self.assertEqual(len(self.notices(self.colleague) - before[self.colleague]), 1)

    def test_a_deal_and_what_is_planned_for_it_are_one_thing(self):
        """# B4: whose salesperson is reminded; a contact not at all."""
        lead = self.make_lead("Sensors", self.rep, self.customer)
        self.write_followup(lead, next_date=WEDNESDAY - DAY)
        task = self.open_tasks(lead)
        lead.with_user(self.manager).action_nudge()
        self.assertFalse(task.with_user(self.manager).can_be_nudged)
        nobody = self.make_lead("Nobody's", self.env["res.users"], team_id=False)
        with self.assertRaises(UserError):
            nobody.with_user(self.roles["crm_admin"]).action_nudge()
        self.customer.with_user(self.manager).action_nudge()
        nudges = self.env["crm.followup.nudge"].search([])
        self.assertEqual(
            {(one.lead_id, one.partner_id) for one in nudges},
            {
                (lead, self.env["res.partner"]),
                (self.env["crm.lead"], self.customer),
            },
        )

    def test_what_is_not_due_and_whom_one_does_not_lead_is_left(self):
        """# B4 G1"""
        self.write_followup(self.customer, next_date=WEDNESDAY)
        task = self.open_tasks(self.customer)
        self.assertFalse(task.with_user(self.manager).can_be_nudged)
        with self.assertRaises(UserError):
            task.with_user(self.manager).action_nudge()
        with self.assertRaises(UserError):
            self.customer.with_user(self.rep).action_nudge()
        with self.assertRaises(AccessError):
            self.customer.with_user(self.other_manager).action_nudge()
        with self.assertRaises(AccessError):
            task.with_user(self.other_manager).action_nudge()

    def test_nudges_show_to_who_sent_them(self):
        """# G1: and are nobody's to write."""
        self.customer.with_user(self.manager).action_nudge()
        for role, seen in (
            ("manager", True),
            ("other_manager", False),
            ("crm_admin", True),
        ):
            nudges = self.env["crm.followup.nudge"].with_user(self.roles[role])
            with self.subTest(role=role):
                self.assertEqual(bool(nudges.search([])), seen)
                with self.assertRaises(AccessError):
                    nudges.create({"user_id": self.rep.id, "day": WEDNESDAY})
        with self.assertRaises(AccessError):
            self.env["crm.followup.nudge"].with_user(self.rep).search([])

    def test_my_day_has_the_button(self):
        """# B4 F3: for what came up the ladder, until it is pressed."""
        task = self.overdue(self.customer, self.rep)
        task.escalated_user_id = self.manager

        def buttons():
            with self.calling_as(self.manager) as env:
                day = env["crm.my.day"].get_my_day()
            sections = {s["key"]: s["items"] for s in day["sections"]}
            return sections["escalated"][0]["buttons"]

        (button,) = buttons()
        self.assertEqual(button["model"], task._name)
        self.assertEqual(button["method"], "action_nudge")
        task.with_user(self.manager).action_nudge()
        self.assertEqual(buttons(), [])

    def test_a_merge_drops_nudges_and_fails_at_none(self):
        """# B4 C4"""
        other = self.make_customer("Acme Ltd", self.rep)
        (self.customer | other).with_user(self.manager).action_nudge()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.customer.id, other.id], self.customer, extra_checks=False)
        self.assertFalse(other.exists().active)
        nudges = self.env["crm.followup.nudge"].search([])
        self.assertEqual(nudges.partner_id, self.customer)
