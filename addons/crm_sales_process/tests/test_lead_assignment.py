from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from openpyxl import load_workbook
from psycopg2.errors import SerializationFailure

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.misc import file_open

from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.addons.crm_customer_center.tests.common import CustomerCommon
from odoo.addons.mail.tests.common import MailCase

BOOKS = "odoo.addons.crm_customer_center.models.crm_fair_share_mixin"
ENABLED = "crm_sales_process.assignment_by_rules"


# R read, W write, C create, D delete of: rule, pool, the log of the rep's lead,
# the rep's row of the fairness report
ASSIGNMENT_ROLES = {
    "plain": ("", "", "", ""),
    "rep": ("R", "", "R", ""),
    "other_rep": ("R", "", "", ""),
    "manager": ("R", "R", "R", "R"),
    "other_manager": ("R", "R", "", ""),
    "agent": ("", "", "", ""),
    "service_manager": ("", "", "", ""),
    "marketing": ("", "", "", ""),
    "crm_admin": ("RWCD", "RWCD", "R", "R"),
}


class AssignmentCommon(CustomerCommon, MailCase, CronMixinCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead.assignment.rule"].search([]).action_archive()
        cls.env["ir.config_parameter"].set_param(ENABLED, True)
        cls.east = cls.env.ref("crm_customer_center.region_east")
        cls.jiangsu = cls.env.ref("base.state_cn_JS")
        cls.people = cls.rep | cls.colleague | cls.other_rep

    @classmethod
    def make_rule(cls, name, people=None, domain="[]", **values):
        """A rule of a pool; ``people``: {user: weight}."""
        members = [
            Command.create({"user_id": user.id, "weight": weight})
            for user, weight in (people or {}).items()
        ]
        return cls.env["crm.lead.assignment.rule"].create(
            {"name": name, "domain": domain, "member_ids": members, **values}
        )

    @classmethod
    def make_leads(cls, count=1, **values):
        """Leads that came from outside, without owner."""
        return cls.env["crm.lead"].create(
            [
                {"name": f"Lead {number}", "user_id": False, "team_id": False, **values}
                for number in range(count)
            ]
        )

    def put_on_leave(self, user, **values):
        resource = self.env["resource.resource"].create(
            {"name": user.name, "user_id": user.id, "company_id": user.company_id.id}
        )
        return self.make_leave(resource_id=resource.id, **values)

    def make_leave(self, **values):
        now = fields.Datetime.now()
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(hours=8),
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestAssignmentRules(AssignmentCommon):
    def test_the_first_rule_that_fits_decides(self):
        """# S2: region, industry, source, tag and amount choose the rule, in order."""
        industry = self.env["res.partner.industry"].search([], limit=1)
        source = self.env.ref("crm_customer_center.source_exhibition")
        tag = self.env["crm.tag"].create({"name": "Fair"})
        cases = [
            ("customer_region_id", self.east.id, {"state_id": self.jiangsu.id}),
            ("industry_id", industry.id, {"industry_id": industry.id}),
            ("source_id", source.id, {"source_id": source.id}),
            ("tag_ids", tag.id, {"tag_ids": [Command.link(tag.id)]}),
            ("expected_revenue", 500000, {"expected_revenue": 600000}),
        ]
        for place, (field, value, _values) in enumerate(cases):
            operator = ">=" if field == "expected_revenue" else "="
            self.make_rule(
                field,
                {self.people[place % 3]: 1},
                domain=str([(field, operator, value)]),
                sequence=place,
            )
        self.make_rule("Rest", {self.manager: 1}, sequence=99)
        for place, (field, _value, values) in enumerate(cases):
            lead = self.make_leads(**values)
            self.assertEqual(lead.user_id, self.people[place % 3], field)
            self.assertEqual(lead.assignment_log_ids.rule_name, field)
        self.assertEqual(self.make_leads().user_id, self.manager)

    def test_a_rule_gives_to_a_team_a_person_or_in_turn(self):
        """# S2"""
        rule = self.make_rule("Team", target="team", team_id=self.team.id)
        lead = self.make_leads()
        self.assertEqual((lead.team_id, lead.user_id.id), (self.team, False))
        self.assertEqual(lead.assignment_log_ids.outcome, "team")
        rule.write({"target": "user", "user_id": self.other_rep.id, "team_id": False})
        lead = self.make_leads()
        self.assertEqual(lead.user_id, self.other_rep)
        self.assertEqual(lead.team_id, self.other_team, "the person's own team")

    def test_shares_meet_the_weights(self):
        """# S2: by weight, and never one lead off, over one batch and the next."""
        weights = {self.rep: 5, self.colleague: 3, self.other_rep: 2}
        self.make_rule("Pool", weights)
        had = dict.fromkeys(weights, 0)
        for number in range(1, 31):
            had[self.make_leads().user_id] += 1
            for user, weight in weights.items():
                self.assertLess(abs(had[user] - number * weight / 10), 1)
        batch = self.make_leads(20)
        for user, weight in weights.items():
            self.assertEqual(
                len(batch.filtered(lambda l, u=user: l.user_id == u)), 2 * weight
            )

    def test_a_cap_holds_and_the_lead_waits_for_tomorrow(self):
        """# S2: cap per day; the job gives those that wait away later, once."""
        rule = self.make_rule("Pool", {self.rep: 1, self.colleague: 1})
        rule.member_ids.daily_cap = 2
        leads = self.make_leads(6)
        waiting = leads.filtered(lambda lead: not lead.user_id)
        self.assertEqual(len(waiting), 2)
        self.assertEqual(waiting.mapped("assignment_waiting"), [True, True])
        self.assertIn("has the most for today", waiting[0].assignment_explanation)
        cron = self.env.ref("crm_sales_process.cron_assign_waiting_leads")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(waiting.user_id)
        self.assertEqual(len(waiting.assignment_log_ids), 2, "waiting is said once")
        rule.member_ids.taken_day = fields.Date.today() - timedelta(days=1)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(waiting.user_id, self.rep | self.colleague)
        self.assertFalse(any(waiting.mapped("assignment_waiting")))

    @freeze_time("2026-03-31 17:00:00")
    def test_a_cap_holds_for_a_rule_of_two_companies_in_two_zones(self):
        """# S2: it is April in Shanghai and March in New York; the cap of a person is
        of that person's company, and does not begin anew with each other lead."""
        far = self.env["res.company"].create({"name": "New York Inc."})
        far.resource_calendar_id.tz = "America/New_York"
        self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.rep.company_ids |= far
        rule = self.make_rule("Both", {self.rep: 1})
        rule.member_ids.daily_cap = 2
        leads = [
            self.make_leads(company_id=company.id, team_id=False)
            for _turn in range(4)
            for company in (self.env.company, far)
        ]
        self.assertEqual(sum(bool(lead.user_id) for lead in leads), 2)
        self.assertEqual(rule.member_ids.taken_day, date(2026, 4, 1))

    def test_absent_people_are_skipped(self):
        """# S2: own leave, holiday of the company, pause with dates, closed account."""
        rule = self.make_rule("Pool", {self.rep: 1, self.colleague: 1})
        absences = {
            "on leave": lambda: self.put_on_leave(self.rep),
            "paused": lambda: rule.member_ids[0].write({"paused": True}),
            "account switched off": lambda: self.rep.write({"active": False}),
        }
        for words, begin in absences.items():
            with self.subTest(words), self.cr.savepoint() as savepoint:
                begin()
                leads = self.make_leads(3)
                self.assertEqual(leads.user_id, self.colleague)
                self.assertIn(words, leads[0].assignment_explanation)
                savepoint.rollback()
            self.env.invalidate_all()
        rule.member_ids[0].write({"paused": True, "paused_until": "2020-01-01"})
        self.assertIn(self.rep, self.make_leads(2).user_id, "the pause is over")
        self.make_leave(company_id=self.env.company.id)
        lead = self.make_leads()
        self.assertFalse(lead.user_id)
        self.assertIn("holiday", lead.assignment_explanation)

    def test_when_nobody_is_there_the_next_rule_may_decide(self):
        """# S2"""
        first = self.make_rule("First", {self.rep: 1}, if_nobody="next", sequence=1)
        first.member_ids.paused = True
        self.make_rule("Second", {self.colleague: 1}, sequence=2)
        lead = self.make_leads()
        self.assertEqual(lead.user_id, self.colleague)
        self.assertIn("First", lead.assignment_explanation)
        self.assertIn("paused", lead.assignment_explanation)

    def test_nobody_gets_a_lead_of_a_company_he_does_not_work_in(self):
        """# S2: giving it to him would move it there."""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.make_rule("Pool", {self.rep: 1})
        lead = self.make_leads(company_id=elsewhere.id, team_id=self.team.id)
        lead.company_id = elsewhere
        lead.action_assign_by_rules()
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.company_id, elsewhere)
        self.assertIn("another company", lead.assignment_explanation)

    def test_a_rule_of_a_company_takes_no_leads_of_another(self):
        """# S2"""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        rule = self.make_rule("Elsewhere only", {self.rep: 1}, company_id=elsewhere.id)
        lead = self.make_lead("Ours", company_id=self.env.company.id)
        lead.company_id = self.env.company
        self.assertFalse(rule._match(rule._rule_info(), lead))

    def test_the_log_says_in_words_why(self):
        """# S2: rule, person, number of target, who else was there."""
        self.make_rule(
            "East China", {self.rep: 3, self.colleague: 1, self.other_rep: 0}
        )
        text = self.make_leads(4)[-1].assignment_explanation
        self.assertIn("Rule “East China”: rep user, whose turn it was", text)
        self.assertIn("lead 3 of 4 so far, target 75 %", text)
        self.assertIn("colleague user (1 so far, target 25 %)", text)
        self.assertIn("other_rep user (weight 0)", text)

    def test_a_condition_that_cannot_be_used_is_refused_with_the_reason(self):
        """# S2"""
        for domain, reason in (
            ("[('nonsense', '=', 1)]", "nonsense"),
            ("[('user_id', '=', uid)]", "malformed"),
            ("[('expected_revenue', '>', 'many')]", "many"),
            ("[(", "never closed"),
        ):
            with self.subTest(domain), self.assertRaises(ValidationError) as caught:
                self.make_rule("Bad", {self.rep: 1}, domain=domain)
            self.assertIn(reason, str(caught.exception))
        with self.assertRaises(ValidationError):
            self.make_rule("Nobody")
        with self.assertRaises(ValidationError):
            self.make_rule("No team", target="team")

    def test_a_rule_shows_how_many_open_leads_it_matches(self):
        """# S2: what one sees while typing the condition."""
        self.make_lead("Mine", owner=self.rep, expected_revenue=12345678)
        with Form(self.env["crm.lead.assignment.rule"]) as form:
            form.name = "Large"
            form.domain = "[('expected_revenue', '=', 12345678)]"
            self.assertEqual(form.match_count, 1)
            form.domain = "[('expected_revenue', '=', 87654321)]"
            self.assertEqual(form.match_count, 0)
            with form.member_ids.new() as member:
                member.user_id = self.rep
        rule = form.record
        found = self.env["crm.lead"].search(rule.action_open_matching()["domain"])
        self.assertFalse(found)


