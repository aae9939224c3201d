"""What had been filled into a ticket from a customer who is not its customer."""

from odoo.fields import Domain
from odoo.tools import email_normalize

from odoo.addons.crm_customer_center.tools.duplicate_keys import phone_key


def _key_of(text, country: str) -> str:
    """Return an e-mail address or a phone number in the way contacts are found by."""
    text = text or ""
    return (email_normalize(text) or "") if "@" in text else phone_key(text, country)


def filled_from_another(tickets, name: str, column: str):
    """Return the tickets whose e-mail or phone is that of a contact who is not (or
    no longer) their customer, while nobody but us has written them.

    :param name: of the field here
    :param column: of the field of contacts that holds it in one way of writing
    """
    keys = {}
    for ticket in tickets.filtered(lambda one: one.channel == "agent"):
        key = _key_of(ticket[name], ticket.company_id.country_id.code or "CN")
        if key and ticket.partner_id and key != ticket.partner_id[column]:
            keys[ticket] = key
    if not keys:
        return tickets.browse()
    # as the user: of whom he may not read nothing is told
    partners = tickets.env["res.partner"].with_user(tickets.env.uid)
    known = partners.search(Domain(column, "in", list(set(keys.values()))))
    filled = set(known.mapped(column))
    return tickets.filtered(lambda one: keys.get(one) in filled)
