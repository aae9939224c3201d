from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, models

from ..tools import engine
from .crm_service_sla_clock import row_of
from .crm_service_ticket_clock import Case

DAY = timedelta(days=1)


class Happening(NamedTuple):
    """Something a ticket's own dates tell of: when, and what was seen then."""

    moment: datetime
    state: str
    responded: bool = False
    wrote: bool = False
    answered: bool = False


class CrmServiceTicket(models.Model):
    """A past for tickets that came from elsewhere."""

    _inherit = "crm.service.ticket"

    @api.model
    def _sla_take_over_all(self):
        """Do ``_sla_take_over`` for all tickets nothing is known of."""
        # sudo: called by the installation
        tickets = self.sudo().with_context(active_test=False)
        ignorant = tickets.search([]).filtered(lambda t: not _has_past(t))
        ignorant._sla_take_over()

    def _sla_take_over(self):
        """Reckon the clocks of tickets from their own dates.

        For tickets brought in with their history: opened, answered, each message,
        resolved and closed are taken as they stand, the person and the team as they
        are now; pauses nobody noted down are not known. Nobody is warned about what
        is past. What the clock knew of these tickets before is given up.
        """
        # sudo: clocks and ledger are the system's to write
        tickets = self.sudo().exists()
        tickets._sla_forget()
        # sudo: when something was said, also within
        messages = self.env["mail.message"].sudo()
        spoken = messages.search(
            [("model", "=", self._name), ("res_id", "in", tickets.ids)], order="date"
        )
        by_ticket = spoken.grouped("res_id")
        now = self._sla_now().replace(microsecond=0)
        policies = tickets._sla_policies()
        for ticket in tickets:
            own = by_ticket.get(ticket.id, messages)
            ticket._sla_live_through(policies[ticket.id], own, now)

    def _sla_forget(self):
        for table in ("entry", "result", "event", "clock"):
            self.env.cr.execute(
                f"DELETE FROM crm_service_sla_{table} WHERE ticket_id = ANY(%s)",
                [self.ids],
            )
            self.env[f"crm.service.sla.{table}"].invalidate_model()

    def _sla_live_through(self, policy, messages, now: datetime):
        """Advance one ticket from happening to happening up to now."""
        self.ensure_one()
        begun = self.create_date.replace(microsecond=0)
        calendar = policy._calendar_for(self.company_id)
        terms = policy._terms(calendar._sla_working_time(begun, now + 60 * DAY))
        who = self.team_id.id or None, self.user_id.id or None
        was = engine.begin(begun, engine.Seen("pending", *who), terms)
        lines, results, reached = [], [], []
        happenings = self._sla_happenings(messages)
        last = Happening(now, self.state, bool(self.first_response_date))
        for one in [Happening(begun, "pending"), *happenings, last]:
            seen = engine.Seen(
                one.state,
                *who,
                one.responded,
                one.wrote,
                one.answered,
                void=bool(self.merged_into_id or self.is_spam),
            )
            step = engine.advance(was, seen, one.moment, terms, terms)
            case = Case(self, was, None, seen, policy)
            lines += self._sla_lines(case, step)
            results += self._sla_results(case, step)
            reached = self._sla_reached(case, step)
            was = step.snapshot
        self.env["crm.service.sla.entry"]._append(lines)
        self.env["crm.service.sla.result"]._append(results)
        # known, told to nobody, handed up by nobody
        self.env["crm.service.sla.event"]._note([(*row[:-1], False) for row in reached])
        clock = row_of(self.id, step.snapshot, step.check_at)
        self.env["crm.service.sla.clock"]._store([clock])
        values = self._sla_stored(case, step)
        self._sla_store([(self.id, *(value or None for value in values.values()))])

    def _sla_happenings(self, messages) -> list[Happening]:
        """What the ticket's dates tell, in order."""
        self.ensure_one()
        done = self.resolved_date or self.closed_date
        found, answered = [], False
        for message in messages.filtered(self._is_spoken):
            moment = message.date
            if done and moment >= done:
                continue
            ours = self._is_ours(message.author_id)
            answered = answered or ours
            found.append(Happening(moment, "in_progress", answered, not ours, ours))
        first = self.first_response_date
        if first and not answered and not (done and first >= done):
            found.append(Happening(first, "in_progress", responded=True))
        if self.state == "waiting" and self.date_last_stage_update:
            found.append(Happening(self.date_last_stage_update, "waiting", True))
        if done:
            found.append(Happening(done, "resolved", True))
        if done and self.closed_date:
            found.append(Happening(self.closed_date, "closed", True))
        whole = [
            one._replace(moment=one.moment.replace(microsecond=0)) for one in found
        ]
        return sorted(whole, key=lambda one: one.moment)


def _has_past(ticket) -> bool:
    return any(entry.bucket != "before" for entry in ticket.sla_entry_ids)
