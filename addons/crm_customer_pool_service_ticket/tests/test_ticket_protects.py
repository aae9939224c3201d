from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.crm_customer_pool.tests.test_recycle import START, RecycleCommon
from odoo.addons.crm_service_ticket.tests.common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketProtects(RecycleCommon, TicketCommon):
    """# C10: a customer with an open ticket is not lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(START):
            cls.silent = cls.make_aged("zqr Silent")
        cls.person = cls.make_contact(cls.silent, "Ms Li")
        cls.silent_ticket = cls.make_ticket("Drift", cls.person)

    def watch(self):
        return self.env["crm.pool.watch"].search([("partner_id", "=", self.silent.id)])

    def test_an_open_ticket_of_its_people_keeps_it_until_it_is_resolved(self):
        self.nights(1, 20)
        self.assertFalse(self.watch())
        self.assertEqual(self.silent.user_id, self.rep)
        self.silent_ticket._move_to("resolved")
        self.nights(21, 21)
        self.assertTrue(self.watch())

    def test_a_rule_may_say_otherwise(self):
        self.rule.tickets_protect = False
        self.nights(1, 6)
        self.assertTrue(self.watch())
        self.assertNotIn("ticket", self.watch()._kept_by())

    def test_warnings_name_it(self):
        self.silent_ticket._move_to("resolved")
        self.nights(1, 6)
        self.assertEqual(
            self.watch()._kept_by(),
            "Kept by a contact, an open deal, an order, or an open ticket",
        )
        told = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.rep.partner_id.id)], order="id desc", limit=1
        )
        self.assertIn("an open ticket", told.mail_message_id.body)
