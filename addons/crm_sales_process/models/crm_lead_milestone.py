from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_suite_base.models.crm_job import Step

from .crm_lead_milestone_activity import CLOSING

BATCH = 500


class CrmLeadMilestone(models.Model):
    """A day that matters to an opportunity, such as 4月1日方案评审. Its owner is
    reminded once, by an activity; doing either does both."""

    _name = "crm.lead.milestone"
    _link_gate = True
    _description = "Opportunity Milestone"
    _order = "date, id"

    name = fields.Char("Milestone", required=True)
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="lead_id.company_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", compute="_compute_partner_id", compute_sudo=False
    )
    date = fields.Date(required=True, index=True)
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        index=True,
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    remind_days = fields.Integer(
        "Remind Before",
        default=3,
        help="Days before the date on which the owner gets an activity.",
    )
    done = fields.Boolean(compute="_compute_done", inverse="_inverse_done", store=True)
    done_date = fields.Date(copy=False)
    overdue = fields.Boolean(compute="_compute_overdue", search="_search_overdue")
    note = fields.Text("Result")
    remind_date = fields.Date(compute="_compute_remind_date", store=True)
    # set once: an activity somebody discards does not come back
    reminded_on = fields.Date(readonly=True, copy=False)
    activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _remind_idx = models.Index(
        "(remind_date) WHERE done IS NOT TRUE AND reminded_on IS NULL"
    )
    _open_idx = models.Index("(lead_id, date) WHERE done IS NOT TRUE")
    _remind_positive = models.Constraint(
        "CHECK (remind_days >= 0)", "Days of reminder before the date: 0 or more."
    )

    @api.depends_context("uid")
    @api.depends("lead_id.partner_id")
    def _compute_partner_id(self):
        """A milestone is its owner's, whoever's the opportunity is; the customer shows
        to who reads the opportunity."""
        readable = self.lead_id._filtered_access("read")
        for milestone in self:
            lead = milestone.lead_id
            milestone.partner_id = lead in readable and lead.partner_id

    @api.depends("done_date")
    def _compute_done(self):
        for milestone in self:
            milestone.done = bool(milestone.done_date)

    def _inverse_done(self):
        for milestone in self:
            if milestone.done != bool(milestone.done_date):
                milestone.done_date = milestone.done and milestone._today()

    @api.depends("date", "remind_days")
    def _compute_remind_date(self):
        for milestone in self:
            days = timedelta(days=milestone.remind_days)
            milestone.remind_date = milestone.date and milestone.date - days

    @api.depends("done_date", "date")
    def _compute_overdue(self):
        for milestone in self:
            milestone.overdue = bool(
                milestone.date
                and not milestone.done_date
                and milestone.date < milestone._today()
            )

    def _search_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("done_date", "=", False), ("date", "<", self.env.company._today())]

    @api.constrains("user_id", "lead_id")
    def _check_owner_sees_lead(self):
        for milestone in self:
            lead = milestone.lead_id.with_user(milestone.user_id)
            if not lead.has_access("read"):
                raise ValidationError(
                    self.env._(
                        "%(person)s may not see “%(lead)s” and could do nothing for "
                        "this milestone. Choose somebody of the team.",
                        person=milestone.user_id.name,
                        lead=milestone.lead_id.name,
                    )
                )

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        milestones = super().create(vals_list)
        # owning a milestone is no way into somebody else's opportunity
        milestones.lead_id.check_access("write")
        milestones._remind_due()
        return milestones

    def write(self, vals):
        result = super().write(vals)
        if "lead_id" in vals:
            self.lead_id.check_access("write")
        if {"done", "done_date"} & vals.keys():
            self._close_activities()
        if {"date", "user_id", "name"} & vals.keys():
            self._move_activities()
        if {"date", "remind_days"} & vals.keys():
            self._remind_due()
        return result

    @api.model
    def _system_fields(self):
        """The reminder is removed along with the milestone: nobody may put another
        activity in its place."""
        return super()._system_fields() | {"activity_id", "reminded_on"}

    def unlink(self):
        # sudo: the reminder of a milestone that is gone, whoever it belongs to
        self.sudo().activity_id.unlink()
        return super().unlink()

    def action_done(self):
        """Done today."""
        for day, milestones in self.grouped(lambda one: one._today()).items():
            milestones.write({"done_date": day})

    def _today(self):
        """The day where the company of the opportunity is."""
        return (self.lead_id.company_id or self.env.company)._today()

    def action_open_lead(self):
        """Open the opportunity."""
        self.ensure_one()
        return self.lead_id.get_formview_action()

    def _first_open(self):
        """Return the earliest of these that is not done."""
        open_ones = self.filtered(lambda m: m.date and not m.done)
        # one typed in a form has no number yet
        return open_ones.sorted(lambda m: (m.date, m._origin.id or 0))[:1]

    # ------------------------------------------------------------
    # REMINDERS
    # ------------------------------------------------------------

    def _remind_due(self):
        """Make the activity of those whose time of reminder has come."""
        for milestone in self:
            today = milestone._today()
            known = milestone.done_date or milestone.reminded_on
            if milestone.remind_date <= today and not known:
                milestone._make_reminder(today)

    def _make_reminder(self, today):
        # sudo: the reminder belongs to the milestone's owner
        activity = self.lead_id.sudo().activity_schedule(
            "crm_sales_process.activity_milestone",
            self.date,
            summary=self.name,
            user_id=self.user_id.id,
        )
        # sudo: the system's notes on the milestone
        self.sudo().write({"reminded_on": today, "activity_id": activity.id})

    def _close_activities(self):
        """Done: the activity is done as well. Opened again, it is not made again."""
        # sudo: the reminder belongs to the milestone, whoever does it
        done = self.filtered("done_date").sudo()
        open_activities = done.activity_id.filtered("active")
        for milestone in done.filtered(
            lambda milestone: milestone.activity_id in open_activities
        ):
            CLOSING.on(milestone.activity_id).action_feedback(
                feedback=milestone.note or False
            )

    def _move_activities(self):
        # sudo: the reminder follows the milestone, whoever moves it
        for milestone in self.sudo():
            activity = milestone.activity_id
            if activity.active:
                activity.write(
                    {
                        "date_deadline": milestone.date,
                        "user_id": milestone.user_id.id,
                        "summary": milestone.name,
                    }
                )

    @api.model
    def _cron_remind(self):
        """Remind of milestones whose time has come."""
        self.env["crm.job"]._work_off(
            Step(
                "crm_sales_process.milestone",
                self,
                self._due_domain(),
                lambda due: due._remind_due(),
                size=BATCH,
            )
        )

    @api.model
    def _due_domain(self):
        """Open ones of open leads whose time of reminder has come somewhere."""
        companies = self.env["res.company"].search([]) | self.env.company
        return [
            ("done", "=", False),
            ("reminded_on", "=", False),
            ("remind_date", "<=", max(one._today() for one in companies)),
            ("lead_id.active", "=", True),
            ("lead_id.won_status", "=", "pending"),
        ]
