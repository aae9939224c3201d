"""Builders for tests about the clock."""

from contextlib import contextmanager
from datetime import date, datetime, timedelta

import psycopg2
from freezegun import freeze_time

from odoo import Command, fields
from odoo.tools import mute_logger

from odoo.addons.crm_service_ticket.tests.common import TicketCommon

# Shanghai is eight hours before UTC
ZONE = timedelta(hours=8)
TARGETS = {
    "first_response_minutes": 60,
    "next_response_minutes": 120,
    "resolution_minutes": 480,
}


def at(day, hour, minute=0, month=3):
    """A moment of March 2026 in Shanghai, as naive UTC; the 2nd is a Monday."""
    return datetime(2026, month, day, hour, minute) - ZONE


def moment(day, hour, minute=0):
    """Be at a moment of March 2026 in Shanghai."""
    return freeze_time(at(day, hour, minute))


class SlaCommon(TicketCommon):
    """The company works Monday to Friday, 9 to 12 and 13 to 18 in Shanghai; one
    policy, ``policy``, is for all tickets: an hour, two hours, eight hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policies = cls.env["crm.service.sla.policy"]
        cls.policies.search([]).active = False
        cls.calendar = cls.make_calendar("Office")
        cls.env.company.resource_calendar_id = cls.calendar
        for user in cls.roles.values():
            user.tz = "Asia/Shanghai"
        cls.policy = cls.make_policy("Everybody")
        cls.entries = cls.env["crm.service.sla.entry"]
        cls.results = cls.env["crm.service.sla.result"]
        cls.events = cls.env["crm.service.sla.event"]
        cls.notices = cls.env["crm.service.sla.notice"]
        cls.job = cls.env.ref("crm_service_sla.ir_cron_sla")

    # ------------------------------------------------------------
    # BUILDERS
    # ------------------------------------------------------------

    @classmethod
    def make_calendar(cls, name, hours=((9, 12), (13, 18)), days=range(5), **values):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
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
                                "day_period": "morning" if start < 12 else "afternoon",
                            }
                        )
                        for day in days
                        for start, stop in hours
                    ),
                ],
                **values,
            }
        )

    @classmethod
    def make_policy(cls, name, **values):
        return cls.env["crm.service.sla.policy"].create(
            {
                "name": name,
                "company_id": cls.env.company.id,
                "state": "ok",
                **TARGETS,
                **values,
            }
        )

    @classmethod
    def choice(cls, field, value):
        """The choice of a selection field of tickets, as policies name it."""
        return cls.env.ref(
            f"crm_service_ticket.selection__crm_service_ticket__{field}__{value}"
        )

    @classmethod
    def add_holiday(cls, first, last, calendar=None):
        """A public holiday of March 2026, whole days."""
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": (calendar or cls.calendar).id,
                "date_from": at(first, 0),
                "date_to": at(last, 23, 59) + timedelta(seconds=59),
            }
        )

    @classmethod
    def add_makeup_day(cls, day, **values):
        return cls.env["resource.calendar.makeup.day"].create(
            {
                "date": date(2026, 3, day),
                "calendar_id": cls.calendar.id,
                "works_like": "0",
                **values,
            }
        )

    @classmethod
    def say(cls, ticket):
        """The customer writes."""
        return ticket.message_post(
            body="Any news?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=cls.contact.id,
        )

    @classmethod
    def wait(cls, ticket):
        ticket.action_wait()

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    def ledger(self, ticket):
        """The lines of a ticket: bucket, minutes, person."""
        return [
            (entry.bucket, entry.seconds / 60, entry.user_id)
            for entry in self.entries.search([("ticket_id", "=", ticket.id)])
        ]

    def clock(self, ticket):
        return self.env["crm.service.sla.clock"].search([("ticket_id", "=", ticket.id)])

    def assertAddsUp(self, ticket):
        """The ledger accounts for every second until the present span."""
        clock = self.clock(ticket)
        entries = self.entries.search([("ticket_id", "=", ticket.id)])
        self.assertEqual(
            sum(entries.mapped("seconds")),
            (clock.since - clock.start).total_seconds(),
        )

    def run_job(self):
        """What the job does, without its commits; until nothing is due."""
        for _turn in range(20):
            if not self.tickets._sla_process_batch(fields.Datetime.now()):
                return
        self.fail("the job never comes to its end")

    @contextmanager
    def refused_by_database(self, error=psycopg2.IntegrityError):
        """What is inside breaks a constraint of the database."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(error),
            self.env.cr.savepoint(),
        ):
            yield
