from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

from ..tools import meeting_words

BATCH = 500


class CalendarEvent(models.Model):
    """Everybody in the house reads the meetings of everybody, for years to come; only
    who may read the customer reads how to reach him."""

    _inherit = "calendar.event"

    @api.model
    def _prepare_partner_contact_details_html(self, section_title, partner):
        """Odoo writes name, e-mail and phone of the customer into the description.
        They stay with the customer, who is a click away for who may see him."""
        # sudo: whether it is a customer is decided here, nothing of it is shown
        if partner.sudo().is_customer:
            return []
        return super()._prepare_partner_contact_details_html(section_title, partner)

    # ------------------------------------------------------------
    # WRITTEN BEFORE
    # ------------------------------------------------------------

    @api.autovacuum
    def _gc_contact_details(self):
        """Who has become a customer since was written down with all contact data."""
        became = [("is_customer", "=", True), ("write_date", ">=", "today -2d")]
        self._forget_contact_details(Domain("partner_ids", "any", became))

    @api.model
    def _forget_contact_details(self, domain=Domain.TRUE):
        """Take how to reach customers out of the descriptions of meetings, where Odoo
        wrote it before they were customers, or before this module was there.

        :param domain: which meetings
        """
        links = Domain.OR(
            Domain("description", "like", f'href="{scheme}:')
            for scheme in meeting_words.LINKS
        )
        # sudo: a matter of the system; archived meetings are read as well
        events = self.sudo().with_context(active_test=False, dont_notify=True)
        for ids in split_every(BATCH, events.search(links & domain, order="id").ids):
            # a private one shows its description to those who take part, to nobody else
            events.browse(ids).filtered("description")._forget_contacts()

    def _forget_contacts(self):
        customers = self._customers_named()
        for event in self:
            kept = meeting_words.without(
                event.description,
                lambda contact, event=event: event._is_customers(contact, customers),
            )
            if kept != event.description:
                event.description = kept

    def _customers_named(self) -> set[str]:
        """Return the e-mails and phones of customers that the descriptions name."""
        named = [
            contact
            for event in self
            for contact in meeting_words.contacts_in(event.description)
        ]
        found = self.env["res.partner"].search_fetch(
            Domain("is_customer", "=", True)
            & (
                Domain("email", "in", [one.email for one in named if one.email])
                | Domain("phone", "in", [one.phone for one in named if one.phone])
            ),
            ["email", "phone"],
        )
        return {*found.mapped("email"), *found.mapped("phone")} - {False}

    def _is_customers(self, contact, customers: set[str]) -> bool:
        """Whether a section tells how to reach a customer; of a meeting with one, each
        that is not known to be somebody else's."""
        people = self.partner_ids | self.user_id.partner_id
        others = people.filtered(lambda person: not person.is_customer)
        if {contact.email, contact.phone} & customers:
            return True
        if contact.email in others.mapped("email"):
            return False
        return people != others and contact.name not in others.mapped("name")
