from odoo import fields, models
from odoo.tools import SQL


class CrmDealReport(models.AbstractModel):
    """What every report about deals says of the deal as it is today.

    A report inherits it beside its own columns and starts its query with
    ``_select_deal``; the table of deals must be called ``lead`` there.
    """

    _name = "crm.deal.report"
    _inherit = "crm.money.mixin"
    _description = "Report about Deals"
    _money_is_own = True

    lead_id = fields.Many2one("crm.lead", readonly=True)
    date_closed = fields.Datetime("Closed", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    outcome = fields.Selection(
        [("pending", "Open"), ("won", "Won"), ("lost", "Lost")], readonly=True
    )

    def _select_deal(self) -> SQL:
        """The columns of these fields."""
        return SQL(
            """
            lead.id AS lead_id, lead.date_closed, lead.user_id, lead.team_id,
            lead.company_id, lead.source_id, lead.won_status AS outcome,
            %s AS currency_id
            """,
            self.env.company.currency_id.id,
        )

    def _select_amount(self, amount: SQL, day: SQL) -> SQL:
        """An amount of the deal in the currency of the reader's company, so that rows
        can be added up; a deal without company is in that currency already.

        :param day: whose rate counts, see ``crm.money.mixin``
        """
        own = self.env.company.currency_id.id
        currency = SQL(
            "COALESCE((SELECT company.currency_id FROM res_company company"
            " WHERE company.id = lead.company_id), %s)",
            own,
        )
        return self._money_convert(amount, currency, day)
