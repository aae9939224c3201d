from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models

from odoo.addons.crm_customer_center.tools.fair_share import Choice, Member, choose

from ..tools.assignment import SKILL, TURN, left_out

LISTED_IN_NOTICE = 20


class CrmServiceTeam(models.Model):
    _inherit = "crm.service.team"

    def _assign_tickets(self, tickets):
        """Choose for each ticket, then write in groups.

        :param tickets: of this team, without agent
        :return: the rows of the log
        """
        self.ensure_one()
        members = self.member_ids
        people = members._as_people()
        balances = members._as_balances()
        away = self._absent_users(members.user_id)
        skills = self.env["crm.service.skill"].search([])
        decisions = []
        for ticket in tickets.sorted(lambda t: (-int(t.priority), t.id)):
            absent = {**self._elsewhere(ticket, members), **away}
            choice = self._choose(ticket, people, balances, absent, skills)
            balances = choice.balances
            if choice.chosen:
                person = people[choice.chosen]
                people[choice.chosen] = person._replace(
                    open=person.open + 1, taken=person.taken + 1
                )
            decisions.append((ticket, choice))
        members._remember(balances)
        self._write_decisions(decisions)
        return self._log_decisions(decisions)

    def _choose(self, ticket, people, balances, absent, skills) -> Choice:
        method = self.assignment_method
        needs = ticket._needed_skills(skills) if method == SKILL else frozenset()
        out = left_out(method, people.values(), needs, absent)
        members = [Member(p.key, p.weight, p.daily_cap) for p in people.values()]
        return choose(members, balances, self._today(), out)

    def _elsewhere(self, ticket, members) -> dict[int, str]:
        """Who is not of the ticket's level or company."""
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
        people = members._as_people()
        balances = members._as_balances()
        away = self._absent_users(members.user_id)
        stand_in = self.user_id if level == "management" else self.user_id.browse()
        result = {}
        for ticket in tickets:
            out = left_out(TURN, people.values(), absent=away)
            pool = [Member(p.key, p.weight, p.daily_cap) for p in people.values()]
            choice = choose(pool, balances, self._today(), out)
            balances = choice.balances
            chosen = self.env["res.users"].browse(choice.chosen or [])
            result[ticket] = chosen or stand_in
        members._remember(balances)
        return result

    def _today(self):
        return fields.Date.context_today(self)

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
        return (
            self.env["crm.service.assignment"]
            .sudo()
            .create(
                [
                    {
                        "ticket_id": ticket.id,
                        "team_id": self.id,
                        "user_id": choice.chosen,
                        "method": self.assignment_method,
                        "outcome": "assigned" if choice.chosen else "waiting",
                        "candidates": [row._asdict() for row in choice.candidates],
                    }
                    for ticket, choice in decisions
                    if choice.chosen or ticket.id not in known
                ]
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
        text = translated.env._
        title = (
            text("New ticket for you: %s", tickets.display_name)
            if len(tickets) == 1
            else text("%s new tickets for you", len(tickets))
        )
        names = [
            Markup('<li><a href="/odoo/tickets/%s">%s</a></li>')
            % (ticket.id, ticket.display_name)
            for ticket in tickets[:LISTED_IN_NOTICE]
        ]
        if len(tickets) > LISTED_IN_NOTICE:
            more = text("and %s more", len(tickets) - LISTED_IN_NOTICE)
            names.append(Markup("<li>%s</li>") % more)
        translated.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=title,
            body=Markup("<p>%s</p><ul>%s</ul><p>%s</p>")
            % (title, Markup("").join(names), note),
            email_layout_xmlid="mail.mail_notification_light",
        )

    # ------------------------------------------------------------
    # WHO IS THERE
    # ------------------------------------------------------------

    def _absent_users(self, users) -> dict[int, str]:
        """Return {user id: reason} of those who are not there now, or paused."""
        reasons = users._absent_now()
        for user in self.member_ids.filtered("paused").user_id:
            if reasons.get(user.id) != "archived":
                reasons[user.id] = "paused"
        return reasons
