from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _derived_references(self):
        """Why a tag is there, the twin of a tag, and who is in a segment follow from
        the customer and the tag, and use neither."""
        return super()._derived_references() | {
            ("crm_partner_tag_reason", "record_id"),
            ("crm_partner_tag_reason", "tag_id"),
            ("crm_segment_member", "partner_id"),
            ("crm_tag", "partner_category_id"),
        }
