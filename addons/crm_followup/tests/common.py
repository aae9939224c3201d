"""Builders for tests about follow-ups."""

from contextlib import contextmanager
from datetime import date, datetime, timedelta

import psycopg2

from odoo import Command, fields
from odoo.tools import mute_logger

from odoo.addons.crm_customer_center.tests.common import CustomerCommon

# a Monday, a Wednesday at ten in the morning in Shanghai, in a week without holidays
MONDAY = date(2026, 3, 2)
WEDNESDAY = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 2, 0)


class FollowupCommon(CustomerCommon):
    """One company calendar: Monday to Friday, 9 to 12 and 13 to 18 in Shanghai."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "Asia/Shanghai",
                "company_id": cls.env.company.id,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": f"{day} {start}",
                                "dayofweek": str(day),
                                "hour_from": start,
                                "hour_to": stop,
                                "day_period": period,
                            }
                        )
                        for day in range(5)
                        for start, stop, period in (
                            (9, 12, "morning"),
                            (13, 18, "afternoon"),
                        )
                    ),
                ],
            }
        )
        cls.env.company.resource_calendar_id = cls.calendar
        for user in cls.roles.values():
            user.tz = "Asia/Shanghai"
        cls.env["crm.followup.rule"].with_context(active_test=False).search([]).unlink()
        cls.customer = cls.make_customer("Acme", cls.rep)
        cls.followups = cls.env["crm.followup"]
        cls.tasks = cls.env["crm.followup.task"]
        cls.call = cls.env.ref("mail.mail_activity_data_call")

    @classmethod
    def add_holiday(cls, first, last):
        """A public holiday, whole days where the company works."""
        start = datetime(first.year, first.month, first.day) - timedelta(hours=8)
        stop = datetime(last.year, last.month, last.day) + timedelta(hours=16)
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": cls.calendar.id,
                "date_from": start,
                "date_to": stop,
            }
        )

    @classmethod
    def write_followup(cls, about, user=None, **values):
        """A follow-up about a customer, contact or lead, as the user writes it."""
        key = "lead_id" if about._name == "crm.lead" else "partner_id"
        followups = cls.env["crm.followup"].with_user(user or cls.rep)
        return followups.create(
            {key: about.id, "content": "Talked about the order.", **values}
        )

    @classmethod
    def make_rule(cls, **values):
        return cls.env["crm.followup.rule"].create(
            {
                "name": "Rule",
                "model_name": "res.partner",
                "domain": "[]",
                "trigger": "cycle",
                "days": 14,
                "remind_days": 0,
                "activity_type_id": cls.call.id,
                **values,
            }
        )

    @classmethod
    def plan(cls, record, day, user=None, **values):
        """An activity a person plans."""
        return record.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=day,
            user_id=(user or cls.rep).id,
            automated=False,
            **values,
        )

    @classmethod
    def born_on(cls, records, day):
        """Give records another day of creation, which the ORM does not allow."""
        records.flush_recordset()
        cls.env.cr.execute(
            f"UPDATE {records._table} SET create_date = %s WHERE id = ANY(%s)",
            [fields.Datetime.to_string(fields.Datetime.to_datetime(day)), records.ids],
        )
        records.invalidate_recordset(["create_date"])

    @contextmanager
    def refused_by_database(self, error=psycopg2.IntegrityError):
        """What is inside breaks a constraint of the database."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(error),
            self.env.cr.savepoint(),
        ):
            yield

    def open_tasks(self, record):
        key = record._followup_key
        return self.tasks.search([(key, "=", record.id), ("state", "=", "open")])

    def activities(self, record):
        return self.env["mail.activity"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )
