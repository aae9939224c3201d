from odoo import models


class ResUsers(models.Model):
    """Where there are pools, unowned customers are seen through them."""

    _inherit = "res.users"

    def _compute_unowned_customer_access(self):
        result = super()._compute_unowned_customer_access()
        pools = self.env["crm.customer.pool"]
        for user in self:
            if pools._has_pools(user.company_ids):
                user.unowned_customer_access = "none"
        return result
