from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.common import AccessTable

from .common import PairsCommon

ROLES = (
    "plain", "rep", "other_rep", "manager", "other_manager", "agent",
    "service_manager", "marketing", "crm_admin",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestPairsAccess(AccessTable, PairsCommon):
    """# G1 C4: a pair is seen by who reviews and reads both customers; nobody writes
    it by hand."""

    ACCESS_ROLES = ROLES
    ACCESS_TABLE = """
    kind         plain rep orep mgr omgr agt smgr mkt adm
    rep's        -     -   -    R   -    -   -    -   R
    mixed        -     -   -    -   -    -   -    -   R
    stranger's   -     -   -    -   R    -   -    -   R
    half-unowned -     -   -    R   -    -   -    -   R
    unowned      -     -   -    R   R    -   -    -   R
    elsewhere's  -     -   -    -   -    -   -    -   -
    merged       -     -   -    R   -    -   -    -   R
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        owners = {
            "rep's": (cls.rep, cls.colleague, {}),
            "mixed": (cls.rep, cls.other_rep, {}),
            "stranger's": (cls.other_rep, cls.other_rep, {}),
            "half-unowned": (cls.rep, None, {}),
            "unowned": (None, None, {}),
            "elsewhere's": (None, None, {"company_id": elsewhere.id}),
            "merged": (cls.rep, cls.rep, {}),
        }
        names = ("甲山", "乙水", "丙木", "丁火", "戊土", "己石", "庚金")
        both = {
            kind: [
                cls.make_customer(f"上海{name}信息技术有限公司", owner, **values)
                for owner in (first, second)
            ]
            for name, (kind, (first, second, values)) in zip(
                names, owners.items(), strict=True
            )
        }
        cls.find()
        cls.records = {kind: cls.pair_of(*two) for kind, two in both.items()}
        assert all(len(pair) == 1 for pair in cls.records.values())
        cls.records["merged"].merge_into(both["merged"][0].id)

    def access_doors(self, record, text, group, name):
        """A pair is searched by the name of one of the two."""
        own = record.sudo().one_id.name
        return super().access_doors(record, text, group, own)

    def test_who_reads_pairs(self):
        self.assert_reading_obeys("reasons", "state", "reasons")

    def test_nobody_writes_them(self):
        table = self.ACCESS_TABLE
        self.assertNotIn("W", table)
        self.assert_changing_obeys(
            {
                "W": lambda pair: pair.write({"state": "different"}),
                "C": lambda pair: pair.create({"one_id": self.records["rep's"].id}),
                "D": lambda pair: pair.unlink(),
            }
        )

    def test_the_tables_of_the_comparison_are_nobodys(self):
        for model in ("crm.customer.match", "crm.customer.match.key"):
            for role in ROLES:
                with self.subTest(model=model, role=role):
                    table = self.env[model].with_user(self.roles[role])
                    with self.assertRaises(AccessError):
                        table.search([])

    def test_who_does_not_see_a_pair_decides_nothing_of_it(self):
        for role, kind, letters in self.access_cells():
            if kind == "merged":
                continue
            pair = self.records[kind].with_user(self.roles[role])
            for act in (
                lambda pair: pair.say_different("x"),
                lambda pair: pair.put_off(),
                lambda pair: pair.get_review_card(),
            ):
                with self.subTest(role=role, kind=kind):
                    self.assertEqual(
                        self.may(self.roles[role], pair, act), "R" in letters
                    )

    def test_who_may_not_change_both_does_not_merge(self):
        """Reading both is enough to say that they are two."""
        pair = self.records["rep's"]
        self.env["ir.rule"].create(
            {
                "name": "One of the two is closed",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {pair.other_id.id})]",
                "perm_read": False,
            }
        )
        with self.calling_as(self.manager):
            own = pair.with_user(self.manager)
            with self.assertRaises(AccessError):
                own.merge_into(own.one_id.id)
        self.assertEqual(pair.state, "open")
        self.assertTrue((pair.one_id | pair.other_id).exists())

    def test_the_role_is_enough_to_merge(self):
        """Who reviews needs no further right of Odoo's to do what the screen offers."""
        pair = self.records["rep's"]
        self.manager.group_ids -= self.env.ref("base.group_partner_manager")
        with self.calling_as(self.manager):
            own = pair.with_user(self.manager)
            own.merge_into(own.one_id.id)
        self.assertEqual(pair.state, "merged")

    def test_a_decision_is_taken_back_by_who_reviews(self):
        pair = self.records["rep's"]
        pair.say_different("Two")
        for role in ("rep", "other_manager", "agent"):
            with self.subTest(role=role), self.assertRaises(UserError):
                pair.with_user(self.roles[role]).action_reopen()
        pair.with_user(self.manager).action_reopen()
        self.assertEqual((pair.state, pair.decision_reason), ("open", False))


@tagged("post_install", "-at_install")
class TestMergeAccess(AccessTable, PairsCommon):
    """# G1 C4: a merge is seen by who reviews and reads the customer that stays; nobody
    writes it by hand, and what was moved is nobody's."""

    ACCESS_ROLES = ROLES
    ACCESS_TABLE = """
    kind         plain rep orep mgr omgr agt smgr mkt adm
    rep's        -     -   -    R   -    -   -    -   R
    stranger's   -     -   -    -   R    -   -    -   R
    unowned      -     -   -    R   R    -   -    -   R
    elsewhere's  -     -   -    -   -    -   -    -   -
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        owners = {
            "rep's": (cls.rep, {}),
            "stranger's": (cls.other_rep, {}),
            "unowned": (None, {}),
            "elsewhere's": (None, {"company_id": elsewhere.id}),
        }
        cls.records = {}
        for kind, (owner, values) in owners.items():
            one, other = (cls.make_customer(kind, owner, **values) for _time in "12")
            wizard = cls.env["base.partner.merge.automatic.wizard"]
            wizard._merge((one | other).ids, one)
            cls.records[kind] = one.merge_ids

    def access_doors(self, record, text, group, name):
        """A merge is searched by who went away."""
        return super().access_doors(record, text, group, record.sudo().names)

    def test_who_reads_merges(self):
        self.assert_reading_obeys("names", "state", "names")

    def test_nobody_writes_them(self):
        self.assert_changing_obeys(
            {
                "W": lambda merge: merge.write({"state": "undone"}),
                "C": lambda merge: merge.create({"survivor_id": 1}),
                "D": lambda merge: merge.unlink(),
            }
        )

    def test_what_was_moved_is_nobodys(self):
        for role in ROLES:
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env["crm.customer.merge.line"].with_user(self.roles[role]).search(
                    []
                )
