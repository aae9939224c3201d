from collections import Counter

from odoo import api, models
from odoo.tools import ormcache

# context key: the group stands elsewhere or is told by the colour
SHORT = "crm_tag_short_name"


class CrmTagVocabulary(models.AbstractModel):
    """Lists and cards have no room for the group in each of their tags."""

    _inherit = "crm.tag.vocabulary"

    def _name_with_group(self, name):
        if self.env.context.get(SHORT) and name not in self._names_of_several():
            return name
        return super()._name_with_group(name)

    @api.model
    @ormcache("self._name", "self.env.lang")
    def _names_of_several(self) -> frozenset[str]:
        """Return the names that say nothing alone: tags of two groups have them."""
        # sudo: the vocabulary is everybody's
        names = self.sudo().search_fetch([], ["name"]).mapped(lambda tag: tag.name)
        return frozenset(name for name, count in Counter(names).items() if count > 1)

    @api.model_create_multi
    def create(self, vals_list):
        tags = super().create(vals_list)
        self.env.registry.clear_cache()
        return tags

    def write(self, vals):
        result = super().write(vals)
        if {"name", "active", "tag_group_id"} & vals.keys():
            self.env.registry.clear_cache()
        return result


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
