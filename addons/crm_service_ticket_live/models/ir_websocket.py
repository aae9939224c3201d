from odoo import models

from .crm_service_live_presence import ASKED


class IrWebsocket(models.AbstractModel):
    """Who works at a service desk hears of its tickets, whatever the browser asks for;
    who is at a ticket hears who else is, where he may read it."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        live = self.env["crm.service.live"]
        asked = {name: ASKED.fullmatch(name) for name in channels if type(name) is str}
        left = [name for name in channels if not asked.get(name)]
        places = live._places_of({int(found[1]) for found in asked.values() if found})
        desks = live._desks_of(self.env.user)
        return super()._build_bus_channel_list([*left, *places, *desks])
