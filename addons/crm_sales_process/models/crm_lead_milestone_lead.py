from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    _inherit = "crm.lead"

    milestone_ids = fields.One2many("crm.lead.milestone", "lead_id", "Milestones")
    # stored: the pipeline shows them on every card
    next_milestone_name = fields.Char(
        "Next Milestone", compute="_compute_next_milestone", store=True
    )
    next_milestone_date = fields.Date(
        "Date of Next Milestone", compute="_compute_next_milestone", store=True
    )
    milestone_overdue = fields.Boolean(
        compute="_compute_milestone_overdue", search="_search_milestone_overdue"
    )

    @api.depends("milestone_ids.done", "milestone_ids.date", "milestone_ids.name")
    def _compute_next_milestone(self):
        for lead in self:
            milestone = lead.milestone_ids._first_open()
            lead.next_milestone_name = milestone.name
            lead.next_milestone_date = milestone.date

    @api.depends("next_milestone_date")
    @api.depends_context("tz")
    def _compute_milestone_overdue(self):
        today = self.env.company._today()
        for lead in self:
            coming = lead.next_milestone_date
            lead.milestone_overdue = bool(coming and coming < today)

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
