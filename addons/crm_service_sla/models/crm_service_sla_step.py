from odoo import api, fields, models

TARGETS = [
    ("user", "Person in charge"),
    ("leader", "Team leader"),
    ("managers", "Service managers"),
    ("person", "A certain person"),
]


class CrmServiceSlaStep(models.Model):
    """A step of a policy's ladder: who hears when how much of the time is used."""

    _name = "crm.service.sla.step"
    _description = "SLA Warning"
    _order = "policy_id, percent, id"
    _rec_name = "policy_id"

    policy_id = fields.Many2one(
        "crm.service.sla.policy", required=True, index=True, ondelete="cascade"
    )
    percent = fields.Integer(
        "At %", required=True, default=80, help="Of the target; 100: the deadline."
    )
    clock = fields.Selection(
        [
            ("all", "Each target"),
            ("first_response", "First response"),
            ("next_response", "Next response"),
            ("resolution", "Resolution"),
        ],
        required=True,
        default="all",
    )
    target = fields.Selection(TARGETS, string="Tell", required=True, default="user")
    user_id = fields.Many2one(
        "res.users", "Person", domain="[('share', '=', False)]", ondelete="cascade"
    )
    escalate = fields.Boolean(
        "One Level Up",
        help="Hand the ticket to the next level: from the agent to the technician, "
        "from there to management.",
    )

    _person_check = models.Constraint(
        "CHECK (target <> 'person' OR user_id IS NOT NULL)",
        "Choose the person who is to be told.",
    )

    @api.constrains("percent", "clock", "target", "user_id")
    def _check_sense(self):
        self.policy_id._check_sense()

    def _who(self) -> str:
        """Who is told, in words."""
        self.ensure_one()
        if self.target == "person":
            return self.user_id.name or ""
        return {
            "user": self.env._("the person in charge"),
            "leader": self.env._("the team leader"),
            "managers": self.env._("the service managers"),
        }[self.target]

    def _recipients(self, ticket):
        """Who is told about a ticket at this step.

        An empty post passes it on: nobody in charge to the team leader, no leader to
        the service managers. The caller is expected to be the superuser.
        """
        self.ensure_one()
        if self.target == "person":
            return self.user_id.filtered("active")
        if self.target == "user" and ticket.user_id.active:
            return ticket.user_id
        leader = ticket.team_id._sla_leader()
        if self.target in ("user", "leader") and leader:
            return leader
        return self._managers(ticket.company_id)

    def _managers(self, company):
        group = self.env.ref("crm_customer_center.group_service_manager")
        robot = self.env.ref("base.user_root")
        people = group.all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and (not company or company in user.company_ids)
            )
        )
        # administrators have every role; they are told where nobody else is
        own = people.filtered(lambda user: group in user.group_ids)
        return (own or people) - robot
