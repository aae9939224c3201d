from odoo import fields, models

from ..tools.assignment import Person

OPEN_STATES = ("pending", "in_progress", "waiting")
LEVELS = [
    ("agent", "Agent"),
    ("technician", "Technician"),
    ("management", "Management"),
]


class CrmServiceTeamMember(models.Model):
    """Somebody of a team: level, skills, and what assignment remembers."""

    _name = "crm.service.team.member"
    _description = "Service Team Member"
    _inherit = "crm.fair.share.mixin"
    _order = "team_id, sequence, id"
    _rec_name = "user_id"

    team_id = fields.Many2one(
        "crm.service.team", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    level = fields.Selection(
        LEVELS,
        required=True,
        default="agent",
        help="Tickets of this level are given to this person.",
    )
    skill_ids = fields.Many2many(
        "crm.service.skill",
        "crm_service_member_skill_rel",
        "member_id",
        "skill_id",
        string="Skills",
    )
    open_cap = fields.Integer(
        "Most Open", help="No new ticket while so many are open; 0 for no limit."
    )

    _user_uniq = models.UniqueIndex(
        "(team_id, user_id)", "This person is in the team already."
    )
    _weight_positive = models.Constraint(
        "CHECK (weight >= 0)", "A weight is 0 (no tickets) or more."
    )
    _cap_positive = models.Constraint(
        "CHECK (daily_cap >= 0 AND open_cap >= 0)",
        "The most per day, or open, is 0 (no limit) or more.",
    )
    _pause_order = models.Constraint(
        "CHECK (paused_until >= paused_from)", "A pause ends on or after its first day."
    )

    # ------------------------------------------------------------
    # FOR THE CHOOSER
    # ------------------------------------------------------------

    def _cap_company(self):
        return self.team_id.company_id or super()._cap_company()

    def _as_people(self) -> dict[int, Person]:
        """The members for the chooser, by user; open tickets counted in one query."""
        counts = self.env["crm.service.ticket"]._read_group(
            [("user_id", "in", self.user_id.ids), ("state", "in", OPEN_STATES)],
            ["user_id"],
            ["__count"],
        )
        open_of = {user.id: count for user, count in counts}
        return {
            member.user_id.id: Person(
                member.user_id.id,
                member.weight,
                member.daily_cap,
                member.open_cap,
                open=open_of.get(member.user_id.id, 0),
                skills=frozenset(member.skill_ids.ids),
            )
            for member in self
        }
