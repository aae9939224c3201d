from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    service_satisfaction_avg = fields.Float(
        string="Satisfaction with Service",
        digits=(3, 2),
        compute="_compute_agent_satisfaction",
        compute_sudo=True,
        groups="crm_customer_center.group_service_manager",
        help="Average of the scores of closings this person answered for, 1 to 5.",
    )
    service_satisfaction_count = fields.Integer(
        string="Satisfaction Scores",
        compute="_compute_agent_satisfaction",
        compute_sudo=True,
        groups="crm_customer_center.group_service_manager",
    )

    def _compute_agent_satisfaction(self):
        """From the questions, which remember whose closing it was: a ticket handed
        over later does not take its score along."""
        groups = self.env["crm.service.survey"]._read_group(
            [("user_id", "in", self.ids), ("score", ">", 0)],
            ["user_id"],
            ["score:avg", "__count"],
        )
        stats = {user: (average, count) for user, average, count in groups}
        for user in self:
            average, count = stats.get(user._origin, (0, 0))
            user.service_satisfaction_avg = average
            user.service_satisfaction_count = count
