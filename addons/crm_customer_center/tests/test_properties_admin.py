"""Fields without code: who defines them, and that they are real fields."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestPropertiesAdmin(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.definition = cls._definition(cls.env)
        cls.definition.properties_definition = []

    @classmethod
    def _definition(cls, env):
        return env["properties.base.definition"]._get_definition_for_property_field(
            "res.partner", "properties"
        )

    def _add_examples(self):
        with self.calling_as(self.crm_admin) as env:
            env["res.partner"].action_add_example_properties()
            env.flush_all()
        names = [field["name"] for field in self.definition.properties_definition]
        self.assertTrue(names)
        return names

    def test_a_business_administrator_defines_fields(self):
        """# C9: without Odoo's system group."""
        self.assertFalse(self.crm_admin.has_group("base.group_system"))
        with self.calling_as(self.crm_admin) as env:
            self._definition(env).properties_definition = [
                {"name": "crm_rating", "string": "Rating", "type": "integer"}
            ]
            env.flush_all()
        (field,) = self.definition.properties_definition
        self.assertEqual(field["name"], "crm_rating")

    def test_the_examples_are_added_once(self):
        """# C9: 合作年限, 合同金额, 客户痛点, 客户决策链; own fields stay."""
        self.definition.properties_definition = [
            {"name": "own", "string": "Own", "type": "char"}
        ]
        first = self._add_examples()
        self.assertEqual(self._add_examples(), first)
        self.assertEqual(first[0], "own")
        self.assertLessEqual(
            {
                "crm_years_together",
                "crm_contract_amount",
                "crm_pain_points",
                "crm_decision_chain",
            },
            {*first},
        )

    def test_other_roles_define_no_fields(self):
        """# C9"""
        for role in self.roles.keys() - {"crm_admin"}:
            with self.subTest(role=role), self.calling_as(self.roles[role]) as env:
                with self.assertRaises(AccessError):
                    env["res.partner"].action_add_example_properties()
                with self.assertRaises(AccessError):
                    self._definition(env).properties_definition = [
                        {"name": "x", "string": "X", "type": "char"}
                    ]
                    env.flush_all()

    def test_a_business_administrator_defines_fields_of_customers_only(self):
        """# C9: not those of other models that share Odoo's table of definitions."""
        field = self.env["ir.model.fields"]._get("crm.lead", "lead_properties")
        other = self.env["properties.base.definition"].create(
            {"properties_field_id": field.id}
        )
        with self.calling_as(self.crm_admin), self.assertRaises(AccessError):
            other.with_user(self.crm_admin).properties_definition = [
                {"name": "x", "string": "X", "type": "char"}
            ]

    def test_a_rep_fills_searches_and_groups_by_a_custom_field(self):
        """# C9"""
        self._add_examples()
        customers = self.make_customer("A", self.rep)
        customers |= self.make_customer("B", self.rep)
        hidden = self.make_customer("C", self.other_rep)
        hidden.properties = {"crm_years_together": 5}
        with self.calling_as(self.rep) as env:
            first, second = customers.with_env(env)
            first.properties = {"crm_years_together": 5, "crm_pain_points": "Price"}
            second.properties = {"crm_years_together": 2}
            env.flush_all()
            found = env["res.partner"].search(
                [("properties.crm_years_together", ">", 3)]
            )
            self.assertEqual(found, first)
            groups = env["res.partner"].formatted_read_group(
                [("properties.crm_years_together", "!=", False)],
                ["properties.crm_years_together"],
                ["__count"],
            )
            counts = {
                group["properties.crm_years_together"]: group["__count"]
                for group in groups
            }
            self.assertEqual(counts, {2: 1, 5: 1})

    def test_custom_fields_are_exported_and_imported(self):
        """# C9: exported by name, imported by Odoo's load."""
        self._add_examples()
        customer = self.make_customer("A", self.rep)
        with self.calling_as(self.rep) as env:
            result = env["res.partner"].load(
                ["name", "user_id/.id", "properties.crm_pain_points"],
                [["Imported", str(self.rep.id), "Delivery"]],
            )
            self.assertFalse(result["messages"])
            imported = env["res.partner"].browse(result["ids"])
            self.assertEqual(imported.properties["crm_pain_points"], "Delivery")
            rows = imported.export_data(["name", "properties.crm_pain_points"])
            self.assertEqual(rows["datas"], [["Imported", "Delivery"]])
            customer.with_env(env).properties = {"crm_years_together": 3}
            rows = customer.with_env(env).export_data(["properties.crm_years_together"])
            self.assertEqual(str(rows["datas"][0][0]), "3")
