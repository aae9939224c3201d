from odoo import api, models

from .crm_dashboard import Addition, Dashboard

# tiles of those who sell, where nobody counts deals or follow-ups
OF_CUSTOMERS = ("customers", "active_customers", "new_customers", "came_back")


class CrmDashboard(models.AbstractModel):
    """A dashboard for each role of the Customer Centre, with what it knows of
    customers; other modules add theirs."""

    _inherit = "crm.dashboard"

    @api.model
    def _dashboard_list(self):
        hub = "crm_customer_center"
        return super()._dashboard_list() + [
            Dashboard(
                "owner",
                self.env._("Company"),
                (f"{hub}.group_crm_admin",),
                ("new_customers", "came_back", "went_dormant", "lost_share"),
                ("sources", "lifecycle", "churn"),
                sequence=10,
            ),
            Dashboard(
                "manager",
                self.env._("Sales Team"),
                (f"{hub}.group_team_manager",),
                panels=("churn", "sources"),
                alone=OF_CUSTOMERS,
                sequence=20,
            ),
            Dashboard(
                "marketing",
                self.env._("Marketing"),
                (f"{hub}.group_marketing",),
                (
                    "new_customers",
                    "customers",
                    "active_customers",
                    "lost_share",
                    "unowned_customers",
                ),
                ("sources", "lifecycle", "churn", "levels", "regions"),
                sequence=40,
            ),
            Dashboard(
                "rep",
                self.env._("My Sales"),
                (f"{hub}.group_sales_rep",),
                panels=("sources",),
                alone=OF_CUSTOMERS,
                personal=True,
                sequence=50,
            ),
        ]

    @api.model
    def _dashboard_additions(self):
        return [
            *super()._dashboard_additions(),
            *(
                Addition(key, panels=("attainment",), sequence=20)
                for key in ("owner", "manager", "rep")
            ),
            Addition("manager", panels=("people",), sequence=40),
            Addition("owner", panels=("people",), sequence=70),
        ]
