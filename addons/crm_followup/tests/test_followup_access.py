from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.common import AccessTable

from .common import FollowupCommon

ROLES = [
    "rep",
    "colleague",
    "other_rep",
    "manager",
    "other_manager",
    "agent",
    "service_manager",
    "marketing",
    "crm_admin",
    "plain",
    "portal",
]
# R: read, search, count, group, export, name; W: change; C: write one like it in
# one's own name; D: delete. The follow-ups are the rep's but where it is said.
TABLE = """
kind              rep  col  orep mgr  omgr agt  smgr mkt  adm  pln  por
rep's-customer    RWC  -    -    RWC  -    R    R    R    RWCD -    -
contact-of-rep's  RWC  -    -    RWC  -    R    R    R    RWCD -    -
stranger's        -    -    RWC  -    RWC  R    R    R    RWCD -    -
unowned           RWC  RC   RC   RWC  RWC  R    R    R    RWCD -    -
supplier          RWC  RC   RC   RWC  RWC  R    R    R    RWCD -    -
rep's-lead        RWC  -    -    RWC  -    -    -    -    RWCD -    -
team's-lead       -    -    -    RWC  -    -    -    -    RWCD -    -
lead-of-stranger's RWC -    R    RWC  RWC  R    R    R    RWCD -    -
handed-over       -    -    RC   -    RWC  R    R    R    RWCD -    -
other-company     -    -    -    -    -    -    -    -    -    -    -
"""
# stranger's: written by the stranger; lead-of-stranger's: the rep's lead with the
# stranger's customer, which the stranger may read but not write a lead's record on;
# handed-over: by the rep, about what is now the stranger's.
UNSURE = {
    ("other_rep", "lead-of-stranger's"): "C",
    ("other_manager", "lead-of-stranger's"): "C",
}


