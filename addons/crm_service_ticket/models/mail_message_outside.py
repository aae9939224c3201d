from odoo import models
from odoo.fields import Domain

TICKET = "crm.service.ticket"


class MailMessage(models.Model):
    """People outside read of a ticket the open conversation, while they may read the
    ticket, and nothing else.

    Odoo lets an author and a receiver read a message for ever, which keeps a
    conversation open to a contact who has left the customer; and it keeps only
    comments, not tracking or e-mails filed as notes, from a portal user who knows
    their number.
    """

    _inherit = "mail.message"

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not bypass_access and self._is_asked_from_outside():
            domain = Domain(domain) & self._outside_ticket_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        if not self._is_asked_from_outside():
            return forbidden
        # sudo: only model, document and kind of the message are looked at
        others = (self - forbidden).sudo()
        of_tickets = others.filtered(lambda m: m.model == TICKET and m.res_id)
        readable = self._readable_ticket_ids(of_tickets)
        hidden = of_tickets.filtered(
            lambda m: m.res_id not in readable or m._is_internal_message()
        )
        return forbidden + hidden.sudo(False)

    def _is_asked_from_outside(self):
        return not self.env.su and not self.env.user._is_internal()

    def _is_internal_message(self):
        """The reverse of the domain that Odoo searches with for people outside."""
        return self.is_internal or not self.subtype_id or self.subtype_id.internal

    def _readable_ticket_ids(self, messages):
        # active_test: an archived ticket is still the customer's
        tickets = self.env[TICKET].with_context(active_test=False)
        tickets = tickets.browse(set(messages.mapped("res_id"))).exists()
        return set(tickets._filtered_access("read")._ids)

    def _outside_ticket_domain(self):
        tickets = self.env[TICKET].with_context(active_test=False)
        others = Domain("model", "!=", TICKET)
        if not tickets.has_access("read"):
            return others
        return others | Domain("res_id", "in", tickets._search(Domain.TRUE))
