from odoo import models

from odoo.addons.crm_suite_base.tools.changes import follows

# what a contact's view of tickets hangs on
PLACE = ("commercial_partner_id", "active")


class ResPartner(models.Model):
    """Who leaves a customer loses its tickets, at once."""

    _inherit = "res.partner"

    @follows(70, "parent_id", "is_company", "active", reads=PLACE)
    def _portal_rights_end(self, change):
        if moved := self._changed_since(change, *PLACE):
            moved._forget_portal_rights()

    def _forget_portal_rights(self):
        """Drop the cached rule domains of the contacts' logins and the links to their
        tickets that were mailed so far."""
        # sudo: the logins and tickets of these contacts, whoever may see them
        if (
            self.env["res.users"]
            .sudo()
            .search_count(
                [("partner_id", "child_of", self.ids), ("share", "=", True)], limit=1
            )
        ):
            self.env.registry.clear_cache()
        # sudo: only links that are made worthless
        tickets = self.env["crm.service.ticket"].sudo()
        tickets.with_context(active_test=False).search(
            [("partner_id", "child_of", self.ids), ("access_token", "!=", False)]
        )._revoke_portal_links()
        self._leave_former_tickets()

    def _leave_former_tickets(self):
        """No mail any more about tickets of the company that was left."""
        # sudo: who follows what, whoever asks
        tickets = self.env["crm.service.ticket"].sudo()
        # sudo: the same
        followers = self.env["mail.followers"].sudo()
        followers = followers.search(
            [("res_model", "=", tickets._name), ("partner_id", "child_of", self.ids)]
        )
        followed = tickets.browse(followers.mapped("res_id")).exists()
        owners = {ticket.id: ticket.portal_customer_id for ticket in followed}
        followers.filtered(
            lambda f: (
                owners.get(f.res_id)
                not in (f.partner_id, f.partner_id.commercial_partner_id)
                or not f.partner_id.active
            )
        ).unlink()
