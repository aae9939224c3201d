import hashlib
from contextlib import closing
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime
from odoo.tools.date_utils import float_to_time

from .forecast import Move, dues_of, moves, tickets_of
from .resource_calendar import TOLD_LATER

#: Of so many deadlines that move the preview shows each; of the others the number.
SHOWN = 40


def digest(text: str) -> str:
    """Return a few letters that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Preview(NamedTuple):
    """What a change of holidays would do: to the calendar, and to deadlines."""

    rows: list[dict]
    moves: list[Move]


class CrmServiceHolidayPreview(models.AbstractModel):
    """A change of holidays or make-up days that is shown before it is made.

    It is made for the preview as for good, and taken back: what is shown is what will
    be. A child says what it changes (``_apply``), in which calendars
    (``_calendars``), how that reads (``_rows``) and what it depends on
    (``_fingerprint``).
    """

    _name = "crm.service.holiday.preview"
    _description = "Change of Holidays"

    preview = fields.Html(readonly=True, sanitize=False)
    shown = fields.Char(help="What the preview is about; something else is not saved.")

    # ------------------------------------------------------------
    # FOR THE CHILD
    # ------------------------------------------------------------

    def _apply(self):
        """Make the change."""
        raise NotImplementedError

    def _calendars(self):
        """The calendars whose working time changes."""
        raise NotImplementedError

    def _rows(self) -> list[dict]:
        """What changes: dicts with ``colour``, ``verb``, ``what``, ``when``, ``was``
        and ``note``."""
        raise NotImplementedError

    def _fingerprint(self) -> str:
        """What would be changed, in a few letters."""
        raise NotImplementedError

    def _is_idle(self) -> bool:
        """Nothing would change."""
        raise NotImplementedError

    def _advice(self) -> str:
        """Why there is nothing to show; empty when there may be."""
        return ""

    @api.model_create_multi
    def create(self, vals_list):
        """What a form shows is not asked for again when it is saved."""
        unseen = {"preview": False, "shown": False}
        return super().create([{**unseen, **vals} for vals in vals_list])

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_preview(self):
        """Show what would change."""
        self.ensure_one()
        self._show()
        return self._reopen()

    def action_save(self):
        """Make the change that is shown; show it first if it is another one."""
        self.ensure_one()
        if advice := self._advice():
            raise UserError(advice)
        if self._fingerprint() != self.shown:
            return self.action_preview()
        message = self.env._("Nothing to change: all is there already.")
        if not self._is_idle():
            calendars = self._calendars()
            self._apply()
            calendars._sla_changed()
            message = self.env._("Saved. Open tickets follow.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _show(self):
        self.write(self._look())

    def _look(self) -> dict:
        """The values of ``preview`` and ``shown``."""
        shown = self._fingerprint()
        return {"preview": self._render(), "shown": shown}

    def _forget(self):
        """What is shown is not what would be saved any more."""
        if self.shown and self.shown != self._fingerprint():
            self.preview = self.shown = False

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(self._name).name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # ------------------------------------------------------------
    # PREVIEW
    # ------------------------------------------------------------

    def _look_ahead(self, rows: list[dict]) -> Preview:
        """Make the change, see what it does, and take it back.

        Taking back empties the memory: of a record that is not stored nothing can be
        read any more.
        """
        tickets = tickets_of(self._calendars())
        before = dues_of(tickets)
        with closing(self.env.cr.savepoint()):
            self._apply()
            after = dues_of(tickets)
        return Preview(rows, list(moves(tickets, before, after)))

    def _render(self):
        """The preview as a page; of what cannot be made, why."""
        advice = self._advice()
        found = Preview([], [])
        try:
            if not advice:
                found = Preview(self._rows(), [])
                found = found if self._is_idle() else self._look_ahead(found.rows)
        except UserError as error:
            advice = str(error)
        return self.env["ir.qweb"]._render(
            "crm_service_sla.holiday_preview",
            {
                "advice": advice,
                "rows": found.rows,
                "moves": self._move_rows(found.moves[:SHOWN]),
                "more": max(len(found.moves) - SHOWN, 0),
                "tickets": len({move.ticket.id for move in found.moves}),
            },
        )

    def _move_rows(self, moved: list[Move]) -> list[dict]:
        names = self.env["crm.service.sla.policy"]._clock_names()
        return [
            {
                "ticket": move.ticket,
                "clock": names[move.clock],
                "before": self._moment(move.before),
                "after": self._moment(move.after),
                "later": bool(move.before and move.after and move.before < move.after),
            }
            for move in moved
        ]

    @api.model
    def _moment(self, moment) -> str:
        if not moment:
            return self.env._("none")
        return format_datetime(self.env, moment, dt_format="short")

    @api.model
    def _days(self, span) -> str:
        """A span of days as people write it."""
        first, last = (format_date(self.env, day) for day in span[:2])
        return first if first == last else f"{first} – {last}"

    @api.model
    def _worked(self, day, works_like, hour_from, hour_to) -> str:
        """A make-up day and whose hours are worked on it, as people write it."""
        if works_like == "own":
            hours = (float_to_time(hour) for hour in (hour_from, hour_to))
            how = "–".join(f"{hour:%H:%M}" for hour in hours)
        else:
            days = self.env["resource.calendar.makeup.day"]._fields["works_like"]
            how = dict(days._description_selection(self.env))[works_like]
        return f"{self._days([day, day])} ({how})"

    @api.model
    def _quietly(self, model: str):
        """A model whose changes are told of at the end, all at once."""
        return TOLD_LATER.on(self.env[model])
