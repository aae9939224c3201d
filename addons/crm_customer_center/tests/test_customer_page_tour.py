"""The customer page in the browser."""

from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged

from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestCustomerPage(CustomerCommon, HttpCase):
    def open_page(self, customer, tour):
        self.env.flush_all()
        url = f"/odoo/customer-centre/{customer.id}"
        self.start_tour(url, tour, login=self.rep.login)

    def write_note(self, customer, text, **values):
        customer.message_post(
            body=text,
            message_type="comment",
            author_id=self.rep.partner_id.id,
            **values,
        )

    def hand_over(self, *partners):
        """A new owner as Odoo writes it down."""
        field = self.env["ir.model.fields"]._get("res.partner", "user_id")
        for partner in partners:
            message = partner.message_post(
                message_type="notification", subtype_xmlid="mail.mt_note"
            )
            self.env["mail.tracking.value"].create(
                {
                    "mail_message_id": message.id,
                    "field_id": field.id,
                    "old_value_char": "before",
                    "new_value_char": "rep user",
                }
            )

    def test_a_rep_reads_the_story_of_a_customer(self):
        """# C5: facts, timeline, folded noise, chips, words, conversation."""
        customer = self.make_customer("Acme", owner=self.rep)
        self.make_lead("Sensors", self.rep, customer, expected_revenue=5000)
        self.write_note(customer, "Pump is loud")
        contacts = [self.make_contact(customer, name) for name in ("Ms Li", "Mr Wu")]
        self.hand_over(customer, *contacts)
        customer.message_post(body="Seen by a robot", message_type="notification")
        self.open_page(customer, "crm_customer_page")

    def test_a_long_story_is_read_to_its_beginning(self):
        """# C5: pages come while one scrolls, each event once."""
        customer = self.make_customer("Acme", owner=self.rep)
        for number in range(70):
            date = datetime(2026, 1, 1) + timedelta(days=number)
            self.write_note(customer, f"Note {number} ", date=date)
        self.open_page(customer, "crm_customer_page_long")
