from contextlib import contextmanager
from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import SlaCommon, at, moment


@tagged("post_install", "-at_install")
class TestSlaReplayThen(SlaCommon):
    """# V4: past tickets are replayed as what they were, not as what they became."""

    def setUp(self):
        super().setUp()
        self.levels = self.env["crm.customer.level"].search([], limit=2)
        self.customer.customer_level_id = self.levels[0]
        with moment(2, 9):
            self.ticket = self.make_ticket("Drift", self.contact, user_id=self.agent.id)
        with moment(2, 9, 30):
            self.answer(self.ticket, self.agent)
        with self.tracked(at(2, 17), self.ticket) as ticket:
            ticket.action_resolve()
        self.env.cr.execute(
            "UPDATE crm_service_ticket SET create_date = %s WHERE id = %s",
            [at(2, 9), self.ticket.id],
        )
        self.env.invalidate_all()

    @contextmanager
    def tracked(self, when, record):
        """Change a record at a moment and let Odoo note down what was changed."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        values = self.env["mail.tracking.value"]
        last = values.search([], order="id desc", limit=1).id
        with moment(2, 9) as clock:
            clock.move_to(when)
            yield record.with_context(tracking_disable=False, mail_notrack=False)
            self.env.flush_all()
            self.env.cr.precommit.run()
        # all of a test is one transaction, which began just now
        self.env.cr.execute(
            "UPDATE mail_tracking_value SET create_date = %s WHERE id > %s",
            [when, last],
        )
        self.env.invalidate_all()

    def replay(self, *policies):
        """The policies that would have held, by clock."""
        record = self.env["crm.service.sla.replay"].create(
            {
                "name": "Try",
                "date_from": date(2026, 3, 1),
                "date_to": date(2026, 3, 31),
                "policy_ids": [Command.set([policy.id for policy in policies])],
            }
        )
        record.action_run()
        self.record = record
        return {line.clock: line.policy_id for line in record.line_ids}

    def both(self, policy):
        return {"first_response": policy, "resolution": policy}

    def make_first(self, **conditions):
        """A policy before the one for all; conditions as sets of ids."""
        sets = {name: [Command.set(ids)] for name, ids in conditions.items()}
        return self.make_policy(" ".join(conditions), sequence=1, **sets)

    def forget_promises(self):
        """As if no policy had been in use: the results know type and priority."""
        self.env.cr.execute("DELETE FROM crm_service_sla_result")
        self.env.invalidate_all()

    def test_the_facts_of_then_choose_the_policy(self):
        """# V4: type, priority, team and level were changed after the end; with and
        without a promise."""
        other = self.make_customer("Other", customer_level_id=self.levels[1].id)
        team = self.ticket.team_id
        conditions = {
            "type": {"type_ids": self.type("consult").ids},
            "priority": {"priority_ids": self.choice("priority", "0").ids},
            "team": {"team_ids": team.ids},
            "level": {"level_ids": self.levels[0].ids},
        }
        policies = {
            name: self.make_first(**values) for name, values in conditions.items()
        }
        with self.tracked(at(3, 10), self.ticket) as ticket:
            ticket.write({"ticket_type": "fault", "priority": "2"})
        with self.tracked(at(3, 11), self.ticket) as ticket:
            ticket.write({"team_id": self.other_service.id, "partner_id": other.id})
        for promised in (True, False):
            for name, policy in policies.items():
                with self.subTest(fact=name, promised=promised):
                    found = self.replay(policy, self.policy)
                    self.assertEqual(found, self.both(policy))
            self.forget_promises()
        self.assertEqual(self.record.line_ids.team_id, team)
        self.assertEqual(self.record.line_ids.type_id, self.type("consult"))

    def test_what_holds_only_since_is_not_what_held(self):
        """# V4: the other way round."""
        fault = self.make_first(type_ids=self.type("fault").ids)
        with self.tracked(at(3, 10), self.ticket) as ticket:
            ticket.ticket_type = "fault"
        self.forget_promises()
        self.assertEqual(self.replay(fault, self.policy), self.both(self.policy))

    def test_each_clock_goes_by_its_own_end(self):
        """# V4: raised between the first response and the resolution."""
        high = self.make_first(priority_ids=self.choice("priority", "2").ids)
        with self.tracked(at(2, 12), self.ticket) as ticket:
            ticket.priority = "2"
        self.forget_promises()
        self.assertEqual(
            self.replay(high, self.policy),
            {"first_response": self.policy, "resolution": high},
        )

    def test_the_stage_a_clock_ended_in_counts(self):
        """# V4: as for the engine: the move that ends the clock is made already."""
        resolved = self.make_first(stage_ids=self.stage("resolved").ids)
        with self.tracked(at(3, 10), self.ticket) as ticket:
            ticket.action_close()
        self.assertEqual(
            self.replay(resolved, self.policy),
            {"first_response": self.policy, "resolution": resolved},
        )

    def test_a_customer_counts_with_the_level_of_then(self):
        """# V4: of the company, which was raised later."""
        low = self.make_first(level_ids=self.levels[0].ids)
        with self.tracked(at(3, 10), self.customer) as customer:
            customer.customer_level_id = self.levels[1]
        self.assertEqual(self.contact.commercial_partner_id, self.customer)
        self.assertEqual(self.replay(low, self.policy), self.both(low))

    def test_a_change_told_in_another_language_is_understood(self):
        """# V4: tracking keeps labels, not keys; a label nobody knows is left out."""
        self.env["res.lang"]._activate_lang("zh_CN")
        choices = self.choice("priority", "0")
        choices.with_context(lang="zh_CN").name = "不急"
        with self.tracked(at(3, 10), self.ticket.with_context(lang="zh_CN")) as ticket:
            ticket.priority = "2"
        value = self.env["mail.tracking.value"].search([], order="id desc", limit=1)
        self.assertEqual(value.old_value_char, "不急")
        (facts,) = self.ticket._sla_facts_at([(self.ticket, at(2, 17))])
        self.assertEqual(facts.priority, "0")
        value.old_value_char = "No such choice"
        (facts,) = self.ticket._sla_facts_at([(self.ticket, at(2, 17))])
        self.assertEqual(facts.priority, "2")

    def test_a_type_of_the_time_when_types_were_choices_is_understood(self):
        """# V4 V15: former trackings name the kind, later ones the type."""
        with self.tracked(at(3, 10), self.ticket) as ticket:
            ticket.type_id = self.type("complaint")
        value = self.env["mail.tracking.value"].search([], order="id desc", limit=1)
        kind = self.env["ir.model.fields"]._get("crm.service.ticket", "ticket_type")
        value.write(
            {
                "field_id": kind.id,
                "old_value_integer": 0,
                "old_value_char": "Consultation",
                "new_value_char": "Complaint",
            }
        )
        with self.tracked(at(4, 10), self.ticket) as ticket:
            ticket.type_id = self.type("fault")
        moments = [(self.ticket, at(day, 17)) for day in (2, 3, 4)]
        self.assertEqual(
            [facts.type_id for facts in self.ticket._sla_facts_at(moments)],
            [self.type(key).id for key in ("consult", "complaint", "fault")],
        )

    def test_a_team_that_is_gone_is_no_team(self):
        """# V4: instead of a replay that breaks."""
        doomed = self.make_service_team("Doomed")
        self.env.cr.execute(
            "UPDATE crm_service_ticket SET team_id = %s WHERE id = %s",
            [doomed.id, self.ticket.id],
        )
        self.env.invalidate_all()
        with self.tracked(at(3, 10), self.ticket) as ticket:
            ticket.with_context(sla_later=None).team_id = self.service
        doomed.unlink()
        pair = (self.ticket, at(2, 17))
        self.assertIsNone(self.ticket._sla_facts_at([pair])[0].team)

    def test_many_cost_the_queries_of_one(self):
        """# V4"""
        with moment(4, 9):
            many = self.tickets.browse(
                self.make_ticket(f"T{number}", self.contact).id for number in range(8)
            )
        self.env.flush_all()
        counts = []
        # the first time fills what is kept between calls
        for tickets in (many[:1], many[:1], many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets._sla_facts_at([(ticket, at(4, 10)) for ticket in tickets])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
