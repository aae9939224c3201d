"""Conditions for people: every rule, segment and filter is written in our editor, what
it offers works, and what it does not know it leaves as it is. See docs/adr/0067."""

import json
import re
from datetime import timedelta

from lxml import etree

from odoo.fields import Domain
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon
from odoo.addons.crm_suite_base.models.base_system_fields import _is_ours
from odoo.addons.crm_suite_base.models.crm_condition import KINDS

ROLES = ("rep", "manager", "agent", "service_manager", "marketing", "crm_admin")
# headings and names that are the same in both languages
SAME = {"VIP", "SLA"}
CHINESE = re.compile("[一-鿿]")

# what people write, by hand or with Odoo's editor
PARTNER = """
[]
[("city", "=", "Suzhou")]
[("city", "in", ["Suzhou", "Shanghai"])]
[("city", "not in", ["Suzhou"])]
[("city", "ilike", "su"), ("city", "not ilike", "shang")]
[("name", "=ilike", "a%")]
[("name", "=ilike", "%a%")]
[("name", "=like", "A_%")]
[("ref", "=", False)]
[("ref", "!=", False)]
[("is_company", "=", True)]
[("is_company", "!=", True)]
[("active", "in", [True, False])]
[("active", "=", False), ("is_company", "=", True)]
[("lifecycle_state", "=", "active")]
[("lifecycle_state", "in", ["active", "dormant"])]
[("lifecycle_state", "in", ["active", False])]
[("lifecycle_state", "!=", False), ("user_id", "=", False)]
["|", ("lifecycle_state", "=", "lost"), ("lifecycle_days", ">", 30)]
[("lifecycle_days", ">=", 10), ("lifecycle_days", "<=", 20)]
["|", "&", ("lifecycle_days", ">=", 10), ("lifecycle_days", "<=", 20), \
("city", "=", "x")]
["!", ("lifecycle_state", "=", "lost")]
["!", "|", ("lifecycle_state", "=", "lost"), ("user_id", "=", False)]
[("user_id", "in", [1, 2])]
[("user_id", "not in", [1])]
[("user_id", "ilike", "li")]
[("user_id.login", "=", "x")]
[("parent_id", "child_of", [1])]
[("category_id", "in", [1, 2])]
[("category_id", "in", [1]), ("category_id", "in", [2])]
["|", "&", ("category_id", "in", [1]), ("category_id", "in", [2]), ("city", "=", "x")]
[("category_id", "not in", [1])]
[("category_id", "=", False)]
[("child_ids", "any", [("decision_role", "=", "user"), ("name", "ilike", "x")])]
[("child_ids.decision_role", "=", "user")]
[("create_date", "<", "today -180d")]
[("create_date", ">=", "today -30d")]
[("create_date", ">=", "today -30d"), ("create_date", "<", "today +1d")]
["|", ("last_contact_date", "=", False), ("last_contact_date", "<", "today -30d")]
["|", ("last_contact_date", "<", "today -30d"), ("last_contact_date", "=", False)]
["&", ("is_company", "=", True), "|", ("last_contact_date", "=", False), \
("last_contact_date", "<", "today -2m")]
[("next_contact_date", ">=", "today"), ("next_contact_date", "<", "today +7d +1d")]
[("next_contact_date", "<", "today")]
[("create_date", ">=", "today =1d"), ("create_date", "<", "today =1d +1m")]
[("create_date", ">=", "today =week_start"), \
("create_date", "<", "today =week_start +7d")]
[("create_date", ">=", "2026-01-01"), ("create_date", "<=", "2026-01-31")]
[("create_date", ">", "2026-01-01 08:00:00")]
[("create_date", "<=", "now -2H")]
["&", "|", ("city", "=", "a"), ("city", "=", "b"), "|", ("user_id", "=", False), \
"&", ("city", "=", "c"), ("lifecycle_days", ">", 3)]
[("is_company", "=", True), ("is_company", "=", True)]
[(1, "=", 1)]
"""

