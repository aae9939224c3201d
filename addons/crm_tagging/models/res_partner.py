from odoo import api, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ("crm.tagged.mixin", "res.partner")

    _tagging_field = "category_id"
    _tagging_reason_model = "crm.partner.tag.reason"

    @api.onchange("category_id")
    def _onchange_category_id(self):
        self._replace_tag_of_group()

    def _tags_carried(self):
        """Return ``{partner: (all its tags, those that rules put on)}``."""
        by_rule = self.env["crm.partner.tag.reason"]._put_on_by_rules(self)
        carried = {}
        # sudo: compares with tags whatever the user may see
        for partner in self.sudo().with_context(active_test=False):
            tags = partner.category_id
            yielding = tags.filtered(lambda tag, p=partner: (p.id, tag.id) in by_rule)
            carried[self.browse(partner.id)] = (tags, yielding)
        return carried
