from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmSalesTarget(models.Model):
    """What a person, or a team as a whole, is to reach in a month."""

    _name = "crm.sales.target"
    _link_gate = True
    _reach_fields = frozenset({"user_id", "team_id", "company_id"})
    _inherit = "crm.month.mixin"
    _description = "Sales Target"
    _order = "month desc, team_id, user_id"
    _rec_names_search = ("user_id", "team_id")

    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        index="btree_not_null",
        ondelete="cascade",
        domain=[("share", "=", False)],
        help="Empty: the target is the team's as a whole, instead of the sum of its "
        "people's.",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="cascade",
    )
    amount = fields.Monetary("Amount Won", help="Amount of deals to be won.")
    deals = fields.Integer("Deals Won", help="Number of deals to be won.")
    customers = fields.Integer("New Customers")
    followups = fields.Integer("Follow-ups")

    _one_a_month = models.UniqueIndex(
        "(month, company_id, COALESCE(user_id, 0), COALESCE(team_id, 0))",
        "There is a target for this person or team and month already. Change that one.",
    )
    _not_negative = models.Constraint(
        "CHECK (amount >= 0 AND deals >= 0 AND customers >= 0 AND followups >= 0)",
        "A target cannot be negative.",
    )

    @api.depends("user_id")
    def _compute_team_id(self):
        for target in self:
            # sudo: the team of a colleague
            target.team_id = target.user_id.sudo().sale_team_id or target.team_id

    @api.depends("user_id", "team_id", "month")
    def _compute_display_name(self):
        for target in self:
            who = target.user_id.name or target.team_id.name or ""
            month = target.month.strftime("%Y-%m") if target.month else ""
            target.display_name = f"{who} {month}".strip()

    @api.constrains("user_id", "team_id")
    def _check_somebody(self):
        if any(not (target.user_id or target.team_id) for target in self):
            raise ValidationError(
                self.env._("Choose the person or the team the target is for.")
            )

    def action_copy_to_next_month(self):
        """Set the same targets for the month after; what is there already stays."""
        made = self.browse()
        for target in self:
            month = fields.Date.add(target.month, months=1)
            same = [
                ("month", "=", month),
                ("user_id", "=", target.user_id.id),
                ("team_id", "=", target.team_id.id),
                ("company_id", "=", target.company_id.id),
            ]
            if not self.search_count(same, limit=1):
                made |= target.copy({"month": month})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if made else "info",
                "message": self.env._("%s targets set for the next month.", len(made)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
