from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError


class CrmServiceTicket(models.Model):
    """Levels: agent, technician, management; and the way from one to another."""

    _inherit = "crm.service.ticket"

    def action_hand_over(self):
        """Ask to whom, and what the next person needs to know."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service_ticket.action_handover_wizard"
        )
        return {**action, "context": {"default_ticket_ids": self.ids}}

    def _escalate(self, level, note, kind="manual", user=None, team=None, rule=None):
        """Hand open tickets over to a level, with a row of history each.

        :param level: ``agent``, ``technician`` or ``management``
        :param note: what the next person needs to know, plain text; or of each
            ticket its own, by id
        :param kind: ``manual``, ``rule`` or ``clock``
        :param user: who gets them; without one it is chosen in turn among the members
            of the level, the team leader stands in for the management
        :param team: another team to go to
        :param rule: the ``crm.service.escalation.rule`` that did it
        :return: rows of ``crm.service.ticket.handover``, one for each ticket
        :raises UserError: for a ticket that is resolved or closed
        """
        check_open(self)
        # sudo: level and history are the system's to write; that the user may change
        # the tickets is for the caller to check
        tickets = self.sudo()
        if team and team != tickets.team_id:
            tickets.write({"team_id": team.id})
        people = tickets._people_of_level(level, user)
        rows = tickets._log_handovers(level, note, kind, people, rule)
        write_level(tickets, level, people)
        tickets._tell_handed_over(rows)
        return rows

    def _people_of_level(self, level, user) -> dict:
        """Return ``{ticket: user}``; an empty user where the level has nobody."""
        if user:
            return dict.fromkeys(self, user)
        result = {}
        for team, tickets in self.grouped("team_id").items():
            result |= team._choose_for_level(tickets, level)
        return result

    def _log_handovers(self, level, note, kind, people, rule):
        return (
            # sudo: history is the system's to write; see _escalate
            self.env["crm.service.ticket.handover"]
            .sudo()
            .create(
                [
                    {
                        "ticket_id": ticket.id,
                        "from_level": ticket.level,
                        "to_level": level,
                        "from_user_id": ticket.user_id.id,
                        "to_user_id": people[ticket].id,
                        "note": note if isinstance(note, str) else note[ticket.id],
                        "kind": kind,
                        "rule_id": rule.id if rule else False,
                    }
                    for ticket in self
                ]
            )
        )

    def _tell_handed_over(self, rows):
        """A note in each ticket, and one message to each receiver."""
        self._message_log_batch({row.ticket_id.id: row._as_note() for row in rows})
        for user, group in rows.grouped("to_user_id").items():
            if user and user != self.env.user:
                group.ticket_id.team_id[:1]._notify_user(
                    user, group.ticket_id, note=group._as_told()
                )


def check_open(tickets):
    """:raises UserError: for a ticket that is resolved or closed"""
    done = tickets.filtered(lambda ticket: not ticket._is_open())
    if done:
        raise UserError(
            tickets.env._(
                "%(ticket)s is done. Reopen it before you hand it over.",
                ticket=done[0].display_name,
            )
        )


def write_level(tickets, level, people):
    """Write the level, and the agents by ``{ticket: user}``, each person once."""
    by_user = defaultdict(tickets.browse)
    for ticket in tickets:
        by_user[people[ticket]] |= ticket
    for user, group in by_user.items():
        group.with_context(mail_auto_subscribe_no_notify=True).write(
            {"level": level, "user_id": user.id}
        )
