from odoo import api, models

from odoo.addons.crm_reports.models.crm_dashboard import Addition
from odoo.addons.crm_reports.panels import FiguresPanel

from .crm_measure import ENTRY, RESULT

# between what nobody has and what is open
DUE_PLACE = 25
DUE = ("tickets_due_today", "tickets_overdue")
KEYS = ("sla_response_met", "sla_resolution_met", "sla_breached", "sla_hours")


class CrmDashboard(models.AbstractModel):
    _inherit = "crm.dashboard"

    @api.model
    def _dashboard_additions(self):
        return [
            *super()._dashboard_additions(),
            Addition("service", DUE, sequence=DUE_PLACE),
            Addition("service", KEYS, ("sla_teams",)),
        ]

    @api.model
    def _panel_list(self):
        return super()._panel_list() + [
            FiguresPanel(
                self.env,
                "sla_teams",
                self.env._("SLA by Team"),
                self.env._(
                    "Promises kept and broken in the period, and the working hours "
                    "tickets spent with each team."
                ),
                self.env._("No clock ended in the period: choose a longer one."),
                (RESULT, ENTRY),
                KEYS,
                "service_team",
                order=KEYS.index("sla_hours"),
                # what was promised is read as a rate; hours only put teams in order
                series=(
                    KEYS.index("sla_response_met"),
                    KEYS.index("sla_resolution_met"),
                ),
            )
        ]
