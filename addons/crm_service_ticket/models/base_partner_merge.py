from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Odoo moves tickets by SQL, unseen by their stored fields."""
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        partners = self.env["res.partner"].browse(partner_ids).exists()
        # sudo: guards of what was moved, whoever's tickets they are
        tickets = self.env["crm.service.ticket"].sudo()
        tickets = tickets.with_context(active_test=False)
        moved = tickets.search([("partner_id", "child_of", partners.ids)])
        for name in ("customer_id", "guard_user_id"):
            self.env.add_to_compute(moved._fields[name], moved)
        return result
