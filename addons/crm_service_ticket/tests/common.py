"""Builders for the tests of this module and of those that build on it.

``TicketCommon`` adds to the hub's users two service teams and functions that make
tickets and mails::

    class TestClock(TicketCommon):
        def test_x(self):
            ticket = self.make_ticket("Drift", self.customer)
            self.answer(ticket, self.agent)
            reply = self.receive(subject=f"Re: [{ticket.number}] Drift")
"""

from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime
from unittest.mock import patch

from odoo import fields

from odoo.addons.crm_customer_center.tests.common import HUB, CustomerCommon

DOMAIN = "hengce-service.example"
SERVICE = f"help@{DOMAIN}"
AGENT = f"{HUB}.group_service_agent"


class WarmTemplates:
    """Keeps compiled views, templates and routes from one test to the next; to stand
    before a ``…Common`` class.

    Odoo throws all caches away after each test; to compile the pages of the portal,
    the forms and the mails anew costs more than most tests. No test here changes one.
    """

    def setUp(self):
        with self.keeping_templates():
            super().setUp()

    @contextmanager
    def keeping_templates(self):
        """What is asked for in here to clear all caches clears those of records."""

        def clear():
            self.registry.clear_cache("stable")

        with patch.object(self.registry, "clear_all_caches", clear):
            yield


class TicketCommon(WarmTemplates, CustomerCommon):
    """``service`` is the team of ``agent`` and ``technician``, led by
    ``service_manager``; ``other_service`` that of ``other_agent``. Mail for
    ``service`` goes to ``SERVICE``. ``customer`` belongs to ``rep``; ``contact`` is
    its contact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.alias.domain"].search([]).write({"sequence": 99})
        cls.alias_domain = cls.env["mail.alias.domain"].create(
            {"name": DOMAIN, "company_ids": [(4, cls.env.company.id)]}
        )
        cls.env.company.alias_domain_id = cls.alias_domain
        cls.env["crm.service.team"].search([]).active = False
        cls.add_roles(dict.fromkeys(("technician", "other_agent"), AGENT))
        for role in ("agent", "technician", "other_agent"):
            cls.roles[role].email = f"{role}@{DOMAIN}"
        cls.service = cls.make_service_team("Service", cls.agent, alias_name="help")
        cls.service.user_id = cls.service_manager
        cls.add_member(cls.service, cls.technician, level="technician")
        cls.other_service = cls.make_service_team("Other Service", cls.other_agent)
        cls.customer = cls.make_customer("Ruida Instruments", cls.rep)
        cls.contact = cls.make_contact(
            cls.customer, "Ms Li", email="li@ruida.example", phone="+86 138 1234 5678"
        )
        cls.tickets = cls.env["crm.service.ticket"]
        cls.env.flush_all()

    # ------------------------------------------------------------
    # BUILDERS
    # ------------------------------------------------------------

    @classmethod
    def make_service_team(cls, name, *users, **values):
        team = cls.env["crm.service.team"].create({"name": name, **values})
        for user in users:
            cls.add_member(team, user)
        return team

    @classmethod
    def add_member(cls, team, user, **values):
        return cls.env["crm.service.team.member"].create(
            {"team_id": team.id, "user_id": user.id, **values}
        )

    @classmethod
    def make_ticket(cls, name="Drift", partner=None, **values):
        """A ticket of ``service`` unless another team is given."""
        return cls.env["crm.service.ticket"].create(
            {
                "name": name,
                "partner_id": partner.id if partner else False,
                "team_id": cls.service.id,
                **values,
            }
        )

    @classmethod
    def type(cls, key):
        """The shipped type of a kind."""
        return cls.env.ref(f"crm_service_ticket.type_{key}")

    @classmethod
    def make_type(cls, name, parent=None, **values):
        return cls.env["crm.service.ticket.type"].create(
            {"name": name, "parent_id": parent.id if parent else False, **values}
        )

    @classmethod
    def stage(cls, state):
        return cls.env["crm.service.stage"].search([("state", "=", state)], limit=1)

    @classmethod
    def answer(cls, ticket, user, body="We look into it.", **values):
        """The user writes to the customer."""
        return ticket.with_user(user).message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=user.partner_id.id,
            **values,
        )

    # ------------------------------------------------------------
    # MAIL
    # ------------------------------------------------------------

    _mail_number = 0

    @classmethod
    def make_mail(cls, body="Please help.", attachments=(), **headers):
        """A mail as bytes. Headers by name with ``_`` for ``-``; ``None`` leaves one
        out that is there by itself."""
        TicketCommon._mail_number += 1
        message = EmailMessage()
        defaults = {
            "From": "Ms Li <li@ruida.example>",
            "To": SERVICE,
            "Subject": "Sensor drifts",
            "Date": format_datetime(fields.Datetime.now()),
            "Message-ID": f"<{TicketCommon._mail_number}@mail.ruida.example>",
        }
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        known = {name.lower() for name in given}
        kept = {n: v for n, v in defaults.items() if n.lower() not in known}
        for name, value in {**kept, **given}.items():
            if value is not None:
                message[name] = value
        message.set_content(body)
        for name, data in attachments:
            message.add_attachment(
                data, maintype="application", subtype="octet-stream", filename=name
            )
        return message.as_bytes()

    @classmethod
    def deliver(cls, raw):
        """Give a mail to the gateway, as the mail server does.

        :return: the ticket it landed in, empty when none
        """
        thread_id = cls.env["mail.thread"].message_process(False, raw)
        return cls.env["crm.service.ticket"].browse(thread_id or [])

    @classmethod
    def receive(cls, **values):
        return cls.deliver(cls.make_mail(**values))

    @classmethod
    def mail_row(cls, ticket):
        """The last row of incoming mail about a ticket."""
        return cls.env["crm.service.mail"].search(
            [("ticket_id", "=", ticket.id)], limit=1
        )
