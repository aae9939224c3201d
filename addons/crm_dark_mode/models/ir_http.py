from odoo import models
from odoo.http import request

COOKIE = "color_scheme"


class IrHttp(models.AbstractModel):
    """Renders the web client in the colours its reader chose."""

    _inherit = "ir.http"

    def color_scheme(self):
        """``light`` or ``dark``; what the device prefers is known from the cookie that
        the page left the last time."""
        if self.env["ir.asset"]._has_other_dark_mode():
            return super().color_scheme()
        choice = self.env.user.color_scheme_choice
        if choice == "device":
            known = request.cookies.get(COOKIE) if request else None
            return "dark" if known == "dark" else "light"
        return choice or super().color_scheme()

    def webclient_rendering_context(self):
        """Also tell the scripts, which read the cookie for charts and editors."""
        context = super().webclient_rendering_context()
        if not self.env["ir.asset"]._has_other_dark_mode():
            request.future_response.set_cookie(COOKIE, context["color_scheme"])
        return context

    def session_info(self):
        return {
            **super().session_info(),
            "color_scheme_choice": self.env.user.color_scheme_choice,
        }
