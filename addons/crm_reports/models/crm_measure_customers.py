from odoo import api, models
from odoo.fields import Domain

from ..tools.figures import COUNT, PERCENT
from .crm_measure import Measure

CUSTOMERS = Domain("lifecycle_state", "!=", False)
HAD_BUSINESS = Domain("lifecycle_state", "in", ["active", "dormant", "lost"])


class CrmMeasure(models.AbstractModel):
    _inherit = "crm.measure"

    @api.model
    def _measure_list(self):
        return super()._measure_list() + self._customer_measures()

    def _customer_measure(self, key, name, unit, domain, formula, **values) -> Measure:
        values = {
            "person_field": "customer_owner_id",
            "action": "crm_reports.action_customer_records",
            "grain": self.env._("A customer that is not archived"),
            "icon": "fa-building-o",
            "dimensions": (
                ("source", "customer_source_id"),
                ("lifecycle", "lifecycle_state"),
                ("level", "customer_level_id"),
                ("region", "customer_region_id"),
                ("industry", "industry_id"),
            ),
            **values,
        }
        return Measure(key, name, unit, "res.partner", domain, formula, **values)

    def _customer_measures(self) -> list[Measure]:
        return [
            self._customer_measure(
                "new_customers",
                self.env._("New Customers"),
                COUNT,
                CUSTOMERS,
                self.env._(
                    "Customers entered in the period; their contacts do not count."
                ),
                date_field="create_date",
                icon="fa-user-plus",
            ),
            self._customer_measure(
                "customers",
                self.env._("Customers"),
                COUNT,
                CUSTOMERS,
                self.env._("All customers at this moment, whatever their lifecycle."),
            ),
            self._customer_measure(
                "active_customers",
                self.env._("Active Customers"),
                COUNT,
                Domain("lifecycle_state", "=", "active"),
                self.env._("Customers whose lifecycle is active at this moment."),
                icon="fa-handshake-o",
            ),
            self._customer_measure(
                "lost_share",
                self.env._("Lost Customers"),
                PERCENT,
                HAD_BUSINESS,
                self.env._(
                    "Of the customers that are active, dormant or lost at this moment, "
                    "the share that is lost."
                ),
                aggregate="share",
                numerator=Domain("lifecycle_state", "=", "lost"),
                better=-1,
                icon="fa-user-times",
            ),
            self._customer_measure(
                "unowned_customers",
                self.env._("Customers Without Owner"),
                COUNT,
                CUSTOMERS & Domain("customer_owner_id", "=", False),
                self.env._("Customers nobody looks after at this moment."),
                better=-1,
                icon="fa-question-circle-o",
            ),
        ]
