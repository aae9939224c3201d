from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..models import crm_condition
from ..models.crm_condition import ConditionField


@tagged("post_install", "-at_install")
class TestCondition(TransactionCase):
    """What the condition editor asks the server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = new_test_user(cls.env, "condition_reader", "base.group_user")
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Condition {i}", "ref": "condition-test"} for i in range(7)]
        )
        cls.conditions = cls.env["crm.condition"].with_user(cls.reader)
        cls.domain = "[('ref', '=', 'condition-test')]"

    def preview(self, domain, model="res.partner"):
        return self.conditions.preview(model, domain)

    def groups(self, *entries):
        """What would be offered, were these all the fields of all modules."""
        model = type(self.env["crm.condition"])
        with patch.object(model, "_offered_fields", lambda _self: list(entries)):
            return self.conditions.get_fields("res.partner")["groups"]

    def offered(self, *entries):
        groups = self.groups(*entries)
        return {line["path"]: line for group in groups for line in group["fields"]}

    # ------------------------------------------------------------
    # WHAT A CONDITION FINDS
    # ------------------------------------------------------------

    def test_how_many_and_the_first_names(self):
        found = self.preview(self.domain)
        self.assertEqual(found["count"], 7)
        self.assertFalse(found["more"])
        first = self.env["res.partner"].search([("ref", "=", "condition-test")])[:5]
        self.assertEqual(found["names"], first.mapped("display_name"))

    def test_many_are_not_counted_to_the_end(self):
        with patch.object(crm_condition, "COUNT_LIMIT", 3):
            found = self.preview(self.domain)
        self.assertEqual((found["count"], found["more"]), (3, True))

    def test_with_the_rights_of_the_reader(self):
        self.env["ir.rule"].create(
            {
                "name": "Only one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": [("id", "=", self.partners[0].id)],
            }
        )
        self.assertEqual(self.preview(self.domain)["count"], 1)

    def test_what_cannot_be_asked_is_said_in_a_sentence(self):
        for domain in (
            "[('gone', '=', 1)]",
            "[('ref', '=',",
            "[('create_date', '<', 'yesterday or so')]",
            "[('user_ids.password', '!=', False)]",
            "[('ref', 'looks like', 'x')]",
            "__import__('os')",
            "[('child_ids', 'any!', [])]",
        ):
            with self.subTest(domain):
                found = self.preview(domain)
                self.assertEqual(list(found), ["error"])
                self.assertTrue(found["error"])
        # and the transaction goes on
        self.assertEqual(self.preview(self.domain)["count"], 7)

    def test_no_other_limit_is_left_behind(self):
        self.env.cr.execute("SET LOCAL statement_timeout = 12345")
        self.preview(self.domain)
        self.env.cr.execute("SHOW statement_timeout")
        self.assertEqual(self.env.cr.fetchone(), ("12345ms",))

    def test_of_no_closed_model(self):
        for model in ("mail.message", "res.users.apikeys", "no.such", "crm.condition"):
            with self.subTest(model):
                with self.assertRaises(AccessError):
                    self.preview("[]", model)
                with self.assertRaises(AccessError):
                    self.conditions.get_fields(model)

    def test_of_no_model_the_reader_may_not_read(self):
        stranger = new_test_user(self.env, "condition_portal", "base.group_portal")
        conditions = self.conditions.with_user(stranger)
        with self.assertRaises(AccessError):
            conditions.preview("crm.job.problem", "[]")
        with self.assertRaises(UserError):
            conditions.get_fields(["res.partner"])

    # ------------------------------------------------------------
    # WHAT IS OFFERED
    # ------------------------------------------------------------

    def test_a_field_with_its_kind_and_choices(self):
        lines = self.offered(
            ConditionField("res.partner", "type", "customer"),
            ConditionField("res.partner", "parent_id.country_id", "address", "Land"),
            ConditionField("res.partner", "parent_id.country_id", "address", "Again"),
            ConditionField("res.users", "login", "people"),
        )
        self.assertEqual(list(lines), ["type", "parent_id.country_id"])
        self.assertEqual(lines["type"]["kind"], "choice")
        self.assertIn(["contact", "Contact"], lines["type"]["choices"])
        self.assertEqual(lines["parent_id.country_id"]["label"], "Land")
        self.assertEqual(lines["parent_id.country_id"]["relation"], "res.country")

    def test_headings_stand_in_their_order(self):
        groups = self.groups(
            ConditionField("res.partner", "city", "address"),
            ConditionField("res.partner", "name", "customer"),
        )
        self.assertEqual([g["name"] for g in groups], ["Customer", "Address"])

    def test_nothing_that_is_hidden_or_not_there(self):
        partner = self.env["res.partner"]
        hidden = next(
            name
            for name, field in partner._fields.items()
            if field.groups == "base.group_system" or name == "signup_type"
        )
        lines = self.offered(
            ConditionField("res.partner", "gone", "customer"),
            ConditionField("res.partner", "gone_id.name", "customer"),
            ConditionField("res.partner", hidden, "customer"),
            ConditionField("res.partner", "user_ids.password", "customer"),
            ConditionField("res.partner", "message_ids.body", "customer"),
            ConditionField("res.partner", "image_1920", "customer"),
            ConditionField("res.partner", "name", "customer"),
        )
        self.assertEqual(list(lines), ["name"])
