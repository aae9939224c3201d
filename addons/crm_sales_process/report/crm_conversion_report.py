from typing import ClassVar

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.crm_suite_base.fields import OptionalFloat


class CrmConversionReport(models.Model):
    """How leads become opportunities and opportunities are won.

    Grain: one row per lead or opportunity, archived ones included. The dates come
    from the stage history, the outcome from the deal. The same people see the rows
    who see the leads.
    """

    _name = "crm.conversion.report"
    _inherit = "crm.deal.report"
    _description = "Conversion Analysis"
    _auto = False
    _order = "create_date desc, id desc"
    _rec_name = "lead_id"
    _depends: ClassVar = {
        "crm.lead.stage.move": ["lead_id", "lead_type", "date_entered", "is_slip"],
        "crm.lead": [
            "type",
            "user_id",
            "team_id",
            "company_id",
            "source_id",
            "medium_id",
            "campaign_id",
            "won_status",
            "won_reason_id",
            "lost_reason_id",
            "competitor_id",
            "expected_revenue",
            "date_closed",
        ],
    }

    create_date = fields.Datetime("Created", readonly=True)
    date_opportunity = fields.Datetime("Became Opportunity", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    won_reason_id = fields.Many2one("crm.won.reason", readonly=True)
    lost_reason_id = fields.Many2one("crm.lost.reason", readonly=True)
    competitor_id = fields.Many2one("crm.competitor", readonly=True)
    started_as_lead = fields.Integer("Leads", readonly=True)
    is_opportunity = fields.Integer("Opportunities", readonly=True)
    is_won = fields.Integer("Won", readonly=True)
    is_lost = fields.Integer("Lost", readonly=True)
    conversion_rate = OptionalFloat(
        "Lead to Opportunity (%)",
        readonly=True,
        aggregator="avg",
        help="Of those that came in as leads, the share that became opportunities.",
    )
    win_rate = OptionalFloat(
        "Opportunity to Won (%)",
        readonly=True,
        aggregator="avg",
        help="Of the opportunities, open ones included, the share that is won.",
    )
    closed_win_rate = OptionalFloat(
        "Won of Closed (%)",
        readonly=True,
        aggregator="avg",
        help="Of the opportunities that are closed, the share that was won.",
    )
    days_to_convert = OptionalFloat(
        "Days to Opportunity", readonly=True, aggregator="avg"
    )
    days_to_win = OptionalFloat(
        "Days from Opportunity to Won", readonly=True, aggregator="avg"
    )
    expected_revenue = fields.Monetary("Amount", readonly=True)
    won_revenue = fields.Monetary("Amount Won", readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s", self._select(), self._from())

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT %(deal)s,
                   lead.id, lead.create_date, stays.date_opportunity,
                   lead.medium_id, lead.campaign_id, lead.won_reason_id,
                   lead.lost_reason_id, lead.competitor_id,
                   stays.started_as_lead::int AS started_as_lead,
                   stays.is_opportunity::int AS is_opportunity,
                   (lead.won_status = 'won')::int AS is_won,
                   (lead.won_status = 'lost')::int AS is_lost,
                   CASE WHEN stays.started_as_lead
                        THEN 100.0 * stays.is_opportunity::int END AS conversion_rate,
                   CASE WHEN stays.is_opportunity
                        THEN 100.0 * (lead.won_status = 'won')::int END AS win_rate,
                   CASE WHEN stays.is_opportunity AND lead.won_status != 'pending'
                        THEN 100.0 * (lead.won_status = 'won')::int
                        END AS closed_win_rate,
                   CASE WHEN stays.started_as_lead
                        THEN extract(epoch FROM stays.date_opportunity
                                                - stays.date_started) / 86400.0
                        END AS days_to_convert,
                   CASE WHEN lead.won_status = 'won'
                        THEN extract(epoch FROM lead.date_closed
                                                - stays.date_opportunity) / 86400.0
                        END AS days_to_win,
                   %(amount)s AS expected_revenue,
                   CASE WHEN lead.won_status = 'won'
                        THEN %(amount)s END AS won_revenue
            """,
            deal=self._select_deal(),
            amount=self._select_amount(
                SQL("lead.expected_revenue"),
                self._money_day_closed(SQL("lead.won_status"), SQL("lead.date_closed")),
            ),
        )

    def _from(self) -> SQL:
        return SQL(
            """
              FROM crm_lead lead
              JOIN (
                SELECT lead_id,
                       bool_or(lead_type = 'lead') AS started_as_lead,
                       bool_or(lead_type = 'opportunity') AS is_opportunity,
                       min(date_entered) AS date_started,
                       min(date_entered) FILTER (WHERE lead_type = 'opportunity')
                           AS date_opportunity
                  FROM crm_lead_stage_move
                 WHERE is_slip IS NOT TRUE
              GROUP BY lead_id
                   ) stays ON stays.lead_id = lead.id
            """
        )
