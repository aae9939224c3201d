from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.isolation import WAITS, bad_ones, next_try


@tagged("post_install", "-at_install")
class TestIsolationLogic(BaseCase):
    """# B7: one bad one of many stops nobody."""

    def run_over(self, items, bad):
        done, attempts = [], []

        def attempt(batch):
            attempts.append(len(batch))
            if set(batch) & bad:
                return ValueError(str(batch))
            done.extend(batch)
            return None

        return bad_ones(items, attempt), done, attempts

    @given(st.lists(st.integers(), unique=True), st.data())
    def test_the_bad_ones_are_found_and_all_others_done_once(self, items, data):
        bad = set(data.draw(st.lists(st.sampled_from(items))) if items else ())
        found, done, _attempts = self.run_over(items, bad)
        self.assertEqual(
            [item for item, _error in found], [i for i in items if i in bad]
        )
        self.assertEqual(done, [item for item in items if item not in bad])

    def test_one_of_many_is_found_quickly(self):
        """252 surveys, one broken: no attempt for each of them."""
        found, done, attempts = self.run_over(range(252), {100})
        self.assertEqual(len(found), 1)
        self.assertEqual(len(done), 251)
        self.assertLess(len(attempts), 20)

    def test_of_nothing_nothing_is_attempted(self):
        self.assertEqual(self.run_over([], set()), ([], [], []))

    def test_the_error_is_that_of_the_item_alone(self):
        found, _done, _attempts = self.run_over([1, 2, 3], {2})
        self.assertEqual(str(found[0][1]), "[2]")

    def test_what_is_no_items_fault_goes_through(self):
        def attempt(batch):
            raise ConnectionError

        with self.assertRaises(ConnectionError):
            bad_ones([1, 2], attempt)

    def test_tries_are_ever_further_apart_and_end(self):
        waits = [next_try(number) for number in range(1, len(WAITS) + 1)]
        self.assertEqual(waits, sorted(waits))
        self.assertEqual(waits[0], timedelta(hours=1))
        self.assertIsNone(next_try(len(WAITS) + 1))
