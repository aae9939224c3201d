from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.cleaning import Parts, Problem
from ..tools.planning import (
    REASONS,
    Candidate,
    PlanInput,
    PlannedRow,
    RowKeys,
    Seen,
    contact_key,
    keys_of,
    plan_rows,
)
from ..tools.sampling import sample_ids
from .engine_common import MAKERS

BAD = (Problem("phone", "phone_too_short", "1"),)
TOTAL = (Problem("", "total_row", "合计"),)


def plan(*keys, existing=None, policy="skip", seen=None, forced="", problems=()):
    """Plan rows numbered from 2, given as keys."""
    inputs = [PlanInput(n, key, problems, forced) for n, key in enumerate(keys, 2)]
    return plan_rows(inputs, existing or {}, policy, seen or Seen())


def known(candidate, *keys):
    return {key: [candidate] for key in keys}


class TestKeys(BaseCase):
    def test_keys_of_a_company_with_contact(self):
        parts = Parts(
            {
                "name": "深圳创新科技有限公司",
                "ref": "K1",
                "vat": "V",
                "phone": "+86 10 6552 9988",
                "email": "A@b.cn",
                "is_company": "1",
            },
            {"name": "张 三", "phone": "+86 138 0013 8000"},
        )
        keys = keys_of(parts, MAKERS)
        self.assertEqual(keys.contact, "张三")
        self.assertEqual(
            keys.search_keys(),
            [
                "code:K1",
                "vat:V",
                "phone:+861065529988",
                "email:a@b.cn",
                "phone:+8613800138000",
                "name:深圳创新科技",
            ],
        )

    def test_a_person_is_not_recognised_by_name(self):
        """Two people share a name, not a number."""
        keys = keys_of(Parts({"name": "张三", "is_company": ""}, {}), MAKERS)
        self.assertEqual(keys.search_keys(), [])
        first, second = plan(keys, keys)
        self.assertEqual((first.decision, second.decision), ("create", "create"))

    def test_contacts_are_recognised_by_name_then_number(self):
        self.assertEqual(contact_key("张 三", "1", "2"), contact_key("张三", "", ""))
        self.assertEqual(contact_key("", "1", "2"), "1")
        self.assertEqual(contact_key("", "", "2"), "2")