@tagged("post_install", "-at_install")
class TestAssignmentIntake(AssignmentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_rule("All", {cls.rep: 1})

    def test_who_enters_a_lead_keeps_it_unless_the_owner_is_emptied(self):
        """# S1, S2: by hand. What one saves can still be shown; then it goes."""
        Lead = self.env(user=self.colleague)["crm.lead"]
        with Form(Lead) as form:
            form.name = "Mine"
        self.assertEqual(form.record.user_id, self.colleague)
        with Form(Lead) as form:
            form.name = "For anybody"
            form.user_id = self.env["res.users"]
        lead = form.record
        self.assertTrue(lead.name)
        self.env.cr.precommit.run()
        self.assertEqual(lead.sudo().user_id, self.rep)
        self.assertEqual(lead.sudo().assignment_log_ids.origin, "create")

    def test_an_imported_list_is_given_away_with_its_source(self):
        """# S1, S2: who imports does not become the owner."""
        Lead = self.env(user=self.crm_admin)["crm.lead"].with_context(import_file=True)
        result = Lead.load(
            ["name", "email_from", "source_id"],
            [
                ["A", "a@list.example", "Exhibition"],
                ["B", "b@list.example", "Exhibition"],
            ],
        )
        leads = self.env["crm.lead"].browse(result["ids"])
        self.env.cr.precommit.run()
        self.assertEqual(leads.user_id, self.rep)
        self.assertEqual(leads.source_id.name, "Exhibition")
        self.assertEqual(set(leads.assignment_log_ids.mapped("origin")), {"import"})

    def test_a_list_that_names_no_source_is_the_source(self):
        """# S1: no imported lead is without one, whether the column is missing or a
        cell is empty, and with the rules switched off too."""
        Lead = self.env(user=self.crm_admin)["crm.lead"].with_context(import_file=True)
        listed = self.env.ref("crm_sales_process.source_list")
        result = Lead.load(["name"], [["A"]])
        self.assertEqual(Lead.browse(result["ids"]).source_id, listed)
        self.env["ir.config_parameter"].set_param(ENABLED, False)
        result = Lead.load(
            ["name", "source_id"], [["B", ""], ["C", "Exhibition"], ["D", ""]]
        )
        leads = Lead.browse(result["ids"])
        exhibition = self.env.ref("crm_customer_center.source_exhibition")
        self.assertEqual(leads.mapped("source_id"), listed | exhibition)
        self.assertEqual(leads[1].source_id, exhibition)

    def test_an_import_that_is_only_tried_leaves_nothing(self):
        """# S1: the dry run of the import screen."""
        Lead = self.env(user=self.crm_admin)["crm.lead"].with_context(import_file=True)
        with self.cr.savepoint() as savepoint:
            Lead.load(["name"], [["Tried"]])
            savepoint.rollback()
        self.env.cr.precommit.run()
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "Tried")]))

    def test_the_template_of_the_import_screen_has_names_odoo_recognises(self):
        """# S1: in English and Chinese, with the source among the columns."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(
            ["crm", "utm", "crm_sales_process"], ["zh_CN"]
        )
        for lang in ("en_US", "zh_CN"):
            Lead = self.env["crm.lead"].with_context(lang=lang)
            template = Lead.get_import_templates()[0]["template"]
            with file_open(template.lstrip("/"), "rb") as file:
                titles = [cell.value for cell in load_workbook(file).active[1]]
            labels = {field["string"] for field in Lead.fields_get().values()}
            self.assertFalse(set(titles) - labels, lang)
            self.assertEqual(len(titles), 13)

    def test_an_owner_in_the_list_stays(self):
        """# S1"""
        Lead = self.env(user=self.crm_admin)["crm.lead"].with_context(import_file=True)
        result = Lead.load(["name", "user_id/.id"], [["A", str(self.other_rep.id)]])
        self.env.cr.precommit.run()
        lead = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual(lead.user_id, self.other_rep)

    def test_a_mail_becomes_a_lead_with_owner_and_source_at_once(self):
        """# S1, S2: through the team's alias."""
        self.open_alias()
        lead = self.mail_from("sales-east", "Inquiry about sensors")
        self.assertEqual(lead.user_id, self.rep)
        self.assertEqual(lead.team_id, self.team)
        self.assertEqual(lead.source_id, self.env.ref("crm_sales_process.source_email"))
        self.assertEqual(lead.medium_id, self.env.ref("utm.utm_medium_email"))
        self.assertEqual(lead.assignment_log_ids.origin, "mail")

    def test_a_mail_no_rule_fits_goes_to_the_team_leader_as_in_odoo(self):
        """# S2: our rules add to what Odoo does, they do not lose leads."""
        self.env["crm.lead.assignment.rule"].search([]).domain = "[('name', '=', 'x')]"
        self.open_alias()
        lead = self.mail_from("sales-east", "Another inquiry")
        self.assertEqual(lead.user_id, self.manager)
        self.assertEqual(lead.assignment_log_ids.outcome, "no_rule")

    def open_alias(self):
        domain = self.env["mail.alias.domain"].create({"name": "in.example"})
        self.team.write(
            {
                "use_leads": True,
                "alias_name": "sales-east",
                "alias_domain_id": domain.id,
            }
        )

    def mail_from(self, alias, subject):
        domain = "in.example"
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                "crm.lead",
                f"From: Buyer <buyer@new.example>\nTo: {alias}@{domain}\n"
                f"Subject: {subject}\nMessage-Id: <{subject[:7]}@new.example>\n\nHello",
            )
        return self.env["crm.lead"].search([("name", "=", subject)])

    def test_leads_with_owner_and_closed_ones_are_left_alone(self):
        """# S2"""
        lead = self.make_lead("Has owner", owner=self.other_rep)
        lost = self.make_leads()
        lost.write({"user_id": False})
        lost.action_set_lost()
        with self.assertRaises(UserError):
            (lead | lost).action_assign_by_rules()
        self.assertEqual(lead.user_id, self.other_rep)

    def test_switched_off_nothing_is_assigned(self):
        """# S2: and Odoo's own run works again."""
        self.env["ir.config_parameter"].set_param(ENABLED, False)
        self.assertFalse(self.make_leads().user_id)
        Team = type(self.env["crm.team"])
        with patch.object(Team, "_action_assign_leads", autospec=True) as run:
            self.env["crm.team"]._cron_assign_leads()
            self.assertEqual(run.call_count, 1)
            self.env["ir.config_parameter"].set_param(ENABLED, True)
            self.env["crm.team"]._cron_assign_leads()
            self.assertEqual(run.call_count, 1)

    def test_only_one_of_the_two_ways_can_be_switched_on(self):
        """# S2"""
        settings = self.env["res.config.settings"].create(
            {"assignment_by_rules": False}
        )
        settings.crm_use_auto_assignment = True
        settings.assignment_by_rules = True
        settings.execute()
        parameters = self.env["ir.config_parameter"]
        self.assertFalse(parameters.get_param("crm.lead.auto.assignment"))
        self.assertFalse(self.env.ref("crm.ir_cron_crm_lead_assign").active)

    def test_a_person_is_told_once_with_the_list(self):
        """# S2: 25 leads, one message; and follows the own leads."""
        self.rep.notification_type = "inbox"
        self.env["ir.config_parameter"].set_param(ENABLED, False)
        leads = self.make_leads(25)
        before = self.env["mail.message"].search([], order="id desc", limit=1)
        leads.action_assign_by_rules()
        told = self.env["mail.message"].search(
            [("id", ">", before.id), ("partner_ids", "in", self.rep.partner_id.ids)]
        )
        self.assertEqual(len(told), 1)
        self.assertIn("25 new leads for you", told.subject)
        self.assertIn("and 5 more", told.body)
        self.assertIn(self.rep.partner_id, leads[0].message_partner_ids)
        follower = leads[0].message_follower_ids.filtered(
            lambda follower: follower.partner_id == self.rep.partner_id
        )
        default, _internal, _external = self.env[
            "mail.message.subtype"
        ].default_subtypes("crm.lead")
        self.assertEqual(follower.subtype_ids, default)

    def test_the_industry_comes_from_the_customer_and_goes_to_a_new_one(self):
        """# S2: what rules ask for is on the lead."""
        industry = self.env["res.partner.industry"].search([], limit=1)
        customer = self.make_customer("C", owner=self.rep, industry_id=industry.id)
        lead = self.make_lead("L", owner=self.rep, partner=customer)
        self.assertEqual(lead.industry_id, industry)
        lead = self.make_lead("M", owner=self.rep, partner_name="New Ltd")
        lead.industry_id = industry
        self.assertEqual(
            lead._create_customer().commercial_partner_id.industry_id, industry
        )

    def test_a_mail_is_not_lost_when_another_worker_holds_the_pool(self):
        """# S2: it waits and the job is called."""
        Assigner = type(self.env["crm.lead.assigner"])
        with (
            patch.object(Assigner, "_assign", side_effect=SerializationFailure),
            self.capture_triggers(
                "crm_sales_process.cron_assign_waiting_leads"
            ) as calls,
        ):
            lead = self.make_leads()
        self.assertTrue(lead.assignment_waiting)
        self.assertEqual(len(calls.records), 1)


