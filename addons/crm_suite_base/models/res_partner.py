from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        # the zone of an own company is remembered, see res.company._zone; zones of
        # partners are rarely written, so nobody asks which of them are companies
        if "tz" in vals:
            self.env.registry.clear_cache()
        return result
