from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.fair_share import (
    CAPPED,
    NO_WEIGHT,
    Balance,
    Member,
    choose,
    choose_all,
)

TODAY = date(2026, 4, 1)
pools = st.lists(st.integers(1, 12), min_size=1, max_size=9).map(
    lambda weights: [Member(key, weight) for key, weight in enumerate(weights, 1)]
)


def hand_out(members, count, balances=None, today=TODAY, absent=None):
    """:return: (keys chosen one after the other, balances afterwards)"""
    chosen, balances = [], dict(balances or {})
    for _piece in range(count):
        choice = choose(members, balances, today, absent)
        chosen.append(choice.chosen)
        balances = choice.balances
    return chosen, balances


def shares(members):
    total = sum(member.weight for member in members)
    return {member.key: member.weight / total for member in members}


class TestFairShareLogic(BaseCase):
    @settings(max_examples=200, deadline=None)
    @given(pools, st.integers(1, 120))
    def test_from_the_beginning_nobody_is_a_lead_away_from_the_target(
        self, members, count
    ):
        """# S2: at every moment, less than one lead per person against target."""
        chosen, _balances = hand_out(members, count)
        for moment in range(1, count + 1):
            for key, share in shares(members).items():
                had = chosen[:moment].count(key)
                self.assertLess(abs(had - share * moment), 1, (key, moment))

    @settings(max_examples=100, deadline=None)
    @given(pools, st.integers(0, 60), st.integers(1, 60))
    def test_any_window_of_time_is_fair(self, members, start, length):
        """# S2: at most 2 - 1/(n-1) leads in a window that starts anywhere, and so 1
        for two people."""
        chosen, _balances = hand_out(members, start + length)
        limit = max(2 - 1 / max(len(members) - 1, 1), 0)
        for key, share in shares(members).items():
            had = chosen[start:].count(key)
            self.assertLessEqual(abs(had - share * length), limit + 1e-6)

    @settings(max_examples=50, deadline=None)
    @given(st.integers(1, 9), st.integers(0, 40), st.integers(1, 40))
    def test_equal_weights_take_turns(self, size, start, length):
        """# S2: in any window nobody gets two more than another."""
        members = [Member(key) for key in range(size)]
        chosen, _balances = hand_out(members, start + length)
        had = [chosen[start:].count(member.key) for member in members]
        self.assertLessEqual(max(had) - min(had), 1)

    @settings(max_examples=100, deadline=None)
    @given(pools, st.data())
    def test_the_order_of_members_changes_nothing(self, members, data):
        """# S2"""
        shuffled = data.draw(st.permutations(members))
        self.assertEqual(hand_out(members, 40), hand_out(shuffled, 40))

    @settings(max_examples=100, deadline=None)
    @given(pools, st.data())
    def test_caps_hold_and_start_anew_each_day(self, members, data):
        """# S2: a cap is never exceeded; when all have theirs, nobody is chosen."""
        caps = data.draw(st.lists(st.integers(1, 4), min_size=9, max_size=9))
        members = [
            m._replace(daily_cap=cap) for m, cap in zip(members, caps, strict=False)
        ]
        balances = {}
        for day in range(3):
            today = TODAY + timedelta(days=day)
            chosen, balances = hand_out(members, 40, balances, today)
            for member in members:
                # with 40 pieces a day everybody gets all one may have
                self.assertEqual(chosen.count(member.key), member.daily_cap)
            self.assertIn(None, chosen)

    @settings(max_examples=100, deadline=None)
    @given(pools, st.data())
    def test_the_absent_are_never_chosen(self, members, data):
        """# S2: and the others keep their shares among themselves."""
        keys = [member.key for member in members]
        away = data.draw(st.sets(st.sampled_from(keys)))
        start, balances = hand_out(members, 10)
        chosen, _balances = hand_out(
            members, 30, balances, absent=dict.fromkeys(away, "leave")
        )
        self.assertFalse(away & set(chosen))
        present = [member for member in members if member.key not in away]
        if not present:
            self.assertEqual(set(chosen), {None})
        for key, share in shares(present).items() if present else ():
            self.assertLess(abs(chosen.count(key) - share * 30), 3, start)

    @settings(max_examples=100, deadline=None)
    @given(pools, st.integers(1, 200), st.integers(1, 40))
    def test_back_from_absence_nobody_is_flooded(self, members, away, length):
        """# S2: the one who comes back goes on with the own share; what others did
        meanwhile is not made up for."""
        absentee = members[0].key
        _start, balances = hand_out(members, 7)
        _away, balances = hand_out(members, away, balances, absent={absentee: "leave"})
        chosen, _balances = hand_out(members, length, balances)
        share = shares(members)[absentee]
        self.assertLessEqual(chosen.count(absentee), share * length + 2)

    def test_who_is_in_need_by_hand(self):
        """# S2: of two, whoever is owed half a piece; of three, who has a quarter and
        the least patience: (1 - 1/4 - owed) / share."""
        for weights, owed, chosen in (
            # 0.4 is less than 1/2, though the share is large
            ((4, 1), (0.4, 0.6), 2),
            # patience 0.5 / 0.5 = 1, not in need, 0.24 / 0.25 = 0.96
            ((2, 1, 1), (0.25, 0.24, 0.51), 3),
            # 0.49 / 0.5 = 0.98, 0.5 / 0.25 = 2, 0.26 / 0.25 = 1.04
            ((2, 1, 1), (0.26, 0.25, 0.49), 1),
        ):
            with self.subTest(owed=owed):
                members = [Member(k, weight) for k, weight in enumerate(weights, 1)]
                part = shares(members)
                balances = {
                    k: Balance(credit - part[k]) for k, credit in enumerate(owed, 1)
                }
                self.assertEqual(choose(members, balances, TODAY).chosen, chosen)

    def test_every_choice_says_how_each_stood(self):
        """# S2: the reasons are part of the answer."""
        members = [Member(1, 2), Member(2, 1), Member(3, 0), Member(4, 1, 1)]
        _first, balances = hand_out([members[3]], 1)
        choice = choose(members, balances, TODAY, {2: "leave"})
        self.assertEqual(choice.chosen, 1)
        said = {c.key: (c.share, c.total, c.skipped) for c in choice.candidates}
        self.assertEqual(
            said,
            {
                1: (1.0, 0, ""),
                2: (0.0, 0, "leave"),
                3: (0.0, 0, NO_WEIGHT),
                4: (0.0, 1, CAPPED),
            },
        )

    def test_nobody_there_changes_nothing_and_the_same_question_the_same_answer(self):
        """# S2: deterministic, no work without somebody to do it."""
        members = [Member(1), Member(2)]
        _chosen, balances = hand_out(members, 3)
        nobody = choose(members, balances, TODAY, {1: "leave", 2: "leave"})
        self.assertIsNone(nobody.chosen)
        self.assertEqual(nobody.balances, balances)
        self.assertEqual(
            choose(members, balances, TODAY), choose(members, balances, TODAY)
        )
        self.assertIsNone(choose([], {}, TODAY).chosen)

    def test_a_changed_weight_and_a_new_member_count_from_now_on(self):
        """# S2: no one pays for the past."""
        _chosen, balances = hand_out([Member(1), Member(2)], 50)
        members = [Member(1, 3), Member(2, 1), Member(3, 4)]
        chosen, _balances = hand_out(members, 80, balances)
        for key, target in ((1, 30), (2, 10), (3, 40)):
            self.assertLessEqual(abs(chosen.count(key) - target), 2)

    def test_pieces_one_after_the_other_are_as_choosing_each(self):
        """# S2 V7: and each tells whom to leave out, knowing who is out already and
        what everybody has been given."""
        members = [Member(1), Member(2, daily_cap=1), Member(3)]
        seen = []

        def left_out(item, out, given):
            seen.append((item, dict(out), dict(given)))
            return {3: "skill"} if item == "b" else {}

        choices = choose_all(members, {}, TODAY, "abcd", {}, left_out)
        balances, expected = {}, []
        for item in "abcd":
            absent = {3: "skill"} if item == "b" else {}
            choice = choose(members, balances, TODAY, absent)
            balances = choice.balances
            expected.append(choice)
        self.assertEqual(choices, expected)
        self.assertEqual([one.chosen for one in choices][:2], [1, 2])
        self.assertEqual(seen[2], ("c", {2: "capped"}, {1: 1, 2: 1}))

    def test_what_nobody_got_is_nobodys(self):
        """# S2 V7: it is not counted for the first member, who has had the cap."""
        seen = []

        def left_out(item, out, given):
            seen.append(given[1])
            return {}

        members = [Member(1, daily_cap=1)]
        choices = choose_all(members, {}, TODAY, "abc", {}, left_out)
        self.assertEqual([one.chosen for one in choices], [1, None, None])
        self.assertEqual(seen, [0, 1, 1])

    def test_everybody_has_a_day_of_ones_own(self):
        """# S2: used up in New York's March is used up, in Shanghai it is April."""
        members = [Member(1, daily_cap=1), Member(2, daily_cap=1)]
        yesterday = TODAY - timedelta(days=1)
        had = {key: Balance(0.0, yesterday, 1, 1) for key in (1, 2)}
        choice = choose(members, had, {1: TODAY, 2: yesterday})
        self.assertEqual(choice.chosen, 1)
        self.assertEqual(choice.candidates[1].skipped, "capped")