class TestStoredCustomers(BaseCase):
    """# C4, C8: rows whose customer exists."""

    keys = RowKeys(name="甲", phones=("1",), contact="张三")

    def decide(self, candidate, policy, *, keys=None, forced="", by="name:甲"):
        existing = known(candidate, by)
        (row,) = plan(
            keys or self.keys, existing=existing, policy=policy, forced=forced
        )
        return row

    def test_policy(self):
        candidate = Candidate(7, names=frozenset({"甲"}))
        self.assertEqual(
            self.decide(candidate, "skip"), PlannedRow(2, "skip", "same_name", 7)
        )
        self.assertEqual(
            self.decide(candidate, "update"),
            PlannedRow(2, "update", "same_name", 7, None, "create"),
        )
        self.assertEqual(
            self.decide(candidate, "create"),
            PlannedRow(2, "create", "same_name", contact="create"),
        )

    def test_a_known_contact_is_updated(self):
        candidate = Candidate(7, contacts={"张三": 8})
        row = self.decide(candidate, "update")
        self.assertEqual((row.contact, row.contact_id), ("update", 8))

    def test_a_person_decides_for_a_row(self):
        candidate = Candidate(7)
        for forced in ("skip", "update", "create", "refuse"):
            row = self.decide(candidate, "skip", forced=forced)
            self.assertEqual(row.decision, forced)
        (row,) = plan(self.keys, forced="update")
        self.assertEqual(row[1:3], ("refuse", "nothing_to_update"))

    def test_customers_of_others_are_not_told(self):
        for policy in ("skip", "update", "create"):
            row = self.decide(Candidate(7, visible=False), policy)
            self.assertEqual(row, PlannedRow(2, "refuse", "not_visible"))

    def test_customers_one_may_not_change(self):
        candidate = Candidate(7, writable=False)
        self.assertEqual(self.decide(candidate, "update").reason, "not_writable")
        self.assertEqual(self.decide(candidate, "skip").reason, "same_name")

    def test_a_code_is_given_once(self):
        row = self.decide(
            Candidate(7, code="K"), "create", keys=RowKeys(code="K"), by="code:K"
        )
        self.assertEqual(row[1:3], ("refuse", "code_taken"))

    def test_one_phone_under_two_names(self):
        """A person decides whether it is the same customer."""
        candidate = Candidate(7, names=frozenset({"乙"}))
        for policy, expected in {
            "skip": ("refuse", "other_name", 7),
            "update": ("refuse", "other_name", 7),
            "create": ("create", "other_name", None),
        }.items():
            row = self.decide(candidate, policy, by="phone:1")
            self.assertEqual(row[1:4], expected)
        row = self.decide(candidate, "skip", by="phone:1", forced="update")
        self.assertEqual(row[1:4], ("update", "other_name", 7))

    def test_a_contact_may_work_for_two_companies(self):
        keys = RowKeys(name="甲", contact_phones=("9",), contact="张三")
        candidate = Candidate(7, names=frozenset({"乙", "张三"}))
        row = self.decide(candidate, "skip", keys=keys, by="phone:9")
        self.assertEqual(row.decision, "create")

    def test_two_credit_codes_are_two_customers(self):
        candidate = Candidate(7, vat="B", names=frozenset({"甲"}))
        row = self.decide(candidate, "skip", keys=self.keys._replace(vat="A"))
        self.assertEqual(row.decision, "create")

    def test_several_matches(self):
        one, two = Candidate(7), Candidate(8)
        existing = {"name:甲": [one, two]}
        (row,) = plan(self.keys, existing=existing)
        self.assertEqual(row, PlannedRow(2, "refuse", "ambiguous"))
        existing["phone:1"] = [two]
        (row,) = plan(self.keys, existing=existing)
        self.assertEqual(row[1:4], ("skip", "same_phone", 8))
        hidden = {"name:甲": [one, two._replace(visible=False)]}
        (row,) = plan(self.keys, existing=hidden)
        self.assertEqual(row.reason, "not_visible")

    def test_the_strongest_key_decides(self):
        keys = RowKeys(code="K", vat="V", name="甲")
        existing = {"name:甲": [Candidate(1)], "vat:V": [Candidate(2)],
                    "code:K": [Candidate(3)]}  # fmt: skip
        for gone, expected in (("", 3), ("code:K", 2), ("vat:V", 1)):
            existing.pop(gone, None)
            self.assertEqual(plan(keys, existing=existing)[0].match_id, expected)

    def test_rows_with_problems(self):
        self.assertEqual(plan(self.keys, problems=BAD)[0].reason, "bad_value")
        forced = plan(self.keys, problems=BAD, forced="create")
        self.assertEqual(forced[0].decision, "refuse")
        self.assertEqual(plan(self.keys, problems=TOTAL)[0][1:3], ("skip", "total_row"))


