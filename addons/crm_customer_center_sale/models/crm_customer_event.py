from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_customer_center.models.crm_customer_event import EventSource


class CrmCustomerEvent(models.Model):
    """Confirmed orders and refunds are business; where there are orders, deals are only
    what led to them, and their amounts do not count twice."""

    _inherit = "crm.customer.event"

    kind = fields.Selection(
        selection_add=[("order", "Order"), ("refund", "Refund")],
        ondelete={"order": "cascade", "refund": "cascade"},
    )

    @api.model
    def _event_sources(self):
        return [
            *super()._event_sources(),
            EventSource(
                "order",
                "sale.order",
                self._order_rows,
                ("state", "partner_id", "date_order", "amount_untaxed", "currency_id"),
            ),
            EventSource(
                "refund",
                "account.move",
                self._refund_rows,
                ("state", "move_type", "partner_id", "invoice_date", "amount_untaxed"),
            ),
        ]

    @api.model
    def _sales_kinds(self):
        return ("order", "refund")

    @api.model
    def _order_kinds(self):
        return ("order",)

    @api.model
    def _refund_kinds(self):
        return ("refund",)

    @api.model
    def _order_rows(self, among: SQL) -> SQL:
        """A confirmed order counts on its day, without tax; a contact's is the
        company's."""
        return SQL(
            """
            SELECT source.id AS res_id, person.commercial_partner_id AS partner_id,
                   source.date_order AS date, source.amount_untaxed::float8 AS amount,
                   source.currency_id, source.company_id
              FROM sale_order source
              JOIN res_partner person ON person.id = source.partner_id
             WHERE source.state = 'sale' AND source.date_order IS NOT NULL AND %s
            """,
            among,
        )

    @api.model
    def _refund_rows(self, among: SQL) -> SQL:
        """A credit note takes sales back from the beginning of its day on: one that is
        posted in the morning counts at once."""
        return SQL(
            """
            SELECT source.id AS res_id, person.commercial_partner_id AS partner_id,
                   source.invoice_date::timestamp AS date,
                   -source.amount_untaxed::float8 AS amount,
                   source.currency_id, source.company_id
              FROM account_move source
              JOIN res_partner person ON person.id = source.partner_id
             WHERE source.move_type = 'out_refund' AND source.state = 'posted'
               AND source.invoice_date IS NOT NULL AND %s
            """,
            among,
        )
