"""What lists are looked up by has an index: rules, filters, groups and counters."""

import re
import sys
from pathlib import Path

from lxml import etree

from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_suite_base.models.base_system_fields import _is_ours

ARCHITECTURE = str(Path(__file__).resolve().parents[1] / "architecture")
sys.path.insert(0, ARCHITECTURE)
import house

FIELD = re.compile(r"[(\[]\s*['\"]([a-z_.]+)['\"]\s*,\s*['\"]")
GROUP = re.compile(r"['\"]group_by['\"]\s*:\s*\[?['\"]([a-z_]+)")


@tagged("post_install", "-at_install")
class TestIndexes(TransactionCase):
    """Each many2one that every read of a table compares, or a click asks for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute(
            """SELECT t.relname, a.attname
                 FROM pg_index i
                 JOIN pg_class t ON t.oid = i.indrelid
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]"""
        )
        cls.leading = set(cls.env.cr.fetchall())

    def ours(self, model):
        """Yield the records of a model that came with our modules."""
        data = self.env["ir.model.data"].search([("model", "=", model)])
        ids = [one.res_id for one in data if _is_ours(one.module)]
        return self.env[model].with_context(active_test=False).browse(ids).exists()

    def steps(self, model, path):
        """Yield the stored many2one fields on the way of a path."""
        for name in path.split("."):
            field = self.env[model]._fields.get(name)
            if field is None:
                return
            if field.type == "many2one" and field.store and field.column_type:
                yield field
            if not field.relational:
                return
            model = field.comodel_name

    def in_rules(self):
        """Yield ``(model, path)`` of what record rules compare."""
        for rule in self.ours("ir.rule"):
            for path in FIELD.findall(rule.domain_force or ""):
                yield rule.model_id.model, path

    def in_filters(self):
        """Yield ``(model, path)`` of what search views offer with a click."""
        for view in self.ours("ir.ui.view"):
            if view.type == "search":
                for node in etree.fromstring(view.arch_db.encode()).iter("filter"):
                    found = FIELD.findall(node.get("domain", ""))
                    found += GROUP.findall(node.get("context", ""))
                    yield from ((view.model, path) for path in found)

    def in_counters(self):
        """Yield ``(model, path)`` of what counters in Python group by."""
        call = re.compile(
            r"self\.env\[\"([a-z.]+)\"\](?:\.sudo\(\))?\s*\._read_group\(\s*"
            r"(?:\[[^\]]*\]|[\w.]+),\s*(?:groupby=)?\[\"([a-z_]+)\""
        )
        for file in house.code_files(".py"):
            yield from call.findall(house.text_of(file))

    def without_index(self, asked):
        """Return ``{table.column: 1}`` of the fields no index begins with."""
        found = {}
        for model, path in asked:
            if model not in self.env:
                continue
            for field in self.steps(model, path):
                table = self.env[field.model_name]._table
                if not self.env[field.model_name]._auto:
                    continue
                if (table, field.name) not in self.leading:
                    found[f"{table}.{field.name}"] = 1
        return found

    def hold(self, rule, asked):
        """Compare with the ratchet, place by place."""
        found = self.without_index(asked)
        house.hold(rule, found, advice='give the field index="btree_not_null" or True')

    def test_what_rules_compare(self):
        asked = set(self.in_rules())
        self.assertIn(("res.partner", "customer_owner_id"), asked)
        self.assertGreater(len(asked), 50)
        self.hold("no index: rules", asked)

    def test_what_filters_offer(self):
        asked = set(self.in_filters())
        self.assertIn(("crm.service.ticket", "user_id"), asked)
        self.hold("no index: filters", asked)

    def test_what_counters_group(self):
        asked = set(self.in_counters())
        self.assertGreater(len(asked), 10)
        self.hold("no index: counters", asked)

    def test_a_field_without_index_is_seen(self):
        """Each step of a path is looked up; texts and computed fields are not ours."""
        asked = [("res.partner", "country_id.currency_id"), ("res.partner", "name")]
        self.assertEqual(
            self.without_index(asked),
            {"res_partner.country_id": 1, "res_country.currency_id": 1},
        )
        self.assertFalse(self.without_index([("res.partner", "parent_id")]))
