from odoo import models

from .crm_service_team_member import LEVELS

ORDER = [level for level, _label in LEVELS]


class CrmServiceTicket(models.Model):
    """Levels: agent, technician, management."""

    _inherit = "crm.service.ticket"

    def _escalate(self, level: str, note: str, kind: str = "manual", user=None):
        """Hand tickets over to a level, with a row of history each.

        :param level: ``agent``, ``technician`` or ``management``
        :param note: what the next person needs to know, plain text
        :param kind: ``manual``, ``rule`` or ``clock``
        :param user: who gets them; without one the team's assignment decides among
            the members of the level, the team leader stands in for the management
        :return: the history rows
        """
        user = user or self.env["res.users"]
        # sudo: level and history are the system's to write
        tickets = self.sudo()
        vals_list = [
            {
                "ticket_id": ticket.id,
                "from_level": ticket.level,
                "to_level": level,
                "from_user_id": ticket.user_id.id,
                "to_user_id": user.id or ticket._person_of_level(level).id,
                "note": note,
                "kind": kind,
            }
            for ticket in tickets
        ]
        handovers = self.env["crm.service.ticket.handover"].sudo().create(vals_list)
        for row in handovers:
            row.ticket_id.write({"level": level, "user_id": row.to_user_id.id})
        return handovers

    def _person_of_level(self, level: str):
        """Who gets a ticket of this level."""
        self.ensure_one()
        members = self.team_id.member_ids.filtered(lambda m: m.level == level)
        if level == "management" and not members:
            return self.team_id.user_id
        return members[:1].user_id
