from odoo import api, fields, models


class CrmSourceCost(models.Model):
    """What a source of leads and customers cost in a month: stand, adverts, fees.

    Grain: one row per source, month and company.
    """

    _name = "crm.source.cost"
    _description = "Cost of a Source"
    _order = "month desc, source_id"
    _rec_name = "source_id"

    month = fields.Date(
        required=True,
        index=True,
        default=lambda self: self.env.company._report_today().replace(day=1),
        help="Any day of the month; kept as its first day.",
    )
    source_id = fields.Many2one(
        "utm.source", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Cost", required=True)
    note = fields.Char("What For")

    _one_a_month = models.UniqueIndex(
        "(source_id, month, company_id)",
        "The cost of this source in this month is entered already. Change that line.",
    )
    _not_negative = models.Constraint(
        "CHECK (amount >= 0)", "A cost cannot be negative: enter what was paid."
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
