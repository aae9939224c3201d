from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_reports.models.crm_measure import Measure
from odoo.addons.crm_reports.tools.figures import COUNT, HOURS, PERCENT, SCORE


class CrmMeasure(models.AbstractModel):
    """Figures of service, counted in the service report: one row per ticket, merged
    ones left out, with the rules of tickets."""

    _inherit = "crm.measure"

    @api.model
    def _measure_list(self):
        return super()._measure_list() + [*self._ticket_counts(), *self._ticket_means()]

    @api.model
    def _dimension_list(self):
        return super()._dimension_list() | {
            "state": self.env._("State"),
            "ticket_type": self.env._("Ticket Type"),
            "ticket_kind": self.env._("Main Ticket Type"),
            "priority": self.env._("Priority"),
        }

    def _ticket_measure(self, key, name, unit, formula, **values) -> Measure:
        values = {
            "grain": self.env._("A ticket, neither archived nor merged into another"),
            "team_field": None,
            "icon": "fa-life-ring",
            "action": "crm_reports_service_ticket.action_ticket_records",
            "dimensions": (
                ("state", "state"),
                ("ticket_type", "type_id"),
                ("ticket_kind", "ticket_type"),
                ("priority", "priority"),
            ),
            "domain": Domain.TRUE,
            **values,
        }
        model = "crm.service.ticket.report"
        return Measure(key=key, name=name, unit=unit, model=model, formula=formula,
                       **values)  # fmt: skip

    def _ticket_counts(self) -> list[Measure]:
        return [
            self._ticket_measure(
                "open_tickets",
                self.env._("Open Tickets"),
                COUNT,
                self.env._("Tickets neither resolved nor closed at this moment."),
                domain=Domain("backlog", "=", 1),
                better=-1,
            ),
            self._ticket_measure(
                "new_tickets",
                self.env._("New Tickets"),
                COUNT,
                self.env._("Tickets opened in the period."),
                date_field="create_date",
                better=0,
            ),
            self._ticket_measure(
                "resolved_tickets",
                self.env._("Tickets Resolved"),
                COUNT,
                self.env._("Tickets resolved in the period and not reopened since."),
                date_field="resolved_date",
                icon="fa-check",
            ),
            self._ticket_measure(
                "reopened",
                self.env._("Reopened Tickets"),
                PERCENT,
                self.env._(
                    "Of the tickets opened in the period, the share ever reopened."
                ),
                aggregate="share",
                numerator=Domain("reopen_count", ">", 0),
                date_field="create_date",
                better=-1,
                icon="fa-undo",
            ),
        ]

    def _ticket_means(self) -> list[Measure]:
        return [
            self._ticket_measure(
                "first_response",
                self.env._("First Response (h)"),
                HOURS,
                self.env._(
                    "Average hours by the clock from opening to our first answer, of "
                    "the tickets opened in the period that were answered."
                ),
                aggregate="response_hours:avg",
                date_field="create_date",
                better=-1,
                icon="fa-bolt",
            ),
            self._ticket_measure(
                "resolution",
                self.env._("Resolution (h)"),
                HOURS,
                self.env._(
                    "Average hours by the clock from opening to resolving, of the "
                    "tickets resolved in the period."
                ),
                aggregate="resolution_hours:avg",
                date_field="resolved_date",
                better=-1,
                icon="fa-clock-o",
            ),
            self._ticket_measure(
                "satisfaction",
                self.env._("Satisfaction"),
                SCORE,
                self.env._(
                    "Average of the stars, 1 to 5, customers gave tickets closed in "
                    "the period."
                ),
                aggregate="satisfaction:avg",
                date_field="closed_date",
                icon="fa-smile-o",
            ),
        ]
