from odoo import api, models

from odoo.addons.crm_reports.models.crm_dashboard import Addition, PanelFigures

OF_FOLLOWUP = ("followups", "on_time", "response_hours", "overdue")


class CrmDashboard(models.AbstractModel):
    """What follow-ups add to the dashboards."""

    _inherit = "crm.dashboard"

    @api.model
    def _dashboard_additions(self):
        return [
            *super()._dashboard_additions(),
            Addition("manager", OF_FOLLOWUP, sequence=20),
            Addition("rep", OF_FOLLOWUP, sequence=20),
            Addition("owner", ("on_time",), sequence=60),
        ]

    @api.model
    def _panel_figures(self):
        return [
            *super()._panel_figures(),
            PanelFigures("people", ("followups", "on_time", "response_hours"), 10),
        ]
