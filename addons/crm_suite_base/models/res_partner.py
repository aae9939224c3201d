from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        # only an own company's zone is remembered: see res.company._zone
        if "tz" in vals and self.ref_company_ids:
            self.env.registry.clear_cache()
        return result
