from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..tools.assignment import SKILL, TURN, left_out


class CrmServiceTeam(models.Model):
    _inherit = "crm.service.team"

    def _assign_tickets(self, tickets):
        """Choose for each ticket, then write in groups.

        :param tickets: of this team, without agent
        :return: the rows of the log
        """
        self.ensure_one()
        tickets = tickets.sorted(lambda ticket: (-int(ticket.priority), ticket.id))
        decisions = self._decide(tickets)
        self._write_decisions(decisions)
        return self._log_decisions(decisions)

    def _decide(self, tickets) -> list[tuple]:
        """Return ``(ticket, choice)`` in the order given."""
        method, members = self.assignment_method, self.member_ids
        people = members._as_people()
        skills = self.env["crm.service.skill"].search([])

        def skipped(ticket, away, given):
            now = [p._replace(open=p.open + given[p.key]) for p in people.values()]
            needs = ticket._needed_skills(skills) if method == SKILL else frozenset()
            return left_out(method, now, needs, self._elsewhere(ticket) | away)

        choices = members._take_turns(tickets, skipped)
        return list(zip(tickets, choices, strict=True))

    def _elsewhere(self, ticket) -> dict[int, str]:
        """Who is not of the ticket's level or company."""
        members = self.member_ids
        result = {
            member.user_id.id: "level"
            for member in members
            if member.level != ticket.level
        }
        for user in members.user_id:
            if ticket.company_id not in user.company_ids:
                result[user.id] = "company"
        return result

    def _choose_for_level(self, tickets, level) -> dict:
        """Return ``{ticket: user}`` in turn among who works at a level and is there.

        The team leader stands in where the management has nobody.
        """
        members = self.member_ids.filtered(lambda member: member.level == level)
        people = members._as_people().values()
        stand_in = self.user_id if level == "management" else self.user_id.browse()
        choices = members._take_turns(
            tickets, lambda _ticket, away, _given: left_out(TURN, people, absent=away)
        )
        return {
            ticket: self.env["res.users"].browse(choice.chosen or ()) or stand_in
            for ticket, choice in zip(tickets, choices, strict=True)
        }

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    def _write_decisions(self, decisions):
        """Write agents in groups; the log says why, so nothing is tracked, and
        everybody is told once."""
        by_user = defaultdict(list)
        for ticket, choice in decisions:
            if choice.chosen:
                by_user[choice.chosen].append(ticket.id)
        Ticket = self.env["crm.service.ticket"].with_context(tracking_disable=True)
        for user_id, ticket_ids in by_user.items():
            Ticket.browse(ticket_ids).write({"user_id": user_id})
        users = self.env["res.users"].browse(by_user)
        self.env["mail.followers"]._follow_pairs(
            "crm.service.ticket",
            [
                (ticket_id, user.partner_id.id)
                for user in users
                for ticket_id in by_user[user.id]
            ],
        )
        for user in users - self.env.user:
            self._notify_user(user, Ticket.browse(by_user[user.id]))

    def _log_decisions(self, decisions):
        """One row a ticket; one that goes on waiting has its row already."""
        known = self._waiting_already(decisions)
        self._touch([t.id for t, c in decisions if not c.chosen and t.id not in known])
        # sudo: the log is the system's to write
        Log = self.env["crm.service.assignment"].sudo()
        return Log.create(
            [
                {
                    "ticket_id": ticket.id,
                    "team_id": self.id,
                    "user_id": choice.chosen,
                    "method": self.assignment_method,
                    "outcome": "assigned" if choice.chosen else "waiting",
                    "candidates": Log._candidate_list(choice.candidates),
                }
                for ticket, choice in decisions
                if choice.chosen or ticket.id not in known
            ]
        )

    def _touch(self, ticket_ids):
        """Write rows that stayed as they were: a run that began before this one ended
        cannot see its log, and must not say the same again."""
        self.env["crm.service.ticket"].flush_model(["state"])
        self.env.cr.execute(
            SQL(
                "UPDATE crm_service_ticket SET state = state WHERE id = ANY(%s)",
                ticket_ids,
            )
        )

    def _waiting_already(self, decisions) -> set[int]:
        waiting = [ticket.id for ticket, choice in decisions if not choice.chosen]
        if not waiting:
            return set()
        rows = self.env["crm.service.assignment"]._read_group(
            [("ticket_id", "in", waiting), ("outcome", "=", "waiting")], ["ticket_id"]
        )
        return {ticket.id for (ticket,) in rows}

    @api.model
    def _notify_user(self, user, tickets, note=""):
        """One message for all, in the receiver's language.

        :param note: what the giver has to say, plain text
        """
        translated = self.with_context(lang=user.lang)
        if len(tickets) == 1:
            title = translated.env._("New ticket for you: %s", tickets.display_name)
        else:
            title = translated.env._("%s new tickets for you", len(tickets))
        user._tell_of_work(tickets, title, note)
