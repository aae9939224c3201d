from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_reports.models.crm_measure import Measure
from odoo.addons.crm_reports.tools.figures import COUNT, HOURS, PERCENT
from odoo.addons.crm_service_ticket.models.crm_service_team_member import OPEN_STATES

RESULT, ENTRY = "crm.service.sla.result", "crm.service.sla.entry"
MET = Domain("is_late", "=", False)
TICKETS = "crm.service.ticket.report"
OPEN = Domain("state", "in", OPEN_STATES)


class CrmMeasure(models.AbstractModel):
    """Figures of SLA: promises from the results, time from the ledger."""

    _inherit = "crm.measure"

    @api.model
    def _measure_list(self):
        return super()._measure_list() + [
            self._sla_share(
                "sla_response_met",
                "first_response",
                self.env._("First Response in Time"),
                self.env._(
                    "Of the first responses given or missed in the period, the share "
                    "within the working time that was promised."
                ),
            ),
            self._sla_share(
                "sla_resolution_met",
                "resolution",
                self.env._("Resolved in Time"),
                self.env._(
                    "Of the resolutions reached in the period, the share within the "
                    "working time that was promised."
                ),
            ),
            self._sla_breached(),
            self._sla_hours(),
            *_tickets_due(self),
        ]

    @api.model
    def _dimension_list(self):
        return super()._dimension_list() | {
            "service_team": self.env._("Service Team"),
            "sla_policy": self.env._("SLA Policy"),
        }

    def _sla_measure(self, key, name, unit, domain, formula, **values) -> Measure:
        values = {
            "model": RESULT,
            "grain": self.env._("A promise whose clock has ended"),
            "date_field": "date_to",
            "team_field": None,
            "icon": "fa-hourglass-half",
            "action": "crm_service_sla.action_result",
            "dimensions": (
                ("service_team", "team_id"),
                ("sla_policy", "policy_id"),
                ("ticket_type", "type_id"),
                ("priority", "priority"),
            ),
            **values,
        }
        return Measure(
            key=key, name=name, unit=unit, domain=domain, formula=formula, **values
        )

    def _sla_share(self, key, clock, name, formula) -> Measure:
        return self._sla_measure(
            key,
            name,
            PERCENT,
            Domain("clock", "=", clock),
            formula,
            aggregate="share",
            numerator=MET,
        )

    def _sla_breached(self) -> Measure:
        return self._sla_measure(
            "sla_breached",
            self.env._("Promises Breached"),
            COUNT,
            ~MET,
            self.env._(
                "First, later responses and resolutions that ended in the period "
                "later than promised."
            ),
            better=-1,
            icon="fa-exclamation-triangle",
        )

    def _sla_hours(self) -> Measure:
        return self._sla_measure(
            "sla_hours",
            self.env._("Working Hours Used"),
            HOURS,
            Domain("bucket", "=", "working"),
            self.env._(
                "Working hours tickets spent with us, from the SLA ledger, by the day "
                "a stretch began and by the team that had the ticket then."
            ),
            model=ENTRY,
            grain=self.env._("A stretch of a ticket's life"),
            aggregate="hours:sum",
            date_field="date_from",
            better=0,
            icon="fa-clock-o",
            action="crm_service_sla.action_entry",
            dimensions=(("service_team", "team_id"), ("sla_policy", "policy_id")),
        )


def _due_measure(catalogue, key, name, formula, domain, **values) -> Measure:
    return Measure(
        key=key,
        name=name,
        unit=COUNT,
        model=TICKETS,
        domain=OPEN & domain,
        formula=formula,
        grain=catalogue.env._("A ticket, neither archived nor merged into another"),
        team_field=None,
        # the tickets themselves: there several are handed over at once
        action="crm_service_ticket.action_ticket",
        opening=Domain("merged_into_id", "=", False),
        dimensions=(
            ("service_team", "team_id"),
            ("ticket_type", "ticket_type"),
            ("priority", "priority"),
        ),
        **values,
    )


def _tickets_due(catalogue) -> list[Measure]:
    """What is late, and what becomes late before the company's day is over."""
    tomorrow = catalogue._midnight(catalogue.env.company._today() + timedelta(days=1))
    still = Domain("sla_deadline", ">=", "now")
    return [
        _due_measure(
            catalogue,
            "tickets_due_today",
            catalogue.env._("Due Today"),
            catalogue.env._(
                "Open tickets whose next deadline comes before the company's day "
                "is over; those that are late already are not among them."
            ),
            still & Domain("sla_deadline", "<", tomorrow),
            better=0,
            icon="fa-calendar-check-o",
        ),
        _due_measure(
            catalogue,
            "tickets_overdue",
            catalogue.env._("Overdue Now"),
            catalogue.env._("Open tickets whose deadline has passed at this moment."),
            Domain("sla_deadline", "<", "now"),
            better=-1,
            icon="fa-exclamation-circle",
        ),
    ]
