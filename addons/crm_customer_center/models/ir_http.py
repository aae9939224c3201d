from odoo import models


class IrHttp(models.AbstractModel):
    """The web client knows what can be begun from the box without asking."""

    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        if self.env.user._is_internal():
            info["crm_search_commands"] = self.env["crm.global.search"]._commands()
        return info
