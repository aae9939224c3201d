from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.crm_global_search import (
    Asked,
    SearchCommand,
    SearchSource,
)
from odoo.addons.crm_suite_base.tools.likes import literal


class CrmGlobalSearch(models.AbstractModel):
    """Tickets in the box: by number, by words, by their customer."""

    _inherit = "crm.global.search"

    @api.model
    def _global_search_sources(self):
        return [
            *super()._global_search_sources(),
            SearchSource(
                key="tickets",
                model="crm.service.ticket",
                label=self.env._("Ticket"),
                icon="fa-life-ring",
                find=self._find_tickets,
                line=self._ticket_line,
                sequence=50,
            ),
        ]

    @api.model
    def _global_search_commands(self):
        return [
            *super()._global_search_commands(),
            SearchCommand(
                key="new_ticket",
                model="crm.service.ticket",
                label=self.env._("New ticket"),
                icon="fa-plus",
                sequence=40,
                name_field="name",
            ),
        ]

    @api.model
    def _find_tickets(self, asked: Asked):
        """The number first, then who gave such a phone, then those of the customers
        found, then the words."""
        words = literal(asked.text)
        domains = [Domain("number", "=ilike", words)]
        if asked.digits:
            domains.append(Domain("number", "=ilike", f"%{asked.digits}"))
            domains.append(Domain("phone_digits", "like", asked.digits))
        if asked.partners:
            domains.append(Domain("partner_id", "in", asked.partners.ids))
        domains.append(Domain("name", "ilike", words))
        found = tickets = self.env["crm.service.ticket"]
        for domain in domains:
            if len(found) < asked.limit:
                rest = domain & Domain("id", "not in", found.ids)
                found += tickets.search(rest, limit=asked.limit - len(found))
        return found

    @api.model
    def _ticket_line(self, ticket) -> tuple[str, list]:
        partner = ticket.partner_id._filtered_access("read")
        return f"{ticket.number} {ticket.name}", [
            partner.display_name or ticket.partner_name or ticket.partner_email,
            ticket.stage_id.name,
            ticket.user_id.name or self.env._("nobody yet"),
        ]
