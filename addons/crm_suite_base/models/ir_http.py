import werkzeug.exceptions

from odoo import models
from odoo.http import request

NUL = "\x00"


class IrHttp(models.AbstractModel):
    """No page has a zero byte in its address; PostgreSQL refuses to look for one."""

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        if NUL in path_info:
            raise werkzeug.exceptions.NotFound()
        return super()._match(path_info)

    @classmethod
    def _serve_fallback(cls):
        if NUL in request.httprequest.path:
            return None
        return super()._serve_fallback()
