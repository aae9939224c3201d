from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_reports.models.crm_measure import Measure
from odoo.addons.crm_reports.tools.figures import COUNT, HOURS, PERCENT, SCORE
from odoo.addons.crm_service_ticket.models.crm_service_team_member import OPEN_STATES

OPEN = Domain("state", "in", OPEN_STATES)
# of the questions about satisfaction
SENT = Domain("sent_date", "!=", False)
ANSWERED = Domain("state", "=", "answered")


class CrmMeasure(models.AbstractModel):
    """Figures of service, counted in the service report: one row per ticket, merged
    ones left out, with the rules of tickets."""

    _inherit = "crm.measure"

    @api.model
    def _measure_list(self):
        return super()._measure_list() + [
            *_tickets_now(self),
            *self._ticket_counts(),
            *self._ticket_means(),
            *_survey_measures(self),
        ]

    @api.model
    def _dimension_list(self):
        return super()._dimension_list() | {
            "state": self.env._("State"),
            "ticket_type": self.env._("Ticket Type"),
            "ticket_kind": self.env._("Main Ticket Type"),
            "priority": self.env._("Priority"),
            "service_team": self.env._("Service Team"),
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
                ("service_team", "team_id"),
            ),
            "domain": Domain.TRUE,
            **values,
        }
        model = "crm.service.ticket.report"
        return Measure(key=key, name=name, unit=unit, model=model, formula=formula,
                       **values)  # fmt: skip

    def _ticket_counts(self) -> list[Measure]:
        return [
            _counted_tickets(
                self,
                "new_tickets",
                self.env._("New Tickets"),
                COUNT,
                self.env._("Tickets opened in the period."),
                date_field="create_date",
                better=0,
            ),
            _counted_tickets(
                self,
                "resolved_tickets",
                self.env._("Tickets Resolved"),
                COUNT,
                self.env._("Tickets resolved in the period and not reopened since."),
                date_field="resolved_date",
                icon="fa-check",
            ),
            _counted_tickets(
                self,
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


def _counted_tickets(catalogue, key, name, unit, formula, **values) -> Measure:
    """A figure that opens the tickets themselves: there several are handed over,
    answered or closed at once."""
    values = {
        "action": "crm_service_ticket.action_ticket",
        "opening": Domain("merged_into_id", "=", False),
        **values,
    }
    return catalogue._ticket_measure(key, name, unit, formula, **values)


def _tickets_now(catalogue) -> list[Measure]:
    return [
        _counted_tickets(
            catalogue,
            "unassigned_tickets",
            catalogue.env._("Unassigned"),
            COUNT,
            catalogue.env._("Open tickets that have no agent at this moment."),
            domain=OPEN & Domain("user_id", "=", False),
            better=-1,
            icon="fa-user-o",
        ),
        _counted_tickets(
            catalogue,
            "open_tickets",
            catalogue.env._("Open Tickets"),
            COUNT,
            catalogue.env._("Tickets neither resolved nor closed at this moment."),
            domain=OPEN,
            better=-1,
        ),
    ]


def _survey_measure(catalogue, key, name, unit, formula, **values) -> Measure:
    return Measure(
        key=key,
        name=name,
        unit=unit,
        model="crm.service.survey",
        formula=formula,
        grain=catalogue.env._("A question about satisfaction that was sent"),
        date_field="sent_date",
        team_field=None,
        action="crm_service_ticket.action_survey",
        dimensions=(("service_team", "team_id"),),
        **values,
    )


def _survey_measures(catalogue) -> list[Measure]:
    return [
        _survey_measure(
            catalogue,
            "surveys_sent",
            catalogue.env._("Surveys Sent"),
            COUNT,
            catalogue.env._(
                "Questions about satisfaction sent to customers in the period."
            ),
            domain=SENT,
            better=0,
            icon="fa-paper-plane-o",
        ),
        _survey_measure(
            catalogue,
            "surveys_answered",
            catalogue.env._("Surveys Answered"),
            COUNT,
            catalogue.env._(
                "Of the questions about satisfaction sent in the period, those "
                "that were answered, whenever that was."
            ),
            domain=SENT & ANSWERED,
            icon="fa-star-o",
        ),
        _survey_measure(
            catalogue,
            "survey_response",
            catalogue.env._("Response Rate"),
            PERCENT,
            catalogue.env._(
                "Of the questions about satisfaction sent in the period, the share "
                "that was answered. Those of the last days may still be."
            ),
            domain=SENT,
            aggregate="share",
            numerator=ANSWERED,
            icon="fa-comments-o",
        ),
    ]
