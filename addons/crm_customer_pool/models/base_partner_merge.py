from odoo import api, models

from odoo.addons.crm_suite_base.models.base_partner_merge import DERIVED


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_rooms(self):
        """Whether the customer that stays stands in a pool follows from its owner."""
        return super()._merge_rooms() | {
            ("crm_pool_customer", "partner_id"): DERIVED,
            ("crm_pool_watch", "partner_id"): DERIVED,
        }

    @api.model
    def _rows_moved(self, partners):
        result = super()._rows_moved(partners)
        # sudo: the merge moves what the user may not change too
        partners.sudo()._stand_where_they_belong("entered")
        return result
