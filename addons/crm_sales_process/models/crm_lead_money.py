from odoo import models
from odoo.tools import SQL


class CrmLead(models.Model):
    """A deal's amounts count at the rate of the day it was closed, while it is open at
    that of today."""

    _name = "crm.lead"
    _inherit = ("crm.lead", "crm.money.mixin")

    def _money_day(self, fname, query):
        return self._money_day_closed(
            self._field_to_sql(self._table, "won_status", query),
            self._field_to_sql(self._table, "date_closed", query),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Odoo knows the currency of deals that are asked for themselves; here of those
        that another model points to as well, such as requests for approval."""
        if field_expr != "company_currency" or alias == self._table:
            return super()._field_to_sql(alias, field_expr, query)
        return SQL(
            "COALESCE((SELECT company.currency_id FROM res_company company"
            " WHERE company.id = %s), %s)",
            self._field_to_sql(alias, "company_id", query),
            self.env.company.currency_id.id,
        )
