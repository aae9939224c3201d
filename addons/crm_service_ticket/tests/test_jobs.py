from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestJobs(TicketCommon):
    """# V7 V11 V2: what runs by itself, as the scheduler runs it."""

    def run_job(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"crm_service_ticket.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def test_waiting_tickets_are_given_out_when_somebody_is_back(self):
        """# V7"""
        self.service.assignment_method = "turn"
        member = self.service.member_ids.filtered(lambda m: m.user_id == self.agent)
        member.paused = True
        tickets = self.tickets.union(*(self.make_ticket(name) for name in "abc"))
        self.run_job("ir_cron_assign")
        self.assertFalse(tickets.user_id)
        self.assertEqual(len(tickets.assignment_ids), 3, "said once, not each time")
        member.paused = False
        self.run_job("ir_cron_assign")
        self.assertEqual(tickets.user_id, self.agent)

    def test_silent_tickets_are_closed(self):
        """# V11: without notice, in one run."""
        self.service.write({"auto_close_days": 7, "auto_close_notice_days": 0})
        ticket = self.make_ticket()
        ticket.action_resolve()
        ticket.sudo().date_last_stage_update = fields.Datetime.now() - timedelta(days=8)
        self.run_job("ir_cron_close_silent")
        self.assertEqual(ticket.state, "closed")

    def test_old_rows_of_incoming_mail_are_forgotten(self):
        """# V2: after half a year; younger ones stay."""
        old = self.mail_row(self.receive(Subject="Old"))
        young = self.mail_row(self.receive(Subject="Young"))
        old.date = fields.Datetime.now() - timedelta(days=181)
        self.env["crm.service.mail"]._gc_old_rows()
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())


@tagged("post_install", "-at_install")
class TestTicketSetup(TicketCommon):
    """# V1 V2 C9: teams, skills, fields without code."""

    def test_a_person_belongs_to_the_teams_of_membership_and_lead(self):
        """# G1: rules go by it; an archived membership counts no longer."""
        self.assertEqual(self.agent.service_team_ids, self.service)
        self.assertEqual(self.service_manager.service_team_ids, self.service)
        self.service.member_ids.filtered(
            lambda member: member.user_id == self.agent
        ).active = False
        self.assertFalse(self.agent.service_team_ids)

    def test_every_role_of_service_opens_every_view(self):
        """# V1: no view asks for what its reader may not see."""
        for user in (self.agent, self.service_manager, self.crm_admin):
            with self.calling_as(user) as env, self.subTest(user=user.login):
                views = env["crm.service.ticket"].get_views(
                    [(False, kind) for kind in ("kanban", "list", "form", "search")]
                )
                self.assertEqual(len(views["views"]), 4)
                env["crm.service.team"].get_views([(False, "list"), (False, "form")])

    def test_many_customers_are_found_with_two_queries(self):
        """# V2: for any number of senders."""
        contacts = [("li@ruida.example", ""), ("", "13812345678"), ("x@y.example", "")]
        found = self.tickets._find_customers(contacts)
        nobody = self.contact.browse()
        self.assertEqual(found[0], (self.contact, nobody))
        self.assertEqual(found[1], (nobody, self.contact))
        self.assertEqual(found[2], (nobody, nobody))
        many = [(f"sender{number}@y.example", "") for number in range(50)]
        with self.assertQueryCount(2):
            self.tickets._find_customers([*contacts, *many])

    def test_a_team_has_fields_of_its_own(self):
        """# C9: properties, searchable."""
        self.service.ticket_properties_definition = [
            {"name": "serial", "string": "Serial Number", "type": "char"}
        ]
        ticket = self.make_ticket(ticket_properties={"serial": "24A0931"})
        domain = [("ticket_properties.serial", "=", "24A0931")]
        self.assertEqual(self.tickets.search(domain), ticket)

    def test_a_copy_starts_anew(self):
        """# V1: with a number of its own and none of the times."""
        ticket = self.make_ticket(partner=self.contact, channel="phone")
        ticket.action_resolve()
        copy = ticket.copy()
        self.assertNotEqual(copy.number, ticket.number)
        self.assertRecordValues(
            copy,
            [
                {
                    "state": "pending",
                    "first_response_date": False,
                    "resolved_date": False,
                    "reopen_count": 0,
                    "partner_id": self.contact.id,
                }
            ],
        )

    def test_a_team_opens_its_own_board(self):
        """# V1"""
        action = self.service.action_open_tickets()
        self.assertEqual(action["context"]["search_default_team_id"], self.service.id)
        self.assertEqual(action["res_model"], "crm.service.ticket")
