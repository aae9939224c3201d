from odoo import api, fields, models

CAUSES = [
    ("created", "Entered"),
    ("was", "As it was"),
    ("person", "By a person"),
    ("release", "Left to the rules again"),
    ("rule", "By a rule"),
    ("none", "No rule gives a level any more"),
    ("merged", "Customers merged"),
    ("undone", "Run taken back"),
]


class CrmLevelMove(models.Model):
    """A change of a customer's level, with its reason and the figures that decided."""

    _name = "crm.level.move"
    _description = "Level Move"
    _inherit = "crm.customer.move.mixin"

    from_level_id = fields.Many2one(
        "crm.customer.level", "From", index="btree_not_null", ondelete="restrict"
    )
    to_level_id = fields.Many2one(
        "crm.customer.level", "To", index="btree_not_null", ondelete="restrict"
    )
    cause = fields.Selection(CAUSES, required=True)
    direction = fields.Selection(
        [("up", "Higher"), ("down", "Lower"), ("same", "As Before")], required=True
    )
    rule_id = fields.Many2one(
        "crm.level.rule", index="btree_not_null", ondelete="set null"
    )
    sales = fields.Monetary("Sales of Twelve Months")
    order_count = fields.Integer("Orders of Twelve Months")
    open_amount = fields.Monetary("Open Deals")
    currency_id = fields.Many2one("res.currency")

    _partner_idx = models.Index("(partner_id, id)")
    _run_idx = models.Index("(run_id, id) WHERE run_id IS NOT NULL")

    @api.depends("cause", "note", "rule_id.name", "sales", "order_count")
    def _compute_reason(self):
        return super()._compute_reason()

    def _reason_in_words(self):
        self.ensure_one()
        labels = dict(self._fields["cause"]._description_selection(self.env))
        words = labels[self.cause]
        if self.held:
            words = self.env._("Set by hand, rules leave it alone")
        if self.note and self.cause in ("person", "merged", "release"):
            return self.env._("%(what)s: %(why)s", what=words, why=self.note)
        if self.cause != "rule":
            return words
        # sudo: the name of a rule is no secret
        rule = self.sudo().rule_id.name or words
        return self.env._(
            "%(rule)s: sales of twelve months %(sales)s, %(orders)s orders",
            rule=rule,
            sales=self.currency_id.format(self.sales)
            if self.currency_id
            else f"{self.sales:.2f}",
            orders=self.order_count,
        )
