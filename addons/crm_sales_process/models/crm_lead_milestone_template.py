from datetime import timedelta

from odoo import api, fields, models


class CrmLeadMilestoneTemplate(models.Model):
    """The milestones opportunities of a team usually have."""

    _name = "crm.lead.milestone.template"
    _description = "Milestone Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean("In Use", default=True)
    company_id = fields.Many2one("res.company", index=True)
    team_id = fields.Many2one(
        "crm.team", "Sales Team", index="btree_not_null", help="Empty: every team."
    )
    lead_type = fields.Selection(
        [("lead", "Lead"), ("opportunity", "Opportunity")],
        "Kind",
        help="Empty: leads and opportunities.",
    )
    line_ids = fields.One2many(
        "crm.lead.milestone.template.line", "template_id", "Milestones", copy=True
    )

    @api.model
    def _for_lead(self, lead):
        """Return the template for a lead: the one of its team and kind, else of the
        team, else of the kind, else the general one; empty if there is none."""
        fitting = self.search(
            [
                ("team_id", "in", [lead.team_id.id, False]),
                ("lead_type", "in", [lead.type, False]),
                ("company_id", "in", [lead.company_id.id, False]),
            ]
        )
        return fitting.sorted(
            lambda t: (not t.team_id, not t.lead_type, t.sequence, t.id)
        )[:1]


class CrmLeadMilestoneTemplateLine(models.Model):
    _name = "crm.lead.milestone.template.line"
    _description = "Milestone of a Template"
    _order = "days, id"

    template_id = fields.Many2one(
        "crm.lead.milestone.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id")
    name = fields.Char("Milestone", required=True, translate=True)
    days = fields.Integer(
        help="Counted from the day the template is used on the opportunity.",
        required=True,
    )
    remind_days = fields.Integer("Remind Before", default=3)

    def _prepare_milestone_vals(self, lead):
        today = (lead.company_id or self.env.company)._today()
        return {
            "lead_id": lead.id,
            "name": self.name,
            "date": today + timedelta(days=self.days),
            "remind_days": self.remind_days,
            "user_id": lead.user_id.id or self.env.uid,
        }
