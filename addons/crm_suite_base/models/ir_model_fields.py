from odoo import models

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    def unlink(self):
        """Conditions that name a field that is gone are found now, not at night."""
        result = super().unlink()
        if not self.env.context.get(MODULE_UNINSTALL_FLAG):
            self.env["crm.rule.mixin"]._look_at_all()
        return result
