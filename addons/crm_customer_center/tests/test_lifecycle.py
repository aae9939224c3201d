from datetime import timedelta

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .lifecycle_common import NOW, LifecycleCommon


@tagged("post_install", "-at_install")
class TestLifecycle(LifecycleCommon):
    """# C6: moves by rule, with a history of every move."""

    # ------------------------------------------------------------
    # AT ONCE
    # ------------------------------------------------------------

    def test_a_won_deal_makes_active_at_once_and_says_so(self):
        customer = self.make_customer("Acme", self.rep)
        lead = self.win(customer)
        self.assertEqual(customer.lifecycle_state, "active")
        move = customer.lifecycle_move_ids.sorted("id")[-1]
        self.assertEqual(
            (move.from_state, move.to_state, move.cause),
            ("potential", "active", "business"),
        )
        self.assertEqual((move.evidence_model, move.evidence_id), ("crm.lead", lead.id))
        self.assertEqual(move.evidence_name, lead.name)
        self.assertEqual(move.rule_id, self.shipped["first_business"])
        self.assertIn("First deal or order", move.reason)
        self.assertEqual(move.owner_id, self.rep)

    def test_a_contacts_deal_counts_for_the_family(self):
        customer = self.make_customer("Acme", self.rep)
        self.win(self.make_contact(customer, "Ms Li"))
        self.assertEqual(customer.lifecycle_state, "active")

    def test_the_rep_who_wins_needs_no_right_on_the_customer(self):
        """Not even one that is somebody else's."""
        customer = self.make_customer("Acme", self.other_rep)
        lead = self.make_lead("Deal", self.rep, customer)
        # sudo: how deals are to be closed is not what is tested
        lead.with_user(self.rep).sudo().action_set_won()
        self.assertEqual(customer.lifecycle_state, "active")

    def test_a_deal_that_is_open_again_makes_potential_again(self):
        customer = self.make_customer("Acme", self.rep)
        stage = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        lead = self.win(customer)
        self.at(hours=-1)
        lead.write({"stage_id": stage.id})
        self.assertEqual(customer.lifecycle_state, "potential")
        self.assertEqual(
            customer.lifecycle_move_ids.sorted("id")[-1].cause, "withdrawn"
        )
        self.shipped["business_withdrawn"].action_stop()
        self.at(hours=-2)
        lead.action_set_won()
        lead.unlink()
        self.assertEqual(customer.lifecycle_state, "active", "as the rule says")

    def test_who_is_no_customer_is_none_by_a_deal(self):
        partner = self.make_plain_partner("Somebody")
        self.win(partner)
        self.assertFalse(partner.lifecycle_state)
        partner.lifecycle_state = "potential"
        self.assertEqual(partner.lifecycle_state, "active", "that deal counts now")

    # ------------------------------------------------------------
    # AT NIGHT
    # ------------------------------------------------------------

    def test_silence_makes_dormant_then_lost_and_an_order_brings_back(self):
        customer = self.make_customer("Acme", self.rep)
        self.win(customer)
        self.at(days=-180)
        self.night()
        self.assertEqual(customer.lifecycle_state, "active", "not full yet")
        self.at(days=-181)
        self.night()
        self.assertEqual(customer.lifecycle_state, "dormant")
        self.at(days=-366)
        self.night()
        self.assertEqual(customer.lifecycle_state, "lost")
        self.at(days=-400)
        self.win(customer, 500)
        self.assertEqual(customer.lifecycle_state, "active")
        self.assertEqual(
            [line[:3] for line in self.history(customer)],
            [
                ("", "potential", "created"),
                ("potential", "active", "business"),
                ("active", "dormant", "silence"),
                ("dormant", "lost", "silence"),
                ("lost", "active", "business"),
            ],
        )

    def test_a_second_night_writes_nothing(self):
        for number in range(5):
            self.win(self.make_customer(f"C{number}", self.rep))
        self.at(days=-181)
        self.night()
        self.env.flush_all()
        written = self._written()
        self.night()
        self.env.flush_all()
        self.assertEqual(self._written(), written)

    def _written(self):
        self.env.cr.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del"
            " FROM pg_stat_xact_user_tables WHERE relname LIKE 'crm_customer%'"
            " OR relname LIKE 'crm_l%_move' OR relname = 'res_partner' ORDER BY relname"
        )
        return self.env.cr.fetchall()

    def test_no_date_is_never_long_ago(self):
        customer = self.make_customer("Acme", lifecycle_state="active")
        self.env.cr.execute(
            "UPDATE crm_customer_state SET lifecycle_since = '2001-01-01',"
            " touched_at = NULL WHERE partner_id = %s",
            [customer.id],
        )
        self.night()
        self.assertEqual(customer.lifecycle_state, "active")

    def test_a_contact_breaks_the_silence(self):
        customer = self.make_customer("Acme", self.rep)
        self.win(customer)
        self.at(days=-100)
        customer.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.rep.id
        ).action_feedback()
        self.at(days=-181)
        self.night()
        self.assertEqual(customer.lifecycle_state, "active")
        self.at(days=-281)
        self.night()
        self.assertEqual(customer.lifecycle_state, "dormant")

    def test_the_night_finds_what_nobody_told_of(self):
        """A deal that SQL has won."""
        customer = self.make_customer("Acme", self.rep)
        lead = self.make_lead("Deal", self.rep, customer)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET won_status = 'won', date_closed = %s WHERE id = %s",
            [NOW - timedelta(days=3), lead.id],
        )
        self.env.invalidate_all()
        self.night()
        self.assertEqual(customer.lifecycle_state, "active")
        move = customer.lifecycle_move_ids.sorted("id")[-1]
        self.assertEqual(move.effective_at, NOW - timedelta(days=3))
        self.assertEqual(move.known_at, NOW)
        self.assertTrue(move.is_late)

    def test_archived_customers_stay_what_they_were(self):
        customer = self.make_customer("Acme", self.rep)
        self.win(customer)
        customer.active = False
        self.at(days=-400)
        self.night()
        self.assertEqual(customer.lifecycle_state, "active")

    def test_working_days(self):
        """Ten days of work after Wednesday noon, 25 November: the last is Wednesday,
        9 December."""
        self.shipped["dormant"].write({"days": 10, "working_days": True})
        calendar = self.env["res.company"]._first_company().resource_calendar_id
        calendar.attendance_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "name": "Work", "dayofweek": str(day), "hour_from": 9,
                        "hour_to": 18, "day_period": "morning",
                    }
                )
                for day in range(5)
            ),
        ]  # fmt: skip
        customer = self.make_customer("Acme", self.rep)
        self.win(customer)
        self.at(days=-14)
        self.night()
        self.assertEqual(customer.lifecycle_state, "active")
        self.at(days=-15)
        self.night()
        self.assertEqual(customer.lifecycle_state, "dormant")

    # ------------------------------------------------------------
    # EFFECTIVE THEN, KNOWN NOW
    # ------------------------------------------------------------

    def test_a_deal_of_the_past_is_effective_then_and_known_now(self):
        customer = self.make_customer("Acme", self.rep)
        self.win(customer)
        self.at(days=-181)
        self.night()
        seen = self.moves._states_known_at(customer, self.at(days=-190))
        self.assertEqual(seen, {customer.id: "dormant"})
        self.at(days=-200)
        day = NOW + timedelta(days=150)
        late = self.make_lead("Late", self.rep, customer, date_closed=day)
        late.write({"stage_id": self.won_stage.id, "date_closed": day})
        late.date_closed = day
        self.assertEqual(customer.lifecycle_state, "active")
        self.assertEqual(
            self.moves._states_known_at(customer, NOW + timedelta(days=190)), seen,
            "what was known then does not change",
        )  # fmt: skip
        self.assertEqual(
            self.moves._states_known_at(customer, NOW + timedelta(days=201)),
            {customer.id: "active"},
        )

    def test_a_contact_noted_late_takes_the_silence_back(self):
        customer = self.make_customer("Acme", self.rep)
        self.win(customer)
        self.at(days=-181)
        self.night()
        self.assertEqual(customer.lifecycle_state, "dormant")
        self.at(days=-183)
        activity = customer.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.rep.id
        )
        activity.action_feedback()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_activity SET date_done = %s WHERE id = %s",
            [(NOW + timedelta(days=100)).date(), activity.id],
        )
        self.env.invalidate_all()
        if "crm.followup" in self.env:
            self.env.cr.execute("DELETE FROM crm_followup WHERE customer_id = %s",
                                [customer.id])  # fmt: skip
            self.env.cr.execute("DELETE FROM crm_followup_state WHERE partner_id = %s",
                                [customer.id])  # fmt: skip
        self.night()
        self.assertEqual(customer.lifecycle_state, "active")
        self.assertEqual(
            customer.lifecycle_move_ids.sorted("id")[-1].cause, "corrected"
        )

    def test_days_in_the_state_can_be_read_and_searched(self):
        customer = self.make_customer("Acme", self.rep)
        self.win(customer)
        self.at(days=-211)
        self.night()
        # dormant since the midnight after the 180th day, 30 days ago
        self.assertEqual(customer.lifecycle_days, 30)
        partners = self.env["res.partner"]
        for operator, number, found in (
            (">", 29, True), (">", 30, False), (">=", 30, True), ("<", 30, False),
            ("<=", 30, True), ("=", 30, True), ("=", 29, False), ("!=", 30, False),
        ):  # fmt: skip
            with self.subTest(operator=operator, number=number):
                domain = [
                    ("id", "=", customer.id),
                    ("lifecycle_days", operator, number),
                ]
                self.assertEqual(bool(partners.search(domain)), found)

    # ------------------------------------------------------------
    # BY HAND
    # ------------------------------------------------------------

    def by_hand(self, customer, user=None, **values):
        wizard = self.env["crm.customer.by.hand"].with_user(user or self.rep)
        return wizard.create(
            {
                "what": "lifecycle",
                "partner_ids": [Command.set(customer.ids)],
                "reason": "They told me so",
                **values,
            }
        ).action_apply()

    def test_what_a_person_holds_no_rule_moves_until_its_end(self):
        customer = self.make_customer("Acme", self.rep)
        until = (NOW + timedelta(days=30)).date()
        self.by_hand(customer, lifecycle_state="lost", until=until)
        self.assertTrue(customer.lifecycle_held)
        self.at(hours=-1)
        self.win(customer)
        self.night()
        self.assertEqual(customer.lifecycle_state, "lost")
        move = customer.lifecycle_move_ids.sorted("id")[-1]
        self.assertEqual((move.user_id, move.cause), (self.rep, "person"))
        self.assertIn("They told me so", move.reason)
        self.at(days=-31)
        self.night()
        self.assertEqual(customer.lifecycle_state, "active", "what was bought counts")
        self.assertFalse(customer.lifecycle_held)

    def test_a_hold_is_lifted(self):
        customer = self.make_customer("Acme", self.rep)
        self.by_hand(customer, lifecycle_state="lost")
        self.at(hours=-1)
        self.win(customer)
        self.at(hours=-2)
        customer.with_user(self.rep).action_leave_to_rules()
        self.assertEqual(customer.lifecycle_state, "active")
        with self.assertRaises(UserError):
            customer.action_leave_to_rules()

    def test_a_day_that_is_over_and_others_customers_are_refused(self):
        customer = self.make_customer("Acme", self.other_rep)
        with self.assertRaises(AccessError):
            self.by_hand(customer, lifecycle_state="lost")
        with self.assertRaises(UserError):
            self.by_hand(
                customer, self.other_rep, lifecycle_state="lost",
                until=(NOW - timedelta(days=1)).date(),
            )  # fmt: skip

    def test_a_click_on_the_state_is_the_persons_and_holds_nothing(self):
        customer = self.make_customer("Acme", self.rep)
        customer.with_user(self.rep).lifecycle_state = "lost"
        move = customer.lifecycle_move_ids.sorted("id")[-1]
        self.assertEqual((move.cause, move.user_id), ("person", self.rep))
        self.at(hours=-1)
        self.win(customer)
        self.assertEqual(customer.lifecycle_state, "active")

    # ------------------------------------------------------------
    # ONLY ADDED TO
    # ------------------------------------------------------------

    def test_nobody_changes_a_history(self):
        move = self.make_customer("Acme", self.rep).lifecycle_move_ids
        for user in (self.rep, self.crm_admin, self.env.user):
            with self.subTest(user.login):
                own = move.with_user(user)
                with self.assertRaises(UserError):
                    own.write({"to_state": "lost"})
                with self.assertRaises(UserError):
                    own.unlink()
        with self.assertRaises(UserError):
            move.sudo().write({"note": "X"})
        with self.assertRaises(AccessError):
            move.with_user(self.crm_admin).create(
                {
                    "partner_id": move.partner_id.id, "cause": "person",
                    "effective_at": NOW,
                }
            )  # fmt: skip

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_it_too(self):
        move = self.make_customer("Acme", self.rep).lifecycle_move_ids
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE crm_lifecycle_move SET to_state = 'lost' WHERE id = %s",
                [move.id],
            )

    def test_a_customer_takes_its_history_along(self):
        customer = self.make_customer("Acme", self.rep)
        ids = customer.lifecycle_move_ids.ids
        customer.unlink()
        self.assertFalse(self.moves.browse(ids).exists())

    def test_a_deal_shows_its_name_to_its_readers_only(self):
        customer = self.make_customer("Acme", self.rep)
        lead = self.win(customer)
        lead.user_id = self.other_rep
        self.env.flush_all()
        self.env.invalidate_all()
        move = customer.lifecycle_move_ids.sorted("id")[-1]
        self.assertFalse(move.with_user(self.manager).sudo().evidence_name)
        self.assertFalse(move.with_user(self.rep).evidence_name)
        self.assertEqual(move.with_user(self.crm_admin).evidence_name, lead.name)

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    def test_a_rule_leads_somewhere(self):
        for values in (
            {"to_state": "lost"},
            {"to_state": "lost", "from_lost": True},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.env["crm.lifecycle.rule"].create({"name": "X", **values})

    def test_a_rehearsal_says_who_would_move_and_moves_nobody(self):
        customer = self.make_customer("Acme", self.rep)
        other = self.make_customer("Far Away", self.rep, city="Lhasa")
        for one in (customer, other):
            self.win(one)
        self.shipped["dormant"].action_stop()
        rule = self.env["crm.lifecycle.rule"].create(
            {
                "name": "Quick", "trigger": "silence", "days": 30, "from_active": True,
                "to_state": "dormant", "domain": "[('city', '!=', 'Lhasa')]",
            }
        )  # fmt: skip
        self.at(days=-31)
        total, rows = rule._rehearse()
        self.assertEqual([row.record for row in rows], [customer])
        self.assertEqual(total, 1)
        self.assertEqual(rows[0].would, "Active → Dormant")
        self.assertIn("2026-11-25", rows[0].because)
        self.night()
        self.assertEqual(customer.lifecycle_state, "active", "a draft does nothing")
        rule.action_start()
        self.night()
        self.assertEqual((customer + other).mapped("lifecycle_state"),
                         ["dormant", "active"])  # fmt: skip

    def test_has_been_dormant_for_days_in_a_condition(self):
        """A lifecycle rule, and with it every rule that asks about customers."""
        customer = self.make_customer("Acme", self.rep)
        self.win(customer)
        self.at(days=-181)
        self.night()
        self.env["crm.lifecycle.rule"].create(
            {
                "name": "Enough", "trigger": "condition", "from_dormant": True,
                "to_state": "potential",
                "domain": "[('lifecycle_state', '=', 'dormant'),"
                " ('lifecycle_days', '>', 10)]",
            }
        ).action_start()  # fmt: skip
        self.at(days=-190)
        self.night()
        self.assertEqual(customer.lifecycle_state, "dormant")
        self.at(days=-192)
        self.night()
        self.assertEqual(customer.lifecycle_state, "potential")

    # ------------------------------------------------------------
    # RUNS
    # ------------------------------------------------------------

    def test_a_night_is_taken_back_exactly(self):
        customers = self.env["res.partner"].union(
            *(self.make_customer(f"C{number}", self.rep) for number in range(3))
        )
        for customer in customers:
            self.win(customer)
        before = customers.mapped("lifecycle_since")
        self.at(days=-181)
        self.night()
        run = self.runs.search([], limit=1)
        self.assertEqual((run.kind, run.changed, run.state), ("lifecycle", 3, "done"))
        customers[2].lifecycle_state = "lost"
        with self.assertRaises(AccessError):
            run.with_user(self.manager).action_rollback()
        run.with_user(self.crm_admin).action_rollback()
        self.assertEqual(customers.mapped("lifecycle_state"),
                         ["active", "active", "lost"])  # fmt: skip
        self.assertEqual((run.restored, run.left_alone), (2, 1))
        self.assertEqual(customers[:2].mapped("lifecycle_since"), before[:2])
        with self.assertRaises(UserError):
            run.with_user(self.crm_admin).action_rollback()

    def test_a_night_without_moves_leaves_no_run(self):
        count = self.runs.search_count([])
        self.at(days=-1)
        self.night()
        self.assertEqual(self.runs.search_count([]), count)

    # ------------------------------------------------------------
    # TIMELINE
    # ------------------------------------------------------------

    def test_the_timeline_says_what_became_of_the_customer_and_why(self):
        customer = self.make_customer("Acme", self.rep)
        lead = self.win(customer)
        customer.customer_level_id = self.env["crm.customer.level"].search([], limit=1)
        self.env.flush_all()
        sources = {
            source.key: source for source in customer._customer_timeline_sources()
        }
        lines = {}
        for key in ("lifecycle_move", "level_move"):
            source = sources[key]
            moves = self.env[source.model].search(source.domain, order="id")
            lines[key] = list(source.render(moves))
        state, level = lines["lifecycle_move"][-1], lines["level_move"][-1]
        self.assertEqual(state.title, "Potential → Active")
        self.assertIn("First deal or order", state.text)
        self.assertIn(lead.name, state.text)
        self.assertIsNone(state.person, "a rule is no person")
        self.assertIn(customer.customer_level_id.name, level.title)

    # ------------------------------------------------------------
    # MERGE
    # ------------------------------------------------------------

    def merge(self, *partners, into):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        ids = [partner.id for partner in partners] + into.ids
        wizard._merge(ids, into, extra_checks=False)

    def test_merged_customers_have_both_histories_and_no_row_is_in_the_way(self):
        kept, gone = (
            self.make_customer("A", self.rep),
            self.make_customer("B", self.rep),
        )
        self.win(gone)
        written = len(kept.lifecycle_move_ids | gone.lifecycle_move_ids)
        self.merge(gone, into=kept)
        self.env.invalidate_all()
        self.assertEqual(kept.lifecycle_state, "active", "what the other bought counts")
        moves = kept.lifecycle_move_ids
        self.assertEqual(len(moves.filtered("is_merged")), 2)
        self.assertEqual(len(moves.filtered(lambda m: m.cause == "merged")), 1)
        self.assertGreater(len(moves), written)
        self.at(days=-181)
        self.night()
        self.assertEqual(kept.lifecycle_state, "dormant")

    # ------------------------------------------------------------
    # A DATABASE IN USE
    # ------------------------------------------------------------

    def test_a_history_begins_with_what_is(self):
        from ..hooks import begin_histories

        customer = self.make_customer("Acme", self.rep, lifecycle_state="dormant")
        self.env.flush_all()
        for table in ("crm_lifecycle_move", "crm_level_move", "crm_customer_state"):
            self.env.cr.execute(
                f"DELETE FROM {table} WHERE partner_id = %s", [customer.id]
            )
        begin_histories(self.env)
        begin_histories(self.env)
        self.assertEqual(
            [line[:3] for line in self.history(customer)], [("", "dormant", "was")]
        )
        self.assertEqual(customer.lifecycle_move_ids.effective_at, customer.create_date)
        self.win(customer)
        self.assertEqual(customer.lifecycle_state, "active")
