from odoo import api, fields, models


class CrmServiceLive(models.AbstractModel):
    """How many of my tickets call for me, on the menu of the service desk."""

    _inherit = "crm.service.live"

    @api.model
    def get_attention(self):
        """Return ``{"count": open tickets of mine that call for me, "next": when the
        next one will}``; the moment in UTC, or ``False``."""
        tickets = self.env["crm.service.ticket"]
        if not self.env.user._is_internal() or not tickets.has_access("read"):
            return {"count": 0, "next": False}
        attention = self.env["crm.service.attention"]
        mine = attention._mine()
        following = False
        if name := attention._due_field():
            soon = mine & fields.Domain(name, ">=", fields.Datetime.now())
            following = tickets.search(soon, order=name, limit=1)[name]
        return {
            "count": tickets.search_count(mine & attention._calling()),
            "next": fields.Datetime.to_string(following) if following else False,
        }
