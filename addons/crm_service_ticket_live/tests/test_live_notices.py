from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.crm_service_live_notice import MOST_NOTICES, NOTICE
from .common import LiveCommon, TwoBrowsers

NOTE = "Restarted twice, still drifts."


@tagged("post_install", "-at_install")
class TestLiveNotices(LiveCommon):
    """Who gets a ticket hears of it: from whom, why, and until when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket("Drift", cls.contact, user_id=cls.agent.id)
        cls.live = cls.env["crm.service.live"]

    def told(self):
        """What was told, as ``{(channel, ticket): kind}``."""
        return {
            (channel, ticket): kind
            for channel, payload in self.heard(NOTICE)
            for ticket, kind, _row in payload["items"]
        }

    def read(self, user, kind, row=0, by=None, ticket=None):
        items = [[(ticket or self.ticket).id, kind, row]]
        live = self.live.with_user(user)
        return live.read_notices(items, (by or self.service_manager).id)["notices"]

    def test_who_is_given_a_ticket_hears_of_it(self):
        self.ticket.with_user(self.service_manager).user_id = self.technician
        key = self.own(self.technician), self.ticket.id
        self.assertEqual(self.told(), {key: "given"})
        [notice] = self.read(self.technician, "given")
        self.assertIn(self.service_manager.name, notice["title"])
        self.assertIn(self.ticket.display_name, notice["text"])

    def test_what_one_takes_oneself_is_no_news(self):
        free = self.make_ticket()
        self.heard()
        free.with_user(self.technician).action_take()
        self.assertFalse(self.heard(NOTICE))

    def test_what_is_deleted_or_only_renamed_is_given_to_nobody(self):
        self.ticket.name = "Drifts more"
        self.ticket.unlink()
        self.assertFalse(self.heard(NOTICE))

    def test_what_comes_back_is_said_to_its_agent(self):
        aside = self.env["crm.service.aside"]
        until = self.ticket.create_date
        aside._put_aside(self.ticket.with_user(self.agent), until, "Part")
        self.heard()
        aside._process(until)
        key = self.own(self.agent), self.ticket.id
        self.assertEqual(self.told(), {key: "back"})
        [notice] = self.read(self.agent, "back")
        self.assertEqual(notice["title"], "Back on your desk")
        self.assertIn(self.ticket.display_name, notice["text"])

    def test_a_hand_over_says_why(self):
        tickets = self.ticket.with_user(self.agent)
        row = tickets._escalate("technician", NOTE, user=self.technician)
        key = self.own(self.technician), self.ticket.id
        self.assertEqual(self.told(), {key: "handed"})
        [notice] = self.read(self.technician, "handed", row.id, self.agent)
        self.assertIn(self.agent.name, notice["title"])
        self.assertIn(NOTE, notice["text"])

    def test_what_a_rule_hands_up_is_escalated(self):
        self.ticket._escalate("technician", NOTE, "rule", user=self.technician)
        self.assertEqual(set(self.told().values()), {"escalated"})

    def test_who_loses_a_ticket_hears_who_took_it(self):
        tickets = self.ticket.with_user(self.technician)
        question = tickets.action_take()
        wizards = tickets.env[question["res_model"]]
        wizard = wizards.with_context(**question["context"]).create({"note": NOTE})
        wizard.action_take_over()
        self.assertEqual(self.told(), {(self.own(self.agent), self.ticket.id): "taken"})
        row = self.ticket.handover_ids
        [notice] = self.read(self.agent, "taken", row.id, self.technician)
        self.assertIn(self.technician.name, notice["title"])
        self.assertIn(NOTE, notice["text"])

    def test_new_tickets_are_told_to_who_wants_it(self):
        self.technician.with_user(self.technician).service_notice_new = True
        self.other_agent.service_notice_new = True
        self.heard()
        ticket = self.make_ticket("Alarm")
        key = self.own(self.technician), ticket.id
        self.assertEqual(self.told(), {key: "new"})
        [notice] = self.read(self.technician, "new", ticket=ticket)
        self.assertIn(self.service.name, notice["title"])

    def test_many_at_once_are_told_as_a_number(self):
        tickets = self.env["crm.service.ticket"].create(
            [
                {"name": f"Drift {n}", "team_id": self.service.id}
                for n in range(MOST_NOTICES + 1)
            ]
        )
        self.heard()
        tickets.write({"user_id": self.technician.id})
        [(_channel, told)] = self.heard(NOTICE)
        self.assertEqual((told["count"], told["items"]), (len(tickets), []))

    def test_a_notice_has_no_words(self):
        self.ticket.with_user(self.agent)._escalate(
            "technician", NOTE, user=self.technician
        )
        [(_channel, told)] = self.heard(NOTICE)
        self.assertNotIn("Drift", str(told))
        self.assertNotIn(NOTE, str(told))

    def test_what_one_may_not_read_says_nothing(self):
        row = self.ticket._escalate("technician", NOTE, user=self.technician)
        portal = self.make_portal_user("notice_portal", self.contact)
        for user in (self.other_agent, self.marketing, self.rep, portal):
            with self.subTest(user=user.login):
                self.assertFalse(self.read(user, "handed", row.id))
        # nor is the word about another ticket told with one's own
        own = self.make_ticket("Own", team_id=self.other_service.id)
        [notice] = self.read(self.other_agent, "handed", row.id, ticket=own)
        self.assertNotIn(NOTE, notice["text"])

    def test_odd_questions_are_refused(self):
        good = [self.ticket.id, "new", 0]
        for items, by in (
            (None, 1),
            ("abc", 1),
            ([good[:2]], 1),
            ([[2**40, "new", 0]], 1),
            ([[self.ticket.id, "odd", 0]], 1),
            ([[self.ticket.id, ["new"], 0]], 1),
            ([[self.ticket.id, "new", "0"]], 1),
            ([good] * (MOST_NOTICES + 1), 1),
            ([good], "1"),
            ([good], -1),
        ):
            with self.subTest(items=str(items)[:50]), self.assertRaises(UserError):
                self.live.with_user(self.agent).read_notices(items, by)

    def test_the_deadline_is_said_in_the_readers_zone(self):
        # any moment of the ticket's: deadlines come with the clock
        attention = type(self.env["crm.service.attention"])
        due = patch.object(attention, "_due_field", lambda _self: "closed_date")
        self.enterContext(due)
        self.ticket.closed_date = "2026-03-02 20:30:00"
        for zone, hour in (("Asia/Shanghai", "4:30"), ("Europe/Berlin", "9:30")):
            self.technician.tz = zone
            with self.subTest(zone=zone):
                live = self.live.with_user(self.technician).with_context(tz=zone)
                items = [[self.ticket.id, "new", 0]]
                [notice] = live.read_notices(items, 1)["notices"]
                self.assertIn(hour, notice["text"])

    def test_everybody_chooses_for_himself(self):
        mine = self.technician.with_user(self.technician)
        mine.write({"service_notice_new": True, "service_desktop_notice": True})
        answer = self.live.with_user(self.technician).read_notices([], 1)
        self.assertTrue(answer["desktop"])
        answer = self.live.with_user(self.agent).read_notices([], 1)
        self.assertFalse(answer["desktop"])


@tagged("post_install", "-at_install")
class TestLiveCounter(LiveCommon):
    """The number on the menu: open tickets of mine that wait for an answer, or are
    late."""

    def count(self, user):
        return self.env["crm.service.live"].with_user(user).get_attention()["count"]

    def test_mine_that_wait_for_an_answer(self):
        before = self.count(self.agent)
        ticket = self.make_ticket(channel="email", user_id=self.agent.id)
        self.make_ticket(channel="email")
        self.make_ticket(channel="email", user_id=self.technician.id)
        self.assertTrue(ticket.awaiting_answer)
        self.assertEqual(self.count(self.agent), before + 1)
        self.answer(ticket, self.agent)
        self.assertEqual(self.count(self.agent), before)

    def test_who_reads_no_tickets_is_told_none(self):
        portal = self.make_portal_user("counts_portal", self.contact)
        public = self.env.ref("base.public_user")
        for user in (self.marketing, portal, public):
            with self.subTest(user=user.login):
                live = self.env["crm.service.live"].with_user(user)
                self.assertEqual(live.get_attention(), {"count": 0, "next": False})


@tagged("post_install", "-at_install")
class TestLiveNoticeScreens(TwoBrowsers):
    """A notice at the other's, and the number on his menu."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.with_password(cls.agent, cls.service_manager)
        cls.ticket = cls.make_ticket("Told at once", cls.contact, channel="email")

    def test_who_is_given_a_ticket_is_told_and_opens_it(self):
        with self.at_work():
            one = self.sit_down(
                self.service_manager, "/odoo/tickets", ".o_kanban_record"
            )
            two = self.sit_down(self.agent, "/odoo/tickets", ".o_kanban_record")
            count = "document.documentElement.classList.contains('o_service_attention')"
            self.assertFalse(two.ask(count))
            values = f'{{"user_id": {self.agent.id}}}'
            one.call("crm.service.ticket", "write", f"[[{self.ticket.id}], {values}]")
            two.sees(".o_ticket_notice", "gave you a ticket")
            two.waits_for(count)
            two.click(".o_ticket_notice button", "Open")
            two.sees(".o_form_view .o_ticket_presence")
            two.sees(".o_form_view", "Told at once")
