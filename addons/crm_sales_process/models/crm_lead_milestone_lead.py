from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    _inherit = "crm.lead"

    milestone_ids = fields.One2many("crm.lead.milestone", "lead_id", "Milestones")
    next_milestone_name = fields.Char(
        "Next Milestone", compute="_compute_next_milestone"
    )
    next_milestone_date = fields.Date(
        "Date of Next Milestone", compute="_compute_next_milestone"
    )
    milestone_overdue = fields.Boolean(
        compute="_compute_next_milestone", search="_search_milestone_overdue"
    )

    @api.depends("milestone_ids.done", "milestone_ids.date", "milestone_ids.name")
    def _compute_next_milestone(self):
        """The first that is open; one query for a page of leads."""
        today = fields.Date.context_today(self)
        open_ones = self.env["crm.lead.milestone"].search_fetch(
            [("lead_id", "in", self.ids), ("done", "=", False)],
            ["name", "date", "lead_id"],
            order="date desc, id desc",
        )
        first = {milestone.lead_id: milestone for milestone in open_ones}
        for lead in self:
            milestone = first.get(lead._origin, open_ones.browse())
            lead.next_milestone_name = milestone.name
            lead.next_milestone_date = milestone.date
            lead.milestone_overdue = bool(milestone and milestone.date < today)

    def _search_milestone_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("milestone_ids.overdue", "=", True)]

    def action_add_template_milestones(self):
        """Add the milestones of the team's template that are not there yet.

        :raise UserError: when no template fits
        """
        self.ensure_one()
        template = self.env["crm.lead.milestone.template"]._for_lead(self)
        if not template:
            raise UserError(
                self.env._(
                    "There is no milestone template for this team yet. A manager makes "
                    "one under CRM / Configuration / Milestone Templates."
                )
            )
        known = set(self.milestone_ids.mapped("name"))
        self.env["crm.lead.milestone"].create(
            [
                line._prepare_milestone_vals(self)
                for line in template.line_ids
                if line.name not in known
            ]
        )

    def _merge_dependences(self, opportunities):
        """Milestones move to the lead that stays."""
        result = super()._merge_dependences(opportunities)
        # sudo: merging is allowed, and its owner sees them on the lead that stays
        opportunities.sudo().milestone_ids.write({"lead_id": self.id})
        return result
