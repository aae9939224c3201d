from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.crm_customer_center.tests.common import AccessTable

from .common import TicketCommon

ROLES = [
    "agent",
    "technician",
    "other_agent",
    "service_manager",
    "rep",
    "colleague",
    "other_rep",
    "manager",
    "other_manager",
    "marketing",
    "crm_admin",
    "plain",
]
# R: read, search, count, group, export, name; W: change; C: open one like it;
# D: delete.
# The tickets are the team ``service``'s but where it is said.
TABLE = """
kind             agt tech oagt smgr rep col orep mgr omgr mkt adm  pln
rep's-customer   RWC RWC  -    RWC  R   -   -    R   -    -   RWCD -
contact-of-rep's RWC RWC  -    RWC  R   -   -    R   -    -   RWCD -
stranger's       RWC RWC  -    RWC  -   -   R    -   R    -   RWCD -
unowned          RWC RWC  -    RWC  R   R   R    R   R    -   RWCD -
nobody's         RWC RWC  -    RWC  -   -   -    -   -    -   RWCD -
other-team       -   -    RWC  RWC  R   -   -    R   -    -   RWCD -
own-of-other     RWC -    RWC  RWC  -   -   -    -   -    -   RWCD -
no-team          RWC RWC  RWC  RWC  R   -   -    R   -    -   RWCD -
other-company    -   -    -    -    -   -   -    -   -    -   -    -
"""
# nobody's: of a sender without customer; own-of-other: the other team's ticket, which
# is the agent's; a copy of it would be without agent.
UNSURE = {("agent", "own-of-other"): "C"}


@tagged("post_install", "-at_install")
class TestTicketAccess(AccessTable, TicketCommon):
    """# V1 G1: agents work with their team's tickets, sales reads its customers'."""

    ACCESS_ROLES, ACCESS_TABLE, ACCESS_UNSURE = ROLES, TABLE, UNSURE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_unowned_access("write")
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        foreign = cls.make_service_team("Foreign", company_id=elsewhere.id)
        other = cls.other_service.id
        cls.records = {
            "rep's-customer": cls.make_ticket("a", cls.customer),
            "contact-of-rep's": cls.make_ticket("b", cls.contact),
            "stranger's": cls.make_ticket("c", cls.make_customer("X", cls.other_rep)),
            "unowned": cls.make_ticket("d", cls.make_customer("Unowned")),
            "nobody's": cls.make_ticket("e", partner_email="x@y.example"),
            "other-team": cls.make_ticket("f", cls.customer, team_id=other),
            "own-of-other": cls.make_ticket("g", team_id=other, user_id=cls.agent.id),
            "no-team": cls.make_ticket("h", cls.customer, team_id=False),
            "other-company": cls.make_ticket("i", cls.customer, team_id=foreign.id),
        }
        cls.env.flush_all()

    def test_reading_obeys_the_table_through_every_door(self):
        """# V1 G1"""
        self.assert_reading_obeys("name", "state", "number")

    def test_changing_obeys_the_table(self):
        """# V1 G1"""
        self.assert_changing_obeys(
            {
                "W": lambda r: r.write({"resolution": "<p>Seen</p>"}),
                "C": self._create_like,
                "D": lambda r: r.unlink(),
            }
        )

    def _create_like(self, record):
        origin = record.sudo()
        return record.create(
            {
                "name": "New",
                "partner_id": origin.partner_id.id,
                "team_id": origin.team_id.id,
                "company_id": origin.company_id.id,
            }
        )

    def test_hidden_unowned_customers_hide_their_tickets(self):
        """# G1: by the hub's setting."""
        record = self.records["unowned"].with_user(self.colleague)
        self.assertTrue(record.has_access("read"))
        self.set_unowned_access("none")
        self.env.registry.clear_cache()
        with self.calling_as(self.colleague):
            self.assertFalse(record.has_access("read"))

    def test_a_ticket_follows_its_customers_new_owner(self):
        """# G1"""
        record = self.records["contact-of-rep's"]
        self.customer.user_id = self.other_rep
        self.customer.flush_recordset()
        self.assertTrue(record.with_user(self.other_rep).has_access("read"))
        self.assertFalse(record.with_user(self.rep).has_access("read"))

    def test_what_stands_beside_a_ticket_shows_to_who_sees_the_ticket(self):
        """# V3 V7 G1: hand-overs, reasons of assignment, incoming mail."""
        ticket = self.receive()
        self.service.assignment_method = "turn"
        ticket._assign()
        ticket._escalate("technician", "Look")
        for records in (
            ticket.handover_ids,
            ticket.assignment_ids,
            ticket.incoming_mail_ids,
        ):
            self.assertTrue(records)
            for role, seen in (
                ("agent", True),
                ("other_agent", False),
                ("service_manager", True),
                ("rep", False),
                ("plain", False),
            ):
                mine = records.with_user(self.roles[role])
                with self.subTest(model=records._name, role=role):
                    self.assertEqual(mine.has_access("read"), seen)
                    self.assertFalse(mine.has_access("write"))

    def test_teams_are_the_service_managers(self):
        """# G1: agents read them, managers change them, stages are the
        administrator's."""
        for role, letters in (
            ("agent", ""),
            ("service_manager", "W"),
            ("crm_admin", "WS"),
        ):
            with self.subTest(role=role):
                team = self.service.with_user(self.roles[role])
                self.assertTrue(team.has_access("read"))
                self.assertEqual(team.has_access("write"), "W" in letters)
                stage = self.stage("pending").with_user(self.roles[role])
                self.assertEqual(stage.has_access("write"), "S" in letters)

    def test_a_salesperson_opens_the_ticket_of_an_own_customer(self):
        """# V5 G1: the form asks for nothing that sales may not read."""
        ticket = self.records["rep's-customer"]
        ticket._escalate("technician", "Look")
        with self.calling_as(self.rep) as env:
            form = Form(ticket.with_env(env))
            self.assertEqual(form.number, ticket.number)
            with self.assertRaises(AccessError):
                ticket.with_env(env).handover_ids.read(["note"])
