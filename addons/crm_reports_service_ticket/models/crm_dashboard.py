from odoo import api, models

from odoo.addons.crm_reports.models.crm_dashboard import Addition, Dashboard
from odoo.addons.crm_reports.panels import FiguresPanel

from ..panels import TicketAgePanel

TILES = (
    "new_tickets",
    "resolved_tickets",
    "first_response",
    "resolution",
    "satisfaction",
    "survey_response",
    "reopened",
)
# what is to be done now, before what was done in the period; a module that knows
# deadlines puts what is due between the two
NOBODYS, NOW = 20, 30
# who has how much; what is due is left out where nobody knows deadlines
LOAD = ("open_tickets", "tickets_due_today", "tickets_overdue")
SURVEYS = ("surveys_sent", "surveys_answered", "survey_response")
REPORT, SURVEY = "crm.service.ticket.report", "crm.service.survey"


class CrmDashboard(models.AbstractModel):
    _inherit = "crm.dashboard"

    @api.model
    def _dashboard_list(self):
        return super()._dashboard_list() + [
            Dashboard(
                "service",
                self.env._("Service"),
                ("crm_customer_center.group_service_agent",),
                TILES,
                ("ticket_age", "ticket_types", "ticket_people", "surveys"),
                sequence=30,
                people="service",
            ),
        ]

    @api.model
    def _dashboard_additions(self):
        of_service = ("open_tickets", "satisfaction")
        return [
            *super()._dashboard_additions(),
            Addition("service", ("unassigned_tickets",), sequence=NOBODYS),
            Addition("service", ("open_tickets",), ("ticket_load",), sequence=NOW),
            Addition("owner", of_service, sequence=90),
        ]

    @api.model
    def _people_of_service(self):
        """Tickets have teams of their own; their people are those who work on them."""
        # sudo: names of colleagues in service
        members = self.env["crm.service.team"].sudo().search([]).member_ids
        return {"teams": [], "people": self._choices(members.user_id)}

    @api.model
    def _panel_list(self):
        return super()._panel_list() + [
            _load_panel(self.env),
            TicketAgePanel(
                self.env,
                "ticket_age",
                self.env._("Open Tickets by State and Age"),
                self.env._(
                    "All tickets open at this moment, by the days since they came."
                ),
                self.env._("Nothing is open: well done."),
                (REPORT,),
            ),
            FiguresPanel(
                self.env,
                "ticket_types",
                self.env._("Ticket Types"),
                self.env._("Tickets of the period by what they are about."),
                self.env._("Choose a longer period or another person."),
                (REPORT,),
                ("new_tickets", "first_response", "reopened"),
                "ticket_type",
            ),
            FiguresPanel(
                self.env,
                "ticket_people",
                self.env._("Agents"),
                self.env._("What each person resolved in the period, and how."),
                self.env._("Choose a longer period or another person."),
                (REPORT,),
                ("resolved_tickets", "resolution", "satisfaction"),
                "person",
            ),
            _survey_panel(self.env),
        ]


def _load_panel(env) -> FiguresPanel:
    """Who has how many open tickets at this moment."""
    return FiguresPanel(
        env,
        "ticket_load",
        env._("Open Tickets per Agent"),
        env._(
            "All tickets open at this moment, by who has them. A number opens "
            "them in the list, where several are handed over at once."
        ),
        env._("Nothing is open: well done."),
        (REPORT,),
        LOAD,
        "person",
    )


def _survey_panel(env) -> FiguresPanel:
    """How many of the customers who were asked answered."""
    return FiguresPanel(
        env,
        "surveys",
        env._("Satisfaction Surveys"),
        env._(
            "How many customers were asked in the period, and how many of them "
            "answered, by team."
        ),
        env._("Nobody was asked in the period: choose a longer one."),
        (SURVEY,),
        SURVEYS,
        "service_team",
        series=(SURVEYS.index("survey_response"),),
    )
