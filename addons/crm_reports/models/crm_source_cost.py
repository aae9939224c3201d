from odoo import fields, models


class CrmSourceCost(models.Model):
    """What a source of leads and customers cost in a month: stand, adverts, fees.

    Grain: one row per source, month and company.
    """

    _name = "crm.source.cost"
    _inherit = "crm.month.mixin"
    _description = "Cost of a Source"
    _order = "month desc, source_id"
    _rec_name = "source_id"

    source_id = fields.Many2one(
        "utm.source", required=True, index=True, ondelete="cascade"
    )
    amount = fields.Monetary("Cost", required=True)
    note = fields.Char("What For")

    _one_a_month = models.UniqueIndex(
        "(source_id, month, company_id)",
        "The cost of this source in this month is entered already. Change that line.",
    )
    _not_negative = models.Constraint(
        "CHECK (amount >= 0)", "A cost cannot be negative: enter what was paid."
    )
