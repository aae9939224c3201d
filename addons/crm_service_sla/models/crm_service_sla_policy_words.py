from functools import reduce

from odoo import api, models
from odoo.tools import format_list

from ..tools.duration import split


class CrmServiceSlaPolicy(models.Model):
    """A policy in plain sentences, for those who have to keep it."""

    _inherit = "crm.service.sla.policy"

    @api.depends(
        "type_ids.complete_name",
        "priority_ids",
        "level_ids.name",
        "team_ids.name",
        "stage_ids.name",
        "domain",
        "first_response_minutes",
        "next_response_minutes",
        "resolution_minutes",
        "hours",
        "company_id",
        "calendar_id.name",
        "pause_waiting",
        "pause_pending",
        "pause_in_progress",
        "step_ids.percent",
        "step_ids.escalate",
        "step_ids.target",
        "step_ids.user_id",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for policy in self:
            sentences = (
                policy._sentence_for_whom(),
                policy._sentence_targets(),
                policy._sentence_hours(),
                policy._sentence_pauses(),
                policy._sentence_steps(),
            )
            policy.summary = "\n".join(filter(None, sentences))

    def _sentence_for_whom(self) -> str:
        conditions = [
            (self.env._("type"), self.type_ids.mapped("complete_name")),
            (self.env._("priority"), self._choices(self.priority_ids)),
            (self.env._("customer level"), self.level_ids.mapped("name")),
            (self.env._("team"), self.team_ids.mapped("name")),
            (self.env._("stage"), self.stage_ids.mapped("name")),
        ]
        words = [
            self.env._("%(what)s %(values)s", what=what, values=self._any_of(values))
            for what, values in conditions
            if values
        ]
        if (self.domain or "[]").strip() != "[]":
            words.append(self.env._("and the further condition"))
        if not words:
            return self.env._("For every ticket no earlier policy applies to.")
        return self.env._("For tickets with %s.", format_list(self.env, words))

    def _choices(self, selections) -> list[str]:
        """The names of values of a selection, in the user's language."""
        # sudo: what a choice is called is no secret; the model is the system's
        return selections.sudo().mapped("name")

    def _any_of(self, values) -> str:
        return format_list(self.env, [str(value) for value in values], style="or")

    def _sentence_targets(self) -> str:
        numbers = (
            (self.env._("first response"), self.first_response_minutes),
            (self.env._("next response"), self.next_response_minutes),
            (self.env._("resolution"), self.resolution_minutes),
        )
        words = [
            self.env._("%(what)s within %(time)s", what=what, time=self._time(minutes))
            for what, minutes in numbers
            if minutes > 0
        ]
        if not words:
            return ""
        return self.env._("Promised: %s.", format_list(self.env, words))

    def _time(self, minutes: int) -> str:
        """As the field says it, in whose days it is typed."""
        return self._limit_words(minutes, *self._limit_day())

    @api.model
    def _duration(self, seconds: int) -> str:
        """Seconds as people say it: ``2 h 15 min``; days are not used, for a working
        day is not a day."""
        hours, minutes, left = split(abs(seconds))
        if hours and minutes:
            return self.env._(
                "%(hours)s h %(minutes)s min", hours=hours, minutes=minutes
            )
        if hours:
            return self.env._("%s h", hours)
        if minutes or not left:
            return self.env._("%s min", minutes)
        return self.env._("%s s", left)

    @api.model
    def _late_note(self, used: int, target: int, is_late: bool) -> str:
        """Why a promise was missed where time used and target read the same; empty
        where the two numbers say it themselves."""
        over = used - target
        if not is_late or over >= 60:
            return ""
        if over > 0:
            return self.env._("%s over", self._duration(over))
        return self.env._("deadline passed")

    def _sentence_hours(self) -> str:
        if self.hours == "always":
            return self.env._("Minutes count round the clock.")
        if self.hours == "calendar":
            return self.env._(
                "Minutes count in the working time “%s”, without its holidays.",
                self.calendar_id.name or "",
            )
        return self.env._(
            "Minutes count in the working time of the company, without its holidays."
        )

    def _sentence_pauses(self) -> str:
        words = [
            name
            for flag, name in (
                (self.pause_waiting, self.env._("we wait for the customer")),
                (self.pause_pending, self.env._("nobody has started")),
                (self.pause_in_progress, self.env._("the ticket is in progress")),
            )
            if flag
        ]
        if not words:
            return self.env._("The clock never stops before the ticket is resolved.")
        return self.env._("The clock stops while %s.", self._any_of(words))

    def _sentence_steps(self) -> str:
        words = [
            self.env._("at %(percent)s%% %(who)s", percent=percent, who=who)
            for percent, who in self._told_by_percent()
        ]
        if not words:
            return self.env._("Nobody is warned.")
        told = reduce(
            lambda one, next_: self.env._("%(one)s; %(next)s", one=one, next=next_),
            words,
        )
        return self.env._("Warned in their working time: %s.", told)

    def _told_by_percent(self) -> list[tuple[int, str]]:
        found = []
        for percent, steps in sorted(self.step_ids.grouped("percent").items()):
            who = [step._who() for step in steps if step._who()]
            if any(steps.mapped("escalate")):
                who.append(self.env._("and the ticket goes a level up"))
            if not who:
                continue
            told = reduce(
                lambda one, next_: self.env._("%(one)s, %(next)s", one=one, next=next_),
                dict.fromkeys(who),
            )
            found.append((percent, told))
        return found
