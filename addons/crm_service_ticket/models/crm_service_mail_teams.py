from odoo import api, models
from odoo.tools import email_split

TICKET = "crm.service.ticket"


class CrmServiceMail(models.Model):
    """A mail to several teams: none of them misses it."""

    _inherit = "crm.service.mail"

    @api.model
    def _routes(self, message, message_dict, routes):
        """A new mail becomes a ticket of the team it was sent to, and one beside it of
        each team in copy; an answer has its ticket already."""
        to = {address.lower() for address in email_split(message_dict.get("to") or "")}
        # those it was sent to before those in copy
        routes = sorted(routes, key=lambda route: self._address_of(route) not in to)
        found = super()._routes(message, message_dict, routes)
        mine = [route for route in found if route[0] == TICKET]
        if not mine or mine[0][1]:
            return found
        first = mine[0]
        rest = [route for route in found if route[0] != TICKET]
        beside = {
            **(first[2] or {}),
            "mail_beside": message_dict["message_id"],
            # confirmed once, by the first
            "mail_by_machine": True,
        }
        teams, copies = {self._team_id_of(first)}, []
        for route in routes:
            team = self._team_id_of(route)
            if route[0] == TICKET and team not in teams:
                teams.add(team)
                values = {**beside, **(route[2] or {})}
                copies.append((TICKET, 0, values, *route[3:]))
        return [first, *rest, *copies]

    @api.model
    def _team_id_of(self, route):
        return (route[2] or {}).get("team_id")

    @api.model
    def _address_of(self, route):
        alias = route[4]
        return (alias.alias_full_name or "").lower() if alias else ""