@tagged("post_install", "-at_install")
class TestAssignmentBatch(AssignmentCommon):
    def test_queries_do_not_grow_with_the_leads(self):
        """# S2: at most one query for two leads, whatever the number of rules."""
        for place in range(5):
            self.make_rule(
                f"Rule {place}",
                dict.fromkeys(self.people, 1),
                domain=str([("expected_revenue", "=", place)]),
                sequence=place,
            )
        self.env["ir.config_parameter"].set_param(ENABLED, False)
        counts = {}
        for size in (100, 400):
            leads = self.make_leads(size)
            for number, lead in enumerate(leads):
                lead.expected_revenue = number % 5
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            leads.action_assign_by_rules()
            self.env.flush_all()
            counts[size] = self.env.cr.sql_log_count - before
            self.assertFalse(leads.filtered(lambda lead: not lead.user_id))
        self.assertLess(counts[400] - counts[100], 300 * 0.5, counts)

    def test_nothing_waits_nothing_is_written(self):
        """# S2: the job on a quiet day."""
        self.make_rule("Nobody's", {self.rep: 1}, domain="[('name', '=', 'x')]")
        Assigner = type(self.env["crm.lead.assigner"])
        cron = self.env.ref("crm_sales_process.cron_assign_waiting_leads")
        with (
            patch.object(Assigner, "_assign", autospec=True) as assign,
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
            self.assertFalse(assign.called)
            with self.env.cr.savepoint():
                self.make_leads().assignment_waiting = True
            cron.method_direct_trigger()
            self.assertTrue(assign.called)

    def test_the_figures_of_fairness_add_up(self):
        """# S2: computed by hand: weights 3 to 1, eight leads."""
        self.make_rule("Pool", {self.rep: 3, self.colleague: 1})
        self.make_leads(8)
        self.env.flush_all()
        rows = self.env["crm.lead.assignment.share"]._read_group(
            [("rule_id.name", "=", "Pool")],
            ["user_id", "kind"],
            ["leads:sum", "deviation:sum"],
        )
        self.assertEqual(
            {(user, kind): (leads, off) for user, kind, leads, off in rows},
            {
                (self.rep, "target"): (6, -6),
                (self.rep, "received"): (6, 6),
                (self.colleague, "target"): (2, -2),
                (self.colleague, "received"): (2, 2),
            },
        )


@tagged("post_install", "-at_install")
class TestAssignmentAccess(AssignmentCommon):
    def test_the_table_of_roles(self):
        """# S2: who sees and changes rules, pools, the log and the figures."""
        rule = self.make_rule("Pool", {self.rep: 1})
        lead = self.make_leads()
        self.env.flush_all()
        share = self.env["crm.lead.assignment.share"].search(
            [("lead_id", "=", lead.id)]
        )
        records = (rule, rule.member_ids, lead.assignment_log_ids, share)
        for role, letters in ASSIGNMENT_ROLES.items():
            for record, expected in zip(records, letters, strict=True):
                with self.subTest(role=role, model=record._name):
                    self.assertEqual(self.letters(record, role), expected)

    def letters(self, record, role):
        mine = record.with_user(self.roles[role])
        operations = {"R": "read", "W": "write", "C": "create", "D": "unlink"}
        return "".join(l for l, op in operations.items() if mine.has_access(op))

    def test_another_company_sees_nothing(self):
        """# S2"""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.make_user(
            "stranger",
            "crm_customer_center.group_crm_admin",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        rule = self.make_rule("Ours", {self.rep: 1}, company_id=self.env.company.id)
        lead = self.make_leads()
        self.assertEqual(lead.company_id, self.env.company)
        for record in (rule, rule.member_ids, lead.assignment_log_ids):
            self.assertFalse(record.with_user(stranger).has_access("read"), record)

    def test_a_rep_cannot_assign_a_colleagues_lead(self):
        """# S2: over RPC."""
        self.make_rule("Pool", {self.rep: 1})
        lead = self.make_lead("Not yours", owner=self.other_rep)
        with self.calling_as(self.rep), self.assertRaises(AccessError):
            lead.with_user(self.rep).action_assign_by_rules()


@tagged("post_install", "-at_install", "standard")
class TestAssignmentConcurrency(AssignmentCommon):
    """# S2: real connections. Nobody waits for anybody's transaction to end, nothing
    fails, and turns are kept."""

    def setUp(self):
        super().setUp()
        # the two users every database has; one cannot sign in
        Users = type(self.env["res.users"])
        self.startPatcher(patch.object(Users, "_absent_now", return_value={}))

    def test_two_workers_at_once_do_not_give_both_to_one_person(self):
        """# S2: the second has looked before the first is finished, and still knows
        whose turn it is."""
        with self.two_connections() as (one, two, rule_id):
            two["crm.lead.assignment.rule"].browse(rule_id).member_ids.mapped("credit")
            first = self.give_one(one, rule_id)
            second = self.give_one(two, rule_id)
            self.assertNotEqual(first, second)
            two.cr.commit()
            one.cr.commit()
            self.assertEqual(self.totals(rule_id), [1, 1])

    def test_what_is_rolled_back_gives_its_turn_back(self):
        """# S2: and only its own."""
        with self.two_connections() as (one, two, rule_id):
            first = self.give_one(one, rule_id)
            self.give_one(two, rule_id)
            two.cr.commit()
            one.cr.rollback()
            self.assertEqual(self.totals(rule_id), [0, 1])
            one.invalidate_all()
            self.assertEqual(self.give_one(one, rule_id), first)

    def test_many_at_once_all_get_somebody_and_shares_are_kept(self):
        """# S2: 4 workers, 15 leads each, nobody starts anew."""
        with self.two_connections() as (one, _two, rule_id):
            with ThreadPoolExecutor(4) as workers:
                chosen = list(workers.map(self.give_in_own_transaction, [rule_id] * 60))
            one.cr.rollback()
            self.assertEqual(sorted(Counter(chosen).values()), [30, 30])
            self.assertEqual(self.totals(rule_id), [30, 30])

    def test_with_the_books_locked_the_lead_waits(self):
        """# S2: no error for who enters the lead."""
        with self.two_connections() as (one, two, rule_id):
            pool = one["crm.lead.assignment.rule"].browse(rule_id).member_ids
            self.assertTrue(pool._lock())
            with patch(f"{BOOKS}.ATTEMPTS", 3):
                self.assertFalse(self.give_one(two, rule_id))

    def totals(self, rule_id):
        from odoo import SUPERUSER_ID, api

        with self.env.registry.cursor() as cr:
            rule = api.Environment(cr, SUPERUSER_ID, {})["crm.lead.assignment.rule"]
            return sorted(rule.browse(rule_id).member_ids.mapped("total"))

    def give_in_own_transaction(self, rule_id):
        from odoo import SUPERUSER_ID, api

        with self.env.registry.cursor() as cr:
            return self.give_one(api.Environment(cr, SUPERUSER_ID, {}), rule_id)

    def give_one(self, env, rule_id):
        rule = env["crm.lead.assignment.rule"].browse(rule_id)
        lead = env["crm.lead"].new({"name": "L"})
        (decision,) = rule._decide_pool(lead)
        return decision.user.id

    @contextmanager
    def two_connections(self):
        """Data of these connections are real: they are taken away afterwards."""
        from odoo import SUPERUSER_ID, api
        from odoo.sql_db import db_connect

        connection = db_connect(self.env.cr.dbname)
        with connection.cursor() as setup:
            env = api.Environment(setup, SUPERUSER_ID, {})
            users = env.ref("base.user_admin") | env.ref("base.user_root")
            rule = (
                env["crm.lead.assignment.rule"]
                .with_context(active_test=False)
                .create(
                    {
                        "name": "Two workers",
                        "active": False,
                        "domain": "[]",
                        "member_ids": [
                            Command.create({"user_id": user.id}) for user in users
                        ],
                    }
                )
            )
            setup.commit()
            rule_id = rule.id
        try:
            with connection.cursor() as cr1, connection.cursor() as cr2:
                yield (
                    api.Environment(cr1, SUPERUSER_ID, {}),
                    api.Environment(cr2, SUPERUSER_ID, {}),
                    rule_id,
                )
                cr1.rollback()
                cr2.rollback()
        finally:
            with connection.cursor() as setup:
                env = api.Environment(setup, SUPERUSER_ID, {})
                env["crm.lead.assignment.rule"].browse(rule_id).unlink()
                setup.commit()
