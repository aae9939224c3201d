from odoo import models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def module_uninstall(self):
        """Conditions that name what went with a module are looked at when the rest of
        the modules is loaded again."""
        result = super().module_uninstall()
        cron = self.env.ref(
            "crm_suite_base.ir_cron_look_at_conditions", raise_if_not_found=False
        )
        if cron:
            # sudo: nobody but the system may touch jobs
            cron.sudo()._trigger()
        return result
