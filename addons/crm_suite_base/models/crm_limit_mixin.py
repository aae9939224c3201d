from collections.abc import Mapping
from types import MappingProxyType

from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools import limits


class CrmLimitMixin(models.AbstractModel):
    """Limits of time that are kept in minutes, typed and shown as people say them.

    A model names them in ``_limits`` and gives each a text field::

        _limits = {"waits": "minutes"}
        waits = fields.Char(compute="_compute_limits", readonly=False)

    with the fields its days depend on in ``_limit_depends``, and an onchange that calls
    ``_check_limits``. The arithmetic is in ``tools/limits.py``.
    """

    _name = "crm.limit.mixin"
    _description = "Limits of Time"

    #: The text fields, and the fields the minutes are kept in.
    _limits: Mapping[str, str] = MappingProxyType({})

    # ------------------------------------------------------------
    # FOR THE CHILD
    # ------------------------------------------------------------

    def _limit_day(self) -> tuple[int, bool]:
        """The minutes of a day, and whether it is a working day."""
        return limits.WALL_DAY, False

    # ------------------------------------------------------------
    # TYPED AND SHOWN
    # ------------------------------------------------------------

    @api.depends(lambda self: self._limit_depends())
    @api.depends_context("lang")
    def _compute_limits(self):
        for record in self:
            day, is_working = record._limit_day()
            for text, minutes in self._limits.items():
                record[text] = self._limit_words(record[minutes], day, is_working)

    @api.model
    def _limit_depends(self) -> tuple[str, ...]:
        """What the texts depend on; append what a day depends on."""
        return tuple(self._limits.values())

    @api.model_create_multi
    def create(self, vals_list):
        """What was typed is understood once it is known how long a day is."""
        parts = [self._split_limits(vals) for vals in vals_list]
        records = super().create([rest for rest, _typed in parts])
        for record, (_rest, typed) in zip(records, parts, strict=True):
            record._write_limits(typed)
        return records

    def write(self, vals):
        rest, typed = self._split_limits(vals)
        result = super().write(rest)
        if typed:
            for record in self:
                record._write_limits(typed)
        return result

    @api.model
    def _split_limits(self, vals: dict) -> tuple[dict, dict]:
        """What was typed as a limit, apart from the rest."""
        rest = {name: it for name, it in vals.items() if name not in self._limits}
        return rest, {name: it for name, it in vals.items() if name in self._limits}

    def _write_limits(self, typed: dict):
        """Keep the minutes of what was typed.

        :raise ValidationError: when it is no limit
        """
        day, is_working = self._limit_day()
        minutes = {
            self._limits[name]: self._limit_minutes(text or "", day, is_working)
            for name, text in typed.items()
        }
        if any(self[name] != it for name, it in minutes.items()):
            self.write(minutes)

    def _check_limits(self):
        """For an onchange: take over what was typed, or refuse it at once."""
        for record in self:
            for name, minutes in record._typed_limits().items():
                if record[name] != minutes:
                    record[name] = minutes

    def _typed_limits(self) -> dict[str, int]:
        """The minutes of what stands in the text fields.

        :raise ValidationError: when it is no limit
        """
        self.ensure_one()
        day, is_working = self._limit_day()
        return {
            minutes: self._limit_minutes(self[text] or "", day, is_working)
            for text, minutes in self._limits.items()
        }

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    @api.model
    def _limit_words(self, minutes: int, day: int, is_working: bool) -> str:
        """Minutes as people say them; nothing of none."""
        if minutes <= 0:
            return ""
        parts = limits.parts_of(minutes, day)
        words = [
            words
            for number, words in (
                (parts.days, self._limit_days(parts.days, is_working)),
                (parts.hours, self.env._("%s h", parts.hours)),
                (parts.minutes, self.env._("%s min", parts.minutes)),
            )
            if number
        ]
        return " ".join(words)

    @api.model
    def _limit_days(self, days: int, is_working: bool) -> str:
        if not is_working:
            return self.env._("%s d", days)
        if days == 1:
            return self.env._("1 working day")
        return self.env._("%s working days", days)

    @api.model
    def _limit_minutes(self, text: str, day: int, is_working: bool) -> int:
        try:
            return limits.minutes_of(text, day, is_working)
        except limits.LimitRefused as refused:
            why = self._limit_refusal(refused.why)
            raise ValidationError(
                self.env._(
                    "“%(text)s”: %(why)s %(accepted)s",
                    text=text,
                    why=why,
                    accepted=self._limit_accepted(is_working),
                )
            ) from refused

    @api.model
    def _limit_accepted(self, is_working: bool) -> str:
        if is_working:
            return self.env._(
                "Write it like “30 min”, “1.5 h”, “2 working days” or “1 d 4 h”; a day "
                "is a working day."
            )
        return self.env._("Write it like “30 min”, “1.5 h” or “2 d 4 h”.")

    @api.model
    def _limit_refusal(self, why: str) -> str:
        return {
            limits.NO_UNIT: self.env._("Minutes, hours or days?"),
            limits.UNKNOWN: self.env._("This is no length of time."),
            limits.TWICE: self.env._("One unit stands there twice."),
            limits.TOO_SHORT: self.env._("This is less than a minute."),
            limits.TOO_LONG: self.env._("This is too long."),
            limits.NO_WORKING_DAYS: self.env._(
                "Working days are not counted here, only time on the wall."
            ),
        }[why]
