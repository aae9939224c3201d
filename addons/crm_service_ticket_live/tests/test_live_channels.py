import json

from odoo.tests import new_test_user, tagged

from odoo.addons.bus.tests.common import WebsocketCase

from .common import LiveCommon


@tagged("post_install", "-at_install")
class TestLiveChannels(LiveCommon, WebsocketCase):
    """A channel is joined by who may read its tickets, whatever a browser asks for."""

    def joined(self, user):
        """Names of the desks a user's browser joins."""
        live = self.env["crm.service.live"]
        return {
            (company._name, company.id, desk) for company, desk in live._desks_of(user)
        }

    def test_an_agent_joins_the_desks_of_his_teams(self):
        nobodys = self.desk(self.service.browse())
        self.assertEqual(self.joined(self.agent), {self.desk(self.service), nobodys})
        self.assertEqual(
            self.joined(self.other_agent), {self.desk(self.other_service), nobodys}
        )

    def test_the_manager_joins_all(self):
        joined = self.joined(self.service_manager)
        self.assertLessEqual(
            {self.desk(self.service), self.desk(self.other_service)}, joined
        )

    def test_who_works_at_no_desk_joins_none(self):
        portal = self.make_portal_user("live_portal", self.contact)
        public = self.env.ref("base.public_user")
        for user in (self.rep, self.marketing, portal, public):
            with self.subTest(user=user.login):
                self.assertFalse(self.joined(user))

    def test_companies_are_kept_apart(self):
        """A team that works for all companies: its people hear of tickets of theirs."""
        other = self.env["res.company"].create({"name": "Other"})
        both = self.make_service_team("Both", self.agent, company_id=False)
        self.assertIn(self.desk(both), self.joined(self.agent))
        self.assertNotIn(self.desk(both, other), self.joined(self.agent))
        self.heard()
        ticket = self.make_ticket(team_id=both.id, company_id=other.id)
        self.assertEqual(ticket.company_id, other)
        self.assertEqual([c for c, _told in self.heard()], [self.desk(both, other)])

    def test_what_is_joined_is_what_may_be_read(self):
        """For each role and ticket: the own browser joins its desk where the role works
        with it by the record rules of a desk."""
        tickets = self.env["crm.service.ticket"]
        for team in (self.service, self.other_service, self.service.browse()):
            tickets += self.make_ticket(team_id=team.id)
        for user in (self.agent, self.other_agent, self.service_manager, self.rep):
            joined = self.joined(user)
            for ticket in tickets:
                with self.subTest(user=user.login, team=ticket.team_id.name):
                    may = ticket.with_user(user).has_access("write")
                    self.assertEqual(self.desk(ticket.team_id) in joined, may)

    def test_a_stranger_hears_nothing_by_asking(self):
        """Names of channels are no keys."""
        new_test_user(self.env, "live_stranger", "base.group_user")
        company = self.env.company.id
        desk = f"service_team_{self.service.id}"
        asked = [
            desk,
            f"res.company,{company},{desk}",
            json.dumps(["res.company", company, desk]),
            f"crm.service.team_{self.service.id}",
            "crm.service.live/desk",
        ]
        self.heard()
        told = {}
        for login in ("live_stranger", self.agent.login):
            session = self.authenticate(login, login)
            websocket = self.websocket_connect(cookie=f"session_id={session.sid}")
            self.subscribe(websocket, asked, self.env["bus.bus"]._bus_last_id())
            told[login] = websocket
            self.session = None
        ticket = self.make_ticket()
        self.env.cr.precommit.run()
        channel = (self.env.company, desk)
        self.trigger_notification_dispatching([channel])
        [heard] = json.loads(told[self.agent.login].recv())
        self.assertEqual(heard["message"]["payload"]["created"], ticket.ids)
        told["live_stranger"].settimeout(1)
        with self.assertRaises(Exception) as silence:
            told["live_stranger"].recv()
        self.assertIn("timed out", str(silence.exception).lower())
