import json

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import tag_expression as te
from ..tools.tag_expression import Block, Expression, ExpressionError, Row, Words

TAGS = st.integers(min_value=1, max_value=6)
ROWS = st.builds(
    Row,
    st.sampled_from(te.ROW_MATCHES),
    st.lists(TAGS, max_size=4).map(tuple),
)
BLOCKS = st.builds(
    Block, st.sampled_from(te.MATCHES), st.lists(ROWS, max_size=4).map(tuple)
)
EXPRESSIONS = st.builds(
    Expression, st.sampled_from(te.MATCHES), st.lists(BLOCKS, max_size=4).map(tuple)
)
TAG_SETS = st.frozensets(TAGS)
WORDS = Words(
    all="with %s",
    any="with %s",
    none="without %s",
    tag="“%s”",
    tag_and=" and ",
    tag_or=" or ",
    both=", and ",
    either=", or ",
    bracket="(%s)",
    everybody="everybody",
)
NAMES = {1: "VIP", 2: "Fair", 3: "Web", 4: "Lost"}


def one_block(*rows, match="all"):
    return Expression("all", (Block(match, rows),))


def holds(domain, tags):
    """Evaluate a domain in prefix notation over one record: an independent reading
    of what Odoo does with it."""
    stack = []
    for item in reversed(domain):
        if item == "&":
            stack.append(stack.pop() & stack.pop())
        elif item == "|":
            stack.append(stack.pop() | stack.pop())
        else:
            _field, operator, ids = item
            stack.append(bool(tags & set(ids)) == (operator == "in"))
    assert len(stack) <= 1, "a domain must reduce to one truth"
    return stack[0] if stack else True


def brute_force(expression, tags):
    """The definition, said once more with plain set arithmetic."""
    truths = []
    for block in expression.blocks:
        rows = []
        for row in block.rows:
            if row.tags:
                wanted = set(row.tags)
                found = len(wanted & tags)
                rows.append(
                    {
                        "all": found == len(wanted),
                        "any": found >= 1,
                        "none": found == 0,
                    }[row.match]
                )
        if rows:
            truths.append(min(rows) if block.match == "all" else max(rows))
    if not truths:
        return True
    return min(truths) if expression.match == "all" else max(truths)


class TestTagExpressionMeaning(BaseCase):
    def test_all_of_any_of_none_of(self):
        """# T2: all of {1, 2} and any of {3, 4} and none of {5}."""
        expression = one_block(
            Row("all", (1, 2)), Row("any", (3, 4)), Row("none", (5,))
        )
        for tags, expected in (
            ({1, 2, 3}, True),
            ({1, 2, 4, 6}, True),
            ({1, 2}, False),
            ({1, 3}, False),
            ({1, 2, 3, 5}, False),
            (set(), False),
        ):
            with self.subTest(tags=tags):
                self.assertIs(te.evaluate(expression, tags), expected)

    def test_blocks_combine_by_or(self):
        """# T2: (VIP and not lost) or (came from the fair)."""
        expression = Expression(
            "any",
            (
                Block("all", (Row("any", (1,)), Row("none", (4,)))),
                Block("all", (Row("any", (2,)),)),
            ),
        )
        self.assertEqual(
            te.to_domain(expression),
            [
                "|",
                "&",
                ("category_id", "in", [1]),
                ("category_id", "not in", [4]),
                ("category_id", "in", [2]),
            ],
        )

    def test_the_field_of_the_domain_can_be_another(self):
        self.assertEqual(
            te.to_domain(one_block(Row("all", (2, 1))), "tag_ids"),
            ["&", ("tag_ids", "in", [1]), ("tag_ids", "in", [2])],
        )

    def test_what_says_nothing_is_true_of_everybody(self):
        for expression in (
            te.EVERYBODY,
            one_block(),
            one_block(Row("none", ()), match="any"),
            Expression("any", (Block("any", ()),)),
        ):
            with self.subTest(expression=expression):
                self.assertTrue(te.is_empty(expression))
                self.assertTrue(te.evaluate(expression, set()))
                self.assertEqual(te.to_domain(expression), [])

    @settings(max_examples=500)
    @given(EXPRESSIONS, TAG_SETS)
    def test_evaluation_is_plain_set_arithmetic(self, expression, tags):
        """# T2"""
        self.assertIs(te.evaluate(expression, tags), brute_force(expression, tags))

    @settings(max_examples=500)
    @given(EXPRESSIONS, TAG_SETS)
    def test_the_domain_says_what_the_expression_says(self, expression, tags):
        """# T2"""
        domain = te.to_domain(expression)
        self.assertIs(holds(domain, tags), te.evaluate(expression, tags))

    @given(EXPRESSIONS, TAG_SETS)
    def test_normalising_keeps_the_meaning(self, expression, tags):
        clean = te.normalise(expression)
        self.assertIs(te.evaluate(clean, tags), te.evaluate(expression, tags))
        self.assertEqual(te.normalise(clean), clean)
        self.assertEqual(te.tags_of(clean), te.tags_of(expression))

    @given(st.lists(TAG_SETS, unique=True, max_size=8))
    def test_any_choice_of_tag_sets_can_be_written(self, chosen):
        """# T2: nothing that AND, OR and NOT can say is out of reach."""
        universe = range(1, 7)
        expression = Expression(
            "any",
            tuple(
                Block(
                    "all",
                    (
                        Row("all", tuple(tags)),
                        Row("none", tuple(set(universe) - tags)),
                    ),
                )
                for tags in chosen
            ),
        )
        for tags in chosen:
            self.assertTrue(te.evaluate(expression, tags))
        for tag in universe:
            other = frozenset({tag})
            if chosen:
                self.assertIs(te.evaluate(expression, other), other in chosen)


