from odoo.tests import tagged

from ..models.crm_service_live import DESK, MINE
from ..models.res_users import REJOIN
from .common import LiveCommon

MANY = 1000


@tagged("post_install", "-at_install")
class TestLiveSignals(LiveCommon):
    """Who is told what: ids, once for each channel; nothing where nothing changed."""

    def test_a_new_ticket_is_told_to_its_desk(self):
        ticket = self.make_ticket()
        told = {"by": self.env.uid, "count": 1, "created": ticket.ids, "changed": []}
        self.assertEqual(self.heard(), [(self.desk(self.service), told)])

    def test_an_answer_is_told_and_a_note_is_not(self):
        ticket = self.make_ticket(user_id=self.agent.id)
        self.heard()
        ticket.message_post(body="Look at the log", subtype_xmlid="mail.mt_note")
        self.assertFalse(self.heard())
        self.answer(ticket, self.agent)
        [(channel, told)] = self.heard(DESK)
        self.assertEqual(channel, self.desk(self.service))
        self.assertEqual(told["changed"], ticket.ids)

    def test_nothing_changed_nothing_told(self):
        tag = self.env["crm.tag"].create({"name": "Live"})
        ticket = self.make_ticket(user_id=self.agent.id, tag_ids=tag.ids)
        self.heard()
        ticket.write(
            {
                "name": ticket.name,
                "stage_id": ticket.stage_id.id,
                "user_id": self.agent.id,
                "tag_ids": [(6, 0, tag.ids)],
            }
        )
        ticket.description = "Words that no list shows"
        self.assertFalse(self.heard())
        ticket.tag_ids = False
        self.assertEqual(len(self.heard(DESK)), 1)

    def test_a_thousand_are_told_once_for_each_channel(self):
        tickets = self.env["crm.service.ticket"].create(
            [
                {"name": f"Drift {number}", "team_id": self.service.id}
                for number in range(MANY)
            ]
        )
        [(channel, told)] = self.heard()
        self.assertEqual((channel, told["count"]), (self.desk(self.service), MANY))
        tickets.write({"priority": "2"})
        tickets.write({"user_id": self.agent.id})
        heard = self.heard()
        self.assertEqual(
            {channel for channel, _told in heard},
            {self.desk(self.service), self.own(self.agent)},
        )
        self.assertEqual(len(heard), 2)

    def test_it_costs_no_more_for_many(self):
        one, many = self.make_ticket(), self.make_ticket()
        for number in range(30):
            many += self.make_ticket(f"Drift {number}", user_id=self.agent.id)

        def queries(tickets):
            self.heard()
            self.env["crm.service.live"]._gather(tickets)
            tickets.fetch(["company_id", "team_id", "user_id"])
            before = self.env.cr.sql_log_count
            self.env.cr.flush()
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(queries(many), queries(one) + 4)

    def test_both_desks_hear_of_a_ticket_that_moves(self):
        ticket = self.make_ticket(user_id=self.agent.id)
        self.heard()
        ticket.write({"team_id": self.other_service.id, "user_id": False})
        heard = dict(self.heard())
        self.assertEqual(
            set(heard),
            {
                self.desk(self.service),
                self.desk(self.other_service),
                self.own(self.agent),
            },
        )
        for told in heard.values():
            self.assertEqual(told["changed"], ticket.ids)

    def test_who_has_it_hears_on_a_channel_of_his_own(self):
        """The counter of my tickets need not ask for each ticket of the team."""
        ticket = self.make_ticket(user_id=self.agent.id)
        self.assertIn(self.own(self.agent), [c for c, _told in self.heard(MINE)])
        ticket.user_id = self.technician
        self.assertEqual(
            {channel for channel, _told in self.heard(MINE)},
            {self.own(self.agent), self.own(self.technician)},
        )

    def test_a_message_has_numbers_and_nothing_else(self):
        ticket = self.make_ticket("Secret words", self.contact, user_id=self.agent.id)
        ticket.name = "Other secret words"
        heard = self.heard()
        self.assertTrue(heard)
        for _channel, told in heard:
            numbers = [told["by"], told["count"], *told["created"], *told["changed"]]
            self.assertEqual({type(number) for number in numbers}, {int})
            self.assertEqual(set(told), {"by", "count", "created", "changed"})

    def test_what_is_taken_back_is_not_told(self):
        ticket = self.make_ticket()
        self.heard()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            ticket.priority = "2"
            raise ZeroDivisionError
        self.assertFalse(self.heard())

    def test_what_is_deleted_leaves_the_board(self):
        ticket = self.make_ticket()
        self.heard()
        ticket.unlink()
        [(channel, told)] = self.heard()
        self.assertEqual(
            (channel, told["changed"]), (self.desk(self.service), [ticket.id])
        )

    def test_who_comes_or_leaves_joins_anew(self):
        member = self.add_member(self.service, self.other_agent)
        self.assertEqual(self.heard(REJOIN), [(self.own(self.other_agent), {})])
        member.active = False
        self.assertEqual(self.heard(REJOIN), [(self.own(self.other_agent), {})])
        member.unlink()
        self.assertEqual(self.heard(REJOIN), [(self.own(self.other_agent), {})])
        self.service.user_id = self.agent
        self.assertEqual(
            {channel for channel, _told in self.heard(REJOIN)},
            {self.own(self.agent), self.own(self.service_manager)},
        )
