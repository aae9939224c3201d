from odoo import api, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["crm.tagged.mixin", "res.partner"]

    _tagging_field = "category_id"
    _tagging_reason_model = "crm.partner.tag.reason"

    @api.onchange("category_id")
    def _onchange_category_id(self):
        self._replace_tag_of_group()
