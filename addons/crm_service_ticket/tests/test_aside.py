from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import TicketCommon


class AsideCase(TicketCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket("Drift", cls.contact, user_id=cls.agent.id)
        cls.until = fields.Datetime.now() + timedelta(days=2)

    def wizard(self, tickets=None, user=None, **values):
        wizards = self.env["crm.service.aside.wizard"].with_user(user or self.agent)
        ids = (tickets or self.ticket).ids
        return wizards.with_context(active_ids=ids).create(values)

    def put_aside(self, tickets=None, user=None, **values):
        values = {"until": self.until, "reason": "Part on its way", **values}
        return self.wizard(tickets, user, **values).action_until()

    def process(self, **later):
        return self.env["crm.service.aside"]._process(self.until + timedelta(**later))

    def told(self, user, since):
        return self.env["mail.message"].search(
            [("id", ">", since.id), ("partner_ids", "in", user.partner_id.ids)]
        )

    def last_message(self):
        return self.env["mail.message"].search([], order="id desc", limit=1)


@tagged("post_install", "-at_install")
class TestPutAside(AsideCase):
    """# V7: out of the queue until a moment."""

    def test_it_says_who_until_when_and_why(self):
        wizard = self.wizard(until=self.until, reason=" Part on its way ")
        tracked = wizard.with_context(tracking_disable=False, mail_notrack=False)
        told = tracked.action_until()
        self.assertRecordValues(
            self.ticket,
            [
                {
                    "aside_until": self.until,
                    "aside_by_id": self.agent.id,
                    "aside_reason": "Part on its way",
                    "state": "pending",
                    "user_id": self.agent.id,
                }
            ],
        )
        self.assertIn("Put aside until", told["params"]["message"])
        self.env.cr.flush()
        note = self.ticket.message_ids[:1]
        self.assertIn("Part on its way", note.body)
        self.assertEqual(note.author_id, self.agent.partner_id)
        self.assertTrue(note.subtype_id.internal)

    def test_it_leaves_the_queue_and_is_found_asleep(self):
        attention = self.env["crm.service.attention"].with_user(self.agent)
        tickets = self.tickets.with_user(self.agent)
        self.ticket.sudo().awaiting_answer = True
        calling = attention._mine() & attention._calling()
        self.assertIn(self.ticket, tickets.search(calling))
        self.put_aside()
        self.assertNotIn(self.ticket, tickets.search(calling))
        action = self.env.ref("crm_service_ticket.action_ticket")
        self.assertIn("search_default_awake", action.context)
        view = self.env.ref("crm_service_ticket.view_ticket_search").arch
        for name, domain in (
            ("awake", [("aside_until", "=", False)]),
            ("asleep", [("aside_until", "!=", False)]),
        ):
            self.assertIn(f'name="{name}"', view)
            self.assertEqual(
                self.ticket in tickets.search(domain), name == "asleep", name
            )

    def test_what_nobody_has_becomes_that_of_who_puts_it_aside(self):
        loose = self.make_ticket("Loose")
        self.put_aside(loose)
        self.assertEqual(loose.user_id, self.agent)
        self.assertEqual(loose.aside_until, self.until)

    def test_a_colleagues_and_what_is_done_is_left_out(self):
        theirs = self.make_ticket("Theirs", user_id=self.technician.id)
        done = self.make_ticket("Done", user_id=self.agent.id)
        done.action_close()
        told = self.put_aside(self.ticket | theirs | done)["params"]["message"]
        self.assertFalse((theirs | done).filtered("aside_until"))
        self.assertIn(f"with {self.technician.name}", told)
        self.assertIn("resolved or closed already", told)

    def test_by_the_clock_of_who_does_it(self):
        self.agent.tz = "Asia/Shanghai"
        # Wednesday, half past ten in Shanghai
        with freeze_time("2026-03-04 02:30:00"):
            wizard = self.wizard()
            self.assertIn("14:00", wizard.afternoon)
            self.assertIn("09:00", wizard.monday)
            for name, until in (
                ("afternoon", "2026-03-04 06:00:00"),
                ("tomorrow", "2026-03-05 01:00:00"),
                ("monday", "2026-03-09 01:00:00"),
            ):
                self.ticket.sudo().aside_until = False
                getattr(wizard, f"action_{name}")()
                self.assertEqual(str(self.ticket.aside_until), until, name)
        with freeze_time("2026-03-04 09:30:00"):
            late = self.wizard()
            self.assertFalse(late.afternoon)
            with self.assertRaisesRegex(UserError, "still to come"):
                late.action_afternoon()

    def test_who_has_said_no_zone_has_the_companys_clock(self):
        self.agent.tz = False
        self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.env.registry.clear_cache()
        with freeze_time("2026-03-04 02:30:00"):
            wizard = self.wizard()
            self.assertIn("14:00", wizard.afternoon)
            told = wizard.action_afternoon()["params"]["message"]
        self.assertEqual(str(self.ticket.aside_until), "2026-03-04 06:00:00")
        self.assertIn("2:00", told)

    def test_a_moment_that_is_over_or_none_is_refused(self):
        for until in (False, fields.Datetime.now() - timedelta(minutes=1)):
            with self.subTest(until), self.assertRaisesRegex(UserError, "to come"):
                self.put_aside(until=until)
        self.assertFalse(self.ticket.aside_until)

    def test_only_by_the_way_there_is(self):
        mine = self.ticket.with_user(self.agent)
        for name, value in (
            ("aside_until", self.until),
            ("aside_reason", "x"),
            ("aside_by_id", self.technician.id),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                mine.write({name: value})

    def test_who_may_not_change_it_does_not(self):
        with self.assertRaises(UserError):
            self.put_aside(user=self.other_agent)
        self.assertFalse(self.ticket.aside_until)
        self.put_aside()
        with self.assertRaises(AccessError):
            self.env["crm.service.aside"]._act_wake(self.ticket.with_user(self.rep))
        self.assertTrue(self.ticket.aside_until)


@tagged("post_install", "-at_install")
class TestBack(AsideCase):
    """# V7: back by itself, and at once when the customer writes."""

    def setUp(self):
        super().setUp()
        self.put_aside()

    def test_when_the_time_has_come_its_agent_hears_of_it(self):
        since = self.last_message()
        self.process(minutes=-1)
        self.assertTrue(self.ticket.aside_until)
        self.assertEqual(self.process(), 1)
        self.assertFalse(self.ticket.aside_until or self.ticket.aside_reason)
        told = self.told(self.agent, since)
        self.assertEqual(len(told), 1)
        self.assertIn("Back on your desk", told.subject)
        self.assertIn("Part on its way", told.body)
        self.assertEqual(self.process(), 0)

    def test_several_of_one_are_told_at_once_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.agent.lang = "zh_CN"
        other = self.make_ticket("Cable", user_id=self.agent.id)
        self.put_aside(other)
        since = self.last_message()
        self.assertEqual(self.process(), 2)
        told = self.told(self.agent, since)
        self.assertEqual(len(told), 1)
        self.assertIn("2", told.subject)
        self.assertNotIn("desk", told.subject)

    def test_the_customer_wakes_it(self):
        reply = self.receive(subject=f"Re: [{self.ticket.number}] Drift")
        self.assertEqual(reply, self.ticket)
        self.assertFalse(self.ticket.aside_until)
        self.assertTrue(self.ticket.awaiting_answer)

    def test_what_we_say_does_not(self):
        self.answer(self.ticket, self.agent)
        self.ticket.with_user(self.agent).message_post(body="A note")
        self.assertTrue(self.ticket.aside_until)
        self.ticket.with_user(self.agent).action_wait()
        self.assertTrue(self.ticket.aside_until)

    def test_who_gets_it_sees_it_and_what_is_done_stays_done(self):
        self.ticket.user_id = self.agent
        self.assertTrue(self.ticket.aside_until)
        self.ticket._escalate("technician", "Look", user=self.technician)
        self.assertFalse(self.ticket.aside_until)
        self.put_aside(user=self.technician)
        self.ticket.action_close()
        self.assertFalse(self.ticket.aside_until)
        self.assertEqual(self.process(), 0)

    def test_by_hand(self):
        action = self.env.ref("crm_service_ticket.action_wake").with_user(self.agent)
        action.with_context(
            active_model=self.ticket._name,
            active_id=self.ticket.id,
            active_ids=self.ticket.ids,
        ).run()
        self.assertFalse(self.ticket.aside_until)

    def test_it_is_not_closed_as_silent(self):
        """He who put it aside looks at it again."""
        self.service.write({"auto_close_days": 7, "auto_close_notice_days": 0})
        self.ticket.action_wait()
        later = fields.Datetime.now() + timedelta(days=30)
        self.assertTrue(self.ticket.aside_until)
        self.tickets._process_silence(later)
        self.assertEqual(self.ticket.state, "waiting")
        self.env["crm.service.aside"]._wake(self.ticket)
        self.tickets._process_silence(later)
        self.assertEqual(self.ticket.state, "closed")

    def test_many_come_back_with_few_queries(self):
        """The person is told once, the rows are written as one."""

        def batch(size):
            found = self.tickets
            for number in range(size):
                found |= self.make_ticket(f"Many {number}", user_id=self.agent.id)
            self.put_aside(found)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["crm.service.aside"]._come_back(found)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.env["crm.service.aside"]._process(self.until)
        batch(2)
        self.assertLessEqual(batch(30) - batch(10), 10)
