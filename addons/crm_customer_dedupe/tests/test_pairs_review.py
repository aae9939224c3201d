from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PairsCommon


@tagged("post_install", "-at_install")
class TestPairsReview(PairsCommon):
    """# C4: pairs are reviewed side by side, the surest first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what the database brings is another story
        cls.pairs.search([]).unlink()
        cls.one = cls.make_customer(
            "上海恒策信息技术有限公司", cls.rep, phone="021 5888 1234", city="上海"
        )
        cls.other = cls.make_customer(
            "上海恒测信息技术有限公司", cls.rep, phone="021 5888 1234"
        )
        cls.alike = [cls.make_customer("宁波海川塑业有限公司") for _time in range(2)]
        cls.find()
        cls.pair = cls.pair_of(cls.one, cls.other)
        cls.perhaps = cls.pair_of(*cls.alike)

    def test_the_surest_comes_first(self):
        queue = self.pairs.with_user(self.manager).get_review_queue("")
        self.assertEqual(queue["ids"], [self.pair.id, self.perhaps.id])
        self.assertEqual(queue["total"], 2)
        self.assertEqual(
            [(one["key"], one["count"]) for one in queue["reasons"]],
            [("name", 1), ("similar_name", 1), ("phone", 1), ("city", 2)],
        )

    def test_by_reason(self):
        for reason, ids in (
            ("name", self.perhaps.ids),
            ("similar_name", self.pair.ids),
            ("phone", self.pair.ids),
            ("credit_code", []),
            ("no such reason", [self.pair.id, self.perhaps.id]),
        ):
            with self.subTest(reason=reason):
                self.assertEqual(self.pairs.get_review_queue(reason)["ids"], ids)

    def test_who_was_put_off_comes_last(self):
        self.pair.with_user(self.manager).put_off()
        queue = self.pairs.get_review_queue("")
        self.assertEqual(queue["ids"], [self.perhaps.id, self.pair.id])
        self.assertEqual(queue["total"], 2)

    def test_a_manager_gets_what_is_the_teams(self):
        queue = self.pairs.with_user(self.other_manager).get_review_queue("")
        self.assertEqual((queue["ids"], queue["total"]), (self.perhaps.ids, 1))

    def test_side_by_side(self):
        self.make_lead("Sensors", self.rep, self.other)
        with self.calling_as(self.manager):
            card = self.pair.with_user(self.manager).get_review_card()
        rows = {row["name"]: row for row in card["rows"]}
        self.assertEqual(rows["name"]["values"], [self.one.name, self.other.name])
        self.assertTrue(rows["name"]["differs"])
        self.assertFalse(rows["phone"]["differs"])
        self.assertEqual(rows["city"]["values"], ["上海", ""])
        self.assertEqual(rows["user_id"]["values"], ["rep user"] * 2)
        self.assertNotIn("website", rows)
        first, second = card["sides"]
        self.assertEqual(first["filled"] - second["filled"], 1)
        self.assertEqual([first["id"], second["id"]], [self.one.id, self.other.id])
        self.assertIn("opportunities", [one["key"] for one in second["counts"]])
        # with whom there is business stays, though less is known of it
        self.assertEqual(card["suggested"], self.other.id)

    def test_only_what_one_may_see(self):
        """A number that a role does not see is not laid beside another."""
        self.one.is_company = self.other.is_company = False
        self.one.id_number = "11010519491231002X"
        self.env.flush_all()
        names = [row["name"] for row in self.pair.get_review_card()["rows"]]
        self.assertIn("id_number", names)
        group = self.env.ref("crm_customer_center.group_sales_rep")
        known = self.pairs.with_user(self.plain)._review_rows(
            [customer.with_user(self.plain) for customer in (self.one, self.other)]
        )
        self.assertNotIn(group, self.plain.all_group_ids)
        self.assertNotIn("id_number", [row["name"] for row in known])

    def test_odd_values_are_refused_with_a_sentence(self):
        for act in (
            lambda: self.pairs.get_review_queue(3),
            lambda: self.pair.say_different(None),
            lambda: self.pair.merge_into("x"),
        ):
            with self.assertRaises(UserError):
                act()
