from odoo import api, fields, models
from odoo.tools import SQL


class CrmMonthMixin(models.AbstractModel):
    """Something a company enters per month. Read by another company, its amount is
    worth what it is on the last day of the month, or today while that is to come."""

    _name = "crm.month.mixin"
    _inherit = "crm.money.mixin"
    _description = "Entered by Month"

    month = fields.Date(
        required=True,
        index=True,
        default=lambda self: self.env.company._today().replace(day=1),
        help="Any day of the month; kept as its first day.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    def _money_day(self, fname, query):
        return SQL(
            "LEAST((%s + interval '1 month - 1 day')::date, %s)",
            self._field_to_sql(self._table, "month", query),
            self._money_today(),
        )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._on_first(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._on_first(vals))

    @api.model
    def _on_first(self, vals: dict) -> dict:
        """A month is kept as its first day."""
        month = fields.Date.to_date(vals.get("month"))
        return {**vals, "month": month.replace(day=1)} if month else vals
