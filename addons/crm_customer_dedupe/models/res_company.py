from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    conflict_query_limit = fields.Integer(
        "Questions a Day",
        default=40,
        help="So many times a day a person may ask whose a customer is that he or she "
        "does not see. 0: nobody asks.",
    )

    conflict_query_months = fields.Integer(
        "Questions Are Kept For",
        default=24,
        help="Months after which it is forgotten who asked whose a customer is. "
        "0: never.",
    )

    _conflict_months_positive = models.Constraint(
        "CHECK (conflict_query_months >= 0)",
        "The months that questions are kept are not below zero.",
    )
    _conflict_limit_positive = models.Constraint(
        "CHECK (conflict_query_limit >= 0)",
        "The number of questions a day is not below zero.",
    )
