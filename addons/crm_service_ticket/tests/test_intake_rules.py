from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DOMAIN, SERVICE, TicketCommon
from .test_ticket_form import TicketFormCase

RULE = "crm.service.intake.rule"


class IntakeCommon(TicketCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env[RULE].search([]).active = False
        cls.complaint = cls.type("complaint")
        cls.complaint.default_team_id = False
        cls.tag = cls.env["crm.tag"].create({"name": "Return"})

    @classmethod
    def make_rule(cls, name="Returns", **values):
        return cls.env[RULE].create({"name": name, **values})

    @classmethod
    def notes(cls, ticket):
        """What stands in the log about rules."""
        bodies = ticket.message_ids.mapped("body")
        return [str(body) for body in bodies if "Set by the rule" in body]


@tagged("post_install", "-at_install")
class TestIntakeRules(IntakeCommon):
    """# V8: type, priority, team and tags by words, sender and address of a mail."""

    def test_a_mail_becomes_what_a_rule_says(self):
        """# V8: and its log says by which rule, from what to what."""
        self.make_rule(
            words="refund, 退货",
            type_id=self.complaint.id,
            priority="2",
            tag_ids=self.tag.ids,
        )
        ticket = self.receive(body="我们要求退 货。")
        self.assertRecordValues(
            ticket,
            [
                {
                    "type_id": self.complaint.id,
                    "ticket_type": "complaint",
                    "priority": "2",
                    "team_id": self.service.id,
                    "tag_ids": self.tag.ids,
                    "state": "pending",
                    "awaiting_answer": True,
                }
            ],
        )
        [note] = self.notes(ticket)
        self.assertIn("Returns", note)
        self.assertIn(self.complaint.name, note)
        self.assertIn("Return", note)
        other = self.receive(body="It drifts.")
        self.assertNotEqual(other.type_id, self.complaint)
        self.assertEqual(self.notes(other), [])

    def test_what_one_of_us_opens_is_as_he_says(self):
        """# V8: nor is a later mail on the ticket a new one."""
        ticket = self.make_ticket("Refund please")
        self.make_rule(words="refund", priority="2")
        self.assertEqual(self.make_ticket("Refund please").priority, "0")
        self.receive(subject=f"Re: [{ticket.number}] Refund please")
        self.assertEqual(ticket.priority, "0")

    def test_a_type_brings_its_team_which_then_gives_out(self):
        """# V8 V3: the rules come before the assignment."""
        self.other_service.assignment_method = "turn"
        self.complaint.default_team_id = self.other_service
        self.make_rule(words="refund", type_id=self.complaint.id)
        ticket = self.receive(body="Refund!")
        self.assertEqual(ticket.team_id, self.other_service)
        self.assertEqual(ticket.user_id, self.other_agent)
        # the team of the rule itself counts more
        self.make_rule("First", words="refund", team_id=self.service.id, sequence=1)
        self.assertEqual(self.receive(body="Refund!").team_id, self.service)

    def test_an_agent_of_the_rule_has_it(self):
        self.make_rule(words="refund", user_id=self.technician.id)
        self.service.assignment_method = "turn"
        self.assertEqual(self.receive(body="Refund!").user_id, self.technician)

    def test_by_sender_and_by_address(self):
        """# V8: whoever is to be answered is a sender as well."""
        rule = self.make_rule(senders="@ruida.example", priority="2")
        self.assertEqual(self.receive().priority, "2")
        away = {"From": "Bo <bo@away.example>"}
        self.assertEqual(self.receive(**away).priority, "0")
        reply = self.receive(**away, Reply_To="Li <LI@Ruida.example>")
        self.assertEqual(reply.priority, "2")
        rule.write({"senders": False, "receivers": f"vip@{DOMAIN}"})
        self.assertEqual(self.receive().priority, "0")
        self.assertEqual(self.receive(To=f"{SERVICE}, VIP@{DOMAIN}").priority, "2")

    def test_all_or_one_of_what_is_asked(self):
        rule = self.make_rule(words="refund", senders="@away.example", priority="2")
        self.assertEqual(self.receive(body="refund").priority, "0")
        rule.match = "any"
        self.assertEqual(self.receive(body="refund").priority, "2")

    def test_further_conditions_ask_the_ticket(self):
        """# V8 R1: of its customer, say; they have to be met in any case."""
        self.make_rule(
            words="refund",
            priority="2",
            match="any",
            domain=f"[('partner_id', '=', {self.contact.id})]",
        )
        self.assertEqual(self.receive(body="refund").priority, "2")
        stranger = self.receive(body="refund", From="bo@away.example")
        self.assertEqual(stranger.priority, "0")

    def test_the_first_one_says_tags_add_up_and_one_may_be_the_last(self):
        """# V8"""
        other = self.env["crm.tag"].create({"name": "Gateway"})
        first = self.make_rule(
            "One", words="refund", priority="1", tag_ids=self.tag.ids, sequence=1
        )
        self.make_rule(
            "Two", words="refund", priority="2", tag_ids=other.ids, sequence=2
        )
        ticket = self.receive(body="refund")
        self.assertEqual(ticket.priority, "1")
        self.assertEqual(ticket.tag_ids, self.tag | other)
        [note] = self.notes(ticket)
        self.assertIn("One", note)
        self.assertIn("Two", note)
        first.stops = True
        self.assertEqual(self.receive(body="refund").tag_ids, self.tag)

    def test_one_that_breaks_stops_and_the_ticket_is_made(self):
        """# V8 V3: its responsible is told once, what it began is taken back, and the
        others are asked."""
        broken = self.make_rule("Broken", priority="1", tag_ids=self.tag.ids)
        broken.responsible_id = self.service_manager
        broken.team_id = self.other_service
        self.make_rule("Sound", priority="2", sequence=20)
        self.other_service.active = False
        for _again in range(2):
            ticket = self.receive(body="refund")
            self.assertEqual(ticket.priority, "2")
            self.assertEqual(ticket.team_id, self.service)
            self.assertFalse(ticket.tag_ids)
            self.assertEqual(len(self.notes(ticket)), 1)
        self.assertEqual(broken.state, "error")
        self.assertIn("archived", broken.error)
        self.assertEqual(len(broken.activity_ids), 1)
        self.assertEqual(broken.activity_ids.user_id, self.service_manager)
        broken.team_id = self.service
        self.assertEqual(broken.state, "ok")
        self.assertEqual(self.receive(body="refund").priority, "1")

    def test_one_that_fails_in_the_middle_leaves_nothing(self):
        """# V8: also where the database refuses."""
        rule = self.make_rule(priority="2", tag_ids=self.tag.ids)

        def fail(*args):
            self.env.cr.execute("SELECT 1 / 0")

        with patch.object(type(rule), "_in_words", fail), mute_logger("odoo.sql_db"):
            ticket = self.receive(body="refund")
        self.assertEqual(ticket.priority, "0")
        self.assertEqual(rule.state, "error")

    def test_what_makes_no_sense_is_refused(self):
        with self.assertRaises(ValidationError):
            self.make_rule(words="refund")
        with self.assertRaises(ValidationError):
            self.make_rule(senders="acme.cn", priority="1")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        team = self.make_service_team("Foreign", company_id=elsewhere.id)
        with self.assertRaises(UserError):
            self.make_rule(team_id=team.id)
        with self.assertRaises(UserError):
            self.make_rule(team_id=team.id, company_id=False)

    def test_a_rule_is_about_its_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.make_rule(company_id=elsewhere.id, priority="2")
        self.assertEqual(self.receive().priority, "0")

    def test_who_may_write_rules(self):
        """# G1"""
        rule = self.make_rule(priority="1")
        for role, may in (
            ("agent", False),
            ("technician", False),
            ("rep", False),
            ("manager", False),
            ("plain", False),
            ("service_manager", True),
            ("crm_admin", True),
        ):
            mine = rule.with_user(self.roles[role])
            with self.subTest(role):
                for operation in ("read", "write", "create", "unlink"):
                    self.assertEqual(mine.has_access(operation), may)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        rule.company_id = elsewhere
        with self.assertRaises(AccessError):
            rule.with_user(self.service_manager).read(["name"])

    def test_a_rehearsal_says_what_would_have_become_of_the_last_ones(self):
        """# V8 R1: which, what of them, because of what; nothing is changed."""
        mail = self.receive(subject="Refund", From="Ms Li <li@ruida.example>")
        self.receive(subject="Thanks")
        self.make_ticket("Refund by phone", channel="phone")
        rule = self.make_rule(
            words="refund", senders="@ruida.example", type_id=self.complaint.id
        )
        total, rows = rule._rehearse()
        self.assertEqual([row.record for row in rows], [mail])
        self.assertEqual(total, 1)
        self.assertIn(self.complaint.name, rows[0].would)
        self.assertIn("refund", rows[0].because)
        self.assertIn("@ruida.example", rows[0].because)
        self.assertNotEqual(mail.type_id, self.complaint)
        self.assertEqual(rule.match_count, 1)
        # as it would be for a mail of today
        mail.type_id = self.complaint
        _total, rows = rule._rehearse()
        self.assertIn("already", rows[0].would)
        action = rule.with_user(self.service_manager).action_rehearse()
        shown = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("300", shown.scope)

    def test_a_rehearsal_knows_to_whom_a_past_mail_was_sent(self):
        """# V8: also of mails from before this was kept."""
        mail = self.receive(To=f"{SERVICE}, vip@{DOMAIN}")
        rule = self.make_rule(receivers=f"vip@{DOMAIN}", priority="2")
        self.assertEqual(rule.match_count, 1)
        mail.incoming_mail_ids.receivers = False
        rule.invalidate_recordset()
        self.assertEqual(rule.match_count, 0)
        rule.receivers = SERVICE
        self.assertEqual(rule.match_count, 1)


@tagged("post_install", "-at_install")
class TestIntakeForm(TicketFormCase):
    """# V8: the same of forms, where the customer has the word about the type."""

    def setUp(self):
        super().setUp()
        self.env[RULE].search([]).active = False
        types = self.env["crm.service.ticket.type"]
        self.preset = types.search([("on_form", "=", True)], limit=1)
        self.complaint = self.env.ref("crm_service_ticket.type_complaint")
        self.fault = self.env.ref("crm_service_ticket.type_fault")
        self.rule = self.env[RULE].create(
            {
                "name": "No value",
                "words": "no value",
                "ways": "form",
                "type_id": self.complaint.id,
                "priority": "2",
            }
        )

    def test_a_form_whose_type_was_left_as_it_was(self):
        _page, ticket = self.send(ticket_type=self.preset.key or str(self.preset.id))
        self.assertEqual(ticket.type_id, self.complaint)
        self.assertEqual(ticket.priority, "2")

    def test_what_the_customer_chose_stays(self):
        _page, ticket = self.send(ticket_type="fault")
        self.assertEqual(ticket.type_id, self.fault)
        self.assertEqual(ticket.priority, "2")
        self.rule.invalidate_recordset()
        _total, rows = self.rule._rehearse()
        self.assertIn("already", rows[0].would)

    def test_unless_the_rule_says_otherwise(self):
        self.rule.overrules = True
        _page, ticket = self.send(ticket_type="fault")
        self.assertEqual(ticket.type_id, self.complaint)

    def test_fields_of_a_type_that_were_filled_in_are_a_choice(self):
        """Overruled, what was typed still stands in the log."""
        self.preset.ticket_properties_definition = [
            {"name": "order", "string": "Order", "type": "char"}
        ]
        value = self.preset.key or str(self.preset.id)
        filled = {"ticket_type": value, f"extra_{value}_order": "PO-7"}
        _page, ticket = self.send(**filled)
        self.assertEqual(ticket.type_id, self.preset)
        self.rule.overrules = True
        _page, ticket = self.send(**filled, partner_email="bo@new.example")
        self.assertEqual(ticket.type_id, self.complaint)
        self.assertIn("PO-7", "".join(ticket.message_ids.mapped("body")))

    def test_a_rule_for_mails_leaves_forms_alone(self):
        self.rule.ways = "mail"
        _page, ticket = self.send()
        self.assertEqual(ticket.priority, "0")
