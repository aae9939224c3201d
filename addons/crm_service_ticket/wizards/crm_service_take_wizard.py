from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..models.crm_service_ticket_take import held_since


class CrmServiceTakeWizard(models.TransientModel):
    """Take tickets over from colleagues: who has them, since when, what they hear."""

    _name = "crm.service.take.wizard"
    _description = "Take Tickets Over"

    ticket_ids = fields.Many2many("crm.service.ticket", required=True)
    holders = fields.Text(compute="_compute_holders")
    note = fields.Text("Reason", help="Your colleague reads it.")
    seen = fields.Json(
        compute="_compute_seen",
        store=True,
        readonly=False,
        precompute=True,
        help="Who had them when the question was asked.",
    )

    @api.depends("ticket_ids")
    def _compute_seen(self):
        for wizard in self:
            wizard.seen = agents_of(wizard.ticket_ids._origin)

    @api.depends("ticket_ids")
    @api.depends_context("lang", "tz", "uid")
    def _compute_holders(self):
        since = held_since(self.ticket_ids._origin)
        for wizard in self:
            held = wizard.ticket_ids._origin.filtered(
                lambda t: t.user_id and t.user_id != self.env.user
            )
            wizard.holders = "\n".join(
                self.env._(
                    "%(ticket)s is with %(person)s since %(moment)s.",
                    ticket=ticket.display_name,
                    person=ticket.user_id.name,
                    moment=format_datetime(
                        self.env, since[ticket.id], dt_format="short"
                    ),
                )
                for ticket in held
            )

    def action_take_over(self):
        """Take them; who had one hears who has it now, and why.

        :raises UserError: when somebody else has got one since the question was asked
        """
        self.ensure_one()
        # sudo: those the user may not see would be left out in silence
        tickets = self.sudo().ticket_ids.with_env(self.env)
        tickets._take_turn_to_change()
        self._check_as_seen(tickets)
        held = tickets.filtered(lambda t: t.user_id and t.user_id != self.env.user)
        rows = self._log(held)
        tickets.write({"user_id": self.env.uid})
        waiting = tickets.filtered(lambda ticket: ticket.state == "pending")
        waiting._move_to("in_progress")
        self._tell(rows)
        return {"type": "ir.actions.act_window_close"}

    def _check_as_seen(self, tickets):
        """:raises UserError: when one is with somebody else than was asked about"""
        now, seen = agents_of(tickets), self.seen or {}
        for ticket in tickets:
            key = str(ticket.id)
            if now[key] and now[key] not in (seen.get(key), self.env.uid):
                raise UserError(
                    self.env._(
                        "%(ticket)s is with %(person)s by now. Look at it again before "
                        "you take it over.",
                        ticket=ticket.display_name,
                        person=ticket.user_id.name,
                    )
                )

    def _log(self, held):
        """A row of history for each; the level stays."""
        # sudo: history is the system's, see _log_handovers
        rows = self.env["crm.service.ticket.handover"].sudo()
        for level, tickets in held.grouped("level").items():
            people = dict.fromkeys(tickets, self.env.user)
            rows |= tickets._log_handovers(
                level, self.note or "", "manual", people, None
            )
        return rows

    def _tell(self, rows):
        """A note in each ticket, and one message to each colleague."""
        rows.ticket_id._message_log_batch(
            {row.ticket_id.id: row._as_note() for row in rows}
        )
        for user, group in rows.grouped("from_user_id").items():
            tickets = group.ticket_id
            translated = self.with_context(lang=user.lang)
            me = self.env.user.name
            if len(tickets) == 1:
                title = translated.env._(
                    "%(person)s has taken over: %(ticket)s",
                    person=me,
                    ticket=tickets.display_name,
                )
            else:
                title = translated.env._(
                    "%(person)s has taken over %(count)s of your tickets",
                    person=me,
                    count=len(tickets),
                )
            user._tell_of_work(tickets.sudo(False), title, self.note or "")


def agents_of(tickets) -> dict[str, int]:
    """Return the ids of the agents by ticket, as JSON has it."""
    return {str(ticket.id): ticket.user_id.id for ticket in tickets}
