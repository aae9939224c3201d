import runpy
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.modules import Manifest
from odoo.orm.models import BaseModel
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.base.models.ir_module import IrModuleModule

from ..models import crm_rule_mixin_check
from .rule_battery import GONE, RuleBattery, each_kind


@tagged("post_install", "-at_install")
class TestEveryRule(RuleBattery):
    """# R1, S2, S4, T2, T3, V3, V4, F2: what holds for every kind of rule, found by
    introspection, so that a kind of tomorrow is in it by itself."""

    def test_every_stored_condition_of_ours_belongs_to_a_rule(self):
        ours = {name for name in self.env.registry._init_modules if "crm_" in name}
        wrong = [
            f"{name}.{field.name}"
            for name, model in self.env.registry.items()
            if not model._abstract and not model._transient and name not in self.kinds
            for field in model._fields.values()
            if field.store
            and field.type in ("char", "text")
            and any(word in field.name for word in ("domain", "condition", "filter"))
            and ours.issuperset(field._modules)
            and field._modules
        ]
        self.assertEqual(wrong, [])

    # ------------------------------------------------------------
    # AT SAVING
    # ------------------------------------------------------------

    @each_kind
    def test_what_cannot_be_asked_is_refused_at_saving(self, kind):
        bad = [
            "[('a', '=', 'x' * 10 ** 9)]",
            "not a list",
            "[('id', '=')]",
            f"[('{GONE}', '=', 1)]",
            "[('id', 'any!', [])]",
            "[('create_date', '>', 'some day')]",
            "[('id', '=', 'x' * 3)]",
        ]
        for text in bad:
            with self.subTest(text), self.assertRaises(ValidationError):
                self.rule(kind, domain=text)
        rule = self.rule(kind, domain=self.condition(kind))
        for text in bad:
            with self.subTest(text), self.assertRaises(ValidationError):
                rule.domain = text

    @each_kind
    def test_what_takes_too_long_is_refused_at_saving(self, kind):
        """The estimate is only one; the trial itself ends after some seconds, and what
        comes after it has the time it had."""
        self.assertLessEqual(crm_rule_mixin_check.TRIAL_SECONDS, 10)
        rule = self.rule(kind, domain=self.condition(kind))
        model, real = rule._rule_model(), BaseModel._search

        def search(records, *args, **kwargs):
            query = real(records, *args, **kwargs)
            if records._name == model:
                query.add_where("(SELECT pg_sleep(20))::text = ''")
            return query

        before = self.time_limit()
        with (
            patch.object(crm_rule_mixin_check, "TRIAL_SECONDS", 0.05),
            patch.object(BaseModel, "_search", search),
            mute_logger("odoo.sql_db"),
            self.assertRaises(ValidationError) as caught,
        ):
            rule._verify_condition()
        self.assertIn(caught.exception.args[0], rule._too_slow())
        self.assertEqual(self.time_limit(), before)

    def time_limit(self):
        return self.env.execute_query(SQL("SHOW statement_timeout"))

    @each_kind
    def test_what_is_refused_at_saving_is_refused_at_import(self, kind):
        rule = self.rule(kind, domain=self.condition(kind))
        result = self.env[kind].load(
            [".id", "domain"], [[str(rule.id), f"[('{GONE}', '=', 1)]"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn(GONE, result["messages"][0]["message"])

    @each_kind
    def test_secrets_are_asked_by_nobody(self, kind):
        model = self.env[self.rule(kind, domain=self.condition(kind))._rule_model()]
        paths = [
            "create_uid.totp_secret",
            "create_uid.api_key_ids.name",
            "create_uid.partner_id.signup_type",
        ]
        if "access_token" in model._fields:
            paths.append("access_token")
        for path in paths[:2] + paths[3:]:
            with self.subTest(path), self.assertRaises(ValidationError) as caught:
                self.rule(kind, domain=f"[('{path}', '=like', 'J%')]")
            self.assertNotIn("traceback", str(caught.exception).lower())

    @each_kind
    def test_models_that_hold_no_business_are_not_on_the_way(self, kind):
        vals = self.sample_vals(kind)
        model = self.env[self.env[kind].new(vals)._rule_model()]
        for path in (
            "message_ids.body",
            "message_follower_ids.partner_id.name",
            "create_uid.log_ids.create_date",
            "create_uid.res_users_settings_id.id",
        ):
            first = path.split(".")[0]
            if first not in model._fields:
                continue
            with self.subTest(path), self.assertRaises(ValidationError):
                self.rule(kind, domain=f"[('{path}', '!=', False)]")

    # ------------------------------------------------------------
    # THE AUTHOR
    # ------------------------------------------------------------

    @each_kind
    def test_the_author_is_who_wrote_the_condition(self, kind):
        rule = self.rule(kind, domain=self.condition(kind))
        self.assertEqual(rule.author_id, self.env.user)
        admin = self.env.ref("base.user_admin")
        rule.with_user(admin).sudo().domain = self.another(kind)["domain"]
        self.assertEqual(rule.author_id, admin)
        rule.responsible_id = self.env.ref("base.user_admin")
        self.assertEqual(rule.author_id, admin)

    @each_kind
    def test_what_the_system_notes_is_written_by_nobody(self, kind):
        admin = self.env.ref("base.user_admin")
        rule = self.rule(kind, domain=self.condition(kind)).with_user(admin)
        for name, value in (
            ("author_id", 1),
            ("error", "x"),
            ("last_run_date", "2026-01-01 00:00:00"),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                rule.write({name: value})

    @each_kind
    def test_an_author_asks_only_for_what_he_or_she_may_read(self, kind):
        """A field with groups the author lacks, on the record and on the way."""
        admin = self.env.ref("base.user_admin")
        rule = self.rule(kind, domain=self.condition(kind))
        records = self.env[rule._rule_model()]
        for field, path in (
            (records._fields["write_date"], "write_date"),
            (self.env["res.users"]._fields["login_date"], "create_uid.login_date"),
            (self.env["res.users"]._fields["write_date"], "write_uid.write_date"),
        ):
            condition = f"[('{path}', '>', '2020-01-01')]"
            with self.subTest(path):
                rule.with_user(admin).sudo().domain = condition
                with self.hidden(field), self.assertRaises(ValidationError) as caught:
                    rule.with_user(admin).sudo().domain = condition
                self.assertIn(admin.name, str(caught.exception))

    @contextmanager
    def hidden(self, field):
        """The field, for nobody but people of the portal."""
        before, field.groups = field.groups, "base.group_portal"
        try:
            yield
        finally:
            field.groups = before

    # ------------------------------------------------------------
    # BROKEN AFTERWARDS
    # ------------------------------------------------------------

    @each_kind
    def test_a_rule_that_broke_is_stopped_says_why_and_tells_once(self, kind):
        admin = self.env.ref("base.user_admin")
        rule = self.rule(kind, domain=self.condition(kind), responsible_id=admin.id)
        other = self.rule(kind, **self.another(kind))
        self.break_below(rule)
        self.mixin._look_at_all()
        self.mixin._look_at_all()
        self.assertEqual((rule.state, other.state), ("error", "ok"))
        self.assertIn(GONE, rule.error)
        warning = self.warnings_of(rule)
        self.assertEqual(len(warning), 1)
        self.assertEqual(warning.user_id, admin)
        self.assertIn(GONE, warning.note)

    def another(self, kind):
        return {"domain": self.condition(kind).replace("2000000000", "2000000001")}

    @each_kind
    def test_what_asks_a_broken_rule_goes_on(self, kind):
        """The record is made, the job runs; the other rules hold."""
        rule = self.rule(kind, domain=self.condition(kind))
        other = self.rule(kind, **self.another(kind))
        self.break_below(rule)
        self.use(rule)
        self.env.flush_all()
        self.assertEqual((rule.state, other.state), ("error", "ok"))
        self.assertIn(GONE, rule.error)
        self.use(rule)
        self.assertEqual(len(self.warnings_of(rule)), 1)

    @each_kind
    def test_a_condition_sees_of_others_what_its_author_may_see(self, kind):
        """The same words, by the system and by somebody a record is hidden from."""
        admin = self.env.ref("base.user_admin")
        hidden = self.person(f"hidden.{kind}")
        self.env["ir.rule"].create(
            {
                "name": "Hidden",
                "model_id": self.env["ir.model"]._get("res.users").id,
                "domain_force": f"[('id', '!=', {hidden.id})]",
            }
        )
        condition = f"[('create_uid.login', '=', '{hidden.login}')]"
        rule = self.rule(kind, domain=condition)
        records = self.env[rule._rule_model()]
        record = records.with_user(hidden).sudo().create({"name": "Made"}).sudo(False)
        record = record.with_env(self.env)
        self.env.flush_all()
        self.assertEqual(self.found(rule, record), record)
        rule.with_user(admin).sudo().domain = condition
        if rule._rule_author() != admin:
            rule.user_id = admin  # whose it is decides
        self.assertFalse(self.found(rule, record))

    def found(self, rule, record):
        info = rule._rule_info()._replace(base=())
        self.assertFalse(info.plain)
        asked = rule._info_domain(info)
        by_search = record.sudo().search(asked & Domain("id", "=", record.id))
        in_memory = rule._match(info, record)
        self.assertEqual(by_search.ids, in_memory.ids)
        return in_memory

    @each_kind
    def test_a_plain_condition_costs_no_query(self, kind):
        """What names only the record itself is asked in memory."""
        rule = self.rule(kind, domain="[('name', 'ilike', 'zz'), ('id', '!=', 0)]")
        records = self.env[rule._rule_model()].create({"name": "Fizz zz"})
        self.env.flush_all()
        info = rule._rule_info()._replace(base=())
        self.assertTrue(info.plain)
        records.mapped("name")
        with self.assertQueryCount(0):
            self.assertEqual(rule._match_safely(info, records), records)
            rule._rule_domain()

    @each_kind
    def test_a_rule_of_a_company_is_about_its_records(self, kind):
        if "company_id" not in self.env[kind]._fields:
            return
        elsewhere = self.env["res.company"].create({"name": f"Elsewhere {kind}"})
        rule = self.rule(kind, domain="[('name', '=', 'zz')]")
        if not self.env[rule._rule_model()]._fields.get("company_id"):
            return
        rule.company_id = elsewhere
        record = self.env[rule._rule_model()].create({"name": "zz"})
        record.company_id = self.env.company
        self.assertFalse(rule._match(rule._rule_info(), record))

    @each_kind
    def test_a_rule_whose_database_column_is_gone_is_stopped_too(self, kind):
        """What only the database refuses: it must not end the transaction."""
        rule = self.rule(kind, domain=self.condition(kind))
        other = self.rule(kind, **self.another(kind))
        real = BaseModel._search

        def search(records, domain, *args, **kwargs):
            if records._name == model and "2000000000" in repr(domain):
                records.env.cr.execute("SELECT no_such_column FROM res_users")
            return real(records, domain, *args, **kwargs)

        model = rule._rule_model()
        failing = patch.object(BaseModel, "_search", search)
        with failing, mute_logger("odoo.sql_db"):
            self.use(rule)
        self.env.flush_all()
        self.assertEqual((rule.state, other.state), ("error", "ok"))
        self.assertIn("no_such_column", rule.error)
        self.assertEqual(len(self.warnings_of(rule)), 1)

    def test_customers_leads_and_tickets_are_made_with_all_rules_broken(self):
        for kind in self.kinds:
            self.break_below(self.rule(kind, domain=self.condition(kind)))
        partner = self.env["res.partner"].create({"name": "Someone"})
        partner.write({"name": "Someone Else", "city": "Suzhou"})
        if "crm.lead" in self.env:
            lead = self.env["crm.lead"].create(
                {"name": "Lead", "type": "opportunity", "user_id": False}
            )
            lead.write({"expected_revenue": 5, "partner_id": partner.id})
        if "crm.service.ticket" in self.env:
            tickets = self.env["crm.service.ticket"]
            ticket = tickets.create({"name": "Ticket", "partner_id": partner.id})
            ticket.write({"priority": "2"})
            tickets.message_new(
                {
                    "subject": "Mail",
                    "email_from": "a@b.example",
                    "body": "x",
                    "message_id": "<one@b.example>",
                }
            )
        self.env.flush_all()

    @each_kind
    def test_rules_from_before_get_an_author_and_are_looked_at(self, kind):
        """The migration: who wrote the rule last; who may not ask is stopped."""
        module = self.env.registry[kind]._original_module
        folder = Path(Manifest.for_addon(module).path, "migrations", "19.0.1.1.0")
        if not folder.exists():
            # its rules have had an author from the first day
            return
        admin = self.env.ref("base.user_admin")
        good = self.rule(kind, domain=self.condition(kind))
        bad = self.rule(kind, **self.another(kind))
        self.env.flush_all()
        for rule, domain in (
            (good, self.condition(kind)),
            (bad, "[('create_uid.totp_secret', '=like', 'J%')]"),
        ):
            self.env.cr.execute(
                f"UPDATE {rule._table} SET author_id = NULL, responsible_id = 1,"
                " write_uid = %s, domain = %s WHERE id = %s",
                [admin.id, domain, rule.id],
            )
        self.env.invalidate_all()
        # at the end where a rule's words come from modules that load later
        [file] = [*folder.glob("post-rules.py"), *folder.glob("end-rules.py")]
        runpy.run_path(str(file))["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertIn(good.author_id, admin | good._rule_author())
        self.assertEqual((good.state, bad.state), ("ok", "error"))
        self.assertIn(good.responsible_id, admin | good._rule_author())

    @each_kind
    def test_a_stopped_rule_is_started_again_when_it_was_corrected(self, kind):
        rule = self.rule(kind, domain=self.condition(kind))
        self.break_below(rule)
        with self.subTest("not before"), self.assertRaises(UserError):
            rule.action_start()
        rule._look_at()
        self.assertEqual(rule.state, "error")
        rule.domain = self.condition(kind)
        self.assertNotEqual(rule.state, "error")
        self.assertFalse(rule.error)
        self.assertFalse(self.warnings_of(rule))
        rule.action_start()
        self.assertEqual(rule.state, "ok")

    # ------------------------------------------------------------
    # STARTED, STOPPED, REHEARSED, SHOWN
    # ------------------------------------------------------------

    @each_kind
    def test_a_stopped_rule_is_not_in_the_book(self, kind):
        rule = self.rule(kind, domain=self.condition(kind))
        self.assertIn(rule, self.in_use(kind))
        rule.action_stop()
        self.assertNotIn(rule, self.in_use(kind))
        rule.action_start()
        rule.active = False
        self.assertNotIn(rule, self.in_use(kind))

    def in_use(self, kind):
        return self.env[kind].search([("state", "=", "ok")])

    @each_kind
    def test_a_copy_is_nobodys_condition_yet_and_as_new(self, kind):
        rule = self.rule(kind, domain=self.condition(kind))
        self.assertEqual(rule._fields["state"].copy, False)
        self.assertEqual(rule._fields["author_id"].copy, False)

    @each_kind
    def test_a_rehearsal_changes_nothing_and_says_whom_and_why(self, kind):
        rule = self.rule(kind, domain=self.condition(kind))
        total, rows = rule._rehearse()
        self.assertEqual((total, rows), (0, []))
        action = rule.action_rehearse()
        self.assertEqual(action["type"], "ir.actions.act_window")
        self.assertEqual(rule.state, "ok")

    @each_kind
    def test_what_comes_with_a_module_is_created_by_nobody(self, kind):
        """Its log would say so in the language of the installation for good."""
        told = self.env[kind].with_context(tracking_disable=False)
        admin = self.env.ref("base.user_admin")
        values = {**self.sample_vals(kind), "domain": self.condition(kind)}
        written = told.with_user(admin).sudo().create(values)
        self.assertTrue(written.message_ids)
        values = {**self.sample_vals(kind), **self.another(kind), "name": "Shipped"}
        shipped = told.create(values)
        self.assertEqual(self.env.uid, SUPERUSER_ID)
        self.assertFalse(shipped.message_ids)

    @each_kind
    def test_every_form_and_list_shows_that_a_rule_was_stopped(self, kind):
        form = self.env[kind].get_view(view_type="form")["arch"]
        self.assertIn('name="error"', form)
        self.assertIn('name="action_rehearse"', form)
        self.assertIn('name="state"', self.env[kind].get_view(view_type="list")["arch"])

    @each_kind
    def test_the_count_is_what_the_reader_may_see(self, kind):
        rule = self.rule(kind, domain=self.condition(kind))
        self.assertEqual(rule.match_count, 0)


@tagged("post_install", "-at_install")
class TestFieldGone(RuleBattery):
    """# R1: the real thing, once for all kinds: somebody's own field goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry_enter_test_mode_cls()

    def setUp(self):
        super().setUp()
        # last of all: the models as the database has them
        self.addCleanup(self.registry.reset_changes)

    def test_conditions_that_name_a_removed_field_are_stopped_with_it(self):
        models = {
            self.env[kind].new(self.sample_vals(kind))._rule_model()
            for kind in self.kinds
        }
        own = self.env["ir.model.fields"].create(
            [
                {
                    "name": "x_own_words",
                    "model_id": self.env["ir.model"]._get(model).id,
                    "ttype": "char",
                }
                for model in models
            ]
        )
        rules = []
        for kind in self.kinds:
            condition = "[('x_own_words', '=', 'nobody says this')]"
            rules.append(self.rule(kind, domain=condition))
            rules.append(self.rule(kind, domain=self.condition(kind)))
        own.unlink()
        for broken, working in zip(rules[::2], rules[1::2], strict=True):
            with self.subTest(broken._name):
                self.assertEqual((broken.state, working.state), ("error", "ok"))
                self.assertIn("x_own_words", broken.error)
                self.assertEqual(len(self.warnings_of(broken)), 1)

    def test_an_uninstalled_module_has_conditions_looked_at(self):
        job = self.env.ref("crm_suite_base.ir_cron_look_at_conditions")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", job.id)])
        with patch.object(IrModuleModule, "module_uninstall", lambda modules: True):
            self.env["ir.module.module"].module_uninstall()
        after = triggers.search_count([("cron_id", "=", job.id)])
        self.assertEqual(after, before + 1)
