from odoo import models


class ResPartner(models.Model):
    """Who leaves a customer loses its tickets, at once."""

    _inherit = "res.partner"

    def write(self, vals):
        if not {"parent_id", "is_company", "active"} & vals.keys():
            return super().write(vals)
        # sudo: who left is asked of whoever moved him, also beyond his own sight
        partners = self.sudo()
        before = {partner.id: partner._portal_place() for partner in partners}
        result = super().write(vals)
        moved = partners.filtered(lambda p: p._portal_place() != before[p.id])
        if moved:
            moved.sudo(self.env.su)._forget_portal_rights()
        return result

    def _portal_place(self):
        """What a contact's view of tickets hangs on."""
        return (self.commercial_partner_id, self.active)

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
