from odoo import api, models


class CrmCondition(models.AbstractModel):
    """Whom rules of the pool are about."""

    _inherit = "crm.condition"

    @api.model
    def _rule_scopes(self):
        owned = [("lifecycle_state", "!=", False), ("customer_owner_id", "!=", False)]
        return super()._rule_scopes() | {"crm.pool.rule": {"res.partner": owned}}