class TestTagExpressionJson(BaseCase):
    @given(EXPRESSIONS)
    def test_json_and_back_is_the_same(self, expression):
        text = json.dumps(te.to_json(expression))
        self.assertEqual(te.parse(json.loads(text)), expression)

    def test_nothing_is_the_empty_expression(self):
        for value in (None, False, {}, ""):
            self.assertEqual(te.parse(value), te.EVERYBODY)

    def test_wrong_values_are_refused_with_a_code(self):
        """# T2: what a client sends is checked, whoever wrote the client."""

        def with_row(**row):
            row = {"match": "any", "tags": [1], **row}
            return {"match": "all", "blocks": [{"match": "all", "rows": [row]}]}

        for value, code in (
            ([1], "not_an_expression"),
            ("VIP", "not_an_expression"),
            ({"match": "all"}, "not_an_expression"),
            ({"match": "all", "blocks": {}}, "not_an_expression"),
            ({"match": "all", "blocks": [[]]}, "not_an_expression"),
            ({"match": "all", "blocks": [], "sql": "1"}, "not_an_expression"),
            ({"match": "none", "blocks": []}, "unknown_match"),
            ({"match": ["all"], "blocks": []}, "unknown_match"),
            (with_row(match="not"), "unknown_match"),
            (with_row(tags=["1"]), "not_tags"),
            (with_row(tags=[True]), "not_tags"),
            (with_row(tags=[0]), "not_tags"),
            (with_row(tags=[-3]), "not_tags"),
            (with_row(tags=[1.0]), "not_tags"),
            (with_row(tags=[[1]]), "not_tags"),
            (with_row(tags=[2**31]), "not_tags"),
            (with_row(tags=1), "not_an_expression"),
            (with_row(tags=list(range(1, 102))), "too_large"),
        ):
            with self.subTest(value=value):
                with self.assertRaises(ExpressionError) as caught:
                    te.parse(value)
                self.assertEqual(caught.exception.code, code)

    def test_as_much_as_the_limits_say_is_read(self):
        """# T2"""
        row = {"match": "any", "tags": [1] * te.MAX_TAGS}
        rows = [row] * te.MAX_ROWS
        blocks = [{"match": "all", "rows": rows}] * te.MAX_BLOCKS
        value = {"match": "all", "blocks": blocks}
        self.assertEqual(te.to_json(te.parse(value)), value)
        last = {"match": "all", "rows": [{"match": "any", "tags": [2**31 - 1]}]}
        self.assertTrue(te.parse({"match": "all", "blocks": [last]}).blocks)

    def test_a_position_that_does_not_exist_changes_nothing(self):
        """# T2: nor one counted from the end."""
        expression = one_block(Row("any", (1,)))
        for block, row in ((-1, 0), (0, -1), (1, 0), (0, 1)):
            with self.subTest(block=block, row=row):
                self.assertEqual(te.without_row(expression, block, row), expression)
        self.assertTrue(te.is_empty(te.without_row(expression, 0, 0)))

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["match", "blocks", "rows", "tags", "x"]),
                    inner,
                    max_size=3,
                )
            ),
            max_leaves=10,
        )
    )
    def test_any_json_gives_an_expression_or_a_known_error(self, value):
        try:
            expression = te.parse(value)
        except ExpressionError as error:
            self.assertIn(
                error.code,
                {"not_an_expression", "unknown_match", "not_tags", "too_large"},
            )
        else:
            self.assertIsInstance(te.to_domain(expression), list)


