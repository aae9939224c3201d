from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_reports.models.crm_dashboard import (
    Addition,
    Dashboard,
    Panel,
    Question,
)
from odoo.addons.crm_reports.models.crm_measure import Wanted
from odoo.addons.crm_reports.tools.figures import COUNT
from odoo.addons.crm_reports.tools.periods import Period

TILES = (
    "open_tickets",
    "new_tickets",
    "resolved_tickets",
    "first_response",
    "resolution",
    "satisfaction",
    "reopened",
)
REPORT = "crm.service.ticket.report"
# days a ticket has been open: up to a day, three, seven, more
AGES = (1, 3, 7)


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
                ("ticket_age", "ticket_types", "ticket_people"),
                sequence=30,
                people="service",
            ),
        ]

    @api.model
    def _dashboard_additions(self):
        of_service = ("open_tickets", "satisfaction")
        return [
            *super()._dashboard_additions(),
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
            Panel(
                "ticket_age",
                self.env._("Open Tickets by State and Age"),
                self.env._(
                    "All tickets open at this moment, by the days since they came."
                ),
                self.env._("Nothing is open: well done."),
                "_panel_ticket_age",
                (REPORT,),
            ),
            Panel(
                "ticket_types",
                self.env._("Ticket Types"),
                self.env._("Tickets of the period by what they are about."),
                self.env._("Choose a longer period or another person."),
                "_panel_ticket_types",
                (REPORT,),
            ),
            Panel(
                "ticket_people",
                self.env._("Agents"),
                self.env._("What each person resolved in the period, and how."),
                self.env._("Choose a longer period or another person."),
                "_panel_ticket_people",
                (REPORT,),
            ),
        ]

    def _panel_ticket_types(self, question: Question) -> dict:
        keys = ("new_tickets", "first_response", "reopened")
        return self._panel_of(keys, "ticket_type", question, 0)

    def _panel_ticket_people(self, question: Question) -> dict:
        keys = ("resolved_tickets", "resolution", "satisfaction")
        return self._panel_of(keys, "person", question, 0)

    def _panel_ticket_age(self, question: Question) -> dict:
        """A row per state, a column per age; one query."""
        catalogue = self.env["crm.measure"]
        measure = catalogue._get_measure("open_tickets")
        aged = measure._replace(date_field="create_date")
        ages = self._ages()
        found = catalogue._figures(
            [Wanted(aged, tuple(ages))], question.scope, catalogue._by_field("state")
        )
        names = self._names_of(measure, "state", found)
        rows = [
            (
                names[state],
                cells["open_tickets"],
                [self._age_drill(aged, question, state, age) for age in ages],
            )
            for state, cells in found.items()
        ]
        series = list(range(len(ages)))
        columns = [(label, COUNT) for label in self._age_names()]
        return self._panel_data(
            columns, rows, "chart", {"type": "bar", "series": series}
        )

    def _age_drill(self, aged, question: Question, state, age: Period) -> dict:
        domain = self.env["crm.measure"]._records_domain(aged, question.scope, age)
        domain &= Domain("state", "=", state)
        return {
            "measure": aged.key,
            "domain": self.env["crm.measure"]._as_list(domain),
        }

    def _ages(self) -> list[Period]:
        """The days on which tickets of each age came, the youngest first."""
        day = self.env.company._today()
        ends = [day.fromordinal(day.toordinal() + 1 - days) for days in (0, *AGES)]
        starts = [*ends[1:], day.replace(year=1970)]
        return [Period(start, end) for start, end in zip(starts, ends, strict=True)]

    def _age_names(self) -> list[str]:
        return [
            self.env._("Today"),
            self.env._("2 to 3 Days"),
            self.env._("4 to 7 Days"),
            self.env._("Longer"),
        ]
