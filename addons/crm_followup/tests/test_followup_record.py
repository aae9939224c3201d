from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import NOW, WEDNESDAY, FollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupRecord(FollowupCommon):
    def test_a_record_has_its_number_and_its_customer(self):
        """# F1: the number is the system's; a lead brings its customer along."""
        contact = self.make_contact(self.customer, "Ms Li")
        lead = self.make_lead("Fair", self.rep, contact)
        with self.calling_as(self.rep) as env:
            first, second = env["crm.followup"].create(
                [
                    {
                        "partner_id": self.customer.id,
                        "content": "Sent the quote",
                        "name": "X",
                    },
                    {"lead_id": lead.id, "content": "Asked for the drawing"},
                ]
            )
            self.assertTrue(first.name.startswith("FU"))
            self.assertNotEqual(first.name, second.name)
            self.assertEqual(first.user_id, self.rep)
            self.assertEqual(first.method, "phone")
        self.assertEqual(second.partner_id, contact)
        self.assertEqual(second.customer_id, self.customer)

    def test_numbers_are_drawn_in_one_go(self):
        """# F1: a hundred records cost one draw."""
        sequence = self.env.ref("crm_followup.sequence_followup")
        sequence._next_many(1)
        before = self.env.cr.sql_log_count
        numbers = sequence._next_many(100)
        self.assertEqual(len(set(numbers)), 100)
        self.assertEqual(self.env.cr.sql_log_count - before, 1)

    def test_content_that_says_nothing_is_refused(self):
        """# F1: at entry, by RPC and on change."""
        for content in ("  ", "。。。", "哈哈哈", "ok"):
            with self.subTest(content=content), self.assertRaises(ValidationError):
                self.write_followup(self.customer, content=content)
        record = self.write_followup(self.customer)
        with self.assertRaises(ValidationError):
            record.content = "..."

    def test_the_least_content_is_a_setting(self):
        """# F1: zero switches the length off, punctuation alone stays refused."""
        settings = self.env["res.config.settings"].create({"followup_min_length": 0})
        settings.set_values()
        self.write_followup(self.customer, content="ok")
        with self.assertRaises(ValidationError):
            self.write_followup(self.customer, content="!!")
        self.assertEqual(self.followups._setting("min_length"), 0)

    def test_a_setting_that_is_no_number_counts_as_not_set(self):
        """# F1"""
        self.env["ir.config_parameter"].set_param("crm_followup.lock_days", "many")
        self.assertEqual(self.followups._setting("lock_days"), 7)

    def test_what_is_still_to_come_is_no_follow_up(self):
        """# F1"""
        with self.assertRaises(ValidationError):
            self.write_followup(
                self.customer, date=fields.Datetime.now() + timedelta(hours=2)
            )

    def test_a_record_is_about_somebody(self):
        """# F1: refused by the database too."""
        with self.refused_by_database():
            self.followups.create({"content": "Talked to nobody"})

    def test_the_system_says_where_a_record_comes_from(self):
        """# F1: a client cannot pretend to be an activity."""
        record = self.write_followup(
            self.customer, origin="mail", source_model="mail.message", source_id=1
        )
        self.assertEqual(record.origin, "typed")
        self.assertFalse(record.source_id)
        with self.assertRaises(UserError):
            record.write({"origin": "mail"})

    def test_old_records_stay_as_they_were_written(self):
        """# F1: what was said is locked, the next date is not; administrators may."""
        record = self.write_followup(self.customer)
        record.content = "Talked about the second order"
        self.born_on(record, fields.Datetime.now() - timedelta(days=8))
        self.assertTrue(record.is_locked)
        with self.assertRaises(UserError):
            record.content = "Something quite different"
        record.next_date = fields.Date.today() + timedelta(days=3)
        record.with_user(self.crm_admin).content = "Corrected by the administrator"
        self.env["ir.config_parameter"].set_param("crm_followup.lock_days", "0")
        record.content = "Never locked"

    def test_files_belong_to_the_record_they_were_uploaded_for(self):
        """# F1: who reads the follow-up reads them, nobody else."""
        with self.calling_as(self.rep) as env:
            file = env["ir.attachment"].create(
                {"name": "photo.txt", "raw": b"x", "res_model": "crm.followup"}
            )
            record = env["crm.followup"].create(
                {
                    "partner_id": self.customer.id,
                    "content": "Photo of the line",
                    "attachment_ids": [(6, 0, file.ids)],
                }
            )
            self.assertEqual(file.res_id, record.id)
        files = self.env["ir.attachment"]
        for user, seen in (
            (self.rep, True),
            (self.manager, True),
            (self.agent, True),
            (self.other_rep, False),
        ):
            with self.subTest(user=user.login):
                found = files.with_user(user).search([("id", "=", file.id)])
                self.assertEqual(bool(found), seen)

    def test_a_strangers_file_is_not_taken_over(self):
        """# F1 G1: an id is no right."""
        foreign = self.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"x",
                "res_model": "res.partner",
                "res_id": self.customer.id,
            }
        )
        record = self.write_followup(
            self.customer, attachment_ids=[(6, 0, foreign.ids)]
        )
        self.assertTrue(record)
        self.assertEqual(foreign.res_model, "res.partner")

    # ------------------------------------------------------------
    # NEXT STEP
    # ------------------------------------------------------------

    def test_a_next_date_plans_one_activity_for_the_owner(self):
        """# F1: whoever writes; a second one replaces it."""
        day = fields.Date.today() + timedelta(days=5)
        self.write_followup(
            self.customer,
            self.manager,
            next_date=day,
            next_plan="Send the offer",
            user_id=self.manager.id,
        )
        activity = self.activities(self.customer)
        self.assertRecordValues(
            activity,
            [
                {
                    "user_id": self.rep.id,
                    "date_deadline": day,
                    "summary": "Send the offer",
                }
            ],
        )
        self.write_followup(self.customer, next_date=day + timedelta(days=2))
        activity = self.activities(self.customer)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.date_deadline, day + timedelta(days=2))
        self.assertEqual(len(self.open_tasks(self.customer)), 1)

    def test_a_changed_next_date_moves_the_activity(self):
        """# F1"""
        day = fields.Date.today() + timedelta(days=5)
        record = self.write_followup(self.customer, next_date=day)
        activity = self.activities(self.customer)
        record.next_date = day + timedelta(days=1)
        self.assertEqual(self.activities(self.customer), activity)
        self.assertEqual(activity.date_deadline, day + timedelta(days=1))
        self.assertEqual(
            self.open_tasks(self.customer).date_due, activity.date_deadline
        )

    def test_a_call_the_owner_planned_by_hand_is_the_next_step(self):
        """# F1: no second activity beside it; one of another person stays."""
        day = fields.Date.today() + timedelta(days=5)
        own = self.plan(self.customer, day, summary="Own words")
        foreign = self.plan(self.customer, day, self.manager)
        self.write_followup(self.customer, next_date=day + timedelta(days=3))
        self.assertEqual(self.activities(self.customer), own | foreign)
        self.assertEqual(own.date_deadline, day + timedelta(days=3))
        self.assertEqual(own.summary, "Own words")
        self.assertEqual(foreign.date_deadline, day)

    def test_a_contact_without_a_new_date_leaves_a_later_step(self):
        """# F1: a call today does not undo the visit agreed for next week."""
        day = fields.Date.today() + timedelta(days=7)
        self.write_followup(self.customer, next_date=day)
        self.write_followup(self.customer)
        self.assertEqual(self.activities(self.customer).date_deadline, day)

    def test_a_contact_does_what_was_due(self):
        """# F1 F4: the activity is done, on time, by the day where the person works."""
        planned = self.write_followup(self.customer)
        planned.next_date = planned.day
        task = self.open_tasks(self.customer)
        activity = task.activity_id
        record = self.write_followup(self.customer, content="Called as agreed")
        self.assertRecordValues(
            task, [{"state": "done", "on_time": True, "followup_id": record.id}]
        )
        self.assertFalse(activity.active)
        self.assertEqual(activity.feedback, "Called as agreed")
        self.assertFalse(self.activities(self.customer))

    def test_the_owner_who_left_is_not_planned_for(self):
        """# F2: the leader of the team gets it; without one the writer."""
        lead = self.make_lead("Fair", self.rep, team_id=self.team.id)
        self.rep.active = False
        self.write_followup(
            lead, self.crm_admin, next_date=WEDNESDAY, user_id=self.crm_admin.id
        )
        self.assertEqual(self.activities(lead).user_id, self.manager)

    def test_of_several_next_dates_at_once_the_last_counts(self):
        """# F1: one step per record, also when a batch is written."""
        first, last = WEDNESDAY, WEDNESDAY + timedelta(days=4)
        self.followups.create(
            [
                {
                    "partner_id": self.customer.id,
                    "content": "Written together",
                    "user_id": self.rep.id,
                    "date": NOW + timedelta(hours=number),
                    "next_date": day,
                }
                for number, day in enumerate((first, last))
            ]
        )
        self.assertEqual(self.activities(self.customer).date_deadline, last)

    # ------------------------------------------------------------
    # RESPONSE TIME
    # ------------------------------------------------------------

    def test_the_response_time_of_a_lead_is_stored_in_working_hours(self):
        """# F4: from its arrival to the first contact, nights and weekends not."""
        lead = self.make_lead("Web form", self.rep)
        # Friday 17:00 in Shanghai
        self.born_on(lead, fields.Datetime.to_datetime("2026-02-27 09:00:00"))
        # Monday 10:30 in Shanghai
        record = self.write_followup(lead, date="2026-03-02 02:30:00")
        self.assertTrue(record.is_first_contact)
        self.assertAlmostEqual(record.response_hours, 2.5)
        second = self.write_followup(lead, date="2026-03-03 02:30:00")
        self.assertFalse(second.is_first_contact)

    def test_of_several_first_contacts_at_once_the_earliest_is_first(self):
        """# F4"""
        lead = self.make_lead("Web form", self.rep)
        late, early = self.followups.create(
            [
                {"lead_id": lead.id, "content": "Some words", "date": day}
                for day in ("2026-03-03 02:00:00", "2026-03-02 02:00:00")
            ]
        )
        self.assertTrue(early.is_first_contact)
        self.assertFalse(late.is_first_contact)

    @freeze_time("2026-03-04 17:30:00")
    def test_the_day_is_that_where_the_person_works(self):
        """# F4: half past five in the evening UTC is tomorrow in Shanghai."""
        record = self.write_followup(self.customer)
        self.assertEqual(record.day, WEDNESDAY + timedelta(days=1))

    # ------------------------------------------------------------
    # MOVES
    # ------------------------------------------------------------

    def test_the_history_of_a_lead_joins_its_customer(self):
        """# F1: written before there was a customer, also when locked by now."""
        lead = self.make_lead("Web form", self.rep)
        record = self.write_followup(lead)
        self.born_on(record, fields.Datetime.now() - timedelta(days=30))
        self.assertFalse(record.partner_id)
        with self.calling_as(self.rep) as env:
            env["crm.lead"].browse(lead.id).partner_id = self.customer.id
        self.assertEqual(record.partner_id, self.customer)
        self.assertEqual(self.customer.followup_count, 1)

    def test_merged_leads_keep_their_history(self):
        """# F1"""
        leads = self.make_lead("A", self.rep) | self.make_lead("B", self.rep)
        records = self.write_followup(leads[0]) | self.write_followup(leads[1])
        kept = leads.merge_opportunity()
        self.assertEqual(records.lead_id, kept)
        self.assertEqual(kept.followup_count, 2)

    def test_merged_customers_keep_their_history_and_its_guards(self):
        """# F1 C4: Odoo moves rows by SQL."""
        other = self.make_customer("Acme twice", self.other_rep)
        record = self.write_followup(other, self.other_rep).sudo()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | other).ids, self.customer, extra_checks=False)
        record.invalidate_recordset()
        self.assertEqual(record.partner_id, self.customer)
        self.assertEqual(record.customer_id, self.customer)
        self.assertEqual(record.guard_user_id, self.rep)
        self.assertEqual(self.customer.followup_count, 1)

    def test_the_tile_of_the_customer_counts_its_follow_ups(self):
        """# F1 C5: those of its people too."""
        contact = self.make_contact(self.customer, "Ms Li")
        self.write_followup(contact)
        self.write_followup(self.customer)
        with self.calling_as(self.rep) as env:
            customer = env["res.partner"].browse(self.customer.id)
            tiles = {tile["key"]: tile for tile in customer.get_customer_360()}
            self.assertEqual(tiles["followups"]["count"], 2)
            action = customer.action_open_customer_360_section("followups")
            self.assertEqual(env["crm.followup"].search_count(action["domain"]), 2)

    def test_the_name_shown_says_about_whom(self):
        """# F1"""
        record = self.write_followup(self.customer)
        self.assertEqual(record.display_name, f"{record.name} · Acme")
