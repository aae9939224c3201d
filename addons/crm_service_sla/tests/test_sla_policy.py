from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import SlaCommon, at, moment


@tagged("post_install", "-at_install")
class TestSlaPolicy(SlaCommon):
    """# V4: what a policy may say, and which of several holds."""

    def refused(self, sentence, **values):
        with self.assertRaisesRegex(ValidationError, sentence):
            self.make_policy("Bad", **values)

    def test_a_bad_policy_is_refused_with_the_reason(self):
        """# V4"""
        nothing = dict.fromkeys(
            ("first_response_minutes", "next_response_minutes", "resolution_minutes"), 0
        )
        step = {"target": "leader"}
        for sentence, values in (
            ("at least one target", nothing),
            ("number of minutes", {"resolution_minutes": -5}),
            ("after the resolution", {"first_response_minutes": 999}),
            ("1 to 500", {"step_ids": [Command.create({**step, "percent": 0})]}),
            ("twice", {"step_ids": [Command.create({**step, "percent": 80})] * 2}),
            ("never runs", {"pause_pending": True, "pause_in_progress": True}),
            ("Choose the calendar", {"hours": "calendar"}),
            ("cannot be read", {"domain": "[('name', 'ilike'"}),
            ("does not have", {"domain": "[('no_such_field', '=', 1)]"}),
            ("cannot be read", {"domain": "__import__('os')"}),
        ):
            with self.subTest(sentence=sentence):
                self.refused(sentence, **values)

    def test_a_calendar_without_hours_is_refused(self):
        """# V4: nothing would ever be due (the crash of a known peer)."""
        empty = self.make_calendar("Empty", hours=())
        self.refused("no fixed working hours", hours="calendar", calendar_id=empty.id)

    def test_calendar_and_team_of_another_company_are_refused(self):
        """# V4"""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.make_calendar("Foreign", company_id=company.id)
        self.refused("another company", hours="calendar", calendar_id=foreign.id)
        team = self.make_service_team("Far away", company_id=company.id)
        self.refused("another company", team_ids=[Command.set(team.ids)])

    def test_a_warning_for_a_certain_person_needs_the_person(self):
        """# V4"""
        with self.refused_by_database():
            self.make_policy(
                "Bad",
                step_ids=[Command.create({"percent": 90, "target": "person"})],
            )

    def test_the_first_policy_that_applies_holds(self):
        """# V4: by type, priority, level, team, stage and further condition."""
        vip = self.env["crm.customer.level"].create({"name": "VIP"})
        self.customer.customer_level_id = vip
        for values, ticket_values in (
            ({"type_ids": [Command.set(self.type("fault").ids)]},
             {"ticket_type": "fault"}),
            ({"priority_ids": [Command.set(self.choice("priority", "2").ids)]},
             {"priority": "2"}),
            ({"level_ids": [Command.set(vip.ids)]}, {"partner_id": self.contact.id}),
            ({"team_ids": [Command.set(self.other_service.ids)]},
             {"team_id": self.other_service.id}),
            ({"stage_ids": [Command.set(self.stage("in_progress").ids)]},
             {"stage_id": self.stage("in_progress").id}),
            ({"domain": "[('name', 'ilike', 'fire')]"}, {"name": "Fire in the lab"}),
        ):  # fmt: skip
            with self.subTest(values=values):
                special = self.make_policy("Special", sequence=1, **values)
                found = self.make_ticket(**ticket_values)
                self.assertEqual(found.sla_policy_id, special)
                self.assertEqual(self.make_ticket().sla_policy_id, self.policy)
                special.active = False
                self.assertEqual(found.sla_policy_id, self.policy)

    def test_a_policy_of_another_company_does_not_apply(self):
        """# V4: also for a ticket made by the system, as one by mail is."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.make_policy("Foreign", sequence=1, company_id=company.id)
        self.assertEqual(self.make_ticket().sla_policy_id, self.policy)
        everywhere = self.make_policy("All", sequence=2, company_id=False)
        self.assertEqual(self.make_ticket().sla_policy_id, everywhere)

    def test_a_field_of_a_further_condition_is_watched(self):
        """# V4: the policy follows when the condition becomes true."""
        special = self.make_policy(
            "Special", sequence=1, domain="[('name', 'ilike', 'fire')]"
        )
        ticket = self.make_ticket("Smoke")
        self.assertEqual(ticket.sla_policy_id, self.policy)
        ticket.name = "Smoke and fire"
        self.assertEqual(ticket.sla_policy_id, special)

    def test_without_a_policy_nothing_is_promised_and_nothing_breaks(self):
        """# V4"""
        self.policy.active = False
        with moment(2, 9):
            ticket = self.make_ticket()
        with moment(2, 10):
            ticket.action_take()
        self.assertFalse(ticket.sla_state or ticket.sla_deadline)
        self.assertFalse(ticket.sla_label)
        self.assertAddsUp(ticket)

    def test_a_copy_is_a_draft(self):
        """# V4: to be tried on the past before it is switched on."""
        copy = self.policy.copy()
        self.assertEqual(copy.state, "draft")
        self.assertEqual(len(copy.step_ids), len(self.policy.step_ids))
        self.assertEqual(self.make_ticket().sla_policy_id, self.policy)

    def test_a_new_policy_promises_nothing_until_it_is_started(self):
        """# V4: four open tickets were switched by a policy that was only saved."""
        tickets = self.env["crm.service.ticket"]
        for number in range(4):
            tickets |= self.make_ticket(f"T{number}")
        new = self.env["crm.service.sla.policy"].create(
            {"name": "New", "sequence": 1, "company_id": self.env.company.id}
        )
        new.first_response_minutes = 30
        self.assertEqual(tickets.sla_policy_id, self.policy)
        self.assertEqual(self.make_ticket().sla_policy_id, self.policy)
        total, rows = new._rehearse()
        self.assertEqual(total, 5)
        self.assertIn("“New” instead of “Everybody”", rows[0].would)
        self.assertEqual(tickets.sla_policy_id, self.policy)
        self.env["crm.rule.rehearsal"].browse(
            new.action_rehearse()["res_id"]
        ).action_start()
        self.assertEqual(tickets.sla_policy_id, new)
        new.action_stop()
        self.assertEqual(tickets.sla_policy_id, self.policy)

    def test_a_trial_makes_nothing_live(self):
        """# V4: what is tried on the past stays a draft."""
        ticket = self.make_ticket()
        new = self.env["crm.service.sla.policy"].create(
            {"name": "Tried", "sequence": 1, "company_id": self.env.company.id}
        )
        replay = self.env["crm.service.sla.replay"].create(
            {
                "name": "Try",
                "policy_ids": new.ids,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
            }
        )
        replay.action_run()
        self.assertEqual(new.state, "draft")
        self.assertEqual(ticket.sla_policy_id, self.policy)
        self.assertNotIn(new, replay._default_policies())

    def test_a_policy_that_broke_lets_the_next_one_hold(self):
        """# V4: the ticket is made, the clocks of the others are the job's work."""
        special = self.make_policy(
            "Special", sequence=1, domain="[('name', 'ilike', 'fire')]"
        )
        first = self.make_ticket("Fire")
        self.assertEqual(first.sla_policy_id, special)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_service_sla_policy SET domain = %s WHERE id = %s",
            ["[('x_gone', '=', 1)]", special.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.make_ticket("Fire").sla_policy_id, self.policy)
        self.assertEqual(special.state, "error")
        self.run_job()
        self.assertEqual(first.sla_policy_id, self.policy)

    def test_a_condition_tells_its_author_nothing_he_may_not_know(self):
        """# A3: secrets letter by letter, the customer's numbers, a deal's revenue:
        refused; what the author may not see is not found."""
        manager = self.service_manager
        for path, value in (
            ("user_id.totp_secret", "J%"),
            ("create_uid.password", "a%"),
            ("access_token", "a%"),
            ("message_ids.body", "%secret%"),
            ("partner_id.opportunity_ids.expected_revenue", "1%"),
        ):
            with self.subTest(path), self.assertRaises(ValidationError):
                self.env["crm.service.sla.policy"].with_user(manager).create(
                    {"name": "Curious", "domain": f"[('{path}', '=like', '{value}')]"}
                )

    def test_a_policy_tickets_were_promised_by_is_archived_not_deleted(self):
        """# V4"""
        self.make_ticket()
        with self.assertRaisesRegex(ValidationError, "Archive it"):
            self.policy.unlink()
        self.make_policy("Unused", sequence=99).unlink()

    def test_a_policy_is_told_in_plain_sentences(self):
        """# V4: also while it is being typed."""
        self.policy.priority_ids = self.choice("priority", "2")
        policy = self.policy.with_context(lang="en_US")
        lines = policy.summary.splitlines()
        self.assertEqual(lines[0], "For tickets with priority High.")
        self.assertEqual(
            lines[1],
            "Promised: first response within 1 h, next response within 2 h, and "
            "resolution within 1 working day.",
        )
        self.assertIn("without its holidays", lines[2])
        self.assertIn("we wait for the customer", lines[3])
        self.assertIn("80% the person in charge, the team leader", lines[4])
        with Form(policy) as form:
            form.resolution_limit = "90 min"
            self.assertIn("resolution within 1 h 30 min", form.summary)

    def test_all_choices_of_the_screen_are_those_of_tickets(self):
        """# V4: priorities are offered whatever other modules add."""
        field = self.policies._fields["priority_ids"]
        found = self.env["ir.model.fields.selection"].search(field.domain)
        offered = dict(self.tickets._fields["priority"].selection)
        self.assertEqual(set(found.mapped("value")), set(offered))

    def test_shipped_policies_make_sense(self):
        """# V4: three to begin with, for all companies."""
        for name in ("urgent", "complaint", "standard"):
            policy = self.env.ref(f"crm_service_sla.policy_{name}")
            policy._check_sense()
            self.assertFalse(policy.company_id)

    def test_a_change_of_the_policy_reaches_open_tickets(self):
        """# V4: keeping what was used; done ones stay as they were."""
        with moment(2, 9):
            ticket, done = self.make_ticket(), self.make_ticket()
        with moment(2, 10, 30):
            done.action_resolve()
            self.policy.resolution_minutes = 240
        self.assertEqual(ticket.resolution_deadline, at(2, 14))
        self.assertEqual(done.sla_result_ids.sorted("id")[-1].target, 480 * 60)
