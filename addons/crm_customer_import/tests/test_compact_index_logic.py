from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.compact_index import CompactIndex

keys = st.one_of(st.text(max_size=3), st.tuples(st.integers(0, 9), st.text(max_size=2)))


class TestCompactIndex(BaseCase):
    @given(st.lists(st.tuples(keys, st.integers(0, 2**32 - 1))))
    def test_it_answers_as_a_dict(self, pairs):
        index, plain = CompactIndex(), {}
        for key, number in pairs:
            index.setdefault(key, number)
            plain.setdefault(key, number)
        self.assertEqual(len(index), len(plain))
        for key, _number in pairs:
            self.assertEqual(index.get(key), plain[key])
        self.assertIsNone(index.get("a key nobody has"))

    def test_it_grows(self):
        index = CompactIndex()
        for number in range(5000):
            index.setdefault(f"key {number}", number)
        self.assertEqual(
            [index.get(f"key {n}") for n in range(5000)], list(range(5000))
        )
        self.assertIsNone(index.get("key 5000"))

    def test_keys_that_want_one_slot_all_find_one(self):
        """Whatever their hashes have in common, and to the last slot."""
        index = CompactIndex()
        keys = [2 * 1024 * number for number in range(1, 700)]
        for number, key in enumerate(keys):
            index.setdefault(key, number)
        self.assertEqual([index.get(key) for key in keys], list(range(699)))
