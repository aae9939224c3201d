from odoo import Command
from odoo.tests import tagged

from .common import SlaCommon, at, moment


@tagged("post_install", "-at_install")
class TestSlaCron(SlaCommon):
    """# V4, V3: warnings at 50, 80 and 100 per cent, each once, in the receiver's
    working time; handed up by the clock."""

    def setUp(self):
        super().setUp()
        with moment(2, 9):
            self.ticket = self.make_ticket("Drift", self.contact, user_id=self.agent.id)

    def at_work(self, *when):
        """Let the job run at a moment."""
        with moment(*when):
            self.run_job()

    def told(self, user=None):
        """What was told, in order: per cent, to whom."""
        domain = [("ticket_id", "=", self.ticket.id), ("date_sent", "!=", False)]
        if user:
            domain.append(("user_id", "=", user.id))
        notices = self.notices.search(domain, order="date_sent, id")
        return [(notice.event_id.percent, notice.user_id) for notice in notices]

    def messages(self, user):
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
            ]
        )

    def test_each_share_is_told_to_those_the_policy_names(self):
        """# V4: of the first response: 9:30 to the agent, 9:48 to agent and leader,
        10:00 to the leader."""
        self.at_work(2, 9, 29)
        self.assertEqual(self.told(), [])
        self.at_work(2, 9, 30)
        self.assertEqual(self.told(), [(50, self.agent)])
        self.at_work(2, 9, 48)
        self.assertCountEqual(
            self.told()[1:], [(80, self.agent), (80, self.service_manager)]
        )
        self.at_work(2, 10)
        self.assertEqual(self.told()[3:], [(100, self.service_manager)])

    def test_the_colour_follows(self):
        """# V4: due soon from 80 per cent on, breached at the deadline."""
        for minute, expected in ((47, "on_track"), (48, "warning"), (60, "breached")):
            self.at_work(2, 9 + minute // 60, minute % 60)
            self.assertEqual(self.ticket.sla_state, expected)

    def test_nothing_is_told_twice(self):
        """# V4: however often the job runs, and after a hand-over."""
        self.at_work(2, 9, 50)
        told = self.told()
        self.at_work(2, 9, 50)
        self.at_work(2, 9, 51)
        with moment(2, 9, 52):
            self.ticket.user_id = self.technician
        self.at_work(2, 9, 53)
        self.assertEqual(self.told(), told)

    def test_what_was_missed_while_the_server_was_down_is_told_at_once(self):
        """# V4: only the loudest of each clock."""
        self.at_work(2, 11)
        percents = {percent for percent, _user in self.told()}
        self.assertEqual(percents, {100})
        self.assertEqual(
            sorted(
                self.events.search(
                    [
                        ("ticket_id", "=", self.ticket.id),
                        ("clock", "=", "first_response"),
                    ]
                ).mapped("percent")
            ),
            [50, 80, 100],
        )

    def test_nobody_is_told_in_the_night(self):
        """# V4: round the clock counts at night; the agent hears at nine."""
        self.policy.write({"hours": "always"})
        with moment(2, 22):
            self.ticket = self.make_ticket("Night", self.contact, user_id=self.agent.id)
        self.at_work(2, 23, 50)
        self.assertEqual(self.ticket.sla_state, "breached")
        self.assertEqual(self.told(), [])
        planned = self.notices.search([("ticket_id", "=", self.ticket.id)])
        self.assertEqual(set(planned.mapped("date_planned")), {at(3, 9)})
        self.at_work(3, 9)
        self.assertIn((100, self.service_manager), self.told())

    def test_everybody_has_working_time_of_his_or_her_own(self):
        """# V4: the leader works the night shift, the agent is on leave."""
        night = self.make_calendar("Night", hours=((20, 24),), days=range(7))
        for user, calendar in (
            (self.service_manager, night),
            (self.agent, self.calendar),
        ):
            resource = self.env["resource.resource"].create(
                {
                    "name": user.name,
                    "user_id": user.id,
                    "calendar_id": calendar.id,
                    "tz": "Asia/Shanghai",
                    "company_id": self.env.company.id,
                }
            )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "resource_id": resource.id,
                "calendar_id": self.calendar.id,
                "date_from": at(2, 0),
                "date_to": at(3, 12),
            }
        )
        found = {
            user: user._sla_next_working_moment(at(2, 10))
            for user in (self.service_manager, self.agent, self.technician)
        }
        self.assertEqual(
            found,
            {
                self.service_manager: at(2, 20),
                self.agent: at(3, 13),
                self.technician: at(2, 10),
            },
        )

    def test_a_notice_says_what_was_promised_and_how_late_it_is(self):
        """# V3, V4: by which policy, until when, who has it; the to-do says it too.
        The deadline at ten passed unseen until five past."""
        before = self.messages(self.service_manager)
        self.at_work(2, 10, 5)
        message = self.messages(self.service_manager) - before
        words = (
            "First response within 1 h as “Everybody” promises, until 2026-03-02 10:00"
        )
        for found in (message[:1].body, self.ticket.activity_ids[:1].note):
            self.assertIn(words, found)
            self.assertIn("5 min late", found)
        self.assertIn(self.technician.name, message[:1].body, "to whom it was given")

    def test_what_became_idle_over_night_is_not_told(self):
        """# V4: resolved before anybody came to work."""
        self.policy.write({"hours": "always"})
        with moment(2, 22):
            self.ticket = self.make_ticket("Night", self.contact, user_id=self.agent.id)
        self.at_work(2, 23, 50)
        with moment(3, 8):
            self.ticket.action_resolve()
        self.at_work(3, 9)
        self.assertEqual(self.told(), [])
        notices = self.notices.search([("ticket_id", "=", self.ticket.id)])
        self.assertTrue(all(notices.mapped("is_idle")))

    def test_of_many_tickets_there_is_one_message(self):
        """# V4: a person hears of everything at once, in his or her language."""
        with moment(2, 9):
            others = self.tickets.create(
                [
                    {
                        "name": f"Ticket {number}",
                        "team_id": self.service.id,
                        "user_id": self.agent.id,
                    }
                    for number in range(5)
                ]
            )
        before = self.messages(self.agent)
        self.at_work(2, 9, 30)
        message = self.messages(self.agent) - before
        self.assertEqual(len(message), 1)
        for ticket in others | self.ticket:
            self.assertIn(ticket.number, message.body)

    def test_a_breach_is_a_task_once(self):
        """# V4: for the leader, on the ticket."""
        self.at_work(2, 10)
        self.at_work(2, 18)
        kind = self.env.ref("crm_service_sla.mail_activity_type_breach")
        activity = self.ticket.activity_ids.filtered(
            lambda one: one.activity_type_id == kind
        )
        self.assertEqual(activity.user_id, self.service_manager)
        self.assertEqual(len(activity), 1)

    def test_the_clock_hands_up(self):
        """# V3: at the deadline from the agent to the technician, with history, and
        once for each target."""
        self.at_work(2, 10)
        self.assertEqual(self.ticket.level, "technician")
        self.assertEqual(self.ticket.user_id, self.technician)
        handover = self.ticket.handover_ids
        self.assertEqual((handover.kind, handover.to_level), ("clock", "technician"))
        for words in (
            "Escalated by the SLA",
            "First response within 1 h",
            "“Everybody”",
        ):
            self.assertIn(words, handover.note)
        self.assertIn("until 2026-03-02 10:00", handover.note)
        self.at_work(2, 11)
        self.assertEqual(self.ticket.level, "technician")
        self.at_work(2, 18)  # the resolution
        self.assertEqual(self.ticket.level, "management")
        self.assertAddsUp(self.ticket)

    def test_an_answer_in_the_last_minute_hands_nothing_up(self):
        """# V3: what ended before the job came by is not handed up."""
        with moment(2, 9, 59):
            self.answer(self.ticket, self.agent)
        self.at_work(2, 10, 1)
        self.assertEqual(self.ticket.level, "agent")
        self.assertEqual(self.told(), [])

    def test_an_empty_post_passes_the_word_on(self):
        """# V4: nobody in charge: the leader; no leader: the service managers."""
        with moment(2, 9, 10):
            self.ticket.user_id = False
        self.at_work(2, 9, 30)
        self.assertEqual(self.told(), [(50, self.service_manager)])
        self.service.user_id = False
        managers = self.policy.step_ids[0]._recipients(self.ticket)
        self.assertIn(self.service_manager, managers)
        self.assertNotIn(self.env.ref("base.user_root"), managers)

    def test_a_certain_person_may_be_told(self):
        """# V4: of one clock only."""
        with moment(2, 9, 5):
            self.policy.step_ids = [
                Command.clear(),
                Command.create(
                    {
                        "percent": 100,
                        "clock": "resolution",
                        "target": "person",
                        "user_id": self.crm_admin.id,
                    }
                ),
            ]
        self.at_work(2, 11)
        self.assertEqual(self.told(), [])
        self.at_work(2, 18)  # closing time
        self.assertEqual(self.told(), [])
        self.at_work(3, 9)
        self.assertEqual(self.told(), [(100, self.crm_admin)])

    def test_a_new_policy_warns_anew(self):
        """# V4: what it promises is another promise."""
        self.at_work(2, 9, 48)
        with moment(2, 9, 50):
            self.make_policy("Relaxed", sequence=1, first_response_minutes=240)
        self.assertEqual(self.ticket.sla_state, "on_track")
        self.at_work(2, 11)
        self.assertIn((50, self.agent), self.told()[2:])

    def test_the_job_is_woken_up_at_the_first_moment_that_matters(self):
        """# V4: not every minute; and no wake-up for each ticket."""
        triggers = self.env["ir.cron.trigger"]
        mine = [("cron_id", "=", self.job.id)]
        triggers.search(mine).unlink()
        self.env.cr.execute("UPDATE crm_service_sla_clock SET check_at = NULL")
        with moment(3, 9):
            self.make_ticket()
            self.assertEqual(triggers.search(mine).mapped("call_at"), [at(3, 9, 30)])
        with moment(3, 9, 5):
            self.make_ticket()
            self.assertEqual(len(triggers.search(mine)), 1)

    def test_a_real_run_of_the_job(self):
        """# V4: as the server runs it, with its commits; then it goes on sleeping
        until the next moment."""
        self.env["ir.cron.trigger"].search([("cron_id", "=", self.job.id)]).unlink()
        with moment(2, 10), self.enter_registry_test_mode():
            self.job.method_direct_trigger()
        self.assertEqual(self.ticket.sla_state, "breached")
        self.assertIn((100, self.service_manager), self.told())
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.job.id)])
        self.assertGreater(min(triggers.mapped("call_at")), at(2, 10))
