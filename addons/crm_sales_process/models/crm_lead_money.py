from odoo import models


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
