from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.crm_customer_dedupe.tests.common import PairsCommon
from odoo.addons.crm_customer_pool.tests.common import PoolCommon

NAME = "上海恒策信息技术有限公司"


@tagged("post_install", "-at_install")
class TestConflictPool(PoolCommon, PairsCommon):
    """# C10 C18: a customer that somebody asks for may wait in a pool."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.conflict_query_limit = 20
        cls.customer = cls.make_released(NAME)
        cls.find()

    def ask(self, user):
        with self.calling_as(user):
            queries = self.env["crm.conflict.query"].with_user(user)
            (answer,) = queries.ask(NAME, "work", False)["answers"]
        return answer

    def facts(self, told):
        return {fact["key"]: fact["value"] for fact in told["facts"]}

    def acts(self, told):
        return {act["key"]: act["method"] for act in told["actions"]}

    def claim_told(self, told, user):
        with self.calling_as(user):
            answer = self.env["crm.conflict.answer"].with_user(user).browse(told["id"])
            return answer.action_claim_from_pool()

    def test_a_member_is_told_and_claims(self):
        told = self.ask(self.rep)
        self.assertEqual(
            (self.facts(told)["owner"], self.facts(told)["pool"]), ("no owner", "East")
        )
        self.assertEqual(self.acts(told)["claim"], "action_claim_from_pool")
        action = self.claim_told(told, self.rep)
        self.assertEqual(action["res_id"], self.customer.id)
        self.assertEqual(self.customer.customer_owner_id, self.rep)
        move = self.moves(self.customer)[-1]
        self.assertEqual((move.cause, move.to_user_id), ("claim", self.rep))

    def test_who_is_no_member_is_told_the_pool_alone(self):
        told = self.ask(self.other_rep)
        self.assertEqual(self.facts(told)["pool"], "East")
        self.assertNotIn("claim", self.acts(told))
        with self.assertRaises(AccessError):
            self.claim_told(told, self.other_rep)
        self.assertFalse(self.customer.user_id)

    def test_limits_are_those_of_the_pool(self):
        self.pool.claims_per_day = 1
        self.claim(self.make_released("Acme"), self.rep)
        told = self.ask(self.rep)
        with self.assertRaisesRegex(UserError, "You may claim 1 customers"):
            self.claim_told(told, self.rep)
        self.assertFalse(self.customer.user_id)

    def test_who_is_late_is_told(self):
        told = self.ask(self.rep)
        self.claim(self.customer, self.colleague)
        with self.assertRaisesRegex(UserError, "Somebody was faster"):
            self.claim_told(told, self.rep)
        self.assertEqual(self.customer.user_id, self.colleague)

    def test_an_answer_of_somebody_else_claims_nothing(self):
        told = self.ask(self.other_rep)
        with self.assertRaises(AccessError):
            self.claim_told(told, self.rep)
        self.assertFalse(self.customer.user_id)

    def test_owned_customers_stand_in_no_pool(self):
        self.customer.user_id = self.colleague
        told = self.ask(self.rep)
        self.assertNotIn("pool", self.facts(told))
        self.assertNotIn("claim", self.acts(told))