READ_AND_WRITE = """
const R = odoo.loader.modules.get("@crm_suite_base/condition/condition_rows");
const C = odoo.loader.modules.get("@crm_suite_base/condition/condition_comparisons");
const { orm, field } = odoo.__WOWL_DEBUG__.root.env.services;
const bare = (list) => JSON.stringify(R.forgetting(list), (key, value) =>
    key === "key" ? undefined : value);
const wrong = [];
async function check(model, domain) {
    const tree = R.treeOf(domain);
    const kinds = {};
    for (const path of R.pathsOf(tree)) {
        const { fieldDef } = await field.loadFieldInfo(model, path);
        kinds[path] = (fieldDef && C.KIND_OF_TYPE[fieldDef.type]) || null;
    }
    const kindOf = (path) => kinds[path];
    const rows = R.rowsOf(tree, kindOf);
    if (!R.sayTheSame(R.domainOf(rows), domain)) {
        wrong.push(`not as it was: ${domain} => ${R.domainOf(rows)}`);
    }
    // as if somebody had written each row anew
    const anew = R.domainOf(R.forgetting(rows));
    if (bare(R.rowsOf(R.treeOf(anew), kindOf)) !== bare(rows)) {
        wrong.push(`other rows: ${domain} => ${anew}`);
    }
    const found = [];
    for (const asked of [domain, anew]) {
        found.push(await orm.call("crm.condition", "preview", [model, asked]));
    }
    if (found[0].error || JSON.stringify(found[0]) !== JSON.stringify(found[1])) {
        wrong.push(`finds others: ${domain} => ${anew}: ${JSON.stringify(found)}`);
    }
    return rows.rows.filter((row) => row.advanced).length;
}
(async () => {
    let advanced = 0;
    for (const [model, domain] of CASES) {
        advanced += (await check(model, domain)) ? 1 : 0;
    }
    if (advanced > CASES.length / 3) {
        wrong.push(`${advanced} of ${CASES.length} need another editor`);
    }
    if (wrong.length) {
        throw new Error(wrong.join("; "));
    }
    console.log("test successful");
})();
"""


def handwritten():
    """Return the conditions above, each a text."""
    return [line for line in PARTNER.strip().splitlines() if line]


@tagged("post_install", "-at_install")
class TestConditionFields(CustomerCommon):
    def offered(self, lang, **extra):
        conditions = self.env["crm.condition"].with_context(lang=lang, **extra)
        return conditions._offered_fields()

    def test_every_field_is_there_and_can_be_asked(self):
        conditions = self.env["crm.condition"]
        entries = self.offered("en_US")
        self.assertGreater(len(entries), 90)
        for entry in entries:
            with self.subTest(f"{entry.model}: {entry.path}"):
                records = self.env[entry.model]
                field = conditions._field_at(records, entry.path)
                self.assertIsNotNone(field)
                self.assertIn(field.type, KINDS)
                self.assertIn(entry.group, conditions._group_names())
                *way, _last = entry.path.split(".")
                for name in way:
                    # over several records each condition may be met by another
                    self.assertEqual(records._fields[name].type, "many2one")
                    records = self.env[records._fields[name].comodel_name]

    def test_each_role_is_offered_what_it_may_ask(self):
        for role in ROLES:
            conditions = self.env["crm.condition"].with_user(self.roles[role])
            for model in sorted({entry.model for entry in self.offered("en_US")}):
                if not self.env[model].with_user(self.roles[role]).has_access("read"):
                    continue
                for group in conditions.get_fields(model)["groups"]:
                    for line in group["fields"]:
                        asked = f"[('{line['path']}', '!=', False)]"
                        with self.subTest(f"{role}: {model} {line['path']}"):
                            found = conditions.preview(model, asked)
                            self.assertNotIn("error", found)

    def test_what_is_counted_is_what_the_rule_is_about(self):
        """Nobody is told of 166 customers, of whom 120 are contacts."""
        conditions = self.env["crm.condition"]
        mixin = self.env.registry["crm.rule.mixin"]
        scopes = conditions._rule_scopes()
        self.assertLessEqual({"crm.level.rule", "crm.pool.rule"}, set(scopes))
        for rule, asked in scopes.items():
            self.assertIsInstance(self.env[rule], mixin)
            for model, scope in asked.items():
                with self.subTest(rule=rule, model=model):
                    count = self.env[model].search_count(Domain(scope))
                    found = conditions.preview(model, "[]", rule)
                    self.assertEqual(found["count"], count)
                    self.assertEqual(found["scope"], scope)
                    every = conditions.preview(model, "[]")["count"]
                    self.assertEqual(every, self.env[model].search_count([]))

    def test_every_word_has_its_chinese(self):
        admin = self.roles["crm_admin"]
        conditions = self.env["crm.condition"].with_user(admin)
        conditions = conditions.with_context(lang="zh_CN")
        for model in sorted({entry.model for entry in self.offered("zh_CN")}):
            answer = conditions.get_fields(model)
            words = [answer["name"]]
            for group in answer["groups"]:
                words += [group["name"], *(line["label"] for line in group["fields"])]
            english = {word for word in words if not CHINESE.search(word)} - SAME
            self.assertFalse(english, model)

    def test_days_mean_the_same_in_a_search_and_in_memory(self):
        """Relative days as the editor writes them, of a day and of a moment."""
        today = self.env.company._today()
        offsets = (-60, -31, -30, -29, -1, 0, 1, 6, 7, 8, 40)
        leads = self.env["crm.lead"].create(
            [
                {"name": str(days), "date_deadline": today + timedelta(days=days)}
                for days in offsets
            ]
            + [{"name": "none"}]
        )
        leads = leads.with_context(tz=self.env.company._zone())
        for domain, expected in (
            ([("<", "today -30d")], (-60, -31)),
            ([(">=", "today -30d"), ("<", "today +1d")], (-30, -29, -1, 0)),
            ([(">=", "today"), ("<", "today +7d +1d")], (0, 1, 6, 7)),
            ([("<", "today +7d +1d")], (-60, -31, -30, -29, -1, 0, 1, 6, 7)),
            ([(">=", "today +7d +1d")], (8, 40)),
            ([(">=", "today -30d")], offsets[2:]),
            ([("<", "today")], offsets[:5]),
            ([(">=", "today"), ("<", "today +1d")], (0,)),
        ):
            with self.subTest(domain):
                asked = Domain.AND(
                    Domain("date_deadline", operator, value)
                    for operator, value in domain
                )
                in_memory = leads.filtered_domain(asked)
                self.assertEqual(
                    sorted(map(int, in_memory.mapped("name"))), sorted(expected)
                )
                found = leads.search(asked & Domain("id", "in", leads.ids))
                self.assertEqual(found, in_memory & found)
                self.assertEqual(len(found), len(in_memory))


