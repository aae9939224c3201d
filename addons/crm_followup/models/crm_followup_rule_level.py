from odoo import fields, models

from ..tools.schedule import Step

TARGETS = [
    ("leader", "Team leader"),
    ("second_leader", "Leader of the team leader"),
    ("admin", "CRM administrators"),
    ("user", "A certain person"),
]


class CrmFollowupRuleLevel(models.Model):
    """A step of the ladder of a rule: who hears of an overdue follow-up when."""

    _name = "crm.followup.rule.level"
    _description = "Escalation Step"
    _order = "rule_id, sequence, id"
    _rec_name = "rule_id"

    rule_id = fields.Many2one(
        "crm.followup.rule", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    delay = fields.Integer(required=True, default=1)
    unit = fields.Selection(
        [("hours", "Working hours"), ("days", "Working days")],
        required=True,
        default="days",
    )
    target = fields.Selection(TARGETS, string="Tell", required=True, default="leader")
    user_id = fields.Many2one(
        "res.users", "Person", domain="[('share', '=', False)]", ondelete="cascade"
    )

    _delay_check = models.Constraint(
        "CHECK (delay > 0)", "A step of the ladder needs at least one hour or day."
    )
    _person_check = models.Constraint(
        "CHECK (target <> 'user' OR user_id IS NOT NULL)",
        "Choose the person who is to be told.",
    )

    def _steps(self) -> list[Step]:
        return [Step(level.delay, level.unit) for level in self.sorted("sequence")]

    def _recipients(self, task, away=None):
        """Who hears of an overdue task at this step; nobody twice, never its owner.

        An empty post, and that of a leader who is on leave, passes the task on to the
        next one up: the team leader's leader, then the CRM administrators.

        :param away: users who are on leave now; nobody if ``None``
        """
        self.ensure_one()
        away = away or self.env["res.users"]
        return self._dispatch_target(task, away) - task.user_id

    def _dispatch_target(self, task, away):
        if self.target == "user":
            return self.user_id.filtered("active")
        if self.target == "admin":
            return self._administrators()
        leader = self._leader_of(task.user_id, task.lead_id.team_id)
        if self.target == "second_leader" and leader:
            leader = self._leader_of(leader, leader.sale_team_id)
        if leader in away:
            leader = self._leader_of(leader, leader.sale_team_id) - away
        return leader or self._administrators()

    def _leader_of(self, user, team):
        """The leader of the team, of the user's own one when that has none or is
        led by the user."""
        for candidate in (team, user.sale_team_id):
            leader = candidate.user_id.filtered("active")
            if leader and leader != user:
                return leader
        return self.env["res.users"]

    def _administrators(self):
        group = self.env.ref("crm_customer_center.group_crm_admin")
        robots = self.env.ref("base.user_root")
        return group.all_user_ids.filtered(lambda u: u.active and not u.share) - robots
