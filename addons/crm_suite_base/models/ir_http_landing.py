from collections.abc import Callable
from typing import NamedTuple

from odoo import api, models
from odoo.http import request

# where the web client opens what the session says; every other address says it itself
LANDINGS = ("", "/web", "/odoo")
SESSION = "/web/session/"


class LandingPage(NamedTuple):
    """Where people begin who have chosen nothing in their preferences.

    ``action`` is the xmlid of what is opened, ``begins`` tells whether the current user
    begins there; the first that does, by ``sequence``, is it.
    """

    action: str
    begins: Callable[[], bool]
    sequence: int = 50


class IrHttp(models.AbstractModel):
    """Modules say where people begin; one place decides between them."""

    _inherit = "ir.http"

    @api.model
    def _landing_pages(self) -> list[LandingPage]:
        """Where people may begin; extend through ``super()``."""
        return []

    def session_info(self):
        info = super().session_info()
        if (
            not info["home_action_id"]
            and self.env.user._is_internal()
            and self._asks_for_landing()
        ):
            info["home_action_id"] = self._landing_action()
        return info

    @api.model
    def _asks_for_landing(self) -> bool:
        """Whether this request is one after which somebody may land: pages that lead
        somewhere else do not pay for the question."""
        path = request.httprequest.path if request else ""
        return path.rstrip("/") in LANDINGS or path.startswith(SESSION)

    @api.model
    def _landing_action(self) -> int | bool:
        """The id of the action the current user begins with, ``False``: the first
        menu."""
        for page in sorted(self._landing_pages(), key=lambda page: page.sequence):
            if page.begins():
                return self.env.ref(page.action).id
        return False