class TestEarlierRows(BaseCase):
    """# C8: doubles within the file."""

    def test_another_contact_is_added_and_a_repeat_skipped(self):
        rows = plan(
            RowKeys(name="甲", contact="张三"),
            RowKeys(name="甲", contact="李四"),
            RowKeys(name="甲", contact="张三"),
            RowKeys(name="甲"),
        )
        self.assertEqual(
            rows,
            [
                PlannedRow(2, "create", contact="create"),
                PlannedRow(3, "update", "same_customer_row", None, 2, "create"),
                PlannedRow(4, "skip", "repeat_row", None, 2),
                PlannedRow(5, "skip", "repeat_row", None, 2),
            ],
        )

    def test_keys_are_followed_through_rows(self):
        """Row 3 is row 2 by name, row 4 is row 3 by phone."""
        rows = plan(
            RowKeys(name="甲"),
            RowKeys(name="甲", phones=("1",)),
            RowKeys(phones=("1",), company=False),
        )
        self.assertEqual([row.same_as_row for row in rows], [None, 2, 2])

    def test_a_refused_row_claims_nothing(self):
        seen = Seen()
        plan(RowKeys(name="甲"), problems=BAD, seen=seen)
        self.assertEqual(plan(RowKeys(name="甲"), seen=seen)[0].decision, "create")

    def test_one_phone_under_two_names(self):
        rows = plan(
            RowKeys(name="甲", phones=("1",)), RowKeys(name="乙", phones=("1",))
        )
        self.assertEqual(
            rows[1], PlannedRow(3, "refuse", "other_name_row", None, 2)
        )  # fmt: skip

    def test_the_same_customer_is_updated_once_per_contact(self):
        candidate = Candidate(7, names=frozenset({"甲"}), contacts={"张三": 8})
        rows = plan(
            RowKeys(name="甲", contact="张三"),
            RowKeys(name="甲", contact="李四"),
            RowKeys(name="甲", contact="张三"),
            existing=known(candidate, "name:甲"),
            policy="update",
        )
        self.assertEqual(
            rows,
            [
                PlannedRow(2, "update", "same_name", 7, None, "update", 8),
                PlannedRow(3, "update", "same_name", 7, 2, "create"),
                PlannedRow(4, "skip", "repeat_row", 7, 2),
            ],
        )

    def test_a_skipped_customer_is_not_updated_by_later_rows(self):
        rows = plan(
            RowKeys(name="甲", phones=("1",)),
            RowKeys(name="甲2", phones=(), contact="李四"),
            existing=known(Candidate(7), "name:甲", "name:甲2"),
        )
        self.assertEqual([row.decision for row in rows], ["skip", "skip"])
        found = plan(
            RowKeys(name="甲", vat="V"),
            RowKeys(vat="V", contact="李四"),
            existing=known(Candidate(7), "name:甲"),
        )
        self.assertEqual([row.decision for row in found], ["skip", "skip"])
        self.assertEqual(found[1].match_id, 7)

    def test_second_customers_are_created_once(self):
        rows = plan(
            RowKeys(name="甲"),
            RowKeys(name="甲"),
            existing=known(Candidate(7), "name:甲"),
            policy="create",
        )
        self.assertEqual(
            [row[1:3] for row in rows],
            [("create", "same_name"), ("skip", "repeat_row")],
        )

    def test_earlier_rows_that_disagree(self):
        rows = plan(
            RowKeys(name="甲", phones=("1",)),
            RowKeys(name="乙", phones=("2",)),
            RowKeys(phones=("1", "2"), company=False),
        )
        self.assertEqual(rows[2].reason, "ambiguous_row")

    def test_every_reason_has_a_sentence(self):
        for code, sentence in REASONS.items():
            with self.subTest(code=code):
                self.assertTrue(sentence.format(row=2).endswith("."))


