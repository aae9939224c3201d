from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_reports.models.crm_measure import Measure
from odoo.addons.crm_reports.tools.figures import COUNT, MONEY, PERCENT

# leads and deals, archived ones (lost) included
ALL = Domain("active", "in", [True, False])
DEAL = Domain("type", "=", "opportunity")
WON = ALL & DEAL & Domain("won_status", "=", "won")
CLOSED = ALL & DEAL & Domain("won_status", "in", ["won", "lost"])
OPEN = DEAL & Domain("won_status", "=", "pending")
LEAD_DIMENSIONS = (("source", "source_id"), ("stage", "stage_id"))


class CrmMeasure(models.AbstractModel):
    """Figures of leads and deals."""

    _inherit = "crm.measure"

    @api.model
    def _measure_list(self):
        return super()._measure_list() + [
            *_lead_measures(self),
            *_won_measures(self),
            *_decided_measures(self),
            *_pipeline_measures(self),
        ]

    def _sales_measure(self, key, name, unit, domain, formula, **values) -> Measure:
        values = {
            "dimensions": LEAD_DIMENSIONS,
            "action": "crm_reports_sales_process.action_lead_records",
            "grain": self.env._("A lead or opportunity"),
            **values,
        }
        return Measure(key, name, unit, "crm.lead", domain, formula, **values)


def _won_measures(catalogue) -> list[Measure]:
    """What was won, and how much it is worth."""
    return [
        catalogue._sales_measure(
            "won_deals",
            catalogue.env._("Deals Won"),
            COUNT,
            WON,
            catalogue.env._("Opportunities won, by the day they were won."),
            date_field="date_closed",
            icon="fa-trophy",
        ),
        catalogue._sales_measure(
            "won_revenue",
            catalogue.env._("Amount Won"),
            MONEY,
            WON,
            catalogue.env._(
                "Sum of the expected revenue of opportunities won, by the day "
                "they were won, in the currency of the company at the rate of that "
                "day."
            ),
            aggregate="expected_revenue:sum",
            date_field="date_closed",
            icon="fa-money",
        ),
    ]


def _decided_measures(catalogue) -> list[Measure]:
    """Won against lost."""
    return [
        catalogue._sales_measure(
            "win_rate",
            catalogue.env._("Win Rate"),
            PERCENT,
            CLOSED,
            catalogue.env._(
                "Of the opportunities won or lost in the period, the share won."
            ),
            aggregate="share",
            numerator=Domain("won_status", "=", "won"),
            date_field="date_closed",
            icon="fa-bullseye",
        ),
        catalogue._sales_measure(
            "lost_deals",
            catalogue.env._("Deals Lost"),
            COUNT,
            ALL & Domain("won_status", "=", "lost"),
            catalogue.env._("Leads and opportunities lost, by the day they were lost."),
            date_field="date_closed",
            better=-1,
            icon="fa-thumbs-o-down",
        ),
    ]


def _lead_measures(catalogue) -> list[Measure]:
    return [
        catalogue._sales_measure(
            "new_leads",
            catalogue.env._("New Leads"),
            COUNT,
            ALL,
            catalogue.env._(
                "Leads and opportunities created in the period, whatever became "
                "of them since."
            ),
            date_field="create_date",
            icon="fa-star-o",
        ),
        catalogue._sales_measure(
            "lead_won_share",
            catalogue.env._("Conversion"),
            PERCENT,
            ALL,
            catalogue.env._(
                "Of the leads and opportunities created in the period, the share "
                "that is won by now."
            ),
            aggregate="share",
            numerator=Domain("won_status", "=", "won"),
            date_field="create_date",
            icon="fa-filter",
        ),
    ]


def _pipeline_measures(catalogue) -> list[Measure]:
    return [
        catalogue._sales_measure(
            "pipeline",
            catalogue.env._("Open Pipeline"),
            MONEY,
            OPEN,
            catalogue.env._(
                "Sum of the expected revenue of opportunities that are neither "
                "won, lost nor archived at this moment, in the currency of the "
                "company at today's rate."
            ),
            aggregate="expected_revenue:sum",
            icon="fa-road",
        ),
        catalogue._sales_measure(
            "open_deals",
            catalogue.env._("Open Opportunities"),
            COUNT,
            OPEN,
            catalogue.env._(
                "Opportunities that are neither won, lost nor archived at this moment."
            ),
            icon="fa-folder-open-o",
        ),
        catalogue._sales_measure(
            "forecast",
            catalogue.env._("Weighted Forecast"),
            MONEY,
            OPEN,
            catalogue.env._(
                "Sum of expected revenue times probability of the opportunities "
                "that are neither won, lost nor archived at this moment and whose "
                "expected closing lies in the period, in the currency of the "
                "company at today's rate."
            ),
            aggregate="prorated_revenue:sum",
            date_field="date_deadline",
            ahead=True,
            icon="fa-binoculars",
        ),
    ]
