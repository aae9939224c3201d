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
        return super()._measure_list() + [
            *_stock_of_customers_measures(self),
            *_care_of_customers_measures(self),
        ]

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


def _stock_of_customers_measures(catalogue) -> list[Measure]:
    """How many there are."""
    return [
        catalogue._customer_measure(
            "new_customers",
            catalogue.env._("New Customers"),
            COUNT,
            CUSTOMERS,
            catalogue.env._(
                "Customers entered in the period; their contacts do not count."
            ),
            date_field="create_date",
            icon="fa-user-plus",
        ),
        catalogue._customer_measure(
            "customers",
            catalogue.env._("Customers"),
            COUNT,
            CUSTOMERS,
            catalogue.env._("All customers at this moment, whatever their lifecycle."),
        ),
        catalogue._customer_measure(
            "active_customers",
            catalogue.env._("Active Customers"),
            COUNT,
            Domain("lifecycle_state", "=", "active"),
            catalogue.env._("Customers whose lifecycle is active at this moment."),
            icon="fa-handshake-o",
        ),
    ]


def _care_of_customers_measures(catalogue) -> list[Measure]:
    """How many are gone, or nobody's."""
    return [
        catalogue._customer_measure(
            "lost_share",
            catalogue.env._("Lost Customers"),
            PERCENT,
            HAD_BUSINESS,
            catalogue.env._(
                "Of the customers that are active, dormant or lost at this moment, "
                "the share that is lost."
            ),
            aggregate="share",
            numerator=Domain("lifecycle_state", "=", "lost"),
            better=-1,
            icon="fa-user-times",
        ),
        catalogue._customer_measure(
            "unowned_customers",
            catalogue.env._("Customers Without Owner"),
            COUNT,
            CUSTOMERS & Domain("customer_owner_id", "=", False),
            catalogue.env._("Customers nobody looks after at this moment."),
            better=-1,
            icon="fa-question-circle-o",
        ),
    ]
