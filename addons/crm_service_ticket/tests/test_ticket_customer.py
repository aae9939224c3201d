from odoo.tests import Form, tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketCustomer(TicketCommon):
    """# V5 C5: the customer beside the ticket, the tickets beside the customer."""

    def test_the_customers_page_counts_its_tickets(self):
        """# C5: open ones in red, those of its contacts too, by the user's rights."""
        self.make_ticket("One", self.customer)
        self.make_ticket("Two", self.contact).action_close()
        self.make_ticket("Hidden", self.contact, team_id=self.other_service.id)
        for user, count, alert in ((self.agent, 2, 1), (self.service_manager, 3, 2)):
            with self.calling_as(user) as env:
                tiles = self.customer.with_env(env).get_customer_360()
            tile = next(tile for tile in tiles if tile["key"] == "tickets")
            with self.subTest(user=user.login):
                self.assertEqual((tile["count"], tile["alert_count"]), (count, alert))
        action = self.customer.action_open_customer_360_section("tickets")
        self.assertEqual(
            len(self.tickets.search(action["domain"])), 3, "all, not the open only"
        )

    def test_who_reads_no_tickets_sees_no_tile(self):
        """# C5 G1"""
        keys = [
            tile["key"]
            for tile in self.customer.with_user(self.marketing).get_customer_360()
        ]
        self.assertNotIn("tickets", keys)

    def test_similar_tickets_are_found_and_only_readable_ones(self):
        """# V5"""
        ticket = self.make_ticket("Pressure sensor drifts after calibration")
        alike = self.make_ticket("Pressure sensor drifting after a calibration")
        hidden = self.make_ticket(
            "Pressure sensor drifts after calibration", team_id=self.other_service.id
        )
        self.make_ticket("Invoice missing")
        self.assertEqual(ticket.similar_ticket_ids, hidden | alike)
        self.env.invalidate_all()
        self.assertEqual(ticket.with_user(self.agent).similar_ticket_ids, alike)

    def test_similar_chinese_subjects_are_found(self):
        """# V5"""
        ticket = self.make_ticket("压力传感器标定后零点漂移")
        alike = self.make_ticket("压力传感器标定之后零点漂移严重")
        self.make_ticket("发票抬头写错了")
        self.assertEqual(ticket.similar_ticket_ids, alike)

    def test_address_and_phone_go_with_the_wrong_customer(self):
        """# V5: of a ticket that we wrote, saved or not; else answers reach him."""
        right = self.make_customer(
            "Bodun", email="w@bodun.example", phone="139 1111 2222"
        )
        form = Form(self.tickets.with_user(self.agent))
        form.name = "Drift"
        form.partner_id = self.contact
        self.assertEqual(form.partner_email, "li@ruida.example")
        form.partner_id = right
        self.assertEqual(form.partner_email, "w@bodun.example")
        self.assertEqual(form.partner_phone, right.phone)
        form.partner_id = self.contact
        ticket = form.save()
        ticket.partner_id = right
        self.assertEqual(ticket.partner_email, "w@bodun.example")
        self.assertEqual(ticket.partner_phone, right.phone)

    def test_what_was_typed_stays_when_the_customer_is_chosen(self):
        """# V5: an address nobody here has, and that of who wrote to us."""
        mine = self.make_ticket("Drift", partner_email="new@ruida.example")
        mine.partner_id = self.contact
        self.assertEqual(mine.partner_email, "new@ruida.example")
        self.assertEqual(mine.partner_phone, self.contact.phone)
        mail = self.receive(Subject="Drift")
        mail.partner_id = self.make_customer("Bodun", email="w@bodun.example")
        self.assertIn("li@ruida.example", mail.partner_email)

    def test_merged_customers_keep_their_tickets(self):
        """# C4 V5: with the owner of the customer that stays."""
        double = self.make_customer("Ruida Double", self.other_rep)
        ticket = self.make_ticket("Of the double", double)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | double).ids, self.customer
        )
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(ticket.customer_id, self.customer)
        self.assertEqual(ticket.guard_user_id, self.rep)

    def test_what_a_stranger_typed_stays(self):
        """# V2: the customer's own address does not replace it."""
        ticket = self.make_ticket(partner_email="typed@x.example")
        ticket.partner_id = self.contact
        self.assertEqual(ticket.partner_email, "typed@x.example")
        self.assertEqual(ticket.partner_phone, self.contact.phone)


@tagged("post_install", "-at_install")
class TestTicketQueries(TicketCommon):
    """# V1: what it costs does not grow with the number."""

    def count_queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def make_many(self, number):
        return self.tickets.with_user(self.agent).create(
            [
                {
                    "name": f"Ticket {index}",
                    "partner_id": self.contact.id,
                    "team_id": self.service.id,
                }
                for index in range(number)
            ]
        )

    def test_creating_many_costs_few_queries_each(self):
        """# V1 V7: plain leads cost eight."""
        self.service.assignment_method = "turn"
        self.make_many(1)
        few = self.count_queries(lambda: self.make_many(10))
        many = self.count_queries(lambda: self.make_many(60))
        self.assertLess((many - few) / 50, 3.5, (few, many))

    def test_lists_and_boards_cost_the_same_for_any_number(self):
        """# V1"""
        fields = {
            "number": {},
            "name": {},
            "partner_id": {"fields": {"display_name": {}}},
            "user_id": {"fields": {"display_name": {}}},
            "stage_id": {"fields": {"display_name": {}}},
            "tag_ids": {"fields": {"display_name": {}, "color": {}}},
            "activity_ids": {"fields": {}},
            "activity_state": {},
        }
        domain = [("team_id", "=", self.service.id)]
        tickets = self.tickets.with_user(self.agent)

        def read():
            tickets.web_search_read(domain, fields, limit=80)

        self.make_many(5)
        read()
        few = self.count_queries(read)
        self.make_many(50)
        self.assertEqual(self.count_queries(read), few)
