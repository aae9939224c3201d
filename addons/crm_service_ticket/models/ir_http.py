from odoo import models
from odoo.http import request

from odoo.addons.crm_suite_base.models.ir_http_landing import LandingPage

QUEUE = "crm_service_ticket.action_ticket"


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def _landing_pages(self):
        begins = self._begins_in_queue
        return [*super()._landing_pages(), LandingPage(QUEUE, begins, sequence=20)]

    def _begins_in_queue(self) -> bool:
        """Who serves customers and sells nothing."""
        user = self.env.user
        return user.has_group(
            "crm_customer_center.group_service_agent"
        ) and not user.has_group("crm_customer_center.group_sales_rep")

    @classmethod
    def _dispatch(cls, endpoint):
        """A form can carry a field without a readable name, on which Odoo would fail
        before any check of ours; nobody asks for it."""
        request.params.pop(None, None)
        return super()._dispatch(endpoint)
