from odoo import models
from odoo.exceptions import UserError


class CrmConflictAnswer(models.Model):
    """A customer that was asked for and waits in a pool is claimed right there."""

    _inherit = "crm.conflict.answer"

    def action_claim_from_pool(self):
        """Claim the customer, as from the list of the pool.

        :raises UserError: as ``action_claim`` of the pool; or when it left the pool
        :raises AccessError: for who was not told of it, or is no member of its pool
        """
        answer = self._own_answer()
        row = self.env["crm.pool.customer"]._row_of(answer.found_id)
        if not row:
            raise UserError(
                self.env._(
                    "Somebody was faster: this customer is no longer in a pool. Ask "
                    "again to see whose it is."
                )
            )
        # sudo(False): members claim, with their own rights and limits
        return row.sudo(False).action_claim()
