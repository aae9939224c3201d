from odoo import api, fields, models


class CrmLeadAssignmentMember(models.Model):
    """Somebody of a pool, with what the rule remembers of the leads given so far."""

    _name = "crm.lead.assignment.member"
    _description = "Lead Assignment: Person of a Pool"
    _inherit = "crm.fair.share.mixin"
    _order = "rule_id, sequence, id"
    _rec_name = "user_id"

    rule_id = fields.Many2one(
        "crm.lead.assignment.rule", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    weight = fields.Float(
        default=1.0,
        help="Part of the leads, relative to the others: 2 gets twice as many as 1, "
        "0 gets none.",
    )
    daily_cap = fields.Integer(
        "Most per Day", help="No more leads of this rule on one day; 0 for no limit."
    )
    target = fields.Float(compute="_compute_target")
    taken = fields.Integer("Leads Today")
    total = fields.Integer("Leads So Far")

    _user_uniq = models.UniqueIndex(
        "(rule_id, user_id)", "This person is in the pool already."
    )
    _weight_positive = models.Constraint(
        "CHECK (weight >= 0)", "A weight is 0 (no leads) or more."
    )
    _cap_positive = models.Constraint(
        "CHECK (daily_cap >= 0)", "The most per day is 0 (no limit) or more."
    )
    _pause_order = models.Constraint(
        "CHECK (paused_until >= paused_from)", "A pause ends on or after its first day."
    )

    @api.depends("weight", "rule_id.member_ids.weight")
    def _compute_target(self):
        for member in self:
            weights = sum(member.rule_id.member_ids.mapped("weight"))
            member.target = member.weight / weights if weights else 0.0

    def _cap_company(self):
        return self.rule_id.company_id or super()._cap_company()