class TestWhoIsTheSame(BaseCase):
    """# C8: what makes two rows, or a row and a customer, one and what does not."""

    def test_codes_that_differ_are_two_customers_whatever_else_agrees(self):
        """A customer code decides before a credit code; one of them alone decides
        only where both have it."""
        stored = Candidate(7, code="K1", vat="V1", names=frozenset({"甲"}))
        first = RowKeys(code="K1", vat="V1", name="甲")
        for keys, same in (
            (RowKeys(code="K2", name="甲"), False),
            (RowKeys(code="K2", vat="V1", name="甲"), False),
            (RowKeys(code="K1", vat="V2", name="甲"), True),
            (RowKeys(vat="V2", name="甲"), False),
            (RowKeys(vat="V1", name="甲"), True),
            (RowKeys(name="甲"), True),
        ):
            with self.subTest(keys=keys):
                (row,) = plan(keys, existing=known(stored, "name:甲", "code:K1"))
                self.assertEqual(row.decision, "skip" if same else "create")
                later = plan(first, keys)[1]
                self.assertEqual(later.decision, "skip" if same else "create")

    def test_a_code_of_one_side_alone_says_nothing(self):
        for bare, coded in (
            (RowKeys(vat="V1", name="甲"), RowKeys(code="K", vat="V2", name="甲")),
            (RowKeys(code="K", vat="V1", name="甲"), RowKeys(vat="V2", name="甲")),
        ):
            self.assertEqual(plan(bare, coded)[1].decision, "create")
            stored = Candidate(7, code=bare.code, vat=bare.vat)
            (row,) = plan(coded, existing=known(stored, "name:甲"))
            self.assertEqual(row.decision, "create")
            alike = coded._replace(vat=bare.vat)
            self.assertEqual(plan(bare, alike)[1].decision, "skip")
            (row,) = plan(alike, existing=known(stored, "name:甲"))
            self.assertEqual(row.match_id, 7)

    def test_of_several_with_one_phone_the_one_with_the_name_too(self):
        one, two = Candidate(7), Candidate(8)
        existing = {"phone:1": [one, two], "name:甲": [two]}
        keys = RowKeys(name="甲", phones=("1",))
        (row,) = plan(keys, existing=existing)
        self.assertEqual(row[1:4], ("skip", "same_phone", 8))

    def test_a_row_that_means_several_is_created_only_when_wanted(self):
        """A person's decision for the row goes before that for the list."""
        keys = RowKeys(name="甲", contact="张三")
        existing = {"name:甲": [Candidate(7), Candidate(8)]}
        made = PlannedRow(2, "create", "ambiguous", contact="create")
        refused = PlannedRow(2, "refuse", "ambiguous")
        for policy, forced, expected in (
            ("create", "", made),
            ("skip", "create", made),
            ("skip", "", refused),
            ("create", "update", refused),
            ("skip", "skip", PlannedRow(2, "skip", "by_person")),
        ):
            with self.subTest(policy=policy, forced=forced):
                (row,) = plan(keys, existing=existing, policy=policy, forced=forced)
                self.assertEqual(row, expected)

    def test_a_row_left_out_by_hand_brings_no_contact(self):
        """The same contact further down is then no repeat."""
        seen, keys = Seen(), RowKeys(name="甲", contact="张三")
        existing = known(Candidate(7), "name:甲")
        plan(keys, existing=existing, policy="update", forced="skip", seen=seen)
        (later,) = plan_rows([PlanInput(3, keys)], existing, "update", seen)
        self.assertEqual(
            later, PlannedRow(3, "update", "same_name", 7, 2, contact="create")
        )

    def test_a_row_left_out_by_hand_that_nobody_knows_claims_nothing(self):
        seen = Seen()
        (row,) = plan(RowKeys(name="甲"), forced="skip", seen=seen)
        self.assertEqual(row, PlannedRow(2, "skip", "by_person"))
        self.assertEqual(plan(RowKeys(name="甲"), seen=seen)[0].decision, "create")

    def test_decisions_for_a_repeat_within_the_list(self):
        first = PlanInput(2, RowKeys(name="甲", contact="张三"))
        for contact, forced, expected in (
            ("张三", "update", PlannedRow(3, "update", "same_customer_row", None, 2)),
            ("李四", "update",
             PlannedRow(3, "update", "same_customer_row", None, 2, "create")),
            ("张三", "create", PlannedRow(3, "create", "by_person", contact="create")),
            ("张三", "skip", PlannedRow(3, "skip", "by_person", None, 2)),
            ("张三", "refuse", PlannedRow(3, "refuse", "by_person", None, 2)),
        ):  # fmt: skip
            with self.subTest(contact=contact, forced=forced):
                again = PlanInput(3, RowKeys(name="甲", contact=contact), (), forced)
                rows = plan_rows([first, again], {}, "skip", Seen())
                self.assertEqual(rows[1], expected)

    def test_decisions_for_one_phone_under_two_names_within_the_list(self):
        first = PlanInput(2, RowKeys(name="甲", phones=("1",)))
        for forced, expected in (
            ("", PlannedRow(3, "refuse", "other_name_row", None, 2)),
            ("update", PlannedRow(3, "update", "same_customer_row", None, 2)),
            ("create", PlannedRow(3, "create", "by_person")),
        ):
            again = PlanInput(3, RowKeys(name="乙", phones=("1",)), (), forced)
            rows = plan_rows([first, again], {}, "skip", Seen())
            self.assertEqual(rows[1], expected)

    def test_a_contact_known_by_its_customer_is_updated_by_a_later_row(self):
        """What an earlier row of the list added is not added twice."""
        stored = Candidate(7, contacts={"李四": 9})
        rows = plan(
            RowKeys(name="甲"),
            RowKeys(name="甲", contact="李四"),
            RowKeys(name="甲"),
            existing=known(stored, "name:甲"),
            policy="update",
        )
        self.assertEqual(
            rows,
            [
                PlannedRow(2, "update", "same_name", 7),
                PlannedRow(3, "update", "same_name", 7, 2, "update", 9),
                PlannedRow(4, "skip", "repeat_row", 7, 2),
            ],
        )


