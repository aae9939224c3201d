from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    """Merging moves contacts and tickets by SQL; the rules of the portal that are
    cached name the former company."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        result = super()._merge(
            partner_ids, dst_partner=dst_partner, extra_checks=extra_checks
        )
        self.env.registry.clear_cache()
        return result
