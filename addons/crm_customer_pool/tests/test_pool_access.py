from types import MappingProxyType

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.common import AccessTable

from .common import PoolCommon

ROLES = (
    "plain", "rep", "other_rep", "manager", "other_manager", "agent",
    "service_manager", "marketing", "crm_admin",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestPoolAccess(AccessTable, PoolCommon):
    """# G1 C10: who sees and changes pools, members, rows, logs."""

    ACCESS_ROLES = ROLES
    ACCESS_TABLE = """
    kind         plain rep orep mgr omgr agt smgr mkt adm
    pool         -     R   R    RW  R    -   -    -   RW
    member       -     R   -    RWD -    -   -    -   RWD
    row          -     R   -    R   -    -   -    -   R
    elsewhere's  -     -   -    -   -    -   -    -   -
    move-pool    -     -   -    R   R    R   R    -   R
    move-rep's   -     R   -    R   -    R   R    -   R
    look         -     R   -    R   -    -   -    -   R
    watch        -     R   -    R   -    -   -    -   R
    rule         -     -   -    R   R    -   -    -   RWD
    """
    NAMES = MappingProxyType(
        {
            "crm.customer.pool": ("name", "company_id", "name"),
            "crm.pool.member": ("capacity", "pool_id", "user_id"),
            "crm.pool.customer": ("cause", "pool_id", "name"),
            "crm.pool.move": ("cause", "cause", "partner_id"),
            "crm.pool.look": ("at", "pool_id", "partner_id"),
            "crm.pool.watch": ("lost_on", "rule_id", "partner_id"),
            "crm.pool.rule": ("counted", "counted", "name"),
        }
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.customer = cls.make_released("Acme")
        own = cls.make_released("Own")
        hidden = cls.make_customer("Hidden", cls.manager, company_id=elsewhere.id)
        hidden._release_to(cls.pool, "x")
        row = cls.row(own)
        row.with_user(cls.rep).action_look()
        look = cls.env["crm.pool.look"].search([("partner_id", "=", own.id)])
        row.with_user(cls.rep).action_claim()
        cls.records = {
            "pool": cls.pool,
            "member": cls.pool.member_ids[0],
            "row": cls.row(cls.customer),
            "elsewhere's": cls.row(hidden),
            "move-pool": cls.moves(cls.customer)[0],
            "move-rep's": cls.moves(own)[-1],
            "look": look,
            "watch": cls.watch(own),
            "rule": cls.env["crm.pool.rule"].create({"name": "Rule"}),
        }
        cls.env.flush_all()

    @classmethod
    def watch(cls, customer):
        return cls.env["crm.pool.watch"].create(
            {
                "partner_id": customer.id,
                "owner_id": cls.rep.id,
                "first_on": "2026-01-01",
                "lost_on": "2026-02-01",
            }
        )

    def test_who_reads_what(self):
        table = self.ACCESS_TABLE
        for line in table.strip().splitlines()[1:]:
            kind = line.split()[0]
            text, group, name = self.NAMES[self.records[kind]._name]
            with self.subTest(kind=kind):
                self.ACCESS_TABLE = f"kind\n{line}"
                self.assert_reading_obeys(text, group, name)

    def access_doors(self, record, text, group, name):
        if isinstance(name, type(self.env["res.users"])) or hasattr(name, "_name"):
            name = name.sudo().display_name
        return super().access_doors(record, text, group, name)

    def test_who_changes_what(self):
        columns = {
            "crm.customer.pool": {"claims_per_day": 7},
            "crm.pool.member": {"capacity": 7},
            "crm.pool.customer": {"note": "x"},
            "crm.pool.move": {"note": "x"},
            "crm.pool.look": {"at": "2026-01-01"},
            "crm.pool.watch": {"lost_on": "2026-01-01"},
            "crm.pool.rule": {"days": 40},
        }
        self.assert_changing_obeys(
            {
                "W": lambda record: record.write(columns[record._name]),
                "D": lambda record: record.unlink(),
            }
        )

    ACCESS_UNSURE = MappingProxyType(
        {
            # refused for what stands in it, whoever asks
            **{(role, "pool"): "D" for role in ROLES},
            **{
                (role, kind): "WD"
                for role in ROLES
                for kind in ("move-pool", "move-rep's")
            },
        }
    )

    def test_only_an_administrator_makes_pools(self):
        values = {"name": "New", "team_ids": [Command.set(self.team.ids)]}
        for role in ROLES:
            pools = self.env["crm.customer.pool"].with_user(self.roles[role])
            self.assertEqual(
                self.may(self.roles[role], pools, lambda one: one.create(values)),
                role == "crm_admin",
            )

    def test_a_leader_does_not_give_the_pool_away(self):
        pool = self.pool.with_user(self.manager)
        with self.calling_as(self.manager), self.assertRaises(AccessError):
            pool.team_ids = self.other_team

    def test_rows_and_looks_are_the_systems(self):
        for kind in ("row", "look", "watch"):
            record = self.records[kind]
            for role in ("rep", "manager", "crm_admin"):
                rows = record.with_user(self.roles[role])
                for act in (
                    lambda one: one.write({"partner_id": self.customer.id}),
                    lambda one: one.unlink(),
                    lambda one: one.create({"partner_id": self.customer.id}),
                ):
                    self.assertFalse(self.may(self.roles[role], rows, act))

    def test_nobody_sees_unowned_customers_beside_the_pool(self):
        """The rules of all that follows a customer ask the same question."""
        for role, policy in (("rep", "none"), ("other_rep", "none")):
            user = self.roles[role]
            with self.calling_as(user):
                self.assertEqual(user.unowned_customer_access, policy)
                self.assertFalse(
                    self.customer.with_user(user).search(
                        [("id", "=", self.customer.id)]
                    )
                )
        (self.pool | self.other_pool).active = False
        with self.calling_as(self.rep):
            self.assertTrue(self.customer.with_user(self.rep).name)
