from odoo import api, models

from odoo.addons.crm_reports.models.crm_dashboard import Addition, Panel, Question

from .crm_measure import ENTRY, RESULT

KEYS = ("sla_response_met", "sla_resolution_met", "sla_breached", "sla_hours")


class CrmDashboard(models.AbstractModel):
    _inherit = "crm.dashboard"

    @api.model
    def _dashboard_additions(self):
        return [
            *super()._dashboard_additions(),
            Addition("service", KEYS, ("sla_teams",)),
        ]

    @api.model
    def _panel_list(self):
        return super()._panel_list() + [
            Panel(
                "sla_teams",
                self.env._("SLA by Team"),
                self.env._(
                    "Promises kept and broken in the period, and the working hours "
                    "tickets spent with each team."
                ),
                self.env._("No clock ended in the period: choose a longer one."),
                "_panel_sla_teams",
                (RESULT, ENTRY),
            )
        ]

    def _panel_sla_teams(self, question: Question) -> dict:
        return self._panel_of(KEYS, "service_team", question, KEYS.index("sla_hours"))
