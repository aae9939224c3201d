from odoo import fields, models

from odoo.addons.crm_suite_base.tools.changes import follows

from ..tools.times import Times, after_move
from .crm_service_team_member import OPEN_STATES
from .crm_service_ticket_take import ask_to_take_over


class CrmServiceTicket(models.Model):
    """Stages, and the times that follow from them."""

    _inherit = "crm.service.ticket"

    @follows(15, "channel", new=True)
    def _set_first_times(self, change):
        """Times of tickets that were created in a later stage, and of those of which
        somebody says that they came by phone."""
        now = fields.Datetime.now()
        # sudo: system fields of what the user has just made
        tickets = self.sudo()
        note_spoken_to(tickets, now)
        if not change.is_new:
            return
        for ticket in tickets.filtered(lambda ticket: not ticket._is_open()):
            before = Times(ticket.resolved_date, ticket.closed_date, 0)
            times = after_move("pending", ticket.state, now, before)
            if times != before:
                ticket.write(
                    {
                        "resolved_date": times.resolved_date,
                        "closed_date": times.closed_date,
                    }
                )
        asked = tickets.filtered(starts_with_a_question)
        if asked:
            asked.write({"awaiting_answer": True})

    def _stage_change_vals(self, stage_id: int) -> dict:
        """What else is written when the ticket enters a stage; nothing if it is there
        already."""
        self.ensure_one()
        if self.stage_id.id == stage_id:
            return {}
        now = fields.Datetime.now()
        before = Times(self.resolved_date, self.closed_date, self.reopen_count)
        state = self.env["crm.service.stage"].browse(stage_id).state
        times = after_move(self.state, state, now, before)
        changed = {
            name: value
            for name, value in times._asdict().items()
            if value != self[name]
        }
        return {"date_last_stage_update": now, **changed}

    def _move_to(self, state: str):
        """Move the tickets to the first stage of their team with this state; those
        that have the state already stay where they are."""
        Stage = self.env["crm.service.stage"]
        moving = self.filtered(lambda ticket: ticket.state != state)
        for team, tickets in moving.grouped("team_id").items():
            stage = Stage._first(state, team)
            if stage:
                tickets.write({"stage_id": stage.id})

    def action_take(self):
        """Take the tickets: they are mine and in progress.

        :return: a question, and nothing is taken, where a colleague has one of them
        """
        self._take_turn_to_change()
        if question := ask_to_take_over(self):
            return question
        self.write({"user_id": self.env.uid})
        self.filtered(lambda ticket: ticket.state == "pending")._move_to("in_progress")
        return None

    def action_wait(self):
        """Wait for the customer."""
        self._take_turn_to_change()
        self._move_to("waiting")

    def action_resolve(self):
        """The problem is solved."""
        self._take_turn_to_change()
        self._move_to("resolved")

    def action_close(self):
        """Nothing more is to be done."""
        self._take_turn_to_change()
        self._move_to("closed")

    def action_reopen(self):
        """Work on it again."""
        self._take_turn_to_change()
        self._move_to("in_progress")

    def _is_open(self) -> bool:
        self.ensure_one()
        return self.state in OPEN_STATES


def starts_with_a_question(ticket) -> bool:
    """Whether a new ticket came from the customer and nobody has answered."""
    return (
        ticket.channel not in ("phone", "agent")
        and ticket._is_open()
        and not ticket.first_response_date
    )


def note_spoken_to(tickets, now):
    """Who calls is answered at once: the first response of tickets by phone is the
    moment they were taken down.

    :param tickets: as superuser
    """
    spoken = tickets.filtered(
        lambda ticket: ticket.channel == "phone" and not ticket.first_response_date
    )
    if spoken:
        spoken.write({"first_response_date": now, "last_message_date": now})
