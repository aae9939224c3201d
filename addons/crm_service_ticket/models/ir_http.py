from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        """A form can carry a field without a readable name, on which Odoo would fail
        before any check of ours; nobody asks for it."""
        request.params.pop(None, None)
        return super()._dispatch(endpoint)
