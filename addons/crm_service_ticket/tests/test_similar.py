from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.crm_service_ticket.models import crm_service_ticket_similar

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestSimilar(TicketCommon):
    """# V5: tickets about the same thing, whatever words stand around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tickets.with_context(active_test=False).search([]).unlink()

    def alike(self, ticket, user=None):
        self.env.invalidate_all()
        return ticket.with_user(user or self.agent).similar_ticket_ids

    def test_shared_words_are_enough(self):
        """Subjects of which hardly a third is the same."""
        ticket = self.make_ticket("HC-200 压力传感器低温零点漂移")
        other = self.make_ticket("压力变送器零点漂移")
        self.make_ticket("发票抬头开错")
        self.assertEqual(self.alike(ticket), other)
        self.assertEqual(self.alike(other), ticket)

    def test_a_model_number_is_a_word_however_it_is_written(self):
        ticket = self.make_ticket("再要十二只 HC-200，多少钱")
        other = self.make_ticket("ｈｃ－200 does not start")
        self.make_ticket("HC-300 does not fit")
        self.assertEqual(self.alike(ticket), other)

    def test_words_of_the_customer_and_of_the_solution_count(self):
        ticket = self.make_ticket("No display", description="<p>The gateway is off</p>")
        by_text = self.make_ticket("Broken", description="<p>Gateway, no lamp</p>")
        solved = self.make_ticket("Dark", resolution="<p>Replaced the display</p>")
        self.make_ticket("Invoice", description="<p>Where is it?</p>")
        self.assertEqual(self.alike(ticket), by_text | solved)

    def test_tags_are_words(self):
        tag = self.env["crm.tag"].create({"name": "Pressure"})
        ticket = self.make_ticket("Thread leaks", tag_ids=[(6, 0, tag.ids)])
        other = self.make_ticket("Readings jump", tag_ids=[(6, 0, tag.ids)])
        self.assertEqual(self.alike(ticket), other)
        other.tag_ids = False
        self.assertFalse(self.alike(ticket))

    def test_the_most_alike_first_and_of_two_the_solved_one(self):
        for number in range(6):
            self.make_ticket(f"Invoice {number}")
        ticket = self.make_ticket("网关固件升级后掉线")
        little = self.make_ticket("网关 固件")
        plain = self.make_ticket("网关升级掉线")
        solved = self.make_ticket("网关升级掉线")
        solved.resolution = "<p>换固件</p>"
        newer = self.make_ticket("网关升级掉线")
        found = self.alike(ticket)
        self.assertEqual(found.ids[0], solved.id)
        self.assertEqual(found.ids[1:3], [newer.id, plain.id])
        self.assertEqual(found.ids[3], little.id)

    def test_what_every_ticket_says_tells_nothing(self):
        ticket = self.make_ticket("Gateway drift")
        self.make_ticket("Gateway lamp")
        self.make_ticket("Gateway door")
        self.assertEqual(len(self.alike(ticket)), 2)
        with patch.object(crm_service_ticket_similar, "COMMON", 3):
            self.assertFalse(self.alike(ticket))

    def test_only_what_the_user_may_read_and_no_archived_one(self):
        ticket = self.make_ticket("Pressure sensor drifts")
        hidden = self.make_ticket("Pressure drifts", team_id=self.other_service.id)
        seen = self.make_ticket("Sensor drifts")
        self.make_ticket("Sensor pressure").active = False
        self.assertEqual(self.alike(ticket), seen)
        self.assertEqual(self.alike(ticket, self.service_manager), seen | hidden)

    def test_what_changes_is_found_by_what_it_says_now(self):
        ticket = self.make_ticket("Pressure sensor drifts")
        other = self.make_ticket("Something")
        self.assertFalse(self.alike(ticket))
        other.name = "Sensor drifts"
        self.assertEqual(self.alike(ticket), other)

    def test_odd_subjects_are_no_error(self):
        for name in (
            "?",
            "漂",
            "'; DROP",
            "{a,b}",
            "\\",
            "%",
            "NULL",
            "💥",
            "a" * 3000,
        ):
            ticket = self.make_ticket(name)
            with self.subTest(name[:9]):
                self.assertNotIn(ticket, self.alike(ticket))

    def test_it_costs_the_same_however_many_there_are(self):
        tickets = [self.make_ticket(f"Gateway drifts {n} times") for n in range(30)]
        counts = []
        for ticket in (tickets[0], tickets[-1]):
            self.alike(ticket)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(ticket.similar_ticket_ids), 5)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 6)


@tagged("post_install", "-at_install")
class TestSolutions(TicketCommon):
    """# V5: how it was solved before, found by words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tickets.with_context(active_test=False).search([]).unlink()
        cls.drift = cls.make_ticket(
            "HC-200 零点漂移",
            description="<p>冷库里读数乱跳</p>",
            resolution="<p>重新标定，升级到固件 2.1</p>",
        )
        cls.leak = cls.make_ticket("Thread leaks", resolution="<p>Use PTFE tape</p>")
        cls.open = cls.make_ticket("零点漂移")

    def found(self, text, user=None):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service_ticket.action_solution"
        )
        domain = [("resolution", "!=", False), ("solution_search", "ilike", text)]
        self.assertIn("resolution", action["domain"])
        return self.tickets.with_user(user or self.agent).search(domain)

    def test_by_subject_by_words_of_the_customer_and_by_the_solution(self):
        for text, tickets in (
            ("漂移", self.drift),
            ("零点漂移", self.drift),
            ("hc-200", self.drift),
            ("冷库 固件", self.drift),
            ("ptfe", self.leak),
            ("tape thread", self.leak),
            ("冷库 ptfe", self.tickets),
            ("", self.drift | self.leak),
            # a single sign is looked for as it is
            ("漂", self.drift),
            ("%", self.tickets),
        ):
            with self.subTest(text):
                self.assertEqual(self.found(text), tickets)

    def test_only_what_the_user_may_read(self):
        self.leak.team_id = self.other_service
        self.assertFalse(self.found("ptfe"))
        self.assertEqual(self.found("ptfe", self.other_agent), self.leak)

    def test_the_words_themselves_are_nobody_s(self):
        with self.assertRaisesRegex(Exception, "similar_words|access"):
            self.drift.with_user(self.agent).read(["similar_words"])
