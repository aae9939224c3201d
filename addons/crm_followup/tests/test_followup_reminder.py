from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import WEDNESDAY, FollowupCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestFollowupReminder(FollowupCommon):
    """# F2: told in time, in one message, once; overdue up the ladder in working
    time. The rule plans a call for Wednesday 4 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.make_rule(
            domain=f"[('id', '=', {cls.customer.id})]",
            remind_days=2,
            summary="Regular call",
            level_ids=[
                Command.create({"delay": 4, "unit": "hours", "target": "leader"}),
                Command.create(
                    {
                        "delay": 3,
                        "unit": "days",
                        "target": "user",
                        "user_id": cls.crm_admin.id,
                    }
                ),
            ],
        )

    def plan_for_wednesday(self):
        with freeze_time("2026-03-02 01:00:00"):
            self.write_followup(
                self.customer, self.env.user, date=datetime(2026, 2, 18, 2)
            )
            self.rule._run_whole()
        task = self.open_tasks(self.customer)
        self.assertEqual(task.date_due, WEDNESDAY)
        return task

    def told(self, user):
        """Messages to a user since the last call."""
        messages = self.env["mail.message"].search(
            [
                ("partner_ids", "in", user.partner_id.ids),
                ("message_type", "=", "user_notification"),
                ("id", ">", getattr(self, "last_message", 0)),
            ]
        )
        self.last_message = self.env["mail.message"].search([], limit=1).id
        return messages

    def remind_on(self, day):
        with freeze_time(f"{day} 00:30:00"):
            self.tasks._cron_remind()
        return self.told(self.rep)

    # ------------------------------------------------------------
    # REMINDERS
    # ------------------------------------------------------------

    def test_reminders_come_before_on_and_after_the_day(self):
        """# F2: when announced, on the day, on the day after; then the ladder."""
        self.plan_for_wednesday()
        self.told(self.rep)
        told = {day: len(self.remind_on(f"2026-03-{day:02d}")) for day in range(2, 10)}
        self.assertEqual(told, {2: 1, 3: 0, 4: 1, 5: 1, 6: 0, 7: 0, 8: 0, 9: 0})

    def test_a_second_run_on_the_same_day_tells_nothing(self):
        """# F2: also after a crash before the next job."""
        self.plan_for_wednesday()
        self.told(self.rep)
        self.assertEqual(len(self.remind_on("2026-03-04")), 1)
        self.assertFalse(self.remind_on("2026-03-04"))

    def test_a_person_gets_one_digest_for_all(self):
        """# F2: with every record in it, in the person's words."""
        self.plan_for_wednesday()
        others = [self.make_customer(f"Beta {n}", self.rep) for n in range(3)]
        for other in others:
            self.write_followup(other, next_date=WEDNESDAY, next_plan="Bring samples")
        self.told(self.rep)
        (message,) = self.remind_on("2026-03-04")
        for words in (
            "Acme",
            "Regular call",
            "Beta 0",
            "Beta 2",
            "Bring samples",
            "today",
        ):
            self.assertIn(words, message.body)

    def test_a_long_digest_is_cut_and_says_so(self):
        """# F2"""
        for number in range(18):
            customer = self.make_customer(f"Beta {number}", self.rep)
            self.write_followup(customer, next_date=WEDNESDAY)
        self.told(self.rep)
        (message,) = self.remind_on("2026-03-04")
        self.assertIn("and 3 more", message.body)

    def test_nobody_is_reminded_on_a_day_off(self):
        """# F2: the holiday's reminder comes on the next working day."""
        self.plan_for_wednesday()
        self.add_holiday(date(2026, 3, 4), date(2026, 3, 4))
        self.told(self.rep)
        self.assertFalse(self.remind_on("2026-03-04"))
        self.assertEqual(len(self.remind_on("2026-03-05")), 1)

    def test_who_left_is_not_reminded(self):
        """# F2"""
        self.plan_for_wednesday()
        self.told(self.rep)
        self.rep.active = False
        self.assertFalse(self.remind_on("2026-03-04"))

    def test_what_is_put_off_is_told_anew(self):
        """# F2"""
        task = self.plan_for_wednesday()
        self.told(self.rep)
        self.remind_on("2026-03-02")
        with freeze_time("2026-03-03 02:00:00"):
            task.activity_id.date_deadline = WEDNESDAY + 2 * DAY
        self.assertEqual(task.date_due, WEDNESDAY + 2 * DAY)
        self.assertEqual(len(self.remind_on("2026-03-06")), 1)

    def test_the_digest_speaks_the_persons_language(self):
        """# F2: the job itself runs in English."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rep.lang = "zh_CN"
        self.plan_for_wednesday()
        self.told(self.rep)
        (message,) = self.remind_on("2026-03-04")
        self.assertIn("跟进", message.subject)
        self.assertIn("我的一天", message.body)

    # ------------------------------------------------------------
    # LADDER
    # ------------------------------------------------------------

    def escalate_at(self, moment):
        with freeze_time(moment):
            self.tasks._cron_escalate()
        return self.told(self.manager)

    def test_overdue_goes_to_the_leader_after_working_hours(self):
        """# F2: due on Wednesday; four working hours later is Thursday, 14:00."""
        task = self.plan_for_wednesday()
        self.told(self.manager)
        self.assertFalse(
            self.escalate_at("2026-03-04 09:00:00"), "still the day itself"
        )
        self.assertFalse(self.escalate_at("2026-03-05 03:30:00"), "11:30, 2.5 hours")
        self.assertFalse(self.escalate_at("2026-03-05 05:30:00"), "13:30, 3.5 hours")
        (message,) = self.escalate_at("2026-03-05 06:00:00")
        self.assertIn("Acme", message.body)
        self.assertIn("rep user", message.body)
        self.assertRecordValues(
            task, [{"escalation_level": 1, "escalated_user_id": self.manager.id}]
        )
        self.assertFalse(self.escalate_at("2026-03-05 07:00:00"), "told once")

    def put_on_leave(self, user, time_type="leave"):
        """Time off of a person in that week, as a leave application writes it."""
        resource = self.env["resource.resource"].create(
            {"name": user.name, "user_id": user.id, "calendar_id": False}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": resource.id,
                "date_from": "2026-03-02 00:00:00",
                "date_to": "2026-03-06 20:00:00",
                "time_type": time_type,
            }
        )

    def test_a_leader_on_leave_passes_it_on(self):
        """# F2: the ladder looks for somebody who is there."""
        task = self.plan_for_wednesday()
        self.put_on_leave(self.manager)
        self.told(self.manager)
        with freeze_time("2026-03-05 06:00:00"):
            self.tasks._cron_escalate()
        messages = self.told(self.manager | self.crm_admin)
        self.assertIn(self.crm_admin.partner_id, messages.partner_ids)
        self.assertNotIn(self.manager.partner_id, messages.partner_ids)
        self.assertEqual(task.escalation_level, 1)

    def test_a_leader_at_work_elsewhere_is_told(self):
        """# F2: time that is booked as work, a trip for one, is no leave."""
        self.plan_for_wednesday()
        self.put_on_leave(self.manager, time_type="other")
        self.told(self.manager)
        self.assertEqual(len(self.escalate_at("2026-03-05 06:00:00")), 1)

    def test_the_next_step_counts_working_days(self):
        """# F2: three of them after Wednesday: Monday, not Saturday."""
        task = self.plan_for_wednesday()
        self.escalate_at("2026-03-06 07:00:00")
        self.assertEqual(task.escalation_level, 1)
        self.told(self.crm_admin)
        with freeze_time("2026-03-09 02:00:00"):
            self.tasks._cron_escalate()
        self.assertEqual(len(self.told(self.crm_admin)), 1)
        self.assertRecordValues(
            task, [{"escalation_level": 2, "escalated_user_id": self.crm_admin.id}]
        )

    def test_nobody_hears_of_it_at_night_or_on_holidays(self):
        """# F2: quiet outside working time; holidays do not count."""
        task = self.plan_for_wednesday()
        self.add_holiday(date(2026, 3, 5), date(2026, 3, 6))
        self.told(self.manager)
        for moment in (
            "2026-03-05 14:00:00",
            "2026-03-06 06:00:00",
            "2026-03-07 06:00:00",
            "2026-03-09 00:30:00",
        ):
            self.assertFalse(self.escalate_at(moment), moment)
        self.assertEqual(task.escalation_level, 0)
        self.assertEqual(len(self.escalate_at("2026-03-09 06:30:00")), 1)

    def test_steps_passed_during_downtime_are_told_at_once(self):
        """# F2: both people, each once."""
        self.plan_for_wednesday()
        self.told(self.manager)
        with freeze_time("2026-03-12 02:00:00"):
            self.tasks._cron_escalate()
        messages = self.env["mail.message"].search(
            [("message_type", "=", "user_notification"), ("subject", "ilike", "team")]
        )
        self.assertEqual(
            messages.partner_ids, self.manager.partner_id | self.crm_admin.partner_id
        )
        with freeze_time("2026-03-12 03:00:00"):
            self.tasks._cron_escalate()
        again = self.env["mail.message"].search_count([("id", "in", messages.ids)])
        self.assertEqual(again, 2)

    def test_what_was_done_goes_nowhere(self):
        """# F2"""
        self.plan_for_wednesday()
        with freeze_time("2026-03-04 08:00:00"):
            self.write_followup(self.customer)
        self.told(self.manager)
        self.assertFalse(self.escalate_at("2026-03-05 06:00:00"))

    def test_putting_off_when_late_does_not_silence_the_ladder(self):
        """# F2 F4"""
        task = self.plan_for_wednesday()
        with freeze_time("2026-03-05 01:30:00"):
            task.activity_id.date_deadline = WEDNESDAY + 9 * DAY
        self.assertEqual(task.date_due, WEDNESDAY)
        self.told(self.manager)
        self.assertEqual(len(self.escalate_at("2026-03-05 06:00:00")), 1)

    def test_a_missed_agreed_date_reaches_the_leader_too(self):
        """# F2: after the working days of the settings; 0 switches it off."""
        self.write_followup(self.customer, next_date=WEDNESDAY)
        task = self.open_tasks(self.customer)
        self.told(self.manager)
        self.assertFalse(self.escalate_at("2026-03-06 06:00:00"))
        self.env["ir.config_parameter"].set_param("crm_followup.escalate_days", "0")
        self.assertFalse(self.escalate_at("2026-03-09 06:00:00"))
        self.env["ir.config_parameter"].set_param("crm_followup.escalate_days", "3")
        self.assertEqual(len(self.escalate_at("2026-03-09 07:00:00")), 1)
        self.assertEqual(task.escalated_user_id, self.manager)
        self.assertFalse(self.escalate_at("2026-03-10 06:00:00"), "told once")

    def test_who_hears_of_it(self):
        """# F2: leader, leader's leader, administrators where there is none."""
        task = self.plan_for_wednesday()
        admins = self.env.ref("crm_customer_center.group_crm_admin").all_user_ids
        admins = admins.filtered("active") - self.env.ref("base.user_root")
        above = self.make_team("Above", self.other_manager, self.manager)
        levels = self.env["crm.followup.rule.level"]

        def level(target):
            return levels.create({"rule_id": self.rule.id, "target": target})

        leader, second, admin = map(level, ("leader", "second_leader", "admin"))
        self.assertEqual(leader._recipients(task), self.manager)
        self.assertEqual(second._recipients(task), self.other_manager)
        self.assertEqual(admin._recipients(task), admins)
        above.active = False
        above.user_id = False
        self.manager.invalidate_recordset()
        self.assertEqual(second._recipients(task), admins)
        self.team.user_id = False
        self.assertEqual(leader._recipients(task), admins)

    def test_a_leader_is_not_told_of_own_work(self):
        """# F2: that goes one higher."""
        task = self.plan_for_wednesday()
        task.user_id = self.manager
        leader = self.rule.level_ids.sorted("sequence")[0]
        self.assertNotIn(self.manager, leader._recipients(task))

    def test_a_step_of_a_person_needs_the_person(self):
        """# F2: refused by the database."""
        with self.refused_by_database():
            self.env["crm.followup.rule.level"].create(
                {"rule_id": self.rule.id, "target": "user"}
            )