names = st.sampled_from(["甲", "乙", "丙", ""])
numbers = st.lists(st.sampled_from("123"), max_size=2).map(tuple)
row_keys = st.builds(
    RowKeys,
    code=st.sampled_from(["", "", "K1", "K2"]),
    vat=st.sampled_from(["", "", "V1", "V2"]),
    phones=numbers,
    contact_phones=numbers,
    name=names,
    contact=st.sampled_from(["", "x", "y"]),
    company=st.booleans(),
)
inputs = st.lists(
    st.tuples(
        row_keys,
        st.sampled_from([(), (), (), BAD, TOTAL]),
        st.sampled_from(["", "", "", "skip", "update", "create", "refuse"]),
    ),
    max_size=12,
).map(lambda rows: [PlanInput(n, *row) for n, row in enumerate(rows, 2)])
candidates = st.builds(
    Candidate,
    id=st.integers(1, 4),
    visible=st.booleans(),
    writable=st.booleans(),
    vat=st.sampled_from(["", "V1"]),
    names=st.frozensets(names.filter(bool), max_size=2),
    contacts=st.dictionaries(st.sampled_from("xy"), st.integers(10, 20)),
)
databases = st.lists(candidates, max_size=3, unique_by=lambda c: c.id).flatmap(
    lambda found: st.fixed_dictionaries(
        {
            key: st.lists(st.sampled_from(found), max_size=2, unique_by=lambda c: c.id)
            if found
            else st.just([])
            for key in ("phone:1", "phone:2", "name:甲", "name:乙", "vat:V1", "code:K1")
        }
    )
)
policies = st.sampled_from(["skip", "update", "create"])