class TestTagExpressionTags(BaseCase):
    @given(EXPRESSIONS, TAG_SETS)
    def test_a_merged_tag_means_what_both_meant(self, expression, tags):
        """# T5: on records whose tag 2 has become tag 1 too, nothing changes for
        a row that wants any or none of them."""
        merged = te.replace_tags(expression, {2: 1})
        self.assertNotIn(2, te.tags_of(merged))
        if 2 not in te.tags_of(expression):
            self.assertIs(te.evaluate(merged, tags), te.evaluate(expression, tags))

    def test_a_row_that_had_both_names_the_kept_tag_once(self):
        expression = one_block(Row("all", (1, 2, 3)))
        self.assertEqual(
            te.replace_tags(expression, {2: 1}), one_block(Row("all", (1, 3)))
        )

    @given(EXPRESSIONS, TAG_SETS, st.integers(0, 3), st.integers(0, 3))
    def test_without_a_row_is_as_if_the_row_were_true(self, expression, tags, b, r):
        """# T2: the counts beside the choices of a row leave this row out."""
        loose = te.without_row(expression, b, r)
        if b >= len(expression.blocks) or r >= len(expression.blocks[b].rows):
            self.assertEqual(loose, expression)
            return
        # a row about a tag the record has for certain is a true row
        block = expression.blocks[b]
        rows = (*block.rows[:r], Row("any", (99,)), *block.rows[r + 1 :])
        blocks = (
            *expression.blocks[:b],
            Block(block.match, rows),
            *expression.blocks[b + 1 :],
        )
        marked = Expression(expression.match, blocks)
        self.assertIs(te.evaluate(loose, tags), te.evaluate(marked, tags | {99}))


class TestTagExpressionSentence(BaseCase):
    def test_sentences(self):
        """# T2"""
        for expression, text in (
            (te.EVERYBODY, "everybody"),
            (one_block(Row("any", (1,))), "with “VIP”"),
            (one_block(Row("all", (1, 2))), "with “VIP” and “Fair”"),
            (
                one_block(Row("any", (2, 3)), Row("none", (4,))),
                "with “Fair” or “Web”, and without “Lost”",
            ),
            (
                Expression(
                    "any",
                    (
                        Block("all", (Row("any", (1,)), Row("none", (4,)))),
                        Block("any", (Row("any", (2,)),)),
                    ),
                ),
                "(with “VIP”, and without “Lost”), or with “Fair”",
            ),
            (
                Expression(
                    "all",
                    (
                        Block("any", (Row("any", (1,)), Row("any", (3,)))),
                        Block("any", (Row("any", (2,)),)),
                    ),
                ),
                "(with “VIP”, or with “Web”), and with “Fair”",
            ),
            (one_block(Row("any", (77,))), "with “#77”"),
        ):
            with self.subTest(text=text):
                self.assertEqual(te.sentence(expression, NAMES, WORDS), text)

    def test_a_name_with_a_percent_sign_is_shown_as_it_is(self):
        text = te.sentence(one_block(Row("any", (1,))), {1: "10 % off"}, WORDS)
        self.assertEqual(text, "with “10 % off”")

    @given(EXPRESSIONS)
    def test_every_tag_is_named(self, expression):
        names = {tag: f"tag-{tag}-" for tag in range(1, 7)}
        text = te.sentence(expression, names, WORDS)
        for tag in te.tags_of(expression):
            self.assertIn(names[tag], text)
