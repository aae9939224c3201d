from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.crm_customer_center.models.res_partner_headline import CustomerFact


class ResPartner(models.Model):
    """The latest order in the customer's headline."""

    _inherit = "res.partner"

    def _customer_headline(self):
        return [*super()._customer_headline(), *self._last_order_facts()]

    def _last_order_facts(self) -> list[CustomerFact]:
        sells = self.env["sale.order"].has_access("read")
        orders = self.env["sale.order" if sells else "crm.customer.order"]
        if not orders.has_access("read"):
            return []
        moment = "date_order" if sells else "date"
        domain = self._customer_family("partner_id")
        if sells:
            domain &= Domain("state", "=", "sale")
        order = orders.search(domain, order=f"{moment} desc, id desc", limit=1)
        if not order:
            return []
        day = self.env.company._local(order[moment]).date()
        return [
            CustomerFact(
                "last_order",
                self.env._("Last order"),
                order.currency_id.format(order.amount_total),
                hint=format_date(self.env, day),
                icon="fa-shopping-cart",
                section="orders",
                sequence=35,
            )
        ]
