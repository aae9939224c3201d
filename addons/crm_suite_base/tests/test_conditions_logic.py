from odoo.tests import BaseCase

from odoo.addons.crm_suite_base.tools import conditions


class TestConditionsLogic(BaseCase):
    """# R1: a condition is a list of literals."""

    def test_a_list_of_literals_is_read(self):
        self.assertEqual(conditions.parse("[('a', '=', 1)]"), [("a", "=", 1)])
        self.assertEqual(conditions.parse(" "), [])
        self.assertEqual(
            conditions.parse("['|', ('a', '=', False), (1, '=', 1)]"),
            ["|", ("a", "=", False), (1, "=", 1)],
        )
        self.assertEqual(
            conditions.parse("[('a', 'in', [1, 2]), (0, '=', 1)]"),
            [("a", "in", [1, 2]), (0, "=", 1)],
        )

    def test_what_is_just_within_the_limits_is_read(self):
        """As long, and as deep, as they say."""
        self.assertEqual(conditions.parse("[]".ljust(conditions.MAX_LENGTH)), [])
        deep = "[]"
        for _step in range(conditions.MAX_DEPTH - 1):
            deep = f"[('a', 'any', {deep})]"
        self.assertTrue(conditions.parse(deep))
        with self.assertRaises(ValueError):
            conditions.parse(f"[('a', 'any', {deep})]")

    def test_a_refusal_says_what_it_is_about(self):
        """Python's own words, or the condition, of a long one the beginning."""
        for text, words in (
            ("[('a', '=', user.id)]", "malformed"),
            ("[('a', '=')]", "'a', '='"),
        ):
            with self.subTest(text), self.assertRaisesRegex(ValueError, words):
                conditions.parse(text)
        with self.assertRaises(ValueError) as caught:
            conditions.parse(f"['{'x' * 1000}']")
        self.assertEqual(len(str(caught.exception)), 200)

    def test_nothing_is_evaluated(self):
        for text in (
            "[('a', '=', 'x' * 10 ** 9)]",
            "[('a', '=', __import__('os'))]",
            "[('a', '=', user.id)]",
            "[('a', '=', uid)]",
            "1",
            "{'a': 1}",
            "[('a', '=')]",
            "['a']",
            "['abc']",
            "[5]",
            "[('a', 'any!', [])]",
            "[('a', 'any', [('b', 'not any!', [])])]",
            "[('a', '=', b'x')]",
            "[('a', '=', {'b': 1})]",
            "[('a', '=', [[1]])]",
            "[(2, '=', 1)]",
            "[('a', 3, 1)]",
            "[('a', '=', 1",
            "\x00",
        ):
            with self.subTest(text), self.assertRaises(ValueError):
                conditions.parse(text)

    def test_a_known_word_stands_for_a_number(self):
        self.assertEqual(
            conditions.parse("[('a', '=', uid)]", {"uid": 7}), [("a", "=", 7)]
        )

    def test_what_is_too_large_is_refused_before_it_is_read(self):
        deep = "[]"
        for _step in range(conditions.MAX_DEPTH + 1):
            deep = f"[('a', 'any', {deep})]"
        for text in (
            "[('a', '=', '" + "x" * conditions.MAX_LENGTH + "')]",
            "[" * 30_000,
            "-" * 30_000 + "1",
            deep,
        ):
            with self.subTest(text[:20]), self.assertRaises(ValueError):
                conditions.parse(text)

    def test_conditions_inside_others_count_from_the_beginning(self):
        domain = ["|", ("x", "=", 1), ("a", "any", [("b.c", "in", [2])])]
        self.assertEqual(
            list(conditions.leaves(domain)), [("x", "=", 1), ("a.b.c", "in", [2])]
        )
        self.assertEqual(
            list(conditions.leaves([("a", "any", []), (1, "=", 1)])), [("a", "any", [])]
        )
        # what is no condition is none of them
        self.assertEqual(list(conditions.leaves(["abc", ("a", "=")])), [])

    def test_secrets_are_known_by_their_names(self):
        for name in (
            "totp_secret",
            "password",
            "new_password",
            "access_token",
            "api_key",
            "api_key_ids",
            "apikeys",
            "signup_token",
            "code_hash",
        ):
            with self.subTest(name):
                self.assertTrue(conditions.is_secret(name))
        for name in ("name", "tokenless", "key_account", "hashtag", "secretary_id"):
            with self.subTest(name):
                self.assertFalse(conditions.is_secret(name))

    def test_only_open_models_are_on_the_way(self):
        for model in ("res.users", "res.partner.category", "crm.team", "utm.source"):
            with self.subTest(model):
                self.assertTrue(conditions.is_open(model))
        for model in (
            "res.users.apikeys",
            "res.users.log",
            "mail.message",
            "ir.config_parameter",
            "ir.attachment",
            "crmx",
        ):
            with self.subTest(model):
                self.assertFalse(conditions.is_open(model))

    def test_texts_name_records_by_their_names(self):
        self.assertTrue(conditions.is_text("x"))
        self.assertTrue(conditions.is_text([1, "x"]))
        self.assertFalse(conditions.is_text([1, False]))

    def test_what_names_no_merged_record_stays_as_it_is(self):
        """Texts, truth values, and what is no condition at all. # T5"""
        domain = [
            "abc",
            ("tag",),
            ("tag", "ilike", "vip"),
            ("tag", "!=", True),
            ("tag.name", "=", 1),
        ]
        self.assertEqual(
            conditions.replace_ids(domain, frozenset(["tag"]), {1: 3}), domain
        )

    def test_ids_of_merged_tags_are_replaced_where_tags_are_meant(self):
        """Other numbers stay, doubles vanish, False stays False. # T5"""
        domain = [
            "&",
            ("category_id", "in", [1, 2, 3]),
            ("id", "in", [1]),
            ("parent_id.category_id.id", "=", 1),
            ("child_ids", "any", [("category_id", "=", 1)]),
            ("category_id", "=", False),
        ]
        self.assertEqual(
            conditions.replace_ids(domain, frozenset(["category_id"]), {1: 3}),
            [
                "&",
                ("category_id", "in", [3, 2]),
                ("id", "in", [1]),
                ("parent_id.category_id.id", "=", 3),
                ("child_ids", "any", [("category_id", "=", 3)]),
                ("category_id", "=", False),
            ],
        )
