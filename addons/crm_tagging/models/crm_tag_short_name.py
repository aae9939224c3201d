from odoo import api, models

# context key: the group stands elsewhere or is told by the colour
SHORT = "crm_tag_short_name"


class CrmTagVocabulary(models.AbstractModel):
    """Lists and cards have no room for the group in each of their tags."""

    _inherit = "crm.tag.vocabulary"

    def _name_with_group(self, name):
        if self.env.context.get(SHORT):
            return name
        return super()._name_with_group(name)


class ResPartnerCategory(models.Model):
    _inherit = "res.partner.category"

    @api.depends_context(SHORT)
    def _compute_display_name(self):
        return super()._compute_display_name()


class CrmTag(models.Model):
    _inherit = "crm.tag"

    @api.depends_context(SHORT)
    def _compute_display_name(self):
        return super()._compute_display_name()
