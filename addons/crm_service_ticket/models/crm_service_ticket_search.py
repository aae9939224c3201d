from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_customer_center.tools.search_keys import phone_digits, typed_number
from odoo.addons.crm_suite_base.tools.likes import literal


class CrmServiceTicket(models.Model):
    """Finding a ticket as people type it: whatever they remember of it."""

    _inherit = "crm.service.ticket"

    ticket_search = fields.Char(
        string="Ticket",
        store=False,
        search="_search_ticket_search",
        help="Number, subject, customer by any name or number, serial number, or what "
        "the sender gave as name, e-mail or phone.",
    )
    phone_digits = fields.Char(
        compute="_compute_phone_digits",
        store=True,
        index="trigram",
        help="The phone without signs and prefixes, however it was written.",
    )

    @api.depends("partner_phone")
    def _compute_phone_digits(self):
        for ticket in self:
            ticket.phone_digits = phone_digits(ticket.partner_phone or "") or False

    @api.model
    def _search_ticket_search(self, operator, value):
        if operator != "ilike" or not isinstance(value, str):
            return NotImplemented
        text = value.strip()
        if not text:
            return Domain.TRUE
        partners = self.env["res.partner"]
        meant = ()
        if partners.has_access("read"):
            # those the user may see
            meant = partners._search([("display_name", "ilike", text)])
        # sudo: the search that this is part of asks the rules of tickets
        tickets = self.sudo()
        found = [
            tickets._search(way, active_test=False)
            for way in _ways_to_find(text, meant)
        ]
        ids = SQL(" UNION ").join(query.subselect() for query in found)
        # not one "or" of them all: that would read every ticket
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s = ANY(ARRAY(%s))", SQL.identifier(alias, "id"), ids
            )
        )


def _ways_to_find(text: str, meant) -> list[Domain]:
    """Return domains of tickets, each by an index of its own.

    :param meant: the partners that are meant, as a query or as no ids
    """
    words = literal(text)
    ways = [
        Domain(name, "ilike", words)
        for name in ("number", "name", "partner_name", "partner_email")
    ]
    ways += [Domain(who, "in", meant) for who in ("partner_id", "customer_id")]
    ways.append(Domain("equipment_id", "any", [("serial", "ilike", words)]))
    if digits := typed_number(text):
        ways.append(Domain("phone_digits", "like", digits))
    return ways
