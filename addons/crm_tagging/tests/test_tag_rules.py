"""Rules: who gains, who loses, who has the say, what is refused."""

from unittest.mock import patch

from psycopg2 import IntegrityError
from psycopg2.errors import LockNotAvailable

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TaggingCommon


@tagged("post_install", "-at_install")
class TestTagRules(TaggingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.make_group("Test Level", exclusive=True)
        cls.vip = cls.make_tag("VIP", cls.level)
        cls.key = cls.make_tag("Key", cls.level)
        cls.a = cls.make_tag("A")
        cls.b = cls.make_tag("B")
        cls.city = [("city", "=", "T-Shanghai")]

    # ------------------------------------------------------------
    # SETS
    # ------------------------------------------------------------

    def test_a_run_puts_tags_on_and_takes_its_own_off_again(self):
        """What a rule put on goes when the record no longer matches. # T3"""
        one = self.make_partner("One", city="T-Shanghai")
        other = self.make_partner("Other", city="T-Wuhan")
        run = self.run_rules(self.make_draft("R", self.city, add=self.a))
        self.assertEqual((run.added, run.removed), (1, 0))
        self.assertEqual(one.category_id, self.a)
        self.assertFalse(other.category_id)
        self.assertEqual(self.kind_of(one, self.a), "rule")
        self.env.cr.execute(
            "UPDATE res_partner SET city = 'T-Wuhan' WHERE id = %s", [one.id]
        )
        one.invalidate_recordset()
        run = self.run_rules(run.rule_ids)
        self.assertEqual((run.added, run.removed), (0, 1))
        self.assertFalse(one.category_id)
        self.assertIsNone(self.kind_of(one, self.a))

    def test_a_tag_put_on_by_hand_is_never_taken_off(self):
        """Not when the record stops matching, not by a rule that takes off. # T3"""
        partner = self.make_partner(tags=self.a, city="T-Shanghai")
        puts = self.make_rule("Puts", self.city, add=self.a)
        self.run_rules(puts)
        self.assertEqual(self.kind_of(partner, self.a), "person")
        partner.city = "T-Wuhan"
        self.assertEqual(partner.category_id, self.a)
        takes = self.make_rule("Takes", [("city", "=", "T-Wuhan")], remove=self.a)
        run = self.run_rules(takes)
        self.assertEqual(run.removed, 0)
        self.assertEqual(partner.category_id, self.a)

    def test_tags_from_before_reasons_were_kept_are_a_persons(self):
        """A pair without a reason is locked. # T3"""
        partner = self.make_partner(tags=self.a, city="T-Wuhan")
        self.env.cr.execute("DELETE FROM crm_partner_tag_reason")
        self.run_rules(self.make_rule("R", self.city, add=self.a))
        self.assertEqual(partner.category_id, self.a)

    def test_a_second_run_changes_nothing(self):
        """Nothing changed, nothing written. # T3"""
        self.make_partner("One", city="T-Shanghai")
        rules = self.make_draft("R", self.city, add=self.a | self.vip)
        self.run_rules(rules)
        run = self.run_rules(rules)
        self.assertEqual((run.added, run.removed, run.moved), (0, 0, 0))
        self.assertFalse(run.line_ids)

    def test_rules_on_leads_put_on_the_twin(self):
        """The same tag, in the other table. # T3 # T4"""
        lead = self.make_lead(city="T-Shanghai")
        self.run_rules(self.make_draft("R", self.city, add=self.a, model="crm.lead"))
        self.assertEqual(lead.tag_ids, self.a.crm_tag_id)
        self.assertEqual(self.kind_of(lead, self.a.crm_tag_id), "rule")

    def test_relative_dates_are_about_today(self):
        """“today -30d” moves with the days. # T3"""
        partner = self.make_partner()
        rule = self.make_draft(
            "New",
            [("create_date", ">=", "today -30d"), ("id", "=", partner.id)],
            add=self.a,
        )
        self.run_rules(rule)
        self.assertEqual(partner.category_id, self.a)
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = now() - interval '40 days' "
            "WHERE id = %s",
            [partner.id],
        )
        partner.invalidate_recordset()
        self.run_rules(rule)
        self.assertFalse(partner.category_id)

    def test_archived_records_rest(self):
        """An archived customer keeps its tags, and gets none. # T3"""
        partner = self.make_partner(city="T-Shanghai")
        rule = self.make_rule("R", self.city, add=self.a)
        self.run_rules(rule)
        partner.active = False
        run = self.run_rules(rule)
        self.assertEqual(run.removed, 0)
        self.assertEqual(partner.category_id, self.a)

    def test_stored_fields_that_depend_on_tags_are_recomputed(self):
        """The ORM is told of what the statement changed. # T3"""
        partner = self.make_partner(city="T-Shanghai")
        self.assertFalse(partner.category_id)
        self.assertNotIn(partner, self.a.partner_ids)
        self.run_rules(self.make_draft("R", self.city, add=self.a))
        self.assertEqual(partner.category_id, self.a)
        self.assertIn(partner, self.a.partner_ids)

    # ------------------------------------------------------------
    # WHO HAS THE SAY
    # ------------------------------------------------------------

    def test_of_two_rules_that_disagree_the_first_has_the_say(self):
        """A puts on what B takes off: detected, reported, not looped. # T3"""
        partner = self.make_partner(city="T-Shanghai")
        puts = self.make_rule("Puts", self.city, add=self.a, sequence=2)
        takes = self.make_rule("Takes", self.city, remove=self.a, sequence=1)
        self.assertIn("Takes", puts.rival_note)
        self.run_rules(puts)
        self.assertFalse(partner.category_id)
        self.assertIn("Takes", puts.fight_note)
        takes.sequence = 3
        self.run_rules(puts)
        self.assertEqual(partner.category_id, self.a)
        self.assertIn("Puts", takes.fight_note)

    def test_of_an_exclusive_group_the_first_rule_wins(self):
        """And gives way when it no longer matches. # T3"""
        partner = self.make_partner(city="T-Shanghai", function="Boss")
        first = self.make_rule(
            "First", [("function", "=", "Boss")], add=self.vip, sequence=1
        )
        second = self.make_rule("Second", self.city, add=self.key, sequence=2)
        self.run_rules(first | second)
        self.assertEqual(partner.category_id, self.vip)
        self.assertIn("First", second.fight_note)
        partner.function = "None"
        self.assertEqual(partner.category_id, self.key)
        partner.function = "Boss"
        self.assertEqual(partner.category_id, self.vip)

    def test_a_persons_tag_of_an_exclusive_group_beats_every_rule(self):
        """Reported on the rule. # T3"""
        partner = self.make_partner(tags=self.key, city="T-Shanghai")
        rule = self.make_rule("R", self.city, add=self.vip)
        self.run_rules(rule)
        self.assertEqual(partner.category_id, self.key)
        self.assertIn("1 records", rule.fight_note)

    def test_a_person_replaces_a_rules_tag_of_an_exclusive_group(self):
        """What people say counts more. # T3"""
        partner = self.make_partner(city="T-Shanghai")
        self.run_rules(self.make_rule("R", self.city, add=self.vip))
        partner.category_id = [Command.link(self.key.id)]
        self.assertEqual(partner.category_id, self.key)
        self.assertEqual(self.kind_of(partner, self.key), "person")

    def test_a_tag_passes_to_the_next_rule_that_wants_it(self):
        """The reason names the rule that holds it now. # T3"""
        partner = self.make_partner(city="T-Shanghai", function="Boss")
        first = self.make_rule(
            "First", [("function", "=", "Boss")], add=self.a, sequence=1
        )
        second = self.make_rule("Second", self.city, add=self.a, sequence=2)
        self.run_rules(first)
        reason = self.env["crm.partner.tag.reason"].search(
            [("record_id", "=", partner.id)]
        )
        self.assertEqual(reason.rule_id, first)
        partner.function = "None"
        self.assertEqual(reason.rule_id, second)
        self.assertEqual(partner.category_id, self.a)

    def test_tags_of_a_rule_out_of_use_stay(self):
        """Nobody asked for them to go. # T3"""
        partner = self.make_partner(city="T-Shanghai")
        rule = self.make_rule("R", self.city, add=self.a)
        self.run_rules(rule)
        rule.action_stop()
        partner.city = "T-Wuhan"
        self.assertEqual(partner.category_id, self.a)
        self.assertEqual(self.kind_of(partner, self.a), "rule")

    def test_a_tag_taken_out_of_a_rule_leaves_its_records(self):
        """The rule puts on another tag now. # T3"""
        partner = self.make_partner(city="T-Shanghai")
        rule = self.make_rule("R", self.city, add=self.a)
        self.run_rules(rule)
        rule.add_tag_ids = self.b
        self.run_rules(rule)
        self.assertEqual(partner.category_id, self.b)

    # ------------------------------------------------------------
    # CHAINS AND LOOPS
    # ------------------------------------------------------------

    def test_a_rule_that_reads_a_tag_comes_after_the_rule_that_puts_it_on(self):
        """Whatever their order; the next run has nothing to do. # T3"""
        partner = self.make_partner(city="T-Shanghai")
        reads = [("category_id", "in", self.a.ids)]
        later = self.make_draft("Later", reads, add=self.b, sequence=1)
        rules = later | self.make_draft("First", self.city, add=self.a, sequence=2)
        self.run_rules(rules)
        self.assertEqual(partner.category_id, self.a | self.b)
        run = self.run_rules(rules)
        self.assertEqual((run.added, run.removed), (0, 0))
        partner.city = "T-Wuhan"
        self.assertFalse(partner.category_id)
        partner.city = "T-Shanghai"
        self.assertEqual(partner.category_id, self.a | self.b)

    def test_rules_that_wait_for_each_other_are_refused(self):
        """A loop is refused when it is saved, with the names of the rules. # T3"""
        self.make_rule("One", [("category_id", "in", self.a.ids)], add=self.b)
        for reads in (
            ("category_id", "in", self.b.ids),
            ("category_id.name", "=", "B"),
        ):
            loop = self.assertRaisesRegex(ValidationError, "Two.*One")
            with loop, self.env.cr.savepoint():
                self.make_rule("Two", [reads], add=self.a)

    def test_a_rule_that_reads_its_own_tag_is_refused(self):
        """“Untagged” would match, be tagged, and match no longer. # T3"""
        itself = self.assertRaisesRegex(ValidationError, "itself")
        with itself, self.env.cr.savepoint():
            self.make_rule("Self", [("category_id", "=", False)], add=self.a)
        itself = self.assertRaisesRegex(ValidationError, "itself")
        with itself, self.env.cr.savepoint():
            self.make_rule(
                "Self",
                [("child_ids", "any", [("category_id", "ilike", "A")])],
                add=self.a,
            )

    # ------------------------------------------------------------
    # ON CHANGE
    # ------------------------------------------------------------

    def test_rules_are_asked_when_a_record_is_created_and_written(self):
        """Only those that ask about what was written. # T3"""
        self.make_rule("R", self.city, add=self.a)
        partner = self.make_partner(city="T-Shanghai")
        self.assertEqual(partner.category_id, self.a)
        partner.city = "T-Wuhan"
        self.assertFalse(partner.category_id)

    def test_nightly_rules_are_not_asked_on_change(self):
        """As the schedule says. # T3"""
        rule = self.make_rule("R", self.city, add=self.a, schedule="nightly")
        partner = self.make_partner(city="T-Shanghai")
        self.assertFalse(partner.category_id)
        self.run_rules(rule)
        self.assertEqual(partner.category_id, self.a)

    def test_writing_a_related_record_asks_the_rules_that_look_there(self):
        """Along dotted paths, both ways of a relation. # T3"""
        parent = self.make_partner("Parent", is_company=True)
        other = self.make_partner("Other", is_company=True)
        child = self.make_partner("Child", parent_id=parent.id)
        self.make_rule("Up", [("parent_id.function", "=", "T")], add=self.a)
        self.make_rule("Down", [("child_ids.function", "=", "T")], add=self.b)
        parent.function = "T"
        self.assertEqual(child.category_id, self.a)
        child.function = "T"
        self.assertEqual(parent.category_id, self.b)
        child.parent_id = other
        self.assertEqual(other.category_id, self.b)

    def test_rules_that_look_at_computed_fields_are_asked(self):
        """What a computed field depends on counts. # T3"""
        self.make_rule("R", [("email_normalized", "=", "t@t.example")], add=self.a)
        partner = self.make_partner(email="T@t.example")
        self.assertEqual(partner.category_id, self.a)
        partner.email = "other@t.example"
        self.assertFalse(partner.category_id)

    def test_a_rule_on_leads_may_look_at_the_customer(self):
        """Across models. # T3"""
        partner = self.make_partner()
        lead = self.make_lead(partner_id=partner.id)
        self.make_rule(
            "R", [("partner_id.function", "=", "T")], add=self.a, model="crm.lead"
        )
        partner.function = "T"
        self.assertEqual(lead.tag_ids, self.a.crm_tag_id)

    def test_a_write_that_fails_inside_another_does_not_lose_the_changes(self):
        """A caught error, as imports have it, leaves the rest to be asked. # T3"""
        self.make_rule("R", self.city, add=self.a)
        partner = self.make_partner()
        engine = self.env["crm.tag.engine"]
        with engine._collecting() as changes:
            changes.written(partner, ("city",))
            with self.assertRaises(ValueError), engine._collecting():
                raise ValueError
            self.env.cr.execute(
                "UPDATE res_partner SET city = 'T-Shanghai' WHERE id = %s", [partner.id]
            )
        self.assertEqual(partner.category_id, self.a)

    def test_on_change_and_in_sets_come_to_the_same(self):
        """A run after changes has nothing to do. # T3"""
        rules = self.make_rule("1", self.city, add=self.vip, sequence=1)
        rules |= self.make_rule("2", [("function", "=", "T")], add=self.key, sequence=2)
        rules |= self.make_rule(
            "3", [("function", "=", "T")], remove=self.vip, sequence=0
        )
        for city in ("T-Shanghai", False):
            for function in ("T", False):
                self.make_partner(city=city, function=function)
        run = self.run_rules(rules)
        self.assertEqual((run.added, run.removed, run.moved), (0, 0, 0))

    # ------------------------------------------------------------
    # COMPANIES
    # ------------------------------------------------------------

    def test_a_rule_of_a_company_leaves_other_companies_alone(self):
        """Records of no company belong to all. # T3"""
        here = self.env.company
        there = self.env["res.company"].create({"name": "There"})
        records = {
            company: self.make_partner(city="T-Shanghai", company_id=company.id)
            for company in (here, there, here.browse())
        }
        self.run_rules(self.make_draft("R", self.city, add=self.a, company_id=here.id))
        self.assertEqual(records[here].category_id, self.a)
        self.assertEqual(records[here.browse()].category_id, self.a)
        self.assertFalse(records[there].category_id)

    def test_rules_see_records_the_user_does_not(self):
        """On change and in runs, by whomever they are caused. # T3"""
        there = self.env["res.company"].create({"name": "There"})
        partner = self.make_partner(city="T-Shanghai", company_id=there.id)
        rule = self.make_draft("R", self.city, add=self.a)
        rule.with_user(self.manager).action_run()
        self.assertEqual(partner.category_id, self.a)
        run = self.env["crm.tag.run"].with_user(self.manager).search([], limit=1)
        self.assertEqual(run.line_ids.record_name, "(not visible to you)")
        self.assertEqual(
            run.sudo().line_ids.with_user(self.env.user).record_name, "Customer"
        )

    # ------------------------------------------------------------
    # WHAT IS REFUSED
    # ------------------------------------------------------------

    def assertRefused(self, domain, text, **values):
        with self.assertRaisesRegex(ValidationError, text), self.env.cr.savepoint():
            self.env["crm.tag.rule"].create(
                {
                    "name": "Bad",
                    "domain": domain,
                    "add_tag_ids": [Command.set(self.a.ids)],
                    **values,
                }
            )

    @mute_logger("odoo.sql_db", "odoo.domains")
    def test_a_bad_condition_is_refused_with_what_to_do(self):
        """Each kind with its reason. # T3"""
        self.assertRefused("[('city', '=', ", "cannot be read")
        self.assertRefused("city == 'x'", "cannot be read")
        self.assertRefused("[('city', '=', uid)]", "cannot be read")
        self.assertRefused("[('city',)]", "cannot be read")
        self.assertRefused("[]", "no condition")
        self.assertRefused("[(1, '=', 1)]", "no condition")
        self.assertRefused("[('no_such_field', '=', 1)]", "does not have")
        self.assertRefused("[('parent_id.no_such_field', '=', 1)]", "does not have")
        for number in range(12):
            self.make_partner(f"Partner {number}")
        self.assertRefused("[('id', '>', 0)]", "All .* records")
        self.env["ir.config_parameter"].set_param(
            "crm_suite_base.rule_cost_limit", "0.01"
        )
        self.assertRefused(repr(self.city), "too long")

    def test_bad_tags_are_refused(self):
        """No tags, one tag twice, two of an exclusive group. # T3"""
        self.assertRefused(repr(self.city), "nothing yet", add_tag_ids=False)
        self.assertRefused(
            repr(self.city), "one place", remove_tag_ids=[Command.set(self.a.ids)]
        )
        self.assertRefused(
            repr(self.city),
            "Test Level",
            add_tag_ids=[Command.set((self.vip | self.key).ids)],
        )

    def test_a_condition_on_fields_one_may_not_read_is_refused(self):
        """A rule tells nobody what he may not see. # T3"""
        rules = self.env["crm.tag.rule"].with_user(self.manager)
        with self.assertRaisesRegex(ValidationError, "may not read"):
            rules.create(
                {
                    "name": "Spy",
                    "domain": "[('signup_type', '=', 'signup')]",
                    "add_tag_ids": [Command.set(self.a.ids)],
                }
            )

    # ------------------------------------------------------------
    # FAILURE
    # ------------------------------------------------------------

    def _break(self, rule):
        """Make a saved condition fail, as an uninstalled field does."""
        self.env.cr.execute(
            "UPDATE crm_tag_rule SET domain = %s WHERE id = %s",
            ["[('gone_field', '=', 1)]", rule.id],
        )
        rule.invalidate_recordset()
        self.env.registry.clear_cache()

    def test_a_rule_that_fails_in_a_run_is_stopped_and_the_others_run(self):
        """Its message is kept, one activity tells the responsible. # T3"""
        partner = self.make_partner(city="T-Shanghai")
        bad = self.make_rule("Bad", self.city, add=self.a, schedule="nightly")
        good = self.make_rule(
            "Good", self.city, add=self.a | self.b, schedule="nightly"
        )
        self._break(bad)
        nightly = self.env["crm.tag.run"]._nightly_run()
        while nightly._process_batch():
            pass
        self.assertEqual(bad.state, "error")
        self.assertIn("gone_field", bad.error)
        self.assertEqual(len(bad.activity_ids), 1)
        self.assertEqual(partner.category_id, self.a | self.b)
        self.assertEqual(good.state, "ok")

    def test_a_rule_that_fails_on_change_does_not_stop_the_save(self):
        """The person saving a customer is not the one to be told. # T3"""
        bad = self.make_rule("Bad", self.city, add=self.a)
        good = self.make_rule("Good", self.city, add=self.b)
        partner = self.make_partner()
        self.env.registry.clear_cache()
        program = self.env["crm.tag.engine"]._program()
        info = program.rules[bad.id]
        gone = info.condition._replace(domain=(("gone_field", "=", 1),))
        program.rules[bad.id] = info._replace(condition=gone)
        partner.city = "T-Shanghai"
        self.assertEqual(bad.state, "error")
        self.assertEqual(good.state, "ok")
        self.assertEqual(partner.category_id, self.b)
        self.assertEqual(partner.city, "T-Shanghai")

    def test_a_save_that_fails_is_not_the_rules_fault(self):
        """Nor is it lost without a word: whoever saves is told. # T3"""
        rule = self.make_rule("R", self.city, add=self.a)
        partner = self.make_partner()
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            # the database wants a name of every contact
            partner.write({"city": "T-Shanghai", "name": False})
        self.assertEqual(rule.state, "ok")

    def test_a_database_that_is_busy_is_not_the_rules_fault(self):
        """# T3"""
        rule = self.make_rule("R", self.city, add=self.a)
        partner = self.make_partner()
        engine = type(self.env["crm.tag.engine"])
        busy = LockNotAvailable("busy")
        with (
            patch.object(engine, "_matched", side_effect=busy),
            self.assertRaises(LockNotAvailable),
        ):
            partner.city = "T-Shanghai"
        self.assertEqual(rule.state, "ok")

    # ------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------

    def test_only_tag_administrators_have_rules_and_runs(self):
        """The table of rights. # T3"""
        rule = self.make_draft("R", self.city, add=self.a)
        for user in (self.plain, self.rep, self.portal):
            for model in ("crm.tag.rule", "crm.tag.run", "crm.tag.run.line"):
                self.assertFalse(self.env[model].with_user(user).has_access("read"))
            for method in (
                "action_rehearse",
                "action_run",
                "action_start",
                "action_stop",
            ):
                with self.assertRaises(AccessError):
                    getattr(rule.with_user(user), method)()
            with self.assertRaises(AccessError):
                self.env["crm.tag.run"].with_user(user)._run_now(rule)
        rule.with_user(self.manager).action_rehearse()
        run = self.env["crm.tag.run"].search([], limit=1)
        with self.assertRaises(AccessError):
            run.with_user(self.manager).write({"added": 5})

    def test_rules_of_other_companies_are_not_seen(self):
        """Companies. # T3"""
        there = self.env["res.company"].create({"name": "There"})
        rule = self.make_draft("R", self.city, add=self.a, company_id=there.id)
        with self.assertRaises(AccessError):
            rule.with_user(self.manager).read(["name"])
        self.assertNotIn(
            rule, self.env["crm.tag.rule"].with_user(self.manager).search([])
        )
