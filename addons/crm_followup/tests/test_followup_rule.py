from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon
from odoo.addons.crm_followup.models import crm_followup_rule_run

from .common import MONDAY, NOW, WEDNESDAY, FollowupCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 02:00:00")
class TestFollowupRule(FollowupCommon):
    """# F2: rules as data; today is Wednesday 4 March 2026, ten in the morning."""

    def contacted(self, customer, days_ago):
        moment = datetime(2026, 3, 4, 2) - timedelta(days=days_ago)
        return self.write_followup(customer, self.env.user, date=moment)

    def due_of(self, record):
        return self.open_tasks(record).mapped("date_due")

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    def test_a_filter_that_cannot_be_used_is_refused_with_its_reason(self):
        """# F2: syntax, unknown fields, code, wrong values."""
        for domain, words in (
            ("[('no_such_field', '=', 1)]", "no_such_field"),
            ("[('name', '=', ", "with the editor"),
            ("[('user_id', '=', uid)]", "with the editor"),
            ("__import__('os')", "with the editor"),
            ("[('name', 'fits', 1)]", "fits"),
        ):
            with (
                self.subTest(domain=domain),
                self.assertRaises(ValidationError) as caught,
            ):
                self.make_rule(domain=domain)
            self.assertIn(words, str(caught.exception))

    def test_relative_dates_are_allowed(self):
        """# F2: and the rule says how many match."""
        rule = self.make_rule(
            domain="[('create_date', '>', 'today -30d'), ('name', '=', 'Acme')]"
        )
        self.born_on(self.customer, datetime(2026, 3, 1))
        rule.invalidate_recordset(["match_count"])
        self.assertEqual(rule.match_count, 1)
        found = self.env["res.partner"].search(rule.action_open_matching()["domain"])
        self.assertEqual(found, self.customer)

    def test_partners_that_are_no_customers_never_match(self):
        """# F2"""
        self.make_plain_partner("Acme Supplier")
        rule = self.make_rule(domain="[('name', 'like', 'Acme')]")
        self.assertEqual(rule.match_count, 1)

    def test_an_event_needs_a_date_of_its_records(self):
        """# F2: none, one of another model, one that is no date."""
        fields_ = self.env["ir.model.fields"]
        for field in (
            fields_,
            fields_._get("crm.lead", "create_date"),
            fields_._get("res.partner", "name"),
            fields_._get("res.partner", "last_contact_date"),
        ):
            with self.subTest(field=field.name), self.assertRaises(ValidationError):
                self.make_rule(trigger="event", date_field_id=field.id)

    def test_impossible_numbers_are_refused_by_the_database(self):
        """# F2"""
        for values in ({"days": 0}, {"remind_days": -1}):
            with self.subTest(values=values), self.refused_by_database():
                self.make_rule(**values)

    # ------------------------------------------------------------
    # EVERY N DAYS
    # ------------------------------------------------------------

    def test_every_n_days_since_the_last_contact(self):
        """# F2: due today, in a day, long ago, never contacted."""
        cases = {"today": 14, "tomorrow": 13, "long ago": 90, "far": 5}
        customers = {name: self.make_customer(name, self.rep) for name in cases}
        for name, days in cases.items():
            self.contacted(customers[name], days)
        never = self.make_customer("never", self.rep)
        self.born_on(never, datetime(2026, 1, 5))
        self.born_on(self.customer, datetime(2026, 3, 3))
        rule = self.make_rule(days=14, remind_days=1)
        rule._run_whole()
        self.assertEqual(self.due_of(customers["today"]), [WEDNESDAY])
        self.assertEqual(self.due_of(customers["tomorrow"]), [WEDNESDAY + DAY])
        self.assertEqual(self.due_of(customers["long ago"]), [WEDNESDAY])
        self.assertEqual(self.due_of(never), [WEDNESDAY])
        self.assertFalse(self.due_of(customers["far"]))
        self.assertFalse(self.due_of(self.customer), "created yesterday")

    def test_the_activity_is_the_owners_and_says_what(self):
        """# F2: with the words of the rule; made by the system."""
        self.contacted(self.customer, 20)
        rule = self.make_rule(summary="Regular call")
        rule._run_whole()
        task = self.open_tasks(self.customer)
        self.assertRecordValues(
            task.activity_id,
            [
                {
                    "user_id": self.rep.id,
                    "summary": "Regular call",
                    "date_deadline": WEDNESDAY,
                    "automated": True,
                    "activity_type_id": self.call.id,
                    "res_model": "res.partner",
                    "res_id": self.customer.id,
                }
            ],
        )
        self.assertFalse(
            self.env["mail.message"].search(
                [
                    ("model", "=", "res.partner"),
                    ("res_id", "=", self.customer.id),
                    ("subject", "ilike", "Regular call"),
                ]
            ),
            "no message for each activity",
        )

    def test_the_activity_speaks_its_owners_language(self):
        """# F2: a rule has one name, its readers may have several languages."""
        self.env["res.lang"]._activate_lang("zh_CN")
        other = self.make_customer("Other", self.colleague)
        (self.contacted(self.customer, 20), self.contacted(other, 20))
        self.rep.lang = "zh_CN"
        rule = self.make_rule(summary="Regular call")
        rule.with_context(lang="zh_CN").summary = "例行电话"
        rule._run_whole()
        self.assertEqual(self.activities(self.customer).summary, "例行电话")
        self.assertEqual(self.activities(other).summary, "Regular call")

    def test_a_rule_never_plans_twice(self):
        """# F2: the second run finds nothing."""
        self.contacted(self.customer, 20)
        rule = self.make_rule()
        self.assertEqual(rule._run_whole(), 1)
        self.assertEqual(rule._run_whole(), 0)
        self.assertEqual(len(self.activities(self.customer)), 1)

    def test_the_database_refuses_a_second_open_task(self):
        """# F2: and a second one of the same event."""
        self.contacted(self.customer, 20)
        rule = self.make_rule()
        rule._run_whole()
        with self.refused_by_database():
            self.open_tasks(self.customer).copy()

    def test_a_step_a_person_agreed_on_silences_the_cycle(self):
        """# F2: until it is done."""
        self.contacted(self.customer, 20)
        self.write_followup(
            self.customer,
            self.env.user,
            date=datetime(2026, 2, 4),
            next_date=WEDNESDAY + 20 * DAY,
        )
        rule = self.make_rule()
        rule._run_whole()
        self.assertFalse(self.open_tasks(self.customer).rule_id)
        self.open_tasks(self.customer)._withdraw()
        rule._run_whole()
        self.assertEqual(self.open_tasks(self.customer).rule_id, rule)

    def test_a_contact_starts_the_count_anew(self):
        """# F2: what the rule planned is done by any contact."""
        self.contacted(self.customer, 20)
        rule = self.make_rule()
        rule._run_whole()
        task = self.open_tasks(self.customer)
        self.write_followup(self.customer)
        self.assertEqual((task.state, task.on_time), ("done", True))
        self.assertFalse(self.activities(self.customer))
        self.assertEqual(rule._run_whole(), 0)

    def test_what_a_person_deleted_does_not_come_back_next_night(self):
        """# F2: but after another N days."""
        self.contacted(self.customer, 20)
        rule = self.make_rule()
        rule._run_whole()
        task = self.open_tasks(self.customer)
        task.activity_id.with_user(self.rep).unlink()
        self.assertEqual(task.state, "cancelled")
        self.assertEqual(rule._run_whole(), 0)
        with freeze_time("2026-03-19 02:00:00"):
            self.assertEqual(rule._run_whole(), 1)

    # ------------------------------------------------------------
    # CALENDAR
    # ------------------------------------------------------------

    def test_a_due_day_on_a_weekend_or_holiday_moves(self):
        """# F2: Saturday to Monday, holidays to the first working day after."""
        saturday = self.make_customer("Saturday", self.rep)
        self.contacted(saturday, 11)  # due on Saturday 7
        self.contacted(self.customer, 13)  # due on Thursday 5
        self.add_holiday(date(2026, 3, 5), date(2026, 3, 6))
        self.make_rule(days=14, remind_days=5)._run_whole()
        self.assertEqual(self.due_of(saturday), [MONDAY + 7 * DAY])
        self.assertEqual(self.due_of(self.customer), [MONDAY + 7 * DAY])

    def test_a_company_without_working_hours_works_every_day(self):
        """# F2"""
        self.env.company.resource_calendar_id = False
        saturday = self.make_customer("Saturday", self.rep)
        self.contacted(saturday, 11)
        self.make_rule(days=14, remind_days=5)._run_whole()
        self.assertEqual(self.due_of(saturday), [date(2026, 3, 7)])

    # ------------------------------------------------------------
    # RESPONSIBLE
    # ------------------------------------------------------------

    def test_without_an_owner_the_team_leader_is_responsible(self):
        """# F2: an archived owner counts as none; nobody at all: left out."""
        team_only = self.make_customer("Team", None, team_id=self.team.id)
        left = self.make_customer("Left", self.colleague, team_id=self.team.id)
        nobody = self.make_customer("Nobody")
        for customer in (team_only, left, nobody):
            self.contacted(customer, 20)
        self.colleague.active = False
        self.make_rule(
            domain=f"[('id', 'in', {(team_only | left | nobody).ids})]"
        )._run_whole()
        self.assertEqual(self.open_tasks(team_only).user_id, self.manager)
        self.assertEqual(self.open_tasks(left).user_id, self.manager)
        self.assertFalse(self.open_tasks(nobody))

    # ------------------------------------------------------------
    # EVENTS
    # ------------------------------------------------------------

    def event_rule(self, field, model="crm.lead", **values):
        found = self.env["ir.model.fields"]._get(model, field)
        return self.make_rule(
            model_name=model, trigger="event", date_field_id=found.id, **values
        )

    def lead_of(self, day, name="Lead"):
        lead = self.make_lead(name, self.rep)
        lead.date_deadline = day
        return lead

    def test_n_days_after_an_event(self):
        """# F2: announced before; what is long past stays past."""
        leads = {
            days: self.lead_of(WEDNESDAY - days * DAY)
            for days in (27, 28, 30, 35, 38, 60)
        }
        rule = self.event_rule("date_deadline", days=30, remind_days=2)
        rule._run_whole()
        planned = {days: self.due_of(lead) for days, lead in leads.items()}
        self.assertEqual(
            planned,
            {
                27: [],
                28: [WEDNESDAY + 2 * DAY],
                30: [WEDNESDAY],
                35: [WEDNESDAY],
                38: [],
                60: [],
            },
        )

    def test_one_event_is_followed_up_once(self):
        """# F2: also after the task is done or deleted; another event again."""
        lead = self.lead_of(WEDNESDAY - 3 * DAY)
        rule = self.event_rule("date_deadline", days=3)
        rule._run_whole()
        task = self.open_tasks(lead)
        self.write_followup(lead)
        self.assertEqual(task.state, "done")
        self.assertEqual(rule._run_whole(), 0)
        lead.date_deadline = WEDNESDAY - 2 * DAY
        with freeze_time("2026-03-05 02:00:00"):
            self.assertEqual(rule._run_whole(), 1)

    def test_a_moment_counts_on_the_day_it_was_here(self):
        """# F2: 20:00 UTC is the next day in Shanghai."""
        lead = self.make_lead("Fair", self.rep)
        self.born_on(lead, datetime(2026, 3, 2, 20))
        rule = self.event_rule("create_date", days=1)
        rule._run_whole()
        self.assertEqual(self.open_tasks(lead).event_date, date(2026, 3, 3))

    def test_anniversaries_come_every_year(self):
        """# F2: not in the first year, across New Year, and on 29 February."""
        cases = {
            date(2020, 3, 4): WEDNESDAY,
            date(2026, 3, 4): WEDNESDAY,
            date(2027, 3, 4): None,
            date(2020, 3, 20): None,
            date(2020, 2, 29): WEDNESDAY,  # 28 February: four days ago, caught up
        }
        leads = {day: self.lead_of(day, str(day)) for day in cases}
        rule = self.event_rule("date_deadline", days=0, is_yearly=True)
        rule._run_whole()
        planned = {day: (self.due_of(lead) or [None])[0] for day, lead in leads.items()}
        self.assertEqual(planned, cases)
        self.assertEqual(rule._run_whole(), 0)

    @freeze_time("2025-12-30 02:00:00")
    def test_an_anniversary_after_new_year_is_announced_before_it(self):
        """# F2"""
        lead = self.lead_of(date(2020, 1, 2))
        rule = self.event_rule("date_deadline", days=0, is_yearly=True, remind_days=5)
        rule._run_whole()
        self.assertEqual(self.open_tasks(lead).event_date, date(2026, 1, 2))

    def test_a_contact_before_the_announcement_does_not_do_an_event(self):
        """# F2: the call thirty days after the deal is still to be made."""
        lead = self.lead_of(WEDNESDAY - 3 * DAY)
        rule = self.event_rule("date_deadline", days=3, remind_days=0)
        rule._run_whole()
        task = self.open_tasks(lead)
        task.activity_id.date_deadline = WEDNESDAY + 5 * DAY
        self.write_followup(lead)
        self.assertEqual(task.state, "open")

    # ------------------------------------------------------------
    # WITHDRAWAL
    # ------------------------------------------------------------

    def test_what_no_longer_applies_is_withdrawn(self):
        """# F2: a lost lead, another level, a rule switched off."""
        level = self.env["crm.customer.level"].create({"name": "Test"})
        self.customer.customer_level_id = level
        self.contacted(self.customer, 20)
        lead = self.make_lead("Fair", self.rep)
        self.born_on(lead, datetime(2026, 1, 5))
        by_level = self.make_rule(domain=f"[('customer_level_id', '=', {level.id})]")
        pending = self.make_rule(
            model_name="crm.lead", domain="[('won_status', '=', 'pending')]"
        )
        other = self.make_rule(name="Other", domain="[('name', '=', 'Acme')]")
        for rule in by_level | pending | other:
            rule._run_whole()
        self.assertEqual(len(self.open_tasks(self.customer)), 2)
        self.customer.customer_level_id = False
        lead.action_set_lost()
        other.active = False
        self.env["crm.followup.rule"].search([])._withdraw_outdated()
        self.assertFalse(self.open_tasks(self.customer))
        self.assertFalse(self.open_tasks(lead))
        self.assertFalse(self.activities(self.customer))
        self.assertFalse(self.customer.next_contact_date)

    def test_what_applies_again_is_planned_again(self):
        """# F2: a withdrawn task stands in nobody's way."""
        lead = self.lead_of(WEDNESDAY - 3 * DAY)
        rule = self.event_rule(
            "date_deadline", days=3, domain="[('priority', '=', '0')]"
        )
        rule._run_whole()
        lead.priority = "2"
        rule._withdraw_outdated()
        self.assertFalse(self.open_tasks(lead))
        lead.priority = "0"
        self.assertEqual(rule._run_whole(), 1)

    # ------------------------------------------------------------
    # THE JOB
    # ------------------------------------------------------------

    def test_the_nightly_job_runs_all_rules_in_batches(self):
        """# F2: the real job, commits included; a second run plans nothing."""
        customers = self.env["res.partner"].union(
            *(self.make_customer(f"C{n}", self.rep) for n in range(7))
        )
        self.born_on(customers, datetime(2026, 1, 5))
        rule = self.make_rule(domain=f"[('id', 'in', {customers.ids})]")
        cron = self.env.ref("crm_followup.ir_cron_run_rules")
        for _run in range(2):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(rule.open_count, 7)

    def test_a_rule_larger_than_a_batch_is_run_to_its_end(self):
        """# F2"""
        customers = self.env["res.partner"].create(
            [
                {
                    "name": f"C{n}",
                    "lifecycle_state": "potential",
                    "user_id": self.rep.id,
                }
                for n in range(30)
            ]
        )
        self.born_on(customers, datetime(2026, 1, 5))
        rule = self.make_rule(domain=f"[('id', 'in', {customers.ids})]")
        with patch.object(crm_followup_rule_run, "BATCH", 8):
            self.assertEqual(rule._run_whole(), 30)

    def test_nothing_due_writes_nothing(self):
        """# F2: a lock and one query per rule, and not a row."""
        self.contacted(self.customer, 3)
        rule = self.make_rule()
        rule._run_whole()
        self.env.flush_all()
        rule._run_batch()
        with self.assertQueryCount(2):
            rule._run_batch()

    def test_running_by_hand_says_what_it_did(self):
        """# F2: a button of the administrator."""
        self.contacted(self.customer, 20)
        rule = self.make_rule(domain=f"[('id', '=', {self.customer.id})]")
        rule = rule.with_user(self.crm_admin)
        first = rule.action_run_now()["params"]
        self.assertIn("1", first["message"])
        self.assertEqual(rule.action_run_now()["params"]["type"], "info")

    def test_a_company_rule_leaves_other_companies_alone(self):
        """# F2"""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.make_customer("Other", self.rep, company_id=elsewhere.id)
        self.contacted(other, 20)
        self.contacted(self.customer, 20)
        rule = self.make_rule(company_id=self.env.company.id)
        rule._run_whole()
        self.assertFalse(self.open_tasks(other))
        self.assertTrue(self.open_tasks(self.customer))

    def test_a_deleted_rule_takes_what_it_planned_along(self):
        """# F2: by who may delete it, whose activities they are not."""
        self.born_on(self.customer, NOW - timedelta(days=60))
        rule = self.make_rule()
        rule._run_whole()
        self.assertTrue(self.activities(self.customer))
        rule.with_user(self.crm_admin).unlink()
        self.assertFalse(self.activities(self.customer))
        self.assertFalse(self.customer.next_contact_date)

    def test_what_is_planned_is_followed_up_from_its_list(self):
        """# F1 F2: a row opens its record, its button the dialog that does it."""
        self.born_on(self.customer, NOW - timedelta(days=60))
        self.make_rule()._run_whole()
        task = self.open_tasks(self.customer).with_user(self.rep)
        self.assertTrue(task.summary)
        opened = task.action_open_record()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), ("res.partner", self.customer.id)
        )
        action = task.action_follow_up()
        dialogs = self.env["crm.followup.dialog"].with_user(self.rep)
        form = Form(dialogs.with_context(**action["context"]))
        form.content = "Called, all is well"
        form.save().action_save()
        self.assertEqual(task.state, "done")
        again = task.action_follow_up()["context"]
        self.assertEqual(again["default_partner_ids"], [(6, 0, self.customer.ids)])
        self.assertNotIn("default_activity_id", again)


@tagged("post_install", "-at_install")
class TestReadyMadeRules(CustomerCommon):
    def test_ready_made_rules_can_be_switched_on(self):
        """# F2: they are off, so that installing plans nothing, and work when on."""
        for name in (
            "rule_level_a",
            "rule_pipeline",
            "rule_new_lead",
            "rule_after_won",
        ):
            rule = self.env.ref(f"crm_followup.{name}")
            with self.subTest(rule=name):
                self.assertEqual(rule.state, "draft")
                self.assertTrue(rule.level_ids)
                rule.action_start()
                rule._run_whole()
