from odoo import api, models

from .res_partner_timeline import TimelineKind, TimelineLine, TimelineSource

TONES = {"active": "green", "dormant": "orange", "lost": "red", "potential": "blue"}


class ResPartner(models.Model):
    """On the timeline: what a customer became, and why."""

    _inherit = "res.partner"

    @api.model
    def _customer_timeline_kinds(self):
        return super()._customer_timeline_kinds() + [
            TimelineKind(
                "lifecycle",
                self.env._("States and Levels"),
                "fa-heartbeat",
                "green",
                sequence=55,
            )
        ]

    def _customer_timeline_sources(self):
        family = self._customer_family("partner_id")
        shared = {"kind": "lifecycle", "person": "user_id", "text": ("note",)}
        return [
            *super()._customer_timeline_sources(),
            TimelineSource(
                key="lifecycle_move",
                model="crm.lifecycle.move",
                moment="effective_at",
                domain=family,
                fields=(
                    "from_state", "to_state", "cause", "days", "rule_id", "note",
                    "held", "user_id", "evidence_model", "evidence_id",
                ),
                render=self._render_lifecycle_moves,
                sequence=70,
                **shared,
            ),
            TimelineSource(
                key="level_move",
                model="crm.level.move",
                moment="effective_at",
                domain=family,
                fields=(
                    "from_level_id", "to_level_id", "cause", "direction", "rule_id",
                    "note", "held", "user_id", "sales", "order_count", "currency_id",
                ),
                render=self._render_level_moves,
                sequence=71,
                **shared,
            ),
        ]  # fmt: skip

    def _render_lifecycle_moves(self, moves):
        labels = dict(moves._fields["to_state"]._description_selection(self.env))
        nothing = self.env._("no customer")
        for move in moves:
            before = labels.get(move.from_state)
            after = labels.get(move.to_state, nothing)
            yield TimelineLine(
                after
                if before in (None, after)
                else self.env._("%(before)s → %(after)s", before=before, after=after),
                text=" · ".join(filter(None, [move.reason, move.evidence_name])),
                person=move.user_id or None,
                tone=TONES.get(move.to_state, "grey"),
                icon="fa-heartbeat",
            )

    def _render_level_moves(self, moves):
        nothing = self.env._("no level")
        for move in moves:
            before = move.from_level_id.name
            after = move.to_level_id.name or nothing
            yield TimelineLine(
                self.env._("Level: %s", after)
                if before in (None, False, after)
                else self.env._(
                    "Level: %(before)s → %(after)s", before=before, after=after
                ),
                text=move.reason,
                person=move.user_id or None,
                tone="red" if move.direction == "down" else "green",
                icon="fa-diamond",
            )
