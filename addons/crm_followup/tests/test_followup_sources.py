from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupSources(FollowupCommon):
    """# F1: activities, mails and meetings become records by themselves, once."""

    def switch_off(self, name):
        self.env["ir.config_parameter"].set_param(f"crm_followup.record_{name}", "0")

    def of_customer(self, customer=None):
        return self.followups.search(
            [("customer_id", "=", (customer or self.customer).id)]
        )

    # ------------------------------------------------------------
    # ACTIVITIES
    # ------------------------------------------------------------

    def test_a_finished_call_becomes_a_record(self):
        """# F1: by whom, how, what was said."""
        activity = self.plan(
            self.customer, fields.Date.today(), summary="Ask about price"
        )
        with self.calling_as(self.rep) as env:
            env["mail.activity"].browse(activity.id).action_feedback("Price is fine")
        self.assertRecordValues(
            self.of_customer(),
            [
                {
                    "origin": "activity",
                    "method": "phone",
                    "user_id": self.rep.id,
                    "content": "Ask about price\nPrice is fine",
                    "source_model": "mail.activity",
                    "source_id": activity.id,
                    "partner_id": self.customer.id,
                }
            ],
        )

    def test_a_finished_activity_of_a_lead_belongs_to_its_customer_too(self):
        """# F1"""
        lead = self.make_lead("Fair", self.rep, self.customer)
        self.plan(lead, fields.Date.today()).with_user(self.rep).action_done()
        self.assertEqual(self.of_customer().lead_id, lead)

    def test_the_type_says_how_or_that_it_is_no_contact(self):
        """# F1: uploading a document is none; a new type is by default."""
        upload = self.env.ref("mail.mail_activity_data_upload_document")
        own = self.env["mail.activity.type"].create({"name": "Chat"})
        self.assertEqual(own.followup_method, "other")
        for activity_type in (upload, own):
            activity = self.plan(self.customer, fields.Date.today())
            activity.activity_type_id = activity_type
            activity.with_user(self.rep)._action_done()
        self.assertEqual(self.of_customer().mapped("method"), ["other"])

    def test_an_activity_on_no_customer_leaves_no_record(self):
        """# F1: a supplier, a user, another model."""
        supplier = self.make_plain_partner("Supplier")
        self.plan(supplier, fields.Date.today())._action_done()
        self.plan(self.rep.partner_id, fields.Date.today())._action_done()
        free = self.env["mail.activity"].create(
            {"summary": "Own", "user_id": self.env.uid}
        )
        free._action_done()
        self.assertFalse(self.followups.search([]))

    def test_an_activity_finished_twice_is_recorded_once(self):
        """# F1: guaranteed by the database."""
        activity = self.plan(self.customer, fields.Date.today())
        activity._action_done()
        self.followups._record_activities(activity, "again")
        self.assertEqual(len(self.of_customer()), 1)

    def test_another_transaction_that_was_faster_is_accepted(self):
        """# F1: a race ends with one record and no error for the user."""
        activity = self.plan(self.customer, fields.Date.today())
        activity._action_done()
        known = type(self.followups)._without_known_sources
        answers = iter([lambda self_, vals: vals, known])

        def blind_once(self_, vals_list):
            return next(answers)(self_, vals_list)

        with patch.object(type(self.followups), "_without_known_sources", blind_once):
            found = self.followups._record_activities(activity, "again")
        self.assertFalse(found)
        self.assertEqual(len(self.of_customer()), 1)

    def test_many_activities_are_recorded_in_one_batch(self):
        """# F1"""
        customers = [self.make_customer(f"C{n}", self.rep) for n in range(5)]
        activities = self.env["mail.activity"].union(
            *(self.plan(c, fields.Date.today()) for c in customers)
        )
        with patch.object(
            type(self.followups),
            "_create_from_sources",
            autospec=True,
            side_effect=type(self.followups)._create_from_sources,
        ) as create:
            activities._action_done()
        self.assertEqual(create.call_count, 1)
        self.assertEqual(self.followups.search_count([("origin", "=", "activity")]), 5)

    # ------------------------------------------------------------
    # MAILS
    # ------------------------------------------------------------

    def post(self, record, user=None, **values):
        with self.calling_as(user or self.rep) as env:
            return (
                env[record._name]
                .browse(record.id)
                .message_post(
                    **{
                        "body": "Here is our offer.",
                        "subject": "Offer",
                        "message_type": "comment",
                        "subtype_xmlid": "mail.mt_comment",
                        "partner_ids": self.customer.ids,
                        **values,
                    }
                )
            )

    def test_a_mail_to_the_customer_becomes_a_record(self):
        """# F1: from the customer's and from the lead's page."""
        message = self.post(self.customer)
        lead = self.make_lead("Fair", self.rep, self.customer)
        self.post(lead)
        records = self.of_customer().sorted("id")
        self.assertEqual(records.mapped("method"), ["email", "email"])
        self.assertEqual(records[0].content, "Offer\nHere is our offer.")
        self.assertEqual(records[0].source_id, message.id)
        self.assertEqual(records[1].lead_id, lead)

    def test_the_composer_writes_a_record(self):
        """# F1: the window people use."""
        self.customer.email = "buyer@acme.example"
        with self.calling_as(self.rep) as env:
            composer = env["mail.compose.message"].create(
                {
                    "model": "res.partner",
                    "res_ids": repr(self.customer.ids),
                    "composition_mode": "comment",
                    "subject": "Drawing",
                    "body": "<p>Please find the drawing.</p>",
                    "partner_ids": [Command.set(self.customer.ids)],
                }
            )
            composer._action_send_mail()
        self.assertEqual(self.of_customer().mapped("origin"), ["mail"])

    def test_what_is_no_mail_of_ours_to_them_leaves_no_record(self):
        """# F1: notes, mails among colleagues, system messages, the customer's own."""
        self.post(self.customer, subtype_xmlid="mail.mt_note", partner_ids=[])
        self.post(self.customer, partner_ids=self.manager.partner_id.ids)
        self.post(self.customer, message_type="notification")
        self.post(self.customer, author_id=self.customer.id)
        supplier = self.make_plain_partner("Supplier")
        self.post(supplier, partner_ids=supplier.ids)
        self.assertFalse(self.followups.search([]))

    def test_a_comment_that_reaches_a_following_customer_is_a_mail(self):
        """# F1: no recipient named, but the customer follows."""
        lead = self.make_lead("Fair", self.rep, self.customer)
        lead.message_subscribe(partner_ids=self.customer.ids)
        self.post(lead, partner_ids=[])
        self.assertEqual(len(self.of_customer()), 1)

    # ------------------------------------------------------------
    # MEETINGS
    # ------------------------------------------------------------

    def make_meeting(self, *partners, hours_ago=3, **values):
        start = fields.Datetime.now() - timedelta(hours=hours_ago)
        return (
            self.env["calendar.event"]
            .with_user(self.rep)
            .create(
                {
                    "name": "Demo at the plant",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "location": "Suzhou",
                    "partner_ids": [
                        Command.set([self.rep.partner_id.id, *(p.id for p in partners)])
                    ],
                    **values,
                }
            )
        )

    def run_meetings(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_followup.ir_cron_meetings").method_direct_trigger()
        self.env.invalidate_all()

    def test_a_held_meeting_becomes_one_record_per_customer(self):
        """# F1: not one per person, and once however often the job runs."""
        people = [self.make_contact(self.customer, name) for name in ("A", "B")]
        second = self.make_customer("Beta", self.rep)
        event = self.make_meeting(*people, second)
        self.run_meetings()
        self.run_meetings()
        records = self.followups.search([("origin", "=", "meeting")])
        self.assertEqual(records.partner_id, self.customer | second)
        self.assertEqual(len(records), 2)
        self.assertEqual(set(records.mapped("user_id")), {self.rep})
        self.assertEqual(records[0].content, "Demo at the plant\nPlace: Suzhou")
        self.assertEqual(records[0].date, event.stop)

    def test_a_meeting_about_a_lead_belongs_to_the_lead(self):
        """# F1: its customer is not recorded a second time."""
        lead = self.make_lead("Fair", self.rep, self.customer)
        self.make_meeting(self.customer, opportunity_id=lead.id)
        self.run_meetings()
        self.assertEqual(self.of_customer().lead_id, lead)
        self.assertEqual(len(self.of_customer()), 1)

    def test_meetings_that_were_not_held_leave_no_record(self):
        """# F1: still to come, cancelled, declined, long ago, without a customer."""
        self.make_meeting(self.customer, hours_ago=-2)
        self.make_meeting(self.customer).active = False
        declined = self.make_meeting(self.customer)
        declined.attendee_ids.filtered(
            lambda a: a.partner_id == self.customer
        ).state = "declined"
        self.make_meeting(self.customer, hours_ago=24 * 30)
        self.make_meeting()
        self.run_meetings()
        self.assertFalse(self.followups.search([]))

    def test_private_meetings_stay_private(self):
        """# F1 G1: what nobody else sees in the calendar nobody reads here; so by
        itself, or by the person's usual setting."""
        self.make_meeting(self.customer, privacy="private")
        self.rep.with_user(self.rep).calendar_default_privacy = "private"
        self.make_meeting(self.customer)
        self.run_meetings()
        self.assertFalse(self.followups.search([]))

    def test_a_meeting_activity_and_its_meeting_are_one(self):
        """# F1: the activity is finished by hand, the meeting is over later."""
        event = self.make_meeting(self.customer)
        activity = self.plan(self.customer, fields.Date.today())
        activity.calendar_event_id = event
        activity.with_user(self.rep)._action_done()
        self.run_meetings()
        self.assertEqual(len(self.of_customer()), 1)

    # ------------------------------------------------------------
    # SWITCHES AND LINKS
    # ------------------------------------------------------------

    def test_each_source_can_be_switched_off(self):
        """# F1"""
        for name in ("activity", "mail", "meeting"):
            self.switch_off(name)
        self.plan(self.customer, fields.Date.today())._action_done()
        self.post(self.customer)
        self.make_meeting(self.customer)
        self.run_meetings()
        self.assertFalse(self.followups.search([]))

    def test_the_switches_are_in_the_settings(self):
        """# F1: and stay off."""
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.followup_record_mail)
        settings.followup_record_mail = False
        settings.set_values()
        fresh = self.env["res.config.settings"].create({})
        self.assertFalse(fresh.followup_record_mail)
        self.assertTrue(fresh.followup_record_activity)

    def test_a_record_opens_its_source(self):
        """# F1: the record of an activity, the meeting itself; a source that is gone
        opens the customer."""
        self.plan(self.customer, fields.Date.today())._action_done()
        record = self.of_customer()
        self.assertEqual(record.action_open_source()["res_model"], "res.partner")
        event = self.make_meeting(self.customer)
        self.run_meetings()
        record = self.followups.search([("origin", "=", "meeting")])
        action = record.action_open_source()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("calendar.event", event.id)
        )
        event.unlink()
        self.assertEqual(record.action_open_source()["res_model"], "res.partner")
