from odoo import models

WATCHED = {
    "commercial_partner_id",
    "customer_owner_id",
    "is_customer",
    "company_id",
}


class ResPartner(models.Model):
    """Follow-ups carry columns of their partner, for the access rules.

    They are not computed fields depending on the partner's: Odoo would look for
    follow-ups whenever something changes that could change those columns, which is at
    every change of a user's groups or a partner's parent. Here they follow when the
    columns really changed, once, as they are written.
    """

    _inherit = "res.partner"

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        changed = [
            partner.id
            for partner, vals in zip(self, vals_list, strict=True)
            if not WATCHED.isdisjoint(vals)
        ]
        if changed:
            self.env["crm.followup"]._follow_partners(changed)
        return result