@tagged("post_install", "-at_install")
class TestConditionScreens(HttpCase):
    def test_every_condition_is_written_in_our_editor(self):
        """No form of ours shows one as fields, operators and brackets."""
        ours, others = set(), set()
        for view in self.env["ir.ui.view"].search([("type", "!=", "qweb")]):
            module = (view.xml_id or "").split(".")[0]
            if not _is_ours(module):
                continue
            tree = etree.fromstring(view.arch_db)
            for node in tree.xpath("//field[@widget]"):
                if node.get("widget") == "domain":
                    others.add(view.xml_id)
                if node.get("widget") == "crm_condition":
                    ours.add(view.xml_id)
        self.assertFalse(others)
        self.assertGreaterEqual(len(ours), 11)
        for kind in self.env["crm.rule.mixin"]._rule_models():
            texts = "".join(
                view.arch_db
                for view in self.env["ir.ui.view"].search([("type", "=", "form")])
                if view.xml_id in ours
                and (view.model == kind or self._is_inside(view, kind))
            )
            self.assertIn("crm_condition", texts, kind)

    def _is_inside(self, view, kind):
        """Whether lines of a kind of rule stand in a form."""
        model = self.env.get(view.model)
        return model is not None and any(
            field.type == "one2many"
            and field.comodel_name == kind
            and f'name="{field.name}"' in view.arch_db
            for field in model._fields.values()
        )

    def test_what_nobody_changes_stays_and_rows_say_what_was_written(self):
        """All conditions in the database and those that people write: as they were
        when untouched, and finding the same records when each row is written anew."""
        cases = [("res.partner", domain) for domain in handwritten()]
        for kind in self.env["crm.rule.mixin"]._rule_models():
            for rule in self.env[kind].with_context(active_test=False).search([]):
                if rule.domain:
                    cases.append((rule._rule_model(), rule.domain))
        self.assertGreater(len(cases), 45)
        self.browser_js(
            "/odoo",
            f"const CASES = {json.dumps(cases)};{READ_AND_WRITE}",
            ready="Boolean(document.querySelector('.o_web_client .o_main_navbar'))",
            login="admin",
            timeout=120,
        )
