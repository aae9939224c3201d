from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.res_partner_timeline import (
    TimelineKind,
    TimelineLine,
    TimelineSource,
)


class ResPartner(models.Model):
    """Orders and invoices on the customer's timeline, by the reader's own rights on
    them; who has none on orders (service) sees the short version, if he may."""

    _inherit = "res.partner"

    @api.model
    def _customer_timeline_kinds(self):
        return super()._customer_timeline_kinds() + [
            TimelineKind(
                "order",
                self.env._("Orders"),
                "fa-shopping-cart",
                tone="purple",
                sequence=50,
            )
        ]

    def _customer_timeline_threads(self):
        threads = super()._customer_timeline_threads()
        return threads | {"sale.order": self._customer_family("partner_id")}

    def _customer_timeline_sources(self):
        sources = super()._customer_timeline_sources()
        if self.env["sale.order"].has_access("read"):
            sources.append(self._timeline_order_source())
        else:
            sources.append(self._timeline_short_order_source())
        sources.append(self._timeline_invoice_source())
        return sources

    def _timeline_order_source(self) -> TimelineSource:
        return TimelineSource(
            key="orders",
            kind="order",
            model="sale.order",
            moment="date_order",
            domain=self._customer_family("partner_id") & Domain("state", "=", "sale"),
            fields=("name", "amount_total", "currency_id", "user_id"),
            render=self._render_orders,
            person="user_id",
            text=("name", "client_order_ref"),
            sequence=15,
        )

    def _timeline_short_order_source(self) -> TimelineSource:
        return self._timeline_order_source()._replace(
            model="crm.customer.order",
            moment="date",
            domain=self._customer_family("partner_id"),
            text=("name",),
        )

    def _timeline_invoice_source(self) -> TimelineSource:
        return TimelineSource(
            key="invoices",
            kind="order",
            model="account.move",
            moment="invoice_date",
            domain=self._customer_family("partner_id", "commercial_partner_id")
            & Domain("state", "=", "posted")
            & Domain("move_type", "in", ("out_invoice", "out_refund")),
            fields=(
                "name",
                "move_type",
                "amount_total",
                "currency_id",
                "invoice_user_id",
            ),
            render=self._render_invoices,
            person="invoice_user_id",
            text=("name", "ref"),
            sequence=16,
        )

    def _render_orders(self, orders):
        for order in orders:
            yield TimelineLine(
                self.env._("Order %(number)s", number=order.name),
                person=order.user_id,
                badge=order.currency_id.format(order.amount_total),
            )

    def _render_invoices(self, invoices):
        for invoice in invoices:
            refund = invoice.move_type == "out_refund"
            yield TimelineLine(
                self.env._("Credit note %(number)s", number=invoice.name)
                if refund
                else self.env._("Invoice %(number)s", number=invoice.name),
                person=invoice.invoice_user_id,
                badge=invoice.currency_id.format(invoice.amount_total),
                tone="red" if refund else "",
                icon="fa-file-text-o",
            )
