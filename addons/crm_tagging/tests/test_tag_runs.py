"""Rehearsals, runs, rolling back, two at once, and how much they cost."""

from random import Random

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tests.common import HttpCase
from odoo.tools import mute_logger

from .common import TaggingCommon


@tagged("post_install", "-at_install")
class TestTagRuns(TaggingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.make_group("Test Level", exclusive=True)
        cls.vip = cls.make_tag("VIP", cls.level)
        cls.key = cls.make_tag("Key", cls.level)
        cls.a, cls.b = cls.make_tag("A"), cls.make_tag("B")

    # ------------------------------------------------------------
    # REHEARSAL
    # ------------------------------------------------------------

    def test_a_rehearsal_tells_who_gains_and_loses_and_changes_nothing(self):
        """Counts and names, for a draft as well. # T3"""
        gains = self.make_partner("Gains", city="T")
        loses = self.make_partner("Loses", city="T")
        rule = self.make_draft("R", [("city", "=", "T")], add=self.a)
        self.run_rules(rule)
        rule.action_stop()
        gains.category_id = False
        loses.city = "elsewhere"
        before = self.state_of(gains | loses)
        run = self.rehearse(rule)
        self.assertEqual(self.state_of(gains | loses), before)
        self.assertEqual((run.state, run.added, run.removed), ("rehearsed", 1, 1))
        self.assertEqual(
            run.line_ids.mapped(lambda li: (li.record_name, li.action, li.tag_name)),
            [("Gains", "add", "A"), ("Loses", "remove", "A")],
        )
        self.assertRecordValues(
            run.tag_line_ids, [{"tag_name": "A", "added": 1, "removed": 1}]
        )
        self.assertFalse(rule.state == "ok")
        with self.assertRaises(UserError):
            run.action_rollback()

    def test_the_run_does_what_the_rehearsal_said(self):
        """From the rehearsal, with one button. # T3"""
        self.make_partner(city="T")
        rehearsal = self.rehearse(
            self.make_draft("R", [("city", "=", "T")], add=self.a)
        )
        run = self.env["crm.tag.run"].browse(rehearsal.action_run()["res_id"])
        self.assertEqual((run.added, run.removed), (rehearsal.added, rehearsal.removed))
        self.assertEqual(run.rule_ids.state, "ok")

    # ------------------------------------------------------------
    # ROLLING BACK
    # ------------------------------------------------------------

    def test_rolling_back_restores_tags_and_reasons_exactly(self):
        """Put on, taken off, and passed to another rule. # T3"""
        partners = self.env["res.partner"]
        for number in range(6):
            partners |= self.make_partner(f"P{number}", city="T" if number % 2 else "U")
        first = self.make_draft(
            "1", [("city", "=", "T")], add=self.a | self.vip, sequence=5
        )
        self.run_rules(first)
        before = self.state_of(partners)
        first.domain = "[('city', '=', 'U')]"
        other = self.make_draft(
            "2", [("city", "=", "T")], add=self.a | self.key, sequence=6
        )
        run = self.run_rules(first | other)
        self.assertTrue(run.added and run.removed and run.moved)
        self.assertNotEqual(self.state_of(partners), before)
        run.action_rollback()
        self.assertEqual(self.state_of(partners), before)
        self.assertEqual((run.state, run.left_alone), ("rolled_back", 0))
        with self.assertRaises(UserError):
            run.action_rollback()

    def test_what_people_changed_since_stays_and_is_counted(self):
        """“2 restored, 3 changed since: left alone.” # T3"""
        gone, again, kept, lost, retaken = (
            self.make_partner(name, city="T") for name in ("1", "2", "3", "4", "5")
        )
        (lost | retaken).city = "U"
        rule = self.make_draft("R", [("city", "=", "U")], add=self.a)
        self.run_rules(rule)
        rule.domain = "[('city', '=', 'T')]"
        run = self.run_rules(rule)
        self.assertEqual((run.added, run.removed), (3, 2))
        gone.category_id = False
        again.category_id = False
        again.category_id = self.a
        retaken.category_id = self.a
        result = run.action_rollback()
        self.assertEqual((run.restored, run.left_alone), (2, 3))
        self.assertIn("3", result["params"]["message"])
        self.assertFalse(gone.category_id)
        self.assertEqual(self.kind_of(again, self.a), "person")
        self.assertFalse(kept.category_id)
        self.assertEqual(self.kind_of(lost, self.a), "rule")
        self.assertEqual(self.kind_of(retaken, self.a), "person")

    def test_rolling_back_does_not_break_an_exclusive_group(self):
        """A person took the place meanwhile. # T1 # T3"""
        partner = self.make_partner(city="T")
        rule = self.make_draft("R", [("city", "=", "T")], add=self.vip)
        self.run_rules(rule)
        rule.domain = "[('city', '=', 'none')]"
        run = self.run_rules(rule)
        partner.category_id = self.key
        run.action_rollback()
        self.assertEqual(partner.category_id, self.key)
        self.assertEqual(run.left_alone, 1)

    def test_rolling_back_after_records_and_tags_are_gone(self):
        """Nothing to restore there, and no error. # T3"""
        one, other = self.make_partner(city="T"), self.make_partner(city="T")
        rule = self.make_draft("R", [("city", "=", "T")], add=self.a | self.b)
        self.run_rules(rule)
        rule.domain = "[('city', '=', 'none')]"
        run = self.run_rules(rule)
        one.unlink()
        rule.add_tag_ids = self.a
        self.b.unlink()
        run.action_rollback()
        self.assertEqual(other.category_id, self.a)
        self.assertEqual((run.restored, run.left_alone), (1, 3))
        self.assertIn("(deleted)", run.line_ids.mapped("record_name"))

    def test_runs_and_rollbacks_at_random_keep_what_people_did(self):
        """Whatever is interleaved by hand stays, the rest is restored. # T3"""
        random = Random(7)
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}", "city": "T"} for number in range(12)]
        )
        tags = self.a | self.b | self.vip | self.key
        rules = self.make_draft(
            "1", [("city", "=", "T")], add=self.a | self.vip, sequence=1
        )
        rules |= self.make_draft(
            "2", [("function", "=", "B")], add=self.b | self.key, sequence=2
        )
        for _round in range(6):
            for partner in partners:
                self.env.cr.execute(
                    "UPDATE res_partner SET city = %s, function = %s WHERE id = %s",
                    [random.choice("TU"), random.choice("BC"), partner.id],
                )
            self.env.invalidate_all()
            before = {p.id: self.state_of(p) for p in partners}
            run = self.run_rules(rules)
            by_hand = self.env["res.partner"]
            for partner in partners:
                if random.random() < 0.3:
                    partner.category_id = random.choice(
                        [tags[:1], self.b | self.key, tags[:0]]
                    )
                    by_hand |= partner
            left = {p.id: self.state_of(p) for p in by_hand}
            run.action_rollback()
            self.env.invalidate_all()
            for partner in partners - by_hand:
                self.assertEqual(self.state_of(partner), before[partner.id])
            for partner in by_hand:
                persons = {row for row in left[partner.id] if row[2] == "person"}
                self.assertLessEqual(persons, set(self.state_of(partner)))
                partner._check_exclusive_tags()

    def test_only_tag_administrators_roll_back(self):
        """A rep has not even the run. # T3"""
        self.make_partner(city="T")
        run = self.run_rules(self.make_draft("R", [("city", "=", "T")], add=self.a))
        with self.assertRaises(AccessError):
            run.with_user(self.rep).action_rollback()
        run.with_user(self.manager).action_rollback()
        self.assertEqual(run.rollback_user_id, self.manager)

    # ------------------------------------------------------------
    # COST
    # ------------------------------------------------------------

    def test_a_change_costs_the_same_for_one_record_and_for_fifty(self):
        """All rules for all records of a batch, in constant queries. # T3"""
        for number in range(10):
            self.make_rule(
                f"R{number}", [("city", "=", f"T{number}")], add=self.a | self.b
            )
        counts = []
        for size in (1, 50):
            partners = self.env["res.partner"].create(
                [{"name": f"P{number}"} for number in range(size)]
            )
            self.env.flush_all()
            partners.mapped("city")
            before = self.env.cr.sql_log_count
            self.env["crm.tag.engine"]._program()
            with self.env["crm.tag.engine"]._collecting() as changes:
                changes.written(partners, ("city",))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 5)

    def test_a_change_no_rule_asks_about_costs_nothing(self):
        """Not one query. # T3"""
        self.make_rule("R", [("city", "=", "T")], add=self.a)
        partner = self.make_partner()
        self.env["crm.tag.engine"]._program()
        with (
            self.assertQueryCount(0),
            self.env["crm.tag.engine"]._collecting() as changes,
        ):
            changes.written(partner, ("comment", "function"))

    def test_the_nightly_run_goes_on_where_it_was_interrupted(self):
        """Family by family, figures added up. # T3"""
        self.make_partner(city="T")
        for number in range(3):
            self.make_rule(
                f"R{number}",
                [("city", "=", "T")],
                add=self.make_tag(f"T{number}"),
                schedule="nightly",
            )
        run = self.env["crm.tag.run"]._nightly_run()
        self.assertEqual(run._process_batch(), 2)
        self.assertEqual(self.env["crm.tag.run"]._nightly_run(), run)
        while run._process_batch():
            pass
        self.assertEqual((run.state, run.added), ("done", 3))
        self.assertNotEqual(self.env["crm.tag.run"]._nightly_run(), run)

    def test_a_night_that_was_cut_off_ends_and_can_be_rolled_back(self):
        """Whatever day it has become: runs are found by their state. # T3 B8"""
        partner = self.make_partner(city="T")
        for number in range(2):
            self.make_rule(
                f"R{number}",
                [("city", "=", "T")],
                add=self.make_tag(f"T{number}"),
                schedule="nightly",
            )
        run = self.env["crm.tag.run"]._nightly_run()
        run._process_batch()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_tag_run SET create_date = create_date - interval '1 day'"
            " WHERE id = %s",
            [run.id],
        )
        with self.enter_registry_test_mode():
            self.env.ref("crm_tagging.cron_tag_rules").method_direct_trigger()
        self.env.invalidate_all()
        nights = self.env["crm.tag.run"].search([("trigger", "=", "nightly")], limit=2)
        self.assertIn(run, nights)
        self.assertEqual(nights.mapped("state"), ["done", "done"])
        run.action_rollback()
        self.assertFalse(partner.category_id)

    def test_a_run_is_known_to_the_database_when_it_is_rolled_back(self):
        """Rows nobody has counted yet would be gone through for each of them: 174 s
        for 36 000 in place of 2. # T3 B8"""
        self.env.cr.execute("ANALYZE crm_tag_run_line")
        self.env.cr.execute(
            "INSERT INTO res_partner (name, city, active, type, color)"
            " SELECT 'Many', 'T-many', TRUE, 'contact', 0 FROM generate_series(1, 3000)"
        )
        rule = self.make_rule("R", [("city", "=", "T-many")], add=self.a)
        run = self.run_rules(rule)
        self.assertEqual(run.added, 3000)
        run.action_rollback()
        self.assertEqual(run.restored, 3000)
        self.env.cr.execute(
            "EXPLAIN (FORMAT JSON) SELECT * FROM crm_tag_run_line WHERE run_id = %s",
            [run.id],
        )
        [[plan]] = self.env.cr.fetchone()
        self.assertGreater(plan["Plan"]["Plan Rows"], 1000)

    def test_the_cron_runs_the_rules(self):
        """The scheduled action itself. # T3"""
        partner = self.make_partner(city="T")
        self.make_rule("R", [("city", "=", "T")], add=self.a, schedule="nightly")
        with self.enter_registry_test_mode():
            self.env.ref("crm_tagging.cron_tag_rules").method_direct_trigger()
        partner.invalidate_recordset()
        self.assertEqual(partner.category_id, self.a)
        run = self.env["crm.tag.run"].search([], limit=1)
        self.assertEqual((run.trigger, run.state), ("nightly", "done"))

    def test_old_runs_are_forgotten(self):
        """Rehearsals after a day, journals after the time set. # T3"""
        self.make_partner(city="T")
        rule = self.make_draft("R", [("city", "=", "T")], add=self.a)
        rehearsal, run = self.rehearse(rule), self.run_rules(rule)
        self.env.cr.execute(
            "UPDATE crm_tag_run SET create_date = now() - interval '3 days'"
        )
        self.env.invalidate_all()
        self.env["crm.tag.run"]._gc_runs()
        self.assertFalse(rehearsal.exists())
        self.assertTrue(run.exists())


