from unittest.mock import MagicMock, patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.crm_service_live_presence import HERE, SUBCHANNEL
from .common import LiveCommon, TwoBrowsers

FORM = ".o_form_view .o_ticket_presence"


@tagged("post_install", "-at_install")
class TestLivePresence(LiveCommon):
    """Who is at a ticket is told to those who may read it, and kept nowhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket(partner=cls.contact)
        cls.live = cls.env["crm.service.live"]

    def say(self, user, ticket_id=None, state="looking", page="abc1"):
        live = self.live.with_user(user)
        return live.say_here(ticket_id or self.ticket.id, state, page)

    def joined(self, user):
        """The tickets whose people a user's browser hears when it asks for this one."""
        name = f"crm.service.ticket_{self.ticket.id}"
        page = MagicMock()
        page.session.uid = user.id
        with patch("odoo.addons.bus.models.ir_websocket.wsrequest", new=page):
            websocket = self.env["ir.websocket"].with_user(user)
            channels = websocket._build_bus_channel_list([name])
        names = [channel for channel in channels if isinstance(channel, str)]
        self.assertNotIn(name, names)
        pairs = [channel for channel in channels if isinstance(channel, tuple)]
        return [one for one, sub in pairs if sub == SUBCHANNEL]

    def test_those_at_the_ticket_hear_who_and_no_more(self):
        self.say(self.agent, state="writing")
        channel = ("crm.service.ticket", self.ticket.id, "here")
        said = {
            "ticket": self.ticket.id,
            "user": self.agent.id,
            "state": "writing",
            "page": "abc1",
        }
        self.assertEqual(self.heard(HERE), [(channel, said)])

    def test_of_what_one_may_not_read_nothing_is_said(self):
        portal = self.make_portal_user("here_portal", self.contact)
        self.assertTrue(self.ticket.with_user(portal).has_access("read"))
        for user in (self.other_agent, self.marketing, portal):
            with self.subTest(user=user.login):
                self.say(user)
                self.assertFalse(self.heard(HERE))
        self.say(self.agent, 2**31 - 1)
        self.assertFalse(self.heard(HERE))

    def test_a_ticket_is_joined_by_who_may_read_it(self):
        portal = self.make_portal_user("joins_portal", self.contact)
        for user in (self.agent, self.service_manager, self.rep):
            with self.subTest(user=user.login):
                self.assertEqual(self.joined(user), [self.ticket])
        for user in (self.other_agent, self.marketing, portal):
            with self.subTest(user=user.login):
                self.assertFalse(self.joined(user))

    def test_odd_words_are_refused(self):
        for odd in (
            {"ticket_id": "1"},
            {"ticket_id": -1},
            {"ticket_id": 2**40},
            {"ticket_id": [1]},
            {"state": "dancing"},
            {"state": ["looking"]},
            {"page": ""},
            {"page": "<b>"},
            {"page": "a" * 99},
            {"page": None},
        ):
            with self.subTest(odd=odd), self.assertRaises(UserError):
                self.say(self.agent, **odd)

    def test_nothing_is_kept(self):
        """No row beside the message itself, which Odoo deletes after a day."""
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.say(self.agent)
        self.assertEqual(len(self.heard(HERE)), 1)
        self.assertLess(self.env.cr.sql_log_count - before, 30)
        self.assertFalse(self.live._auto)


@tagged("post_install", "-at_install")
class TestLivePresenceScreens(TwoBrowsers):
    """Two people at one ticket, in two browsers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.with_password(cls.agent, cls.technician)
        cls.ticket = cls.make_ticket("Seen by two", cls.contact)
        cls.path = f"/odoo/tickets/{cls.ticket.id}"
        # the database is the browsers' while they are open
        cls.names = [user.name for user in (cls.agent, cls.technician)]

    def test_each_sees_the_other_come_write_and_leave(self):
        agent, technician = self.names
        with self.at_work():
            one = self.sit_down(self.agent, self.path, FORM)
            two = self.sit_down(self.technician, self.path, FORM)
            for here, other in ((one, technician), (two, agent)):
                here.sees(FORM, f"{other} is looking at this ticket")
            two.click(".o-mail-Chatter-sendMessage")
            two.sees(".o-mail-Composer")
            two.type("We look into it.")
            one.sees(FORM, f"{technician} is writing a reply")
            two.click(".o_menu_brand, .o_back_button, .breadcrumb-item a")
            one.sees_no(FORM, technician)

    def test_the_form_follows_what_the_other_does(self):
        _agent, technician = self.names
        with self.at_work():
            one = self.sit_down(self.agent, self.path, FORM)
            two = self.sit_down(self.technician, self.path, FORM)
            two.click("button[name=action_take]")
            agent = ".o_field_widget[name=user_id] input"
            one.waits_for(f"{one.found(agent)}[0]?.value === {technician!r}")