@tagged("post_install", "-at_install")
class TestFollowupAccess(AccessTable, FollowupCommon):
    """# F1 G1: who may read the customer reads its history; who wrote it changes it."""

    ACCESS_ROLES, ACCESS_TABLE, ACCESS_UNSURE = ROLES, TABLE, UNSURE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_unowned_access("write")
        stranger = cls.make_customer("Stranger's", cls.other_rep)
        handed = cls.make_customer("Handed over", cls.rep)
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        records = {
            "rep's-customer": (cls.customer, cls.rep),
            "contact-of-rep's": (cls.make_contact(cls.customer, "Ms Li"), cls.rep),
            "stranger's": (stranger, cls.other_rep),
            "unowned": (cls.make_customer("Unowned"), cls.rep),
            "supplier": (cls.make_plain_partner("Supplier"), cls.rep),
            "rep's-lead": (cls.make_lead("Rep's", cls.rep), cls.rep),
            "team's-lead": (
                cls.make_lead("Team's", cls.plain, team_id=cls.team.id),
                cls.plain,
            ),
            "lead-of-stranger's": (
                cls.make_lead("Mixed", cls.rep, stranger),
                cls.rep,
            ),
            "handed-over": (handed, cls.rep),
            "other-company": (
                cls.make_customer("Elsewhere", cls.rep, company_id=elsewhere.id),
                cls.rep,
            ),
        }
        cls.records = {
            kind: cls.write_followup(about, cls.env.user, user_id=user.id)
            for kind, (about, user) in records.items()
        }
        handed.user_id = cls.other_rep
        cls.roles["portal"] = cls.make_portal_user(
            "portal", cls.make_contact(cls.customer, "Portal")
        )
        cls.env.flush_all()

    def test_reading_obeys_the_table_through_every_door(self):
        """# F1 G1"""
        self.assert_reading_obeys("content", "method", "name")

    def test_changing_obeys_the_table(self):
        """# F1 G1: write, create in one's own name, delete."""
        self.assert_changing_obeys(
            {
                "W": lambda r: r.write({"feedback": "Seen"}),
                "C": self._create_like,
                "D": lambda r: r.unlink(),
            }
        )

    def _create_like(self, record):
        # the customer of a lead joins by itself: who may not read it cannot name it
        origin = record.sudo()
        lead = origin.lead_id
        return record.create(
            {
                "partner_id": not lead and origin.partner_id.id,
                "lead_id": lead.id,
                "content": "One more contact",
                "user_id": record.env.uid,
            }
        )

    def test_the_customer_of_a_lead_joins_though_it_is_hidden(self):
        """# F1 A1: named by a person it is refused, in create and in write."""
        origin = self.records["lead-of-stranger's"]
        mine = origin.with_user(self.rep)
        hidden = origin.partner_id.id
        values = {"content": "One more contact", "lead_id": origin.lead_id.id}
        made = mine.create([values, {**values, "content": "And yet another"}])
        self.assertEqual(made.sudo().partner_id.id, hidden)
        for call in (
            lambda: mine.create({"content": "Just looking", "partner_id": hidden}),
            lambda: (
                self.records["rep's-customer"]
                .with_user(self.rep)
                .write({"partner_id": hidden})
            ),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_nobody_writes_in_anothers_name_but_his_manager(self):
        """# F1 G1"""
        values = {
            "partner_id": self.customer.id,
            "content": "In another's name",
            "user_id": self.rep.id,
        }
        self.followups.with_user(self.manager).create(values)
        with self.assertRaises(AccessError):
            self.followups.with_user(self.rep).create(
                {**values, "user_id": self.manager.id}
            )

    def test_hidden_unowned_customers_hide_their_history(self):
        """# F1 G1: by the hub's setting."""
        record = self.records["unowned"].with_user(self.colleague)
        self.assertTrue(record.has_access("read"))
        self.set_unowned_access("none")
        self.env.registry.clear_cache()
        with self.calling_as(self.colleague):
            self.assertFalse(record.has_access("read"))
            supplier = self.records["supplier"].with_user(self.colleague)
            self.assertTrue(supplier.has_access("read"))

    def test_the_history_follows_a_new_owner_at_once(self):
        """# F1 G1: of the customer, once that is written, and of the lead."""
        record = self.records["rep's-customer"]
        self.customer.user_id = self.other_rep
        self.customer.flush_recordset()
        self.assertTrue(record.with_user(self.other_rep).has_access("read"))
        self.assertFalse(record.with_user(self.rep).has_access("read"))
        record = self.records["rep's-lead"]
        record.lead_id.user_id = self.other_rep
        self.assertTrue(record.with_user(self.other_rep).has_access("read"))
        self.assertFalse(record.with_user(self.rep).has_access("read"))

    def test_a_change_that_changes_no_owner_asks_for_no_follow_ups(self):
        """# G1: groups of a user and data of a customer do not concern them."""
        self.env.flush_all()
        Followups = self.env.registry["crm.followup"]
        with (
            patch.object(Followups, "_search", side_effect=AssertionError),
            patch.object(Followups, "_follow_partners", side_effect=AssertionError),
        ):
            self.rep.group_ids += self.env.ref("base.group_partner_manager")
            self.customer.city = "Wuxi"
            self.env.flush_all()

    def test_a_customer_new_with_its_history_may_change_hands_at_once(self):
        """# F1 G1: all in one transaction."""
        customer = self.make_customer("Fresh", owner=self.rep)
        customer.flush_recordset()
        record = self.write_followup(customer)
        customer.user_id = self.other_rep
        customer.flush_recordset()
        self.assertEqual(record.sudo().guard_user_id, self.other_rep)

    def test_dates_of_hidden_customers_cannot_be_guessed_by_searching(self):
        """# F3 G1: the record rule of the customer holds beside the join."""
        partners = self.env["res.partner"].with_user(self.other_rep)
        domain = [("last_contact_date", "!=", False), ("id", "=", self.customer.id)]
        self.assertFalse(partners.search_count(domain))

    def test_portal_users_know_nothing_of_follow_ups(self):
        """# F1 G1: not on their own record either."""
        portal = self.roles["portal"]
        partner = portal.partner_id.with_user(portal)
        for name in ("last_contact_date", "followup_overdue", "followup_count"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                partner.read([name])
        with self.assertRaises(AccessError):
            self.env["crm.my.day"].with_user(portal).get_my_day()

    def test_rules_are_the_administrators(self):
        """# F2 G1: managers read them, reps do not, only administrators change."""
        rule = self.make_rule()
        for role, letters in (
            ("rep", ""),
            ("manager", "R"),
            ("agent", ""),
            ("crm_admin", "RW"),
        ):
            mine = rule.with_user(self.roles[role])
            with self.subTest(role=role):
                self.assertEqual(mine.has_access("read"), "R" in letters)
                self.assertEqual(mine.has_access("write"), "W" in letters)
        with self.assertRaises(AccessError):
            rule.with_user(self.manager).action_run_now()

    def test_planned_follow_ups_show_to_their_owner_and_the_manager(self):
        """# F2 G1: and nobody changes them by hand."""
        self.write_followup(self.customer, next_date="2026-03-09")
        task = self.open_tasks(self.customer)
        for role, seen in (
            ("rep", True),
            ("colleague", False),
            ("manager", True),
            ("other_manager", False),
            ("crm_admin", True),
        ):
            with self.subTest(role=role):
                mine = self.tasks.with_user(self.roles[role])
                self.assertEqual(bool(mine.search([("id", "=", task.id)])), seen)
                with self.assertRaises(AccessError):
                    task.with_user(self.roles[role]).write({"state": "done"})
