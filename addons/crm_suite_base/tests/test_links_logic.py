from odoo.tests import BaseCase, tagged

from ..tools.links import ids_named, lines_named, reference_named
from ..tools.token import Token


class Records:
    """As much of a recordset as matters here; new records have no id in numbers."""

    _ids = (7, object())


@tagged("post_install", "-at_install")
class TestLinksLogic(BaseCase):
    """Every shape a client may write a link in names the same ids."""

    def test_a_link_is_found_in_every_shape(self):
        for value, ids in (
            (7, [7]),
            ((7, "Name"), [7]),
            ((7, 8), [7, 8]),
            ([7, 8], [7, 8]),
            ({"id": 7, "display_name": "x"}, [7]),
            ([{"id": 7}], [7]),
            ([(4, 7, 0)], [7]),
            ([[4, 7]], [7]),
            ([[1, 7, {"name": "x"}]], [7]),
            ([(6, 0, [7, 8])], [7, 8]),
            (((6, 0, (7, 8)),), [7, 8]),
            ([(6, 0, [(7, "x")])], [7]),
            (Records(), [7]),
        ):
            with self.subTest(value=value):
                self.assertEqual(list(ids_named(value)), ids)

    def test_what_takes_away_or_names_nothing_is_no_link(self):
        for value in (
            None,
            False,
            True,
            "7",
            [],
            [(5,)],
            [(3, 7)],
            [(2, 7)],
            [(0, 7, {"name": "x"})],
            [(6,)],
            [(6, 0)],
            [(6, 0, False)],
            [(5, 0, 0)],
            [(3, 7, 0)],
            [(4,)],
            [[]],
            {"name": "x"},
            {"id": "virtual_1"},
            3.5,
        ):
            with self.subTest(value=value):
                self.assertEqual(list(ids_named(value)), [])

    def test_lines_are_found_with_their_ids(self):
        self.assertEqual(
            list(lines_named([(0, 0, {"a": 1}), (1, 7, {"b": 2}), (4, 8), {"id": 9}])),
            [(None, {"a": 1}), (7, {"b": 2}), (9, {"id": 9})],
        )
        self.assertEqual(list(lines_named({"id": "x"})), [(None, {"id": "x"})])
        for value in (7, [(0, 0)], [(1, 7)], [(6, 0, [7])], [(4, 7, {})]):
            with self.subTest(value=value):
                self.assertEqual(list(lines_named(value)), [])

    def test_a_reference_names_model_and_id(self):
        self.assertEqual(reference_named("res.partner,7"), ("res.partner", 7))
        for value in ("res.partner", "res.partner,x", "res.partner,²", 7, None):
            self.assertIsNone(reference_named(value))


class Environment:
    """As much of an environment as a token asks for."""

    def __init__(self, **context):
        self.context = context

    def with_context(self, **context):
        return Environment(**{**self.context, **context})


@tagged("post_install", "-at_install")
class TestToken(BaseCase):
    """A client can send any key and any JSON, and raises no flag by it."""

    def test_our_code_raises_the_flag_and_hands_a_value_on(self):
        token = Token("flag")
        self.assertTrue(token.is_on(token.on(Environment())))
        self.assertEqual(token.value(token.on(Environment(), "mail")), "mail")
        self.assertFalse(token.is_on(token.off(token.on(Environment()))))
        self.assertIs(token.value(token.on(Environment())), True)
        self.assertIs(token.value(token.on(Environment(), False)), False)
        self.assertIs(token.value(Environment(**token.entry())), True)

    def test_a_token_is_known_by_its_name_in_a_log(self):
        self.assertEqual(repr(Token("flag")), "Token('flag')")

    def test_what_a_client_sends_counts_for_nothing(self):
        token = Token("flag")
        for sent in (True, 1, "flag", ["flag"], {"token": "flag", "value": True}):
            with self.subTest(sent=sent):
                self.assertFalse(token.is_on(Environment(flag=sent)))
                self.assertIsNone(token.value(Environment(flag=sent)))

    def test_another_token_of_the_same_name_is_another(self):
        raised = Token("flag").on(Environment())
        self.assertFalse(Token("flag").is_on(raised))
        self.assertEqual(Token("flag").value(raised, "none"), "none")
