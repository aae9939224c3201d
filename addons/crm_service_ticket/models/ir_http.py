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

    @classmethod
    def _serve_fallback(cls):
        """An address with a sign that PostgreSQL has no place for is that of nothing;
        Odoo would ask the database for it, and fail."""
        if "\0" in request.httprequest.path:
            return None
        return super()._serve_fallback()
