from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestLevels(TicketCommon):
    """# V3: agent, technician, management; hand-over with note and history."""

    def hand_over(self, tickets, user, **values):
        with self.calling_as(user) as env:
            action = tickets.with_env(env).action_hand_over()
            wizard = Form(
                env["crm.service.handover.wizard"].with_context(**action["context"])
            )
            for name, value in values.items():
                setattr(wizard, name, value)
            return wizard.save().action_hand_over()

    def test_an_agent_hands_over_to_the_technician(self):
        """# V3: level, person, note, history; the form proposes the next level."""
        ticket = self.make_ticket(partner=self.contact, user_id=self.agent.id)
        self.hand_over(ticket, self.agent, note="Tried a restart. It drifts on.")
        self.assertEqual(ticket.level, "technician")
        self.assertEqual(ticket.user_id, self.technician)
        self.assertRecordValues(
            ticket.handover_ids,
            [
                {
                    "from_level": "agent",
                    "to_level": "technician",
                    "from_user_id": self.agent.id,
                    "to_user_id": self.technician.id,
                    "by_user_id": self.agent.id,
                    "note": "Tried a restart. It drifts on.",
                    "kind": "manual",
                }
            ],
        )
        self.assertIn("Tried a restart", ticket.message_ids[0].body)
        self.assertTrue(ticket.message_ids[0].is_internal)

    def test_a_hand_over_needs_a_note(self):
        """# V3"""
        ticket = self.make_ticket()
        with self.assertRaises(AssertionError):
            self.hand_over(ticket, self.agent)

    def test_the_management_is_the_team_leader_where_nobody_else_is(self):
        """# V3"""
        ticket = self.make_ticket()
        ticket._escalate("technician", "One")
        self.hand_over(ticket, self.technician, note="Two")
        self.assertEqual(ticket.level, "management")
        self.assertEqual(ticket.user_id, self.service_manager)
        self.assertEqual(ticket.handover_ids.mapped("note"), ["Two", "One"])

    def test_technicians_take_turns_and_the_absent_are_skipped(self):
        """# V3 V7"""
        second = self.make_user("tech2", "crm_customer_center.group_service_agent")
        member = self.add_member(self.service, second, level="technician")
        tickets = self.tickets.union(*(self.make_ticket(n) for n in "abcd"))
        tickets._escalate("technician", "Look")
        self.assertEqual(len(tickets.filtered(lambda t: t.user_id == second)), 2)
        member.paused = True
        ticket = self.make_ticket()
        ticket._escalate("technician", "Look")
        self.assertEqual(ticket.user_id, self.technician)

    def test_a_ticket_goes_to_another_team(self):
        """# V3: and out of the agent's sight."""
        ticket = self.make_ticket()
        self.add_member(self.other_service, self.rep, level="technician")
        self.hand_over(ticket, self.agent, note="Yours", team_id=self.other_service)
        self.assertEqual(ticket.team_id, self.other_service)
        self.assertEqual(ticket.user_id, self.rep)
        self.assertFalse(ticket.with_user(self.agent).has_access("read"))

    def test_what_is_done_cannot_be_handed_over(self):
        """# V3"""
        ticket = self.make_ticket()
        ticket.action_resolve()
        with self.assertRaisesRegex(UserError, "Reopen it"):
            ticket._escalate("technician", "Look")

    def test_nobody_hands_over_what_he_may_not_change(self):
        """# V3 G1"""
        ticket = self.make_ticket(partner=self.contact)
        wizard = self.env["crm.service.handover.wizard"].create(
            {"ticket_ids": ticket.ids, "note": "Mine now"}
        )
        for user in (self.other_agent, self.rep):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                wizard.with_user(user).action_hand_over()

    def test_the_receiver_is_told_once_with_the_note(self):
        """# V3"""
        tickets = self.make_ticket("a") | self.make_ticket("b")
        tickets._escalate("technician", "Please hurry", user=self.technician)
        notice = self.env["mail.message"].search(
            [("partner_ids", "in", self.technician.partner_id.ids)]
        )
        self.assertEqual(len(notice), 1)
        self.assertIn("Please hurry", notice.body)

    def test_what_is_each_tickets_own_is_told_of_each(self):
        """# V3: a rule says of each ticket how late it is."""
        first, second = self.make_ticket("a"), self.make_ticket("b")
        notes = {first.id: "Late by an hour", second.id: "Late by <two>"}
        (first | second)._escalate("technician", notes, user=self.technician)
        self.assertEqual(first.handover_ids.note, "Late by an hour")
        notice = self.env["mail.message"].search(
            [("partner_ids", "in", self.technician.partner_id.ids)]
        )
        self.assertEqual(len(notice), 1)
        for words in (f"{first.number}: Late by an hour", "Late by &lt;two&gt;"):
            self.assertIn(words, notice.body)

    def test_many_are_handed_over_with_constant_queries(self):
        """# V3"""
        counts = []
        for number in (5, 25):
            tickets = self.tickets.create(
                [{"name": f"T{i}", "team_id": self.service.id} for i in range(number)]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            tickets._escalate("technician", "Look")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # Odoo follows and tracks record by record
        self.assertLessEqual((counts[1] - counts[0]) / 20, 4, counts)


@tagged("post_install", "-at_install")
class TestEscalationRule(TicketCommon):
    """# V3: automatic by rule."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.rule = cls.env["crm.service.escalation.rule"].create(
            {
                "name": "Faults in an hour",
                "domain": "[('ticket_type', '=', 'fault')]",
                "minutes": 60,
                "event": "unanswered",
                "level": "technician",
                "note": "Unanswered for an hour",
            }
        )

    def run_rules(self, minutes):
        return self.rule._process_batch(self.now + timedelta(minutes=minutes))

    def test_an_unanswered_ticket_goes_up_after_its_time_and_once(self):
        """# V3"""
        fault = self.make_ticket(ticket_type="fault")
        question = self.make_ticket(ticket_type="consult")
        self.assertEqual(self.run_rules(59), 0)
        self.assertEqual(self.run_rules(61), 1)
        self.assertEqual(fault.level, "technician")
        self.assertEqual(question.level, "agent")
        self.assertEqual(fault.handover_ids.kind, "rule")
        self.assertEqual(fault.handover_ids.rule_id, self.rule)
        note = fault.handover_ids.note
        for words in (
            "“Faults in an hour”",
            "without a first answer",
            "Unanswered for",
        ):
            self.assertIn(words, note)
        self.assertIn("allowed are 1 h, it has been 1 h", note)
        self.assertIn("“Faults in an hour”", fault.message_ids[0].body)
        fault._escalate("agent", "It is a question")
        self.assertEqual(self.run_rules(90), 0, "who hands back is not overruled")

    def test_the_limit_is_typed_as_people_say_it(self):
        """# V3: on the wall, where a day has 24 hours; kept in minutes."""
        self.rule.limit = "1 天 2 小时"
        self.assertEqual(self.rule.minutes, 1560)
        self.assertEqual(self.rule.limit, "1 d 2 h")
        made = self.rule.copy({"limit": "90 min"})
        self.assertEqual(made.minutes, 90)
        with self.assertRaisesRegex(ValidationError, "on the wall"):
            self.rule.limit = "2 个工作日"

    def test_answered_done_and_other_teams_tickets_stay(self):
        """# V3"""
        answered = self.make_ticket(ticket_type="fault")
        self.answer(answered, self.agent)
        done = self.make_ticket(ticket_type="fault")
        done.action_resolve()
        self.rule.team_ids = self.other_service
        self.make_ticket(ticket_type="fault")
        self.assertEqual(self.run_rules(120), 0)

    def test_the_customers_last_word_and_unresolved_tickets(self):
        """# V3: the other two events."""
        ticket = self.make_ticket(ticket_type="fault", channel="web")
        self.answer(ticket, self.agent)
        self.rule.event = "awaiting"
        self.assertEqual(self.run_rules(120), 0)
        ticket._customer_spoke(ticket.message_ids[:1])
        self.assertEqual(self.run_rules(120), 1)
        other = self.make_ticket(ticket_type="fault")
        other.action_wait()
        self.rule.event = "unresolved"
        self.assertEqual(self.run_rules(120), 0)
        other.action_reopen()
        self.assertEqual(self.run_rules(120), 1)

    def test_ready_made_rules_do_nothing_before_they_are_switched_on(self):
        """# V3: complaints to the management after two hours, who waits a day for an
        answer to a technician."""
        names = ("complaint", "awaiting")
        ready = [
            self.env.ref(f"crm_service_ticket.escalation_rule_{name}") for name in names
        ]
        self.assertEqual({rule.state for rule in ready}, {"draft"})
        complaint = self.make_ticket(ticket_type="complaint")
        fault = self.make_ticket(ticket_type="fault")
        later = fields.Datetime.now() + timedelta(minutes=121)
        ready[0].action_start()
        ready[0]._process_batch(later)
        self.assertEqual(complaint.level, "management")
        self.assertEqual(complaint.user_id, self.service_manager)
        self.assertEqual(fault.level, "agent")

    def test_a_condition_that_cannot_be_read_is_refused(self):
        """# V3"""
        for domain in ("[('no_such_field', '=', 1)]", "drop", "[(1"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self.rule.domain = domain

    def test_the_job_handles_all_in_batches(self):
        """# V3: one real run."""
        self.rule.minutes = 1
        tickets = self.tickets.create(
            [
                {"name": f"T{i}", "team_id": self.service.id, "ticket_type": "fault"}
                for i in range(3)
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_service_ticket SET create_date = create_date - interval '1 h'"
            " WHERE id = ANY(%s)",
            [tickets.ids],
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_service_ticket.ir_cron_escalate").method_direct_trigger()
        self.assertEqual(set(tickets.mapped("level")), {"technician"})
