from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import MONDAY, FollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupDialog(FollowupCommon):
    """# F1: the compact dialog."""

    def dialog(self, records, user=None, **context):
        user = user or self.rep
        action = records.with_user(user).action_follow_up()
        dialogs = self.env["crm.followup.dialog"].with_user(user)
        return Form(dialogs.with_context(**action["context"], **context))

    def test_three_steps_write_a_follow_up(self):
        """# F1: open, type, save."""
        form = self.dialog(self.customer)
        form.content = "Wants a second quote"
        form.save().action_save()
        record = self.followups.search([("partner_id", "=", self.customer.id)])
        self.assertRecordValues(
            record,
            [
                {
                    "content": "Wants a second quote",
                    "method": "phone",
                    "user_id": self.rep.id,
                }
            ],
        )

    @freeze_time("2026-03-06 02:00:00")
    def test_quick_choices_set_the_next_date(self):
        """# F1: tomorrow from a Friday is Monday; another day is typed."""
        form = self.dialog(self.customer)
        form.content = "Wants a second quote"
        form.next_choice = "tomorrow"
        self.assertEqual(form.next_date, MONDAY + timedelta(days=7))
        form.next_date = MONDAY + timedelta(days=11)
        self.assertEqual(form.next_choice, "date")
        self.assertEqual(form.next_date, MONDAY + timedelta(days=11))
        form.next_plan = "Bring samples"
        form.save().action_save()
        self.assertRecordValues(
            self.activities(self.customer),
            [
                {
                    "date_deadline": MONDAY + timedelta(days=11),
                    "summary": "Bring samples",
                }
            ],
        )

    def test_one_dialog_writes_for_a_whole_selection(self):
        """# F1: one record each, files copied so that none is shared."""
        customers = self.customer | self.make_customer("Beta", self.rep)
        with self.calling_as(self.rep) as env:
            file = env["ir.attachment"].create({"name": "flyer.txt", "raw": b"x"})
            dialog = env["crm.followup.dialog"].create(
                {
                    "partner_ids": [Command.set(customers.ids)],
                    "content": "Sent the flyer",
                    "method": "im",
                    "attachment_ids": [Command.set(file.ids)],
                }
            )
            self.assertIn("1", dialog.about)
            dialog.action_save()
        records = self.followups.search([("content", "=", "Sent the flyer")])
        self.assertEqual(records.partner_id, customers)
        self.assertEqual(len(records.attachment_ids), 2)
        for record in records:
            self.assertEqual(record.attachment_ids.res_id, record.id)

    def test_leads_are_followed_up_likewise(self):
        """# F1"""
        leads = self.make_lead("A", self.rep) | self.make_lead("B", self.rep)
        form = self.dialog(leads)
        form.content = "Invited to the fair"
        form.save().action_save()
        records = self.followups.search([("content", "=", "Invited to the fair")])
        self.assertEqual(records.lead_id, leads)

    def test_the_activity_it_was_opened_from_is_done_and_recorded_once(self):
        """# F1 F3: no second record of the finished activity."""
        activity = self.plan(self.customer, fields.Date.today() + timedelta(days=9))
        action = activity.with_user(self.rep).action_followup_done()
        self.assertEqual(action["context"]["default_method"], "phone")
        dialogs = self.env["crm.followup.dialog"].with_user(self.rep)
        form = Form(dialogs.with_context(**action["context"]))
        form.content = "Called early"
        form.save().action_save()
        record = self.followups.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(len(record), 1)
        self.assertEqual((record.origin, record.source_id), ("typed", activity.id))
        self.assertFalse(activity.active)
        self.assertEqual(activity.feedback, "Called early")
        self.followups._record_activities(activity, "again")
        self.assertEqual(
            self.followups.search_count([("partner_id", "=", self.customer.id)]), 1
        )

    def test_a_meeting_followed_up_in_the_dialog_is_recorded_once(self):
        """# F1: the activity stands for the meeting; when that is over, the record is
        there already, and the other way round."""
        contact = self.make_contact(self.customer, "Ms Li")
        for name, about, over_first in (
            ("Before", self.customer, False),
            ("After", self.customer, True),
            ("Before, with a contact", contact, False),
            ("After, with a contact", contact, True),
        ):
            event = self.env["calendar.event"].create(
                {
                    "name": name,
                    "start": fields.Datetime.now() - timedelta(hours=2),
                    "stop": fields.Datetime.now() - timedelta(hours=1),
                    "user_id": self.rep.id,
                    "partner_ids": [Command.set((self.rep.partner_id | about).ids)],
                }
            )
            activity = self.plan(about, fields.Date.today(), calendar_event_id=event.id)
            if over_first:
                self.followups._record_meetings(event)
            action = activity.with_user(self.rep).action_followup_done()
            dialogs = self.env["crm.followup.dialog"].with_user(self.rep)
            form = Form(dialogs.with_context(**action["context"]))
            form.content = f"Met them, {name}"
            form.save().action_save()
            self.followups._record_meetings(event)
            with self.subTest(name=name):
                self.assertFalse(activity.active)
                self.assertEqual(
                    self.followups.search_count(
                        [
                            ("source_model", "=", "calendar.event"),
                            ("source_id", "=", event.id),
                        ]
                    ),
                    1,
                )

    def test_what_hangs_on_the_activity_follows(self):
        """# F1 F3: done in the dialog is done as anywhere: the next activity of a
        chain is planned."""
        visit = self.env["mail.activity.type"].create({"name": "Visit them"})
        call = self.call.copy(
            {"chaining_type": "trigger", "triggered_next_type_id": visit.id}
        )
        activity = self.customer.activity_schedule(
            activity_type_id=call.id, user_id=self.rep.id
        )
        action = activity.with_user(self.rep).action_followup_done()
        dialogs = self.env["crm.followup.dialog"].with_user(self.rep)
        form = Form(dialogs.with_context(**action["context"]))
        form.content = "Called, a visit is welcome"
        form.save().action_save()
        self.assertEqual(self.activities(self.customer).activity_type_id, visit)
        self.assertEqual(
            self.followups.search_count([("partner_id", "=", self.customer.id)]), 1
        )

    def test_nothing_and_nobody_are_refused(self):
        """# F1"""
        with self.assertRaises(UserError):
            self.env["crm.followup.dialog"].create(
                {"content": "For nobody"}
            ).action_save()
        form = self.dialog(self.customer)
        form.content = "。。。"
        with self.assertRaises(ValidationError):
            form.save().action_save()

    def test_a_hidden_customer_cannot_be_written_about(self):
        """# F1 G1: not by its id either."""
        with self.calling_as(self.other_rep) as env:
            dialogs = env["crm.followup.dialog"]
            with self.assertRaises(AccessError):
                dialogs.create(
                    {
                        "partner_ids": [Command.set(self.customer.ids)],
                        "content": "Talked to a stranger",
                    }
                ).action_save()

    def person(self, name, customer=None, **values):
        """A contact of the customer."""
        return self.env["res.partner"].create(
            {"name": name, "parent_id": (customer or self.customer).id, **values}
        )

    def test_the_person_spoken_to_last_is_proposed(self):
        """# F1 C2: else the first contact; a dialog about a person is about it."""
        first = self.person("Wang", phone="+86 138 0013 8000")
        second = self.person("Zhao")
        self.customer.primary_contact_id = first
        form = self.dialog(self.customer)
        self.assertEqual((form.contact_id, form.phone), (first, first.phone))
        form.contact_id = second
        form.content = "Wants a second quote"
        form.save().action_save()
        record = self.followups.search([("customer_id", "=", self.customer.id)])
        self.assertEqual(record.contact_id, second)
        form = self.dialog(self.customer)
        self.assertEqual(form.contact_id, second)
        for words in ("Zhao", "rep user", "Wants a second quote"):
            self.assertIn(words, form.last_contact)
        self.assertEqual(self.dialog(first).contact_id, first)
        lead = self.make_lead("Line", self.rep, first)
        self.assertEqual(self.dialog(lead).contact_id, first)

    def test_only_people_of_the_customer_are_spoken_to(self):
        """# F1 C2 G1"""
        beta = self.make_customer("Beta", self.rep)
        stranger = self.person("Stranger", beta)
        with self.assertRaisesRegex(ValidationError, "Stranger"):
            self.write_followup(self.customer, contact_id=stranger.id)
        foreign = self.person("F", self.make_customer("Foreign", self.other_rep))
        with self.assertRaises(AccessError):
            self.write_followup(self.customer, contact_id=foreign.id)
        followup = self.write_followup(beta, contact_id=stranger.id)
        with Form(followup) as form:
            form.partner_id = self.customer
            self.assertFalse(form.contact_id)

    def test_a_lead_of_a_hidden_customer_tells_nothing_of_it(self):
        """# F1 G1: neither people nor what was said."""
        hidden = self.make_customer("Hidden", self.other_rep)
        person = self.person("Secret", hidden, phone="+86 138 0000 0001")
        self.write_followup(hidden, self.other_rep, contact_id=person.id)
        lead = self.make_lead("Mine", self.rep, hidden, phone="+86 139 0000 0002")
        form = self.dialog(lead)
        self.assertFalse(form.contact_id)
        self.assertFalse(form.last_contact)
        self.assertEqual(form.phone, lead.phone)

    def test_what_it_finishes_is_told_before(self):
        """# F2: the activity it was opened from, and what is due; not what is agreed
        on for later."""
        today = self.env.company._today()
        beta = self.make_customer("Beta", self.rep)
        self.write_followup(
            self.customer, next_date=today + timedelta(days=9), next_plan="Later"
        )
        self.assertFalse(self.dialog(self.customer).finishes)
        rule = self.make_rule(
            summary="Regular call", domain=f"[('id', '=', {beta.id})]"
        )
        self.born_on(beta, fields.Datetime.now() - timedelta(days=60))
        rule._run_whole()
        self.assertIn("Regular call", self.dialog(beta).finishes)
        activity = self.plan(self.customer, today, summary="Ask about price")
        action = activity.with_user(self.rep).action_followup_done()
        dialogs = self.env["crm.followup.dialog"].with_user(self.rep)
        form = Form(dialogs.with_context(**action["context"]))
        self.assertIn("Ask about price", form.finishes)

    def test_one_word_is_a_whole_record(self):
        """# F1: instead of a refused short text; the word is counted and read."""
        form = self.dialog(self.customer)
        form.outcome = "no_answer"
        self.assertEqual(form.next_choice, "tomorrow")
        form.save().action_save()
        record = self.followups.search([("customer_id", "=", self.customer.id)])
        self.assertRecordValues(
            record, [{"outcome": "no_answer", "content": "No Answer"}]
        )
        self.assertTrue(record.next_date)
        form = self.dialog(self.customer)
        form.outcome = "documents"
        form.content = "ok"
        form.save().action_save()
        last = self.followups.search([("outcome", "=", "documents")])
        self.assertEqual(last.content, "Documents Sent: ok")
        form = self.dialog(self.customer)
        with self.assertRaises(AssertionError):
            # neither word nor text
            form.save()

    def test_an_outcome_given_by_a_program_is_the_content(self):
        """# F1: as in the dialog; what is no word at all is refused as ever."""
        written = self.write_followup(
            self.customer, outcome="appointment", content=False
        )
        self.assertEqual(written.content, "Appointment Made")
        with self.assertRaises(ValidationError):
            self.write_followup(self.customer, outcome="appointment", content="。。。")

    def test_a_draft_has_the_name_of_its_record(self):
        """# F1: the same in the dialog and when it is saved, another for others."""
        lead = self.make_lead("Line", self.rep, self.customer)
        names = set()
        for record in (self.customer, lead, self.make_customer("Beta", self.rep)):
            form = self.dialog(record)
            form.content = "Wants a second quote"
            names.add(form.draft_key)
            action = form.save().action_save()
            self.assertEqual(action["params"]["draft"], form.draft_key)
        self.assertEqual(len(names), 3)
