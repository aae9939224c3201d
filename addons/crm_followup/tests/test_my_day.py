from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.crm_followup.models.crm_my_day import MyDaySection

from .common import WEDNESDAY, FollowupCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 02:00:00")
class TestMyDay(FollowupCommon):
    """# F3: what a person has to do today, Wednesday 4 March 2026."""

    def my_day(self, user=None):
        with self.calling_as(user or self.rep) as env:
            env = env(context={"tz": "Asia/Shanghai"})
            return env["crm.my.day"].get_my_day()

    def sections(self, user=None):
        return {s["key"]: s["items"] for s in self.my_day(user)["sections"]}

    def test_an_empty_day_has_no_sections(self):
        """# F3: the screen then says what to do next."""
        self.assertEqual(self.my_day()["sections"], [])

    def test_overdue_and_today_are_listed_apart(self):
        """# F3: own ones only, on customers and leads; later ones are counted."""
        lead = self.make_lead(
            "Fair", self.rep, self.customer, phone="+86 138 0013 8000"
        )
        self.plan(self.customer, WEDNESDAY - 2 * DAY, summary="Ask about price")
        self.plan(lead, WEDNESDAY)
        self.plan(lead, WEDNESDAY + 3 * DAY)
        self.plan(self.customer, WEDNESDAY, self.manager)
        day = self.my_day()
        found = {s["key"]: s["items"] for s in day["sections"]}
        (late,), (due,) = found["overdue"], found["today"]
        self.assertEqual(
            (late["name"], late["note"], late["days_late"]),
            ("Acme", "Ask about price", 2),
        )
        self.assertEqual((due["name"], due["customer"]), ("Fair", "Acme"))
        self.assertEqual(day["upcoming"], 1)

    def test_a_new_lead_waits_until_it_is_contacted_or_planned(self):
        """# F3: own, open, young."""
        new = self.make_lead("New", self.rep)
        old = self.make_lead("Old", self.rep)
        self.born_on(new, datetime(2026, 3, 3))
        self.born_on(old, datetime(2025, 12, 1))
        self.make_lead("Foreign", self.other_rep)
        names = [item["name"] for item in self.sections()["new_leads"]]
        self.assertEqual(names, ["New"])
        self.write_followup(new)
        self.assertNotIn("new_leads", self.sections())

    def test_meetings_of_today_and_tomorrow(self):
        """# F3: in the person's time zone; past ones are over."""
        for name, start in (
            ("Over", "2026-03-04 00:00:00"),
            ("Soon", "2026-03-04 03:00:00"),
            ("Tomorrow", "2026-03-05 15:30:00"),
            ("After", "2026-03-05 16:30:00"),
        ):
            begin = fields.Datetime.to_datetime(start)
            self.env["calendar.event"].create(
                {
                    "name": name,
                    "start": begin,
                    "stop": begin + timedelta(hours=1),
                    "partner_ids": [Command.set(self.rep.partner_id.ids)],
                }
            )
        items = self.sections()["meetings"]
        self.assertEqual([item["name"] for item in items], ["Soon", "Tomorrow"])
        self.assertEqual(items[0]["date"], "2026-03-04 11:00")

    def test_what_was_written_today_is_counted(self):
        """# F3"""
        self.write_followup(self.customer)
        self.write_followup(self.customer, date="2026-03-03 02:00:00")
        self.assertEqual(self.my_day()["done"], 1)

    def test_put_off_moves_to_a_working_day(self):
        """# F3: with one click; the one of a lead without activity is planned."""
        activity = self.plan(self.customer, WEDNESDAY)
        lead = self.make_lead("New", self.rep)
        with self.calling_as(self.rep) as env:
            day = env["crm.my.day"]
            for choice, expected in (
                ("tomorrow", "2026-03-05"),
                ("three_days", "2026-03-09"),
                ("next_week", "2026-03-11"),
            ):
                with self.subTest(choice=choice):
                    found = day.put_off(
                        "res.partner", self.customer.id, activity.id, choice
                    )
                    self.assertEqual(found["date"], expected)
            self.assertEqual(
                fields.Date.to_string(activity.date_deadline), "2026-03-11"
            )
            day.put_off("crm.lead", lead.id, 0, "tomorrow")
        self.assertRecordValues(
            self.activities(lead),
            [{"date_deadline": WEDNESDAY + DAY, "user_id": self.rep.id}],
        )
        self.assertFalse(self.followups.search([("lead_id", "=", lead.id)]))

    def test_a_day_that_was_put_off_comes_back(self):
        """# F3: the exact date; what is late stays late, what was planned in time is
        measured by its day."""
        for days, choice in ((-2, "tomorrow"), (0, "next_week")):
            with self.subTest(days=days):
                before = WEDNESDAY + days * DAY
                customer = self.make_customer(f"Day {days}", self.rep)
                self.write_followup(customer, next_date=before)
                activity = self.activities(customer)
                with self.calling_as(self.rep) as env:
                    day = env["crm.my.day"]
                    moved = day.put_off("res.partner", customer.id, activity.id, choice)
                    self.assertGreater(activity.date_deadline, WEDNESDAY)
                    day.undo_put_off(moved["activity_id"], moved["before"])
                self.assertEqual(activity.date_deadline, before)
                self.assertEqual(self.open_tasks(customer).date_due, before)

    def test_a_new_lead_that_was_put_off_waits_again(self):
        """# F3: what was planned by it is gone; a step planned before has its day."""
        lead = self.make_lead("New", self.rep)
        planned = self.make_lead("Planned", self.rep)
        step = self.plan(planned, WEDNESDAY + 3 * DAY)
        with self.calling_as(self.rep) as env:
            day = env["crm.my.day"]
            moved = day.put_off("crm.lead", lead.id, 0, "tomorrow")
            self.assertEqual(moved["activity_id"], self.activities(lead).id)
            day.undo_put_off(moved["activity_id"], moved["before"])
            moved = day.put_off("crm.lead", planned.id, 0, "next_week")
            self.assertEqual(moved["activity_id"], step.id)
            day.undo_put_off(moved["activity_id"], moved["before"])
        self.assertFalse(self.activities(lead))
        self.assertFalse(self.open_tasks(lead))
        self.assertEqual(self.activities(planned).date_deadline, WEDNESDAY + 3 * DAY)

    def test_nobody_takes_back_what_is_anothers(self):
        """# F3 G1"""
        foreign = self.plan(
            self.make_customer("Foreign", self.other_rep), WEDNESDAY, self.other_rep
        )
        with self.calling_as(self.rep) as env:
            for before in ("2026-03-01", ""):
                with self.subTest(before=before), self.assertRaises(AccessError):
                    env["crm.my.day"].undo_put_off(foreign.id, before)

    def test_what_cannot_be_put_off_is_refused(self):
        """# F3 G1: another choice, another model, a hidden customer, a foreign
        activity."""
        foreign = self.plan(
            self.make_customer("Foreign", self.other_rep), WEDNESDAY, self.other_rep
        )
        with self.calling_as(self.rep) as env:
            day = env["crm.my.day"]
            with self.assertRaises(UserError):
                day.put_off("res.partner", self.customer.id, 0, "never")
            with self.assertRaises(UserError):
                day.put_off("res.users", self.rep.id, 0, "tomorrow")
            with self.assertRaises(AccessError):
                day.put_off("res.partner", foreign.res_id, 0, "tomorrow")
            with self.assertRaises(AccessError):
                day.put_off("res.partner", self.customer.id, foreign.id, "tomorrow")

    def test_the_manager_sees_what_came_up_the_ladder(self):
        """# F2 F3: until it is done."""
        self.write_followup(self.customer, next_date=WEDNESDAY - 2 * DAY)
        task = self.open_tasks(self.customer)
        task.escalated_user_id = self.manager
        (item,) = self.sections(self.manager)["escalated"]
        self.assertEqual(
            (item["name"], item["person"], item["days_late"]), ("Acme", "rep user", 2)
        )
        self.assertFalse(item["can_follow_up"])
        self.write_followup(self.customer)
        self.assertNotIn("escalated", self.sections(self.manager))

    def test_a_record_that_was_taken_away_is_not_shown(self):
        """# F3 G1: the activity stays the rep's, the customer is another's now."""
        self.plan(self.customer, WEDNESDAY)
        self.customer.user_id = self.other_rep
        self.assertNotIn("today", self.sections())

    def test_another_module_adds_a_section(self):
        """# F3: in order, and only when it has items."""
        cls = type(self.env["crm.my.day"])
        own = cls._my_day_sections

        def extended(day):
            def renewals():
                return [day._prepare_item(day.env.user.partner_id, note="Renewal")]

            return [
                *own(day),
                MyDaySection("renewals", "Renewals", "fa-refresh", renewals, 5),
                MyDaySection("nothing", "Nothing", "fa-gift", list, 1),
            ]

        self.plan(self.customer, WEDNESDAY)
        with patch.object(cls, "_my_day_sections", extended):
            self.assertEqual(list(self.sections()), ["renewals", "today"])

    def test_what_is_coming_is_told_from_what_is_to_do(self):
        """# F3: meetings, birthdays and milestones ahead leave the day empty."""
        kinds = {s.key: s.kind for s in self.env["crm.my.day"]._my_day_sections()}
        self.assertEqual(
            [kinds[key] for key in ("today", "escalated", "meetings", "birthdays")],
            ["todo", "team", "ahead", "ahead"],
        )

    def test_two_things_overdue_at_one_customer_are_told_apart(self):
        """# F2 F3: the screen needs a name for each line."""
        for days in (7, 14):
            rule = self.make_rule(
                days=days, domain=f"[('id', '=', {self.customer.id})]"
            )
            self.born_on(self.customer, datetime(2025, 12, 1))
            rule._run_whole()
        self.open_tasks(self.customer).escalated_user_id = self.manager
        items = self.sections(self.manager)["escalated"]
        self.assertEqual(len({item["key"] for item in items}), 2)

    def test_the_keys_of_sections_are_unique(self):
        """# F3"""
        keys = [s.key for s in self.env["crm.my.day"]._my_day_sections()]
        self.assertEqual(len(keys), len(set(keys)))

    def test_the_cost_of_the_day_does_not_depend_on_its_items(self):
        """# F3: read in sets."""

        def queries():
            with self.calling_as(self.rep) as env:
                env["crm.my.day"].get_my_day()
                env.invalidate_all()
                before = env.cr.sql_log_count
                env["crm.my.day"].get_my_day()
                return env.cr.sql_log_count - before

        def add(number):
            for n in range(number):
                customer = self.make_customer(f"C{n}", self.rep)
                self.plan(customer, WEDNESDAY)
                self.plan(self.make_lead(f"L{n}", self.rep, customer), WEDNESDAY - DAY)
                self.make_lead(f"N{n}", self.rep)

        add(2)
        few = queries()
        add(12)
        self.assertLessEqual(queries(), few + 2)
