from odoo import api, models

from ..tools.gathered import Gathered, Place

DATA = "crm_service_live"
DESK = "crm.service.live/desk"
MINE = "crm.service.live/mine"


class CrmServiceLive(models.AbstractModel):
    """Tells the browsers of colleagues that tickets have changed.

    A message says which and how many, never what: a browser that hears of a ticket
    reads it again with the rights of its own user. What one transaction changed is
    gathered and told once for each channel when it is committed; see docs/adr/0044.
    """

    _name = "crm.service.live"
    _description = "Service Desk, Live"

    @api.model
    def _gather(self, tickets, was=None, is_new=False):
        """Note tickets that others should read again.

        :param tickets: as they are now
        :param was: ``{ticket id: values before}`` of ``PLACE``, of those that moved
        """
        was = was or {}
        gathered = self._gathered()
        for ticket in tickets.sudo():  # sudo: where they are is compared, not shown
            now = Place(
                ticket.company_id.id, ticket.team_id.id or 0, ticket.user_id.id or 0
            )
            before = was.get(ticket.id)
            places = {now, place_of(before)} if before else {now}
            gathered.add(ticket.id, places, is_new=is_new)

    @api.model
    def _gathered(self) -> Gathered:
        """What this transaction has gathered so far; sent before it is committed."""
        precommit = self.env.cr.precommit
        if DATA not in precommit.data:
            precommit.data[DATA] = Gathered()
            precommit.add(self._send_gathered)
        return precommit.data[DATA]

    @api.model
    def _send_gathered(self):
        self._send_all(self.env.cr.precommit.data.pop(DATA))

    @api.model
    def _send_all(self, gathered):
        by = self.env.uid
        for (company, team), signal in gathered.desks().items():
            self._send(self._desk(company, team), DESK, signal.payload(by))
        people = gathered.people()
        # sudo: their channels; nothing of them is shown
        for user in self.env["res.users"].sudo().browse(people).exists():
            if not user.share:
                user._bus_send(MINE, people[user.id].payload(by))

    @api.model
    def _send(self, channel, kind, payload):
        """Send to a channel. It begins with a record, so that no browser can ask for
        it by name."""
        self.env["bus.bus"]._sendone(channel, kind, payload)

    @api.model
    def _desk(self, company_id: int, team_id: int) -> tuple:
        """The channel of a company's tickets of one team, 0 for those of none."""
        return self.env["res.company"].browse(company_id), f"service_team_{team_id}"

    @api.model
    def _desks_of(self, user) -> list[tuple]:
        """The channels whose tickets a user works with; as the record rules have it.

        A salesperson reads tickets of some customers: those are no desk.
        """
        groups = "crm_customer_center.group_service_"
        if user.share or not user.has_group(f"{groups}agent"):
            return []
        # sudo: ids of teams and companies, to build names of channels
        user = user.sudo()
        teams = user.service_team_ids
        if user.has_group(f"{groups}manager"):
            teams = teams.with_context(active_test=False).search([])
        return [
            self._desk(company, team)
            for company in user.company_ids.ids
            for team in [0, *teams.ids]
        ]


def place_of(values) -> Place:
    """Return where a ticket was by its values before."""
    return Place(values["company_id"], values["team_id"] or 0, values["user_id"] or 0)
