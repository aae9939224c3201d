from odoo import api, models

from odoo.addons.crm_suite_base.fields import OptionalFloat


class CrmLead(models.Model):
    """Amounts in the currency of the reader's company, to be added up in lists."""

    _inherit = "crm.lead"

    converted_revenue = OptionalFloat(
        "Expected Revenue Converted",
        compute="_compute_converted",
        digits=(16, 2),
        help="In the currency of the company you work in, at the rate of the day the "
        "deal was closed, or of today while it is open.",
    )
    converted_prorated = OptionalFloat(
        "Prorated Revenue Converted",
        compute="_compute_converted",
        digits=(16, 2),
        help="In the currency of the company you work in, at the rate of the day the "
        "deal was closed, or of today while it is open.",
    )

    _CONVERTED = {  # noqa: RUF012  a constant
        "converted_revenue": "expected_revenue",
        "converted_prorated": "prorated_revenue",
    }

    @api.model
    def _money_columns(self):
        """A deal's list shows what it is worth and what is to be expected of it."""
        return {**super()._money_columns(), "expected_revenue": (*self._CONVERTED,)}

    @api.depends(
        "expected_revenue",
        "prorated_revenue",
        "company_id",
        "won_status",
        "date_closed",
    )
    @api.depends_context("company", "allowed_company_ids")
    def _compute_converted(self):
        for name, source in self._CONVERTED.items():
            amounts = self._origin._money_amounts(source)
            for lead in self:
                # unknown where there is no rate, not 0
                lead[name] = amounts.get(lead._origin.id)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr in self._CONVERTED and query is not None and alias == self._table:
            return self._money_sql(self._CONVERTED[field_expr], query)
        return super()._field_to_sql(alias, field_expr, query)