@tagged("post_install", "-at_install")
class TestTwoAtOnce(BaseCase):
    """Two real connections; what is committed is removed again."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            tag = env["res.partner.category"].create({"name": "Two At Once"})
            partners = env["res.partner"].create(
                [{"name": "Two At Once", "city": "T-two"} for _number in range(20)]
            )
            rule = env["crm.tag.rule"].create(
                {
                    "name": "Two At Once",
                    "domain": "[('city', '=', 'T-two')]",
                    "add_tag_ids": [Command.set(tag.ids)],
                }
            )
            self.ids = tag.id, partners.ids, rule.id
        self.addCleanup(self._clean)

    def _clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            tag, partners, rule = self.ids
            env["crm.tag.run"].search([("rule_ids", "in", rule)]).unlink()
            env["crm.tag.rule"].browse(rule).unlink()
            env["res.partner"].browse(partners).unlink()
            env["res.partner.category"].browse(tag).unlink()

    def test_of_two_runs_at_once_one_waits_its_turn(self):
        """The second is refused with a message; tags are put on once. # T3"""
        tag, partners, rule = self.ids
        with self.registry.cursor() as one, self.registry.cursor() as other:
            first = api.Environment(one, SUPERUSER_ID, {})
            second = api.Environment(other, SUPERUSER_ID, {})
            first["crm.tag.rule"].browse(rule).action_run()
            with self.assertRaisesRegex(UserError, "Try again"):
                second["crm.tag.run"]._run_now(second["crm.tag.rule"].browse(rule))
            other.rollback()
            one.commit()
            second["crm.tag.rule"].browse(rule).action_run()
            run = second["crm.tag.run"].search([("rule_ids", "in", rule)], limit=1)
            self.assertEqual(run.added, 0)
            carried = second["res.partner.category"].browse(tag).partner_ids
            self.assertEqual(set(carried.ids), set(partners))

    def test_the_nightly_run_waits_for_a_run_by_hand(self):
        """It goes on a few minutes later instead of failing. # T3"""
        _tag, _partners, rule = self.ids
        with self.registry.cursor() as one, self.registry.cursor() as other:
            first = api.Environment(one, SUPERUSER_ID, {})
            first["crm.tag.rule"].browse(rule).action_start()
            one.commit()
            first["crm.tag.engine"]._take_turn()
            night = api.Environment(other, SUPERUSER_ID, {})
            cron = night.ref("crm_tagging.cron_tag_rules")
            before = night["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
            night["crm.tag.run"]._cron_run()
            after = night["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
            self.assertEqual(after, before + 1)
            run = night["crm.tag.run"].search([("rule_ids", "in", rule)])
            self.assertEqual(run.state, "running")
            night["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()

    def test_a_person_tags_while_a_run_is_under_way(self):
        """The pair is there once, whoever comes first, and nobody gets an error. # "
        "T3"""
        tag, partners, rule = self.ids
        with self.registry.cursor() as one, self.registry.cursor() as other:
            person = api.Environment(one, SUPERUSER_ID, {})
            night = api.Environment(other, SUPERUSER_ID, {})
            person["res.partner"].browse(partners[0]).category_id = [Command.link(tag)]
            one.commit()
            night["crm.tag.rule"].browse(rule).action_run()
            other.commit()
            one.execute(
                "SELECT kind, count(*) FROM crm_partner_tag_reason WHERE tag_id = %s "
                "GROUP BY kind",
                [tag],
            )
            self.assertEqual(
                dict(one.fetchall()), {"person": 1, "rule": len(partners) - 1}
            )


@tagged("post_install", "-at_install")
class TestTaggingByRpc(HttpCase):
    """What an outside client meets."""

    @mute_logger("odoo.http")
    def test_a_client_gets_the_message_that_names_the_group(self):
        """Exclusive groups hold over RPC. # T1"""
        group = self.env["crm.tag.group"].create(
            {"name": "Rpc Level", "exclusive": True}
        )
        tags = self.env["res.partner.category"].create(
            [{"name": name, "tag_group_id": group.id} for name in ("V", "K")]
        )
        self.authenticate("admin", "admin")
        answer = self.url_open(
            "/web/dataset/call_kw/res.partner/create",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "params": {
                    "model": "res.partner",
                    "method": "create",
                    "args": [[{"name": "X", "category_id": [[6, 0, tags.ids]]}]],
                    "kwargs": {},
                },
            },
        ).json()
        self.assertIn("Rpc Level", answer["error"]["data"]["message"])

    def test_an_administrator_makes_rehearses_runs_and_rolls_back_a_rule(self):
        """Group, rule, rehearsal, run, why, roll back: with the mouse. # T1 # T3"""
        self.env["res.partner"].create({"name": "Tour Customer", "city": "Tourtown"})
        self.env["res.lang"]._activate_lang("en_US")
        self.env.ref("base.user_admin").lang = "en_US"
        self.start_tour("/odoo", "crm_tagging_rule", login="admin")
        run = self.env["crm.tag.run"].search([("trigger", "=", "manual")], limit=1)
        self.assertEqual((run.state, run.restored), ("rolled_back", 1))
        self.assertEqual(
            run.rule_ids.domain,
            '["&", "&", ("city", "ilike", "Tourtown"), '
            '("create_date", ">=", "today -7d"), ("create_date", "<", "today +1d")]',
        )
