from odoo import api, models

from odoo.addons.crm_customer_dedupe.models.crm_conflict_ask import (
    ConflictAction,
    ConflictFact,
)


class CrmConflictQuery(models.Model):
    """Whoever asks whose a customer is, is told that it waits in a pool."""

    _inherit = "crm.conflict.query"

    @api.model
    def _conflict_facts(self, partner):
        facts = super()._conflict_facts(partner)
        # sudo(False): who may not read the pool is not told of it
        found = self.env["crm.pool.customer"]._row_of(partner).pool_id.sudo(False)
        if found and found.has_access("read"):
            facts.append(ConflictFact("pool", self.env._("Pool"), found.name, 15))
        return facts

    @api.model
    def _conflict_actions(self, partner):
        actions = super()._conflict_actions(partner)
        # sudo(False): whoever sees it in the pool, and is a member
        row = self.env["crm.pool.customer"]._row_of(partner).sudo(False)
        if row and row.has_access("read") and row.may_claim:
            actions.append(
                ConflictAction(
                    "claim",
                    self.env._("Claim"),
                    "fa-hand-paper-o",
                    "action_claim_from_pool",
                    5,
                )
            )
        return actions
