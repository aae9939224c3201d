from odoo import models

from odoo.addons.crm_suite_base.models.ir_http_landing import LandingPage

SETUP = "crm_customer_center.action_setup"


class IrHttp(models.AbstractModel):
    """The web client knows what can be begun from the box without asking, and where
    who sets up the house begins."""

    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        if self.env.user._is_internal():
            info["crm_search_commands"] = self.env["crm.global.search"]._commands()
        return info

    def _landing_pages(self):
        begins = self._begins_with_setup
        return [*super()._landing_pages(), LandingPage(SETUP, begins, sequence=10)]

    def _begins_with_setup(self) -> bool:
        """An administrator without customers, while there is something to set up."""
        user = self.env.user
        return (
            user.has_group("crm_customer_center.group_crm_admin")
            and not self.env["res.partner"].search_count(
                [("user_id", "=", user.id), ("lifecycle_state", "!=", False)], limit=1
            )
            and not self.env["crm.setup"]._is_set_up()
        )
