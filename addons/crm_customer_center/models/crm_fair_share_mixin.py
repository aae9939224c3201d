from odoo import fields, models

from ..tools.fair_share import Balance


class CrmFairShareMixin(models.AbstractModel):
    """Somebody who gets work in turn, with what is remembered of it.

    For models that have a ``user_id``, one of them for each person; the choice itself
    is ``tools/fair_share.py``. Written by the assignment alone.
    """

    _name = "crm.fair.share.mixin"
    _description = "Fair Share"

    credit = fields.Float(digits=0, readonly=True, copy=False)
    taken = fields.Integer("Taken Today", readonly=True, copy=False)
    taken_day = fields.Date(readonly=True, copy=False)
    total = fields.Integer("Taken So Far", readonly=True, copy=False)

    def _as_balances(self) -> dict[int, Balance]:
        """Return what the chooser goes on from; keys are ids of users."""
        return {
            m.user_id.id: Balance(m.credit, m.taken_day or None, m.taken, m.total)
            for m in self
        }

    def _remember(self, balances: dict[int, Balance]) -> None:
        """Write back what changed; who is not in ``balances`` stays as he is."""
        before = self._as_balances()
        for member in self:
            key = member.user_id.id
            balance = balances.get(key, before[key])
            if balance != before[key]:
                member.write(
                    {
                        "credit": balance.credit,
                        "taken": balance.taken,
                        "taken_day": balance.day,
                        "total": balance.total,
                    }
                )
