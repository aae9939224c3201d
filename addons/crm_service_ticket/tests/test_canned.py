from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestCanned(TicketCommon):
    """# V7: canned answers fill themselves in and do something."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket("Drift", cls.contact)
        cls.tag = cls.env["crm.tag"].create({"name": "Sensor"})
        group = cls.env.ref("crm_customer_center.group_service_agent")
        cls.canned = cls.make_canned(
            substitution="Hello {customer}, {ticket}: {subject}. {agent}, {team}",
            group_ids=group.ids,
        )

    @classmethod
    def make_canned(cls, user=None, **values):
        values = {"source": "hello", "substitution": "Hello", **values}
        canned = cls.env["mail.canned.response"]
        return (canned.with_user(user) if user else canned).create(values)

    def fill(self, response, user=None, ticket=None):
        ticket = (ticket or self.ticket).with_user(user or self.agent)
        return response.with_user(ticket.env.user).fill_for_ticket(ticket.id)

    def send(self, *responses, user=None, **values):
        ids = [response.id for response in responses]
        user = user or self.agent
        return self.answer(self.ticket, user, canned_ids=ids, **values)

    # ------------------------------------------------------------
    # FILLED IN
    # ------------------------------------------------------------

    def test_it_is_about_the_ticket(self):
        self.assertEqual(
            self.fill(self.canned)["text"],
            f"Hello Ms Li, {self.ticket.number}: Drift. {self.agent.name}, Service",
        )
        stranger = self.make_ticket("Order", partner_name="Mr Wu")
        self.assertIn("Hello Mr Wu,", self.fill(self.canned, ticket=stranger)["text"])

    def test_a_placeholder_nobody_knows_is_said_when_it_is_saved(self):
        with self.assertRaisesRegex(ValidationError, r"\{custmer\}.*\{customer\}"):
            self.make_canned(substitution="Hello {custmer}")
        with self.assertRaises(ValidationError):
            self.canned.substitution = "{x}"

    def test_by_the_rights_of_who_asks(self):
        with self.assertRaises(AccessError):
            self.fill(self.canned, ticket=self.make_ticket(), user=self.other_agent)
        own = self.make_canned(user=self.technician)
        with self.assertRaises(AccessError):
            self.fill(own)
        with self.assertRaises(AccessError):
            self.send(own)
        self.assertFalse(self.ticket.first_response_date)

    def test_files_go_along_as_copies(self):
        file = self.env["ir.attachment"].create({"name": "guide.txt", "raw": b"Turn"})
        self.canned.attachment_ids = file
        self.assertEqual(
            (file.res_model, file.res_id), (self.canned._name, self.canned.id)
        )
        filled = self.fill(self.canned)
        [copy] = self.env["ir.attachment"].browse(filled["files"])
        self.assertNotEqual(copy, file)
        self.assertEqual((copy.raw, copy.create_uid), (b"Turn", self.agent))
        message = self.send(self.canned, attachment_ids=copy.ids)
        self.assertEqual(message.attachment_ids, copy)
        self.assertEqual(copy.res_id, self.ticket.id)
        self.assertEqual(file.res_id, self.canned.id)
        [row] = filled["store_data"]["ir.attachment"]
        self.assertTrue(row["ownership_token"])

    # ------------------------------------------------------------
    # WHAT IT DOES
    # ------------------------------------------------------------

    def test_what_it_does_is_done_with_the_sending(self):
        self.canned.write(
            {
                "ticket_state": "waiting",
                "ticket_type_id": self.type("fault").id,
                "ticket_tag_ids": [Command.set(self.tag.ids)],
            }
        )
        moves = self.fill(self.canned)["moves"]
        self.assertEqual(moves, ["Wait for the customer", "Fault", "Sensor"])
        self.assertEqual(self.ticket.state, "pending", "filled in is not sent")
        self.send(self.canned)
        self.assertEqual(self.ticket.state, "waiting")
        self.assertEqual(self.ticket.ticket_type, "fault")
        self.assertEqual(self.ticket.tag_ids, self.tag)

    def test_it_may_give_the_ticket_to_another_team(self):
        self.canned.ticket_team_id = self.other_service
        self.send(self.canned)
        self.assertEqual(self.ticket.team_id, self.other_service)

    def test_the_button_says_more_than_the_answer(self):
        self.canned.ticket_state = "waiting"
        self.send(self.canned, state_after="resolved")
        self.assertEqual(self.ticket.state, "resolved")

    def test_of_two_the_later_says_it(self):
        first = self.make_canned(
            ticket_type_id=self.type("fault").id, ticket_state="resolved"
        )
        second = self.make_canned(
            ticket_type_id=self.type("complaint").id, ticket_state="waiting"
        )
        (first | second).group_ids = self.canned.group_ids
        self.send(first, second)
        self.assertEqual(self.ticket.ticket_type, "complaint")
        self.assertEqual(self.ticket.state, "waiting")

    def test_a_note_does_nothing(self):
        self.canned.ticket_type_id = self.type("fault")
        before = self.ticket.message_ids
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.ticket.with_user(self.agent).message_post(
                body="Note", canned_ids=self.canned.ids
            )
        self.env.invalidate_all()
        self.assertEqual(self.ticket.ticket_type, "consult")
        self.assertEqual(self.ticket.message_ids, before)

    def test_who_may_only_write_changes_nothing(self):
        own = self.make_canned(user=self.rep, ticket_type_id=self.type("fault").id)
        with self.assertRaises(AccessError):
            self.send(own, user=self.rep)
        plain = self.make_canned(user=self.rep)
        self.assertTrue(self.send(plain, user=self.rep))

    def test_odd_calls_are_refused(self):
        for ids in ("1", {"a": 1}, [True], ["1"], [[1]]):
            with self.subTest(ids), self.assertRaises(UserError):
                self.answer(self.ticket, self.agent, canned_ids=ids)
        gone = self.make_canned(ticket_type_id=self.type("fault").id)
        gone_id = gone.id
        gone.unlink()
        self.answer(self.ticket, self.agent, canned_ids=[gone_id])
        self.assertEqual(self.ticket.ticket_type, "consult")
