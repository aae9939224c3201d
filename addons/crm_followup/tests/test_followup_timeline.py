"""Follow-ups on the customer's timeline, and what they stand for there."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupTimeline(FollowupCommon):
    def events(self, user, **asked):
        with self.calling_as(user) as env:
            partner = env["res.partner"].browse(self.customer.id)
            return partner.get_customer_timeline(**asked)["events"]

    def kinds(self, user):
        """Without what the customer has become, which each begins with."""
        events = self.events(user)
        told = [e["kind"] for e in events if not e["noise"]]
        return [kind for kind in told if kind != "lifecycle"]

    def headline(self, user):
        with self.calling_as(user) as env:
            page = env["res.partner"].browse(self.customer.id).get_customer_headline()
        return {fact["key"]: fact for fact in page["facts"]}, [
            action["key"] for action in page["actions"]
        ]

    def test_a_follow_up_stands_with_what_was_said_and_answered(self):
        """# C5 F1: of the customer, of a contact and of a lead."""
        lead = self.make_lead("Sensors", self.rep, self.customer)
        self.write_followup(lead, method="visit", feedback="Wants it cheaper")
        [event] = self.events(self.rep, kinds=["followup"])
        self.assertEqual(event["title"], "Visit")
        self.assertIn("Talked about the order.", event["text"])
        self.assertIn("Wants it cheaper", event["text"])
        self.assertEqual(event["about"]["name"], "Sensors")
        self.assertEqual(event["opens"]["model"], "crm.followup")

    def test_a_mail_that_became_a_follow_up_is_one_event(self):
        """# C5: it is told as the follow-up; who reads no follow-ups reads the mail."""
        self.customer.email = "acme@acme.example"
        self.customer.with_user(self.rep).message_post(
            body="Our offer",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        self.assertEqual(self.followups.search([]).origin, "mail")
        self.assertEqual(self.kinds(self.rep), ["followup"])
        self.assertEqual(self.kinds(self.plain), ["mail"])

    def test_a_finished_activity_is_one_event(self):
        """# C5: the message it left is not told again, nor with the next module."""
        self.plan(self.customer, fields.Date.today()).with_user(
            self.rep
        ).action_feedback("Agreed")
        followup = self.followups.search([])
        self.assertEqual(followup.message_id.model, "res.partner")
        self.assertEqual(self.kinds(self.rep), ["followup"])
        self.assertEqual(self.kinds(self.plain), ["activity"])

    def test_two_finished_at_once_are_two_events(self):
        """# C5: each of two alike stands for its own message."""
        activities = self.plan(self.customer, fields.Date.today())
        activities |= self.plan(self.customer, fields.Date.today())
        activities.with_user(self.rep).action_feedback("Agreed")
        self.assertEqual(len(self.followups.search([]).message_id), 2)
        self.assertEqual(self.kinds(self.rep), ["followup", "followup"])

    def test_an_activity_finished_in_the_dialog_is_one_event(self):
        """# C5 F1: the dialog writes the follow-up first."""
        activity = self.plan(self.customer, fields.Date.today())
        dialog = (
            self.env["crm.followup.dialog"]
            .with_user(self.rep)
            .create(
                {
                    "partner_ids": [Command.set(self.customer.ids)],
                    "activity_id": activity.id,
                    "content": "Spoke about the price",
                }
            )
        )
        dialog.action_save()
        self.assertEqual(self.kinds(self.rep), ["followup"])

    def test_a_meeting_that_became_a_follow_up_is_one_event(self):
        """# C5: for who reads follow-ups."""
        meeting = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": fields.Datetime.now() - timedelta(hours=3),
                "stop": fields.Datetime.now() - timedelta(hours=2),
                "user_id": self.rep.id,
                "partner_ids": [Command.set(self.customer.ids)],
            }
        )
        meeting._record_held()
        self.assertEqual(self.kinds(self.rep), ["followup"])
        self.assertEqual(self.kinds(self.plain), ["meeting"])

    def test_nobody_says_which_message_a_follow_up_stands_for(self):
        """# C5 G1: it would hide another's mail from the story."""
        message = self.customer.message_post(body="Complaint", message_type="comment")
        followup = self.write_followup(self.customer, message_id=message.id)
        self.assertFalse(followup.message_id)
        with self.assertRaises(UserError):
            followup.with_user(self.rep).message_id = message

    def test_the_headline_says_what_was_and_what_is_promised(self):
        """# C5 F3: by the company's day; late is red."""
        facts, actions = self.headline(self.rep)
        self.assertEqual(facts["last_contact"]["value"], "Never")
        self.assertEqual(facts["next_contact"]["value"], "Nothing planned")
        self.assertEqual(actions[0], "follow_up")
        self.write_followup(self.customer)
        self.plan(self.customer, self.env.company._today() - timedelta(days=2))
        facts, _actions = self.headline(self.rep)
        self.assertEqual(facts["last_contact"]["value"], "Today")
        self.assertEqual(facts["next_contact"]["value"], "2 days late")
        self.assertEqual(facts["next_contact"]["tone"], "red")
        self.assertNotIn("follow_up", self.headline(self.agent)[1])