class TestPlanProperties(BaseCase):
    @settings(max_examples=150, deadline=None)
    @given(inputs, databases, policies)
    def test_every_row_gets_one_decision_with_a_reason(self, rows, existing, policy):
        """# C8: created + updated + skipped + refused = rows read."""
        planned = plan_rows(rows, existing, policy, Seen())
        self.assertEqual([p.number for p in planned], [r.number for r in rows])
        counts = Counter(p.decision for p in planned)
        self.assertLessEqual(set(counts), {"create", "update", "skip", "refuse"})
        for row in planned:
            self.assertTrue(row.reason in REASONS or not row.reason)
            self.assertTrue(row.reason or row.decision == "create")
            self.assertTrue(row.contact_id is None or row.contact == "update")
            self.assertTrue(row.same_as_row is None or row.same_as_row < row.number)

    @settings(max_examples=150, deadline=None)
    @given(inputs, databases, policies)
    def test_what_one_may_not_see_or_change_stays(self, rows, existing, policy):
        hidden = {c.id for found in existing.values() for c in found if not c.visible}
        fixed = {c.id for found in existing.values() for c in found if not c.writable}
        for row in plan_rows(rows, existing, policy, Seen()):
            self.assertNotIn(row.match_id, hidden)
            if row.decision == "update" and row.same_as_row is None:
                self.assertNotIn(row.match_id, fixed)

    @settings(max_examples=150, deadline=None)
    @given(inputs, databases, st.sampled_from(["skip", "update"]))
    def test_an_existing_customer_is_never_created_again(self, rows, existing, policy):
        """A code, credit code or company name that exists is not created."""
        for row, planned in zip(
            rows, plan_rows(rows, existing, policy, Seen()), strict=True
        ):
            if planned.decision == "create" and not row.forced:
                for key in row.keys.search_keys():
                    if not key.startswith("phone:"):
                        same = [c for c in existing.get(key, []) if _same(row.keys, c)]
                        self.assertEqual(same, [])

    @settings(max_examples=100, deadline=None)
    @given(inputs, databases, policies, st.integers(1, 5))
    def test_batches_and_restarts_change_nothing(self, rows, existing, policy, size):
        """Seen is carried over, or rebuilt from what was stored."""
        whole = plan_rows(rows, existing, policy, Seen())
        parts, stored = [], []
        for start in range(0, len(rows), size):
            batch = rows[start : start + size]
            rebuilt = Seen()
            for planned, keys in stored:
                rebuilt.claim(planned, keys)
            decided = plan_rows(batch, existing, policy, rebuilt)
            parts += decided
            stored += [(p, r.keys) for p, r in zip(decided, batch, strict=True)]
        self.assertEqual(parts, whole)

    @settings(max_examples=100, deadline=None)
    @given(inputs, policies)
    def test_importing_the_list_again_creates_nothing(self, rows, policy):
        """What the first import created is found by the second."""
        rows = [row._replace(forced="") for row in rows]
        first = plan_rows(rows, {}, policy, Seen())
        existing = {}
        for row, planned in zip(rows, first, strict=True):
            if planned.decision == "create":
                candidate = Candidate(
                    row.number, code=row.keys.code, vat=row.keys.vat,
                    names=row.keys.names(),
                )  # fmt: skip
                for key in row.keys.search_keys():
                    existing.setdefault(key, []).append(candidate)
        again = plan_rows(rows, existing, "skip", Seen())
        for row, planned, before in zip(rows, again, first, strict=True):
            strong = any(
                key.startswith(("code:", "vat:", "name:"))
                for key in row.keys.search_keys()
            )
            if strong and before.decision == "create":
                self.assertNotEqual(planned.decision, "create")


def _same(keys, candidate):
    """Carrying one key, they are one customer unless another key differs."""
    if keys.code and candidate.code:
        return keys.code == candidate.code
    return not (keys.vat and candidate.vat and keys.vat != candidate.vat)


class TestSampling(BaseCase):
    @given(st.lists(st.integers(0, 500)), st.integers(0, 20), st.text(max_size=5))
    def test_samples_are_reproducible(self, ids, size, seed):
        """# C8: N random rows, the same for the same seed."""
        sample = sample_ids(ids, size, seed)
        self.assertEqual(sample, sample_ids(reversed(ids), size, seed))
        self.assertEqual(len(sample), min(size, len(set(ids))))
        self.assertLessEqual(set(sample), set(ids))
        self.assertEqual(sample, sorted(set(sample)))

    def test_another_seed_gives_another_sample(self):
        samples = {tuple(sample_ids(range(1000), 5, str(n))) for n in range(5)}
        self.assertEqual(len(samples), 5)
