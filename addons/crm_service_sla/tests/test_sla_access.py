from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SlaCommon, moment

R, W, C, D = "read", "write", "create", "unlink"
NOTHING, READ, ALL = (), (R,), (R, W, C, D)
ROLES = (
    "plain",
    "rep",
    "manager",
    "agent",
    "service_manager",
    "marketing",
    "crm_admin",
)
# who may do what at all; record rules narrow it
TABLE = {
    "crm.service.sla.policy": (NOTHING, READ, READ, READ, ALL, NOTHING, ALL),
    "crm.service.sla.step": (NOTHING, NOTHING, NOTHING, READ, ALL, NOTHING, ALL),
    "crm.service.sla.clock": (NOTHING,) * 7,
    "crm.service.sla.entry": (NOTHING, NOTHING, NOTHING, READ, READ, NOTHING, READ),
    "crm.service.sla.result": (NOTHING, NOTHING, NOTHING, READ, READ, NOTHING, READ),
    "crm.service.sla.event": (NOTHING, NOTHING, NOTHING, READ, READ, NOTHING, READ),
    "crm.service.sla.notice": (NOTHING, NOTHING, NOTHING, READ, READ, NOTHING, READ),
    "crm.service.sla.replay": (*((NOTHING,) * 4), ALL, NOTHING, ALL),
    "crm.service.sla.replay.line": (*((NOTHING,) * 4), READ, NOTHING, READ),
    "crm.service.holiday.year": (*((NOTHING,) * 4), ALL, NOTHING, ALL),
    "crm.service.holiday.move": (*((NOTHING,) * 4), ALL, NOTHING, ALL),
    "crm.service.holiday.add": (*((NOTHING,) * 4), ALL, NOTHING, ALL),
    "crm.service.holiday.remove": (*((NOTHING,) * 4), ALL, NOTHING, ALL),
    "resource.calendar.makeup.day": (READ, READ, READ, READ, ALL, READ, ALL),
}


@tagged("post_install", "-at_install")
class TestSlaAccess(SlaCommon):
    """# V4, G1: who sees and changes what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with moment(2, 9):
            cls.own = cls.make_ticket("Own", cls.contact, user_id=cls.agent.id)
            cls.foreign = cls.make_ticket("Foreign", team_id=cls.other_service.id)
        with moment(2, 11):
            (cls.own | cls.foreign).action_resolve()

    def test_every_role_may_do_what_the_table_says(self):
        """# G1"""
        for model, rights in TABLE.items():
            for role, allowed in zip(ROLES, rights, strict=True):
                records = self.env[model].with_user(self.roles[role])
                found = tuple(op for op in ALL if records.has_access(op))
                with self.subTest(model=model, role=role):
                    self.assertEqual(found, allowed)

    def test_an_agent_sees_the_ledger_of_the_own_teams_tickets(self):
        """# G1: in lists, counters and reports alike."""
        for model in ("entry", "result"):
            records = self.env[f"crm.service.sla.{model}"].with_user(self.agent)
            domain = [("ticket_id", "in", (self.own | self.foreign).ids)]
            found = records.search(domain)
            self.assertEqual(found.ticket_id, self.own)
            groups = records._read_group(domain, ["ticket_id"], ["__count"])
            self.assertEqual([ticket for ticket, _count in groups], [self.own])
            all_ = records.with_user(self.service_manager).search(domain)
            self.assertEqual(all_.ticket_id, self.own | self.foreign)
            foreign = all_.filtered(lambda one: one.ticket_id == self.foreign)
            with self.assertRaises(AccessError):
                foreign.with_user(self.agent).read(["ticket_id"])

    def test_another_company_is_another_company(self):
        """# G1: ledger, results, policies, make-up days."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        team = self.make_service_team("Far away", company_id=company.id)
        with moment(2, 9):
            ticket = self.make_ticket("Far", team_id=team.id)
        with moment(2, 11):
            ticket.action_resolve()
        self.make_policy("Far", company_id=company.id)
        for model, domain in (
            ("crm.service.sla.entry", [("ticket_id", "=", ticket.id)]),
            ("crm.service.sla.result", [("ticket_id", "=", ticket.id)]),
            ("crm.service.sla.policy", [("name", "=", "Far")]),
        ):
            with self.subTest(model=model):
                records = self.env[model].with_user(self.service_manager)
                self.assertFalse(records.search(domain))

    def test_a_customer_reads_nothing_of_our_clock(self):
        """# V9: no deadline, no ledger, by no field of the ticket."""
        customer = self.make_portal_user("customer", self.contact)
        for name in (
            "sla_state",
            "sla_label",
            "sla_tooltip",
            "sla_look",
            "sla_was_missed",
            "sla_explanation",
            "sla_deadline",
            "resolution_deadline",
            "sla_policy_id",
            "sla_entry_ids",
            "sla_result_ids",
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.own.with_user(customer).read([name])
        for model in TABLE:
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(customer).has_access(R))

    def test_a_rep_sees_how_a_ticket_of_the_own_customer_stands(self):
        """# V5: badge and explanation, without the right to read the ledger."""
        ticket = self.own.with_user(self.rep)
        ticket.invalidate_recordset()
        self.assertTrue(ticket.sla_label)
        self.assertIn("Everybody", ticket.sla_explanation)

    def test_a_service_manager_keeps_policies_calendars_and_holidays(self):
        """# V4: without being a system administrator."""
        manager = self.env(user=self.service_manager)
        calendar = manager["resource.calendar"].browse(self.calendar.id)
        calendar.attendance_ids[:1].hour_to = 11.5
        manager["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "date_from": "2026-03-09 00:00:00",
                "date_to": "2026-03-09 12:00:00",
            }
        ).unlink()
        policy = manager["crm.service.sla.policy"].create(
            {
                "name": "Mine",
                "type_ids": [(6, 0, self.type("fault").ids)],
            }
        )
        self.assertIn("Fault", policy.with_context(lang="en_US").summary)
        with self.assertRaises(AccessError):
            policy.with_user(self.agent).write({"sequence": 1})
        self.assertTrue(policy.with_user(self.agent).summary)

    def test_nobody_writes_the_lines_of_a_replay(self):
        """# V4: what the machine found stays what it found."""
        replay = (
            self.env["crm.service.sla.replay"]
            .with_user(self.service_manager)
            .create({"name": "Try", "date_from": "2020-01-01"})
        )
        replay.action_run()
        self.assertEqual(replay.state, "done")
        with self.assertRaises(AccessError):
            replay.line_ids.create({"replay_id": replay.id})
