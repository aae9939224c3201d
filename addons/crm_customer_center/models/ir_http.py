from odoo import models

SETUP = "crm_customer_center.action_setup"


class IrHttp(models.AbstractModel):
    """The web client knows what can be begun from the box without asking, and where
    who sets up the house begins."""

    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        if self.env.user._is_internal():
            info["crm_search_commands"] = self.env["crm.global.search"]._commands()
            if not info["home_action_id"] and self._begins_with_setup():
                info["home_action_id"] = self.env.ref(SETUP).id
        return info

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
