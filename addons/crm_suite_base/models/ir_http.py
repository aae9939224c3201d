import werkzeug.exceptions

from odoo import api, models
from odoo.http import request

from ..tools import glossary
from .ir_module_module_words import CODE

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

    @api.model
    def _get_translations_for_webclient(self, modules, lang):
        """Put our words over Odoo's in what the browser translates by itself."""
        found, parameters = super()._get_translations_for_webclient(modules, lang)
        code = (parameters or {}).get("code")
        words = self.env["ir.module.module"]._every_word(code) if code else {}
        for module in found.keys() & words.keys():
            ours = {
                term: glossary.word_for(words[module], term, CODE)
                for term in words[module]
            }
            texts = {one["id"]: one["string"] for one in found[module]["messages"]}
            texts |= {term: word for term, word in ours.items() if word}
            found[module] = {
                "messages": [{"id": t, "string": word} for t, word in texts.items()]
            }
        return found, parameters
