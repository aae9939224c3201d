from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.claims import (
    Limits,
    Place,
    PoolInfo,
    Standing,
    claim_refusal,
    cooling,
    fitting_pool,
    look_refusal,
    own_refusal,
)

few = st.integers(0, 6)
ids = st.integers(1, 4)


def pool(id_, company=0, teams=(), regions=(), is_default=False):
    return PoolInfo(id_, company, frozenset(teams), frozenset(regions), is_default)


@tagged("post_install", "-at_install")
class TestClaimsLogic(BaseCase):
    """# C10: limits, and which pool takes a customer."""

    def test_no_limit_refuses_nobody(self):
        many = Standing(10**6, 10**6, 10**6)
        for refuse in (claim_refusal, own_refusal, look_refusal):
            self.assertIsNone(refuse(Limits(), many, 10**6))

    def test_the_last_one_is_possible(self):
        limits = Limits(capacity=5, claims=3, looks=2)
        self.assertIsNone(claim_refusal(limits, Standing(4, 2), 1))
        refusal = claim_refusal(limits, Standing(4, 1), 2)
        self.assertEqual(tuple(refusal), ("capacity", 1, 5))
        self.assertEqual(claim_refusal(limits, Standing(0, 3), 1).kind, "claims")
        self.assertEqual(look_refusal(limits, Standing(looked=2), 1).kind, "looks")

    @given(few, few, few, few, st.integers(1, 5))
    def test_what_is_allowed_keeps_all_limits(self, capacity, claims, owned, done, n):
        limits, standing = Limits(capacity, claims), Standing(owned, done)
        allowed = claim_refusal(limits, standing, n) is None
        self.assertEqual(
            allowed,
            (not capacity or owned + n <= capacity)
            and (not claims or done + n <= claims),
        )
        refusal = claim_refusal(limits, standing, n)
        if refusal and refusal.left:
            self.assertIsNone(claim_refusal(limits, standing, refusal.left))

    def test_which_pool(self):
        pools = [
            pool(1, is_default=True),
            pool(2, teams={1}),
            pool(3, regions={7}),
            pool(4, teams={1}, regions={7}),
            pool(5, company=9, teams={1}),
        ]
        for place, expected in (
            (Place(1, 0, 0), 1),
            (Place(1, 1, 0), 2),
            (Place(1, 2, 7), 3),
            (Place(1, 1, 7), 4),
            (Place(9, 1, 0), 5),
        ):
            with self.subTest(place=place):
                self.assertEqual(fitting_pool(place, pools), expected)
        self.assertEqual(fitting_pool(Place(1, 2, 3), pools[1:]), 0)

    @given(
        st.lists(
            st.builds(
                pool,
                ids,
                st.integers(0, 2),
                st.frozensets(ids),
                st.frozensets(ids),
                st.booleans(),
            ),
            max_size=5,
        ),
        st.builds(Place, st.integers(0, 2), st.integers(0, 4), st.integers(0, 4)),
    )
    def test_a_default_pool_leaves_nobody_out(self, pools, place):
        found = fitting_pool(place, pools)
        of_all = [one for one in pools if one.is_default and not one.company]
        if of_all:
            self.assertTrue(found)
        if not pools:
            self.assertEqual(found, 0)

    def test_any_former_owner_counts(self):
        former = [(1, 5), (1, 6), (2, 6)]
        self.assertEqual(cooling([1, 2, 3], former, frozenset({5})), {1})
        self.assertEqual(cooling([1, 2, 3], former, frozenset({5, 6})), {1, 2})
        self.assertEqual(cooling([3], former, frozenset({5, 6})), set())
