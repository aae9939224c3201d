from odoo.tests import tagged

from .common import AccessTable, CustomerCommon

ROLES = (
    "plain", "rep", "other_rep", "manager", "other_manager", "agent",
    "service_manager", "marketing", "crm_admin",
)  # fmt: skip
MOVES = """
kind         plain rep orep mgr omgr agt smgr mkt adm
rep's        -     R   -    R   -    R   R    R   R
stranger's   -     -   R    -   R    R   R    R   R
unowned      -     R   R    R   R    R   R    R   R
elsewhere's  -     -   -    -   -    -   -    -   -
"""
RULES = """
kind         plain rep orep mgr omgr agt smgr mkt adm
lifecycle    -     -   -    R   R    -   -    -   RWCD
"""
LEVEL_RULES = """
kind         plain rep orep mgr omgr agt smgr mkt adm
level        -     -   -    R   R    -   -    -   RWCD
"""
STATES = """
kind         plain rep orep mgr omgr agt smgr mkt adm
state        -     -   -    -   -    -   -    -   R
"""
RUNS = """
kind         plain rep orep mgr omgr agt smgr mkt adm
run          -     R   R    R   R    R   R    R   R
"""


class LifecycleTable(AccessTable, CustomerCommon):
    ACCESS_ROLES = ROLES

    def doors(self, record, field):
        by_id = [("id", "=", record.id)]
        return {
            "read": lambda: record.read([field]),
            "search": lambda: record.search(by_id),
            "count": lambda: record.search_count(by_id),
            "group": lambda: record._read_group(by_id, [field]),
            "export": lambda: record.export_data([field])["datas"],
        }

    def assert_doors(self, field):
        """Every role reads, through every door, what has an R."""
        wrong = []
        for role, kind, letters in self.access_cells():
            with self.calling_as(self.roles[role]):
                record = self.records[kind].with_user(self.roles[role])
                for door, function in self.doors(record, field).items():
                    if self.shows(function) != ("R" in letters):
                        wrong.append(f"{role} {kind} {door}")
        self.assertFalse(wrong, wrong)

    def assert_table(self, text, group, name):
        self.assert_reading_obeys(text, group, name)
        self.assert_changing_obeys(
            {
                "W": lambda record: record.write(self.changed),
                "C": lambda record: record.create(self.like),
                "D": lambda record: record.unlink(),
            }
        )


@tagged("post_install", "-at_install")
class TestLifecycleAccess(LifecycleTable):
    """# G1 C6: a history is read by who reads the customer, and changed by nobody."""

    ACCESS_TABLE = MOVES

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        level = cls.env["crm.customer.level"].search([], limit=1)
        cls.customers = {
            "rep's": cls.make_customer("Of Rep", cls.rep),
            "stranger's": cls.make_customer("Of Stranger", cls.other_rep),
            "unowned": cls.make_customer("Of Nobody"),
            "elsewhere's": cls.make_customer("Elsewhere", company_id=elsewhere.id),
        }
        for customer in cls.customers.values():
            customer.customer_level_id = level

    def assert_moves(self, field):
        self.records = {
            kind: customer.sudo()[field] for kind, customer in self.customers.items()
        }
        self.assert_doors("cause")

    def test_who_reads_lifecycle_histories(self):
        self.assert_moves("lifecycle_move_ids")

    def test_who_reads_level_histories(self):
        self.assert_moves("level_move_ids")


@tagged("post_install", "-at_install")
class TestLifecycleRuleAccess(LifecycleTable):
    ACCESS_TABLE = RULES

    def test_table(self):
        rule = self.env.ref("crm_customer_center.rule_dormant")
        self.records = {"lifecycle": rule}
        self.changed = {"days": 170}
        self.like = {"name": "X", "from_active": True, "to_state": "lost"}
        self.assert_table("trigger", "trigger", "name")


@tagged("post_install", "-at_install")
class TestLevelRuleAccess(LifecycleTable):
    ACCESS_TABLE = LEVEL_RULES

    def test_table(self):
        rule = self.env.ref("crm_customer_center.rule_level_a")
        self.records = {"level": rule}
        self.changed = {"min_orders": 3}
        self.like = {"name": "X", "level_id": rule.level_id.id}
        self.assert_table("min_orders", "level_id", "name")


@tagged("post_install", "-at_install")
class TestStateAccess(LifecycleTable):
    """What follows from the histories is read through the customer; the rows
    themselves are the system's."""

    ACCESS_TABLE = STATES

    def test_table(self):
        customer = self.make_customer("Acme", self.rep)
        self.records = {"state": customer.customer_state_ids}
        self.changed = {"lifecycle_held": True}
        self.like = {"partner_id": self.make_plain_partner("X").id}
        self.assert_doors("lifecycle_held")
        self.assert_changing_obeys(
            {"W": lambda r: r.write(self.changed), "C": lambda r: r.create(self.like),
             "D": lambda r: r.unlink()}
        )  # fmt: skip

    def test_nobody_types_what_follows(self):
        """# A4: neither by the form nor by a call."""
        customer = self.make_customer("Acme", self.rep).with_user(self.rep)
        since = customer.lifecycle_since
        customer.write(
            {"lifecycle_since": "2001-01-01 00:00:00", "lifecycle_days": 9999}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(customer.lifecycle_since, since)


@tagged("post_install", "-at_install")
class TestRunAccess(LifecycleTable):
    ACCESS_TABLE = RUNS

    def test_table(self):
        run = self.env["crm.customer.run"].create(
            {"trigger": "nightly", "kind": "level"}
        )
        self.records = {"run": run}
        self.changed = {"changed": 9}
        self.like = {"trigger": "manual", "kind": "level"}
        self.assert_changing_obeys(
            {"W": lambda r: r.write(self.changed), "C": lambda r: r.create(self.like),
             "D": lambda r: r.unlink()}
        )  # fmt: skip
