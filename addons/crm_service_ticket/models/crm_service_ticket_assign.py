from odoo import api, fields, models

from odoo.addons.crm_suite_base.models.crm_job import Step
from odoo.addons.crm_suite_base.tools.changes import follows

from .crm_service_team_member import OPEN_STATES

BATCH = 200


class CrmServiceTicket(models.Model):
    """Giving tickets to people, in sets; every decision has a row that explains it."""

    _inherit = "crm.service.ticket"

    assignment_ids = fields.One2many(
        "crm.service.assignment", "ticket_id", "Assignments"
    )

    @follows(40, new=True)
    def _new_tickets_find_agents(self, _change):
        self._assign()

    def action_assign(self):
        """Let the team's way of assignment decide about tickets without agent."""
        self.check_access("write")
        # sudo: checked; two at once: the other leaves these to us
        self.sudo().try_lock_for_update(allow_referencing=True)._assign()

    def _assign(self):
        """Assign those of the tickets that are open, have no agent, and whose team
        assigns by itself.

        Queries do not grow with the number of tickets but with that of teams.
        """
        # sudo: who opens a ticket need not see the team's other tickets
        tickets = self.sudo().filtered(
            lambda ticket: not ticket.user_id and ticket.state in OPEN_STATES
        )
        for team, group in tickets.grouped("team_id").items():
            if team and team.assignment_method != "manual":
                team._assign_tickets(group)

    @api.model
    def _cron_assign(self):
        """Give out what waited because nobody was free."""
        self.env["crm.job"]._work_off(
            Step(
                "crm_service_ticket.assign",
                self.sudo(),  # sudo: the job's own; it sees every ticket
                [
                    ("user_id", "=", False),
                    ("state", "in", OPEN_STATES),
                    ("team_id.assignment_method", "!=", "manual"),
                    ("assignment_ids.outcome", "=", "waiting"),
                ],
                lambda tickets: tickets._assign(),
                order="priority desc, id",
                size=BATCH,
                person=self._job_person,
                # what nobody can take goes on waiting, and lets the others by
                stays=True,
            )
        )

    def _needed_skills(self, skills) -> frozenset[int]:
        """Ids of the skills this ticket needs: by type, tags and words."""
        self.ensure_one()
        subject = (self.name or "").casefold()
        return frozenset(
            skill.id
            for skill in skills
            if self.type_id._is_part_of(skill.type_id)
            or skill.tag_ids & self.tag_ids
            or any(word in subject for word in skill._words())
        )
