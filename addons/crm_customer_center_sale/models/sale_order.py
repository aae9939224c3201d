from odoo import api, models

# a write of these may make or unmake a confirmed order of a customer
DECIDERS = {"state", "partner_id", "date_order"}


class SaleOrder(models.Model):
    """A confirmed order is business with its customer, whose state follows at once."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._customer_business_changed(orders._confirmed_ids())
        return orders

    def write(self, vals):
        if DECIDERS.isdisjoint(vals):
            return super().write(vals)
        before = self._confirmed_ids()
        result = super().write(vals)
        self._customer_business_changed({*before, *self._confirmed_ids()})
        return result

    def unlink(self):
        # a confirmed one is cancelled first; one that was is known as gone
        ids = self.ids
        result = super().unlink()
        self._customer_business_changed(ids)
        return result

    def _confirmed_ids(self) -> list[int]:
        # sudo: compared, not shown
        return self.sudo().filtered(lambda order: order.state == "sale").ids

    @api.model
    def _customer_business_changed(self, ids):
        if ids:
            self.env["crm.lifecycle.engine"]._business_changed("order", ids)
