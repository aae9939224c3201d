"""Customers with portal logins and their tickets, for tests of the customer's side.

``anna`` and ``ben`` are contacts of ``acme``, ``carl`` of ``globex``; ``eva`` was a
contact of Acme when ``eva_ticket`` was made and belongs to Globex now.
"""

from odoo import Command, fields

from odoo.addons.crm_customer_center.tests.common import CustomerCommon

from .common import WarmTemplates

TICKET = "crm.service.ticket"


class FrontCommon(WarmTemplates, CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tickets = cls.env[TICKET]
        cls.surveys = cls.env["crm.service.survey"]
        cls.env.company.write(
            {"service_portal_scope": "own", "email": "service@hengce.example"}
        )
        cls.service_team = cls.env["crm.service.team"].create(
            {
                "name": "Front desk",
                "user_id": cls.service_manager.id,
                "satisfaction_cooldown_days": 0,
                "customer_policy": "create",
            }
        )
        cls.env.company.service_form_team_id = cls.service_team
        cls.acme = cls.make_customer("Acme Instruments")
        cls.globex = cls.make_customer("Globex Valves")
        cls.contacts, cls.logins = {}, {}
        for name, company in [
            ("anna", cls.acme),
            ("ben", cls.acme),
            ("carl", cls.globex),
            ("eva", cls.acme),
        ]:
            cls.add_contact(name, company)

    @classmethod
    def add_contact(cls, name, company):
        contact = cls.make_contact(
            company,
            name.capitalize(),
            email=f"{name}@{company.name.split()[0]}.example",
        )
        user = cls.make_portal_user(name, contact)
        user.password = user.login
        cls.contacts[name], cls.logins[name] = contact, user
        setattr(cls, name, contact)

    @classmethod
    def make_ticket(cls, partner, name="Sensor shows no value", **values):
        return cls.tickets.create(
            {
                "name": name,
                "partner_id": partner.id,
                "team_id": cls.service_team.id,
                "user_id": cls.agent.id,
                **values,
            }
        )

    @classmethod
    def close(cls, ticket, state="closed"):
        ticket._move_to(state)
        cls.env.flush_all()
        return ticket

    @classmethod
    def make_survey(cls, partner, now=None, **values):
        """A ticket of the partner, closed, and asked about."""
        ticket = cls.close(cls.make_ticket(partner, **values))
        survey = ticket.survey_ids
        survey._send(now or fields.Datetime.now())
        return survey

    @classmethod
    def move_contact(cls, contact, company):
        contact.parent_id = company
        cls.env.flush_all()

    @classmethod
    def attach(cls, ticket, name, content):
        return cls.env["ir.attachment"].create(
            {"name": name, "raw": content, "res_model": TICKET, "res_id": ticket.id}
        )

    @classmethod
    def give_role(cls, user, *groups):
        user.group_ids = [Command.link(cls.env.ref(group).id) for group in groups]

    @classmethod
    def activities(cls, ticket):
        kind = cls.env.ref("crm_service_ticket.mail_activity_type_low_score")
        return ticket.activity_ids.filtered(lambda a: a.activity_type_id == kind)
