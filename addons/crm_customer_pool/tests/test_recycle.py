from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import PoolCommon

START = datetime(2026, 3, 2, 8, 0)


class RecycleCommon(PoolCommon):
    """``customer`` of ``rep``, silent since ``START``; ``rule``: lost after ten days,
    warned five and two days before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.env["crm.pool.rule"].create(
            {
                "name": "Silence",
                "days": 10,
                "first_days": 5,
                "last_days": 2,
                "working_days": False,
                "domain": "[('name', 'like', 'zqr')]",
            }
        )
        cls.rule.action_start()
        with freeze_time(START):
            cls.customer = cls.make_aged("zqr Acme")

    @classmethod
    def make_aged(cls, name, **values):
        """A customer of the rep, entered on the first day."""
        customer = cls.make_customer(name, cls.rep, **values)
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE res_partner SET create_date = %s WHERE id = %s",
            [START, customer.id],
        )
        customer.invalidate_recordset()
        return customer

    def nights(self, first, last):
        """The job on some days after the first one; days on which the owner had a
        message."""
        told = []
        for number in range(first, last + 1):
            with freeze_time(START + timedelta(days=number)):
                before = self.messages()
                self.env["crm.pool.engine"]._cron_night()
                self.env.flush_all()
                if self.messages() > before:
                    told.append(number)
        return told

    def messages(self):
        return self.env["mail.notification"].search_count(
            [("res_partner_id", "=", self.rep.partner_id.id)]
        )


@tagged("post_install", "-at_install")
class TestRecycle(RecycleCommon):
    """# C10: what nobody works on goes back to the pool, and nobody is surprised."""

    def test_warned_twice_and_lost(self):
        self.assertEqual(self.nights(1, 10), [5, 8])
        self.assertEqual(self.customer.user_id, self.rep)
        watch = self.env["crm.pool.watch"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(
            (watch.owner_id, watch.first_on, watch.last_on, watch.lost_on),
            (self.rep, date(2026, 3, 7), date(2026, 3, 10), date(2026, 3, 13)),
        )
        with freeze_time(START + timedelta(days=10)):
            facts = self.customer.with_user(self.rep)._pool_facts()
            self.assertEqual(facts[0].value, "Tomorrow")
        self.assertEqual(self.nights(11, 13), [11])
        self.assertFalse(self.customer.customer_owner_id)
        self.assertEqual(self.row(self.customer).pool_id, self.pool)
        move = self.moves(self.customer)[-1]
        self.assertEqual((move.cause, move.owner_id), ("recycle", self.rep))
        self.assertFalse(move.user_id)
        self.assertFalse(watch.exists())

    def test_the_day_is_written_as_its_reader_writes_it(self):
        users = self.env.registry["res.users"]
        with patch.object(users, "_tell_of_work") as told:
            self.env["crm.pool.engine"]._warn(
                self.rep, self.customer, date(2026, 3, 13), self.rule
            )
        self.assertIn("03/13/2026", told.call_args.args[1])

    def test_a_contact_saves_it(self):
        self.nights(1, 7)
        with freeze_time(START + timedelta(days=7)):
            self.customer.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.rep.id
            ).action_done()
        self.env.flush_all()
        self.assertEqual(self.nights(8, 11), [])
        self.assertFalse(
            self.env["crm.pool.watch"].search([("partner_id", "=", self.customer.id)])
        )
        self.assertEqual(self.nights(12, 14), [12])

    def test_a_rule_that_begins_late_begins_with_a_warning(self):
        self.assertEqual(self.nights(100, 105), [100, 103])
        self.assertTrue(self.customer.user_id)

    def test_an_open_deal_protects(self):
        lead = self.make_lead("Deal", self.rep, self.customer)
        self.assertEqual(self.nights(1, 20), [])
        lead.action_set_lost()
        self.assertEqual(self.nights(21, 21), [21])

    def test_leave_stops_the_clock(self):
        resource = self.env["resource.resource"].create(
            {"name": "rep", "user_id": self.rep.id}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "resource_id": resource.id,
                "date_from": START + timedelta(days=2),
                "date_to": START + timedelta(days=11),
            }
        )
        self.assertEqual(self.nights(1, 14), [])
        self.assertEqual(self.nights(15, 15), [15])

    def test_whom_no_pool_takes_stays(self):
        (self.pool | self.other_pool).active = False
        self.assertEqual(self.nights(6, 20), [])
        self.assertEqual(self.customer.user_id, self.rep)

    def test_a_new_owner_begins_anew(self):
        self.nights(1, 9)
        with freeze_time(START + timedelta(days=10)):
            self.customer.user_id = self.colleague
        self.nights(10, 14)
        self.assertEqual(self.customer.user_id, self.colleague)

    def test_rehearsal_says_who_and_what(self):
        with freeze_time(START + timedelta(days=8)):
            total, rows = self.rule._rehearse()
        self.assertEqual((total, rows[0].record), (1, self.customer))
        self.assertEqual(rows[0].would, "the owner is warned")
        self.assertFalse(
            self.env["crm.pool.watch"].search([("partner_id", "=", self.customer.id)])
        )

    def test_whom_the_rules_could_mean_is_one_question(self):
        """Not a list of customers; who had a contact lately is not looked at."""
        engine = self.env["crm.pool.engine"]
        with freeze_time(START + timedelta(days=6)):
            lively = self.make_aged("zqr Lively")
            lively.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.rep.id
            ).action_done()
            self.env.flush_all()
            waiting = engine._waiting_domain()
            found = self.env["res.partner"].search(waiting)
        self.assertIn(self.customer, found)
        self.assertNotIn(lively, found)
        self.assertNotIn(str(self.customer.id), repr(waiting))

    def test_a_rule_that_only_the_database_refuses_is_stopped_alone(self):
        other = self.rule.copy({"name": "Refused", "sequence": 1})
        other.action_start()
        rules = self.env.registry["crm.pool.rule"]
        real = rules._info_domain
        refused = Domain.custom(to_sql=lambda *_args: SQL("1 / (color - color) = 0"))

        def asked(records, info):
            return refused if info.id == other.id else real(records, info)

        with patch.object(rules, "_info_domain", asked), mute_logger("odoo.sql_db"):
            self.assertEqual(self.nights(5, 5), [5])
        self.assertEqual((other.state, self.rule.state), ("error", "ok"))
