from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sale.models.sale_order import INVOICE_STATUS


class CrmCustomerOrder(models.Model):
    """What a service agent may know of a customer's orders: one row per confirmed order
    of a customer, with number, date, amount and whether it was invoiced.

    A view of its own, not a right to read ``sale.order``: lines, prices, margins,
    quotations and the conversation about them stay with sales.
    """

    _name = "crm.customer.order"
    _description = "Order of a Customer"
    _auto = False
    _order = "date desc, id desc"

    name = fields.Char("Number", readonly=True)
    date = fields.Datetime("Ordered On", readonly=True)
    partner_id = fields.Many2one("res.partner", "Ordered By", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    amount_total = fields.Monetary("Amount", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    invoice_status = fields.Selection(INVOICE_STATUS, "Invoicing", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    @api.model
    def _select(self) -> SQL:
        return SQL(
            """
            SELECT o.id, o.name, o.date_order AS date, o.partner_id, o.user_id,
                   o.amount_total, o.currency_id, o.invoice_status, o.company_id
            """
        )

    @api.model
    def _from(self) -> SQL:
        return SQL("FROM sale_order o JOIN res_partner p ON p.id = o.partner_id")

    @api.model
    def _where(self) -> SQL:
        """Customers only: other partners are not the agents' to read."""
        return SQL("WHERE o.state = 'sale' AND p.is_customer IS TRUE")
