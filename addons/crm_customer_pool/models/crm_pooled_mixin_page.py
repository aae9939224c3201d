from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.crm_customer_center.models.res_partner_headline import (
    CustomerAction,
    CustomerFact,
)
from odoo.addons.crm_customer_center.models.res_partner_timeline import (
    TimelineKind,
    TimelineLine,
    TimelineSource,
)

TONES = {
    "claim": "green",
    "assign": "green",
    "owner": "blue",
    "release": "orange",
    "recycle": "red",
    "undone": "blue",
}


class CrmPooledMixin(models.AbstractModel):
    """On the customer's page: giving it to a pool, and who had it when."""

    _inherit = "crm.pooled.mixin"

    def _customer_actions(self):
        return [*super()._customer_actions(), *self._release_actions()]

    def _customer_headline(self):
        return [*super()._customer_headline(), *self._pool_facts()]

    def _pool_facts(self) -> list[CustomerFact]:
        """That the customer is about to be lost, and by what it is saved; or that it
        is protected."""
        watches = self.env["crm.pool.watch"]
        if not watches.has_access("read"):
            return []
        watch = watches.search([("partner_id", "=", self.id)], limit=1)
        if watch.owner_id != self.customer_owner_id or not watch._not_kept_yet():
            return self._protected_facts()
        return [
            CustomerFact(
                "pool",
                self.env._("Goes to the pool"),
                self._days_in_words(watch.lost_on),
                hint=watch._kept_by(),
                tone="red",
                icon="fa-sign-out",
                sequence=5,
            )
        ]

    def _protected_facts(self) -> list[CustomerFact]:
        """Until when its owner protects it, and why."""
        now = fields.Datetime.now()
        move = self.env["crm.pool.move"].search(
            [
                ("partner_id", "=", self.id),
                ("cause", "=", "protect"),
                ("owner_id", "=", self.customer_owner_id.id),
                ("held_until", ">", now),
            ],
            order="held_until desc, id desc",
            limit=1,
        )
        if not move:
            return []
        return [
            CustomerFact(
                "pool",
                self.env._("Protected until"),
                format_date(self.env, move._protected_until()),
                hint=move.note,
                icon="fa-shield",
                sequence=45,
            )
        ]

    def _release_actions(self) -> list[CustomerAction]:
        pools = self.env["crm.customer.pool"]
        if (
            not self.customer_owner_id
            or self.commercial_partner_id != self
            or not self.has_access("write")
            or not pools.has_access("read")
            or not pools._has_pools(self.env.companies)
        ):
            return []
        return [
            CustomerAction(
                "release",
                self.env._("Release"),
                "fa-sign-out",
                method="action_release_to_pool",
                sequence=90,
            )
        ]

    @api.model
    def _customer_timeline_kinds(self):
        return super()._customer_timeline_kinds() + [
            TimelineKind(
                "hands", self.env._("Owners"), "fa-exchange", "blue", sequence=56
            )
        ]

    def _customer_timeline_sources(self):
        return [
            *super()._customer_timeline_sources(),
            TimelineSource(
                key="pool_move",
                kind="hands",
                model="crm.pool.move",
                moment="effective_at",
                domain=self._customer_family("partner_id"),
                fields=(
                    "cause", "note", "owner_id", "to_user_id", "pool_id", "user_id",
                    "held_until",
                ),
                render=self._render_pool_moves,
                person="user_id",
                text=("note",),
                sequence=72,
            ),
        ]  # fmt: skip

    def _render_pool_moves(self, moves):
        for move in moves:
            known = move.sudo()  # sudo: names of colleagues, and of a pool
            before, after = known.owner_id.name, known.to_user_id.name
            pool = known.pool_id.name
            if move.cause == "protect":
                day = format_date(self.env, move._protected_until())
                title = self.env._("Protected from the pool until %s", day)
            elif before and after:
                title = self.env._("%(before)s → %(after)s", before=before, after=after)
            elif after:
                title = self.env._("Owner: %s", after)
            else:
                title = self.env._("In the pool: %s", pool or "")
            yield TimelineLine(
                title,
                text=" · ".join(filter(None, [move.reason, pool if after else before])),
                person=move.user_id or None,
                tone=TONES.get(move.cause, "grey"),
                icon="fa-exchange",
            )
