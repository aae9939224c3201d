from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

from .common import TicketCommon

TICKET = "crm.service.ticket"


@tagged("post_install", "-at_install")
class TestTicketViews(TicketCommon):
    """# V7 G1: the numbers beside the views of the desk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = cls.env[TICKET].create(
            [
                {"name": "Counted", "team_id": team.id, "user_id": user.id}
                for team, user in (
                    (cls.service, cls.agent),
                    (cls.service, cls.agent),
                    (cls.service, cls.env["res.users"]),
                    (cls.other_service, cls.env["res.users"]),
                )
            ]
        )
        cls.env.flush_all()

    def count(self, user, **domains):
        ours = [("id", "in", self.made.ids)]
        asked = {key: [*ours, *domain] for key, domain in domains.items()}
        return self.env["crm.service.desk"].with_user(user).count_views(asked)

    def test_each_number_is_what_the_reader_sees(self):
        domains = {
            "mine": [("user_id", "=", self.agent.id)],
            "nobody's": [("user_id", "=", False)],
            "none": [("name", "=", "no such")],
        }
        found = self.count(self.agent, **domains)
        self.assertEqual(found, {"mine": 2, "nobody's": 1, "none": 0})
        found = self.count(self.other_agent, **domains)
        self.assertEqual(found, {"mine": 0, "nobody's": 1, "none": 0})
        found = self.count(self.service_manager, **domains)
        self.assertEqual(found, {"mine": 2, "nobody's": 2, "none": 0})

    def test_it_is_one_statement_however_many_there_are(self):
        desk = self.env["crm.service.desk"].with_user(self.agent)
        domains = {f"{n}": [("priority", "=", "1")] for n in range(20)}
        desk.count_views(domains)
        with self.assertQueryCount(1):
            self.assertEqual(len(desk.count_views(domains)), 20)

    def test_nothing_is_counted_further_than_is_shown(self):
        self.env[TICKET].create([{"name": "Many", "team_id": self.service.id}] * 101)
        found = self.env["crm.service.desk"].count_views(
            {"many": [("name", "=", "Many")]}
        )
        self.assertEqual(found, {"many": 100})

    def test_what_cannot_be_asked_is_left_out_and_the_others_are_counted(self):
        """A saved search outlives the field it asks for."""
        found = self.count(
            self.agent, gone=[("gone_field", "=", 1)], odd=["x"], good=[]
        )
        self.assertEqual(found, {"good": 3})
        with self.assertRaises(UserError):
            self.env["crm.service.desk"].count_views(["x"])
        self.assertEqual(self.env["crm.service.desk"].count_views({}), {})

    def test_every_queue_of_the_search_view_can_be_counted(self):
        views = self.env[TICKET].with_user(self.agent).get_views([(False, "search")])
        arch = views["views"]["search"]["arch"]
        queues = etree.fromstring(arch).xpath("//filter[starts-with(@name, 'queue_')]")
        self.assertGreater(len(queues), 5)
        domains = {
            queue.get("name"): safe_eval(queue.get("domain"), {"uid": self.agent.id})
            for queue in queues
        }
        found = self.count(self.agent, **domains)
        self.assertEqual(found.keys(), domains.keys())
        self.assertEqual(found["queue_desk"], 3)
        self.assertEqual(found["queue_unassigned"], 1)
        self.assertEqual(found["queue_mine"], 2)
        self.assertEqual(found["queue_open"], 3)
        self.made[0].with_user(self.agent).action_wait()
        self.env.flush_all()
        self.assertEqual(self.count(self.agent, **domains)["queue_waiting"], 1)


@tagged("post_install", "-at_install")
class TestTicketViewsTour(HttpCase, TicketCommon):
    """# V7: the views in the browser, by hand and by keyboard."""

    def test_a_click_shows_a_view(self):
        self.agent.write({"login": "views", "password": "views views"})
        self.make_ticket("Views tour mine", user_id=self.agent.id)
        self.make_ticket("Views tour nobody's")
        waiting = self.make_ticket("Views tour waiting", user_id=self.agent.id)
        waiting._move_to("waiting")
        shared = {"model_id": TICKET, "domain": "[('name', 'ilike', 'nobody')]"}
        self.env["ir.filters"].create(
            [
                {**shared, "name": "Tour shared", "user_ids": []},
                {**shared, "name": "Tour own", "user_ids": self.agent.ids},
                {**shared, "name": "Tour hidden", "user_ids": self.technician.ids},
            ]
        )
        path = "/odoo/action-crm_service_ticket.action_ticket?view_type=list"
        self.start_tour(path, "crm_service_ticket_views", login="views")
