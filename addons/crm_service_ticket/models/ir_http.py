from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Who serves customers and sells nothing begins in the queue, unless the
        preferences say where."""
        info = super().session_info()
        user = self.env.user
        if (
            user._is_internal()
            and not info["home_action_id"]
            and user.has_group("crm_customer_center.group_service_agent")
            and not user.has_group("crm_customer_center.group_sales_rep")
        ):
            info["home_action_id"] = self.env.ref("crm_service_ticket.action_ticket").id
        return info

    @classmethod
    def _dispatch(cls, endpoint):
        """A form can carry a field without a readable name, on which Odoo would fail
        before any check of ours; nobody asks for it."""
        request.params.pop(None, None)
        return super()._dispatch(endpoint)

    @classmethod
    def _serve_fallback(cls):
        """An address with a sign that PostgreSQL has no place for is that of nothing;
        Odoo would ask the database for it, and fail."""
        if "\0" in request.httprequest.path:
            return None
        return super()._serve_fallback()
