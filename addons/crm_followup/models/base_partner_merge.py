from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Odoo moves follow-ups by SQL, unseen by stored fields."""
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        partners = self.env["res.partner"].browse(partner_ids).exists()
        # sudo: guards of what was moved, whoever wrote it
        followups = self.env["crm.followup"].sudo()
        moved = followups.search([("partner_id", "child_of", partners.ids)])
        moved._recompute_guards()
        self.env["crm.followup.state"]._refresh(partners, moved.lead_id)
        return result
