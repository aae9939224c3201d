from odoo import models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.res_partner_customer_360 import (
    CustomerSection,
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _customer_360_sections(self):
        """Orders, by the user's own rights on Odoo's orders; who has none (service)
        sees the short version of ``crm.customer.order``, if he may."""
        sections = super()._customer_360_sections()
        family = Domain("partner_id", "child_of", self.id)
        sells = self.env["sale.order"].has_access("read")
        sections.append(
            CustomerSection(
                key="orders",
                label=self.env._("Orders"),
                icon="fa-shopping-cart",
                model="sale.order" if sells else "crm.customer.order",
                domain=family & Domain("state", "=", "sale") if sells else family,
                sequence=35,
                context={"default_partner_id": self.id} if sells else {},
                action="sale.action_orders"
                if sells
                else "crm_customer_center_sale.action_customer_order",
            )
        )
        return sections
