from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.crm_followup import METHODS
from ..models.mail_activity import RECORDED
from ..tools.schedule import IN_THREE_DAYS, NEXT_WEEK, QUICK_DAYS, TOMORROW

CHOICES = [
    (TOMORROW, "Tomorrow"),
    (IN_THREE_DAYS, "In 3 days"),
    (NEXT_WEEK, "Next week"),
    ("date", "Other day"),
]


class CrmFollowupDialog(models.TransientModel):
    """The compact dialog: how, what, when next, saved with one button. One record or
    a whole selection."""

    _name = "crm.followup.dialog"
    _description = "Write Follow-up"

    partner_ids = fields.Many2many("res.partner", string="Customers")
    lead_ids = fields.Many2many("crm.lead", string="Leads")
    activity_id = fields.Many2one("mail.activity")
    about = fields.Char(compute="_compute_about")
    method = fields.Selection(METHODS, required=True, default="phone")
    content = fields.Text(required=True)
    next_choice = fields.Selection(CHOICES, "Next Contact")
    next_date = fields.Date(
        compute="_compute_next_date", store=True, readonly=False, precompute=True
    )
    next_plan = fields.Char("Next Step")
    feedback = fields.Text("Customer's Feedback")
    date = fields.Datetime("When", required=True, default=fields.Datetime.now)
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    @api.depends("partner_ids", "lead_ids")
    def _compute_about(self):
        for dialog in self:
            records = list(dialog.lead_ids) + list(dialog.partner_ids)
            if len(records) == 1:
                dialog.about = records[0].display_name
            else:
                dialog.about = self.env._(
                    "%(first)s and %(count)s more",
                    first=records[0].display_name if records else "",
                    count=len(records) - 1,
                )

    @api.depends("next_choice")
    def _compute_next_date(self):
        day = self.env["crm.my.day"]
        for dialog in self:
            if dialog.next_choice in QUICK_DAYS:
                dialog.next_date = day._quick_date(dialog.next_choice)
            elif not dialog.next_choice:
                dialog.next_date = False

    @api.onchange("next_date")
    def _onchange_next_date(self):
        """A day typed by hand is "other day", and highlights no quick choice."""
        if not self.next_date:
            return
        quick = self.next_choice in QUICK_DAYS
        if not quick or self.next_date != self.env["crm.my.day"]._quick_date(
            self.next_choice
        ):
            self.next_choice = "date"

    def action_save(self):
        """Write one follow-up for each record and finish the activity it answers.

        :raises UserError: when no record was chosen
        :raises ValidationError: when the content says nothing
        """
        self.ensure_one()
        if not self.partner_ids and not self.lead_ids:
            raise UserError(self.env._("Choose at least one customer or lead."))
        followups = self.env["crm.followup"].create(self._prepare_followups())
        self._finish_activity(followups)
        return {"type": "ir.actions.act_window_close", "infos": {"saved": True}}

    def _prepare_followups(self) -> list[dict]:
        about = [{"lead_id": lead.id} for lead in self.lead_ids]
        about += [{"partner_id": partner.id} for partner in self.partner_ids]
        shared = {
            "method": self.method,
            "content": self.content,
            "next_plan": self.next_plan,
            "next_date": self.next_date,
            "feedback": self.feedback,
            "date": self.date,
        }
        return [
            {**shared, **target, **self._prepare_files(n)}
            for n, target in enumerate(about)
        ]

    def _prepare_files(self, number: int) -> dict:
        """The first follow-up keeps the uploaded files, the others get copies, so
        that who reads one customer reads no other's files."""
        files = self.attachment_ids
        if number and files:
            files = files.copy({"res_model": False, "res_id": False})
        return {"attachment_ids": [Command.set(files.ids)]} if files else {}

    def _finish_activity(self, followups):
        """The activity the dialog was opened from is done, also one no rule made, in
        the way of Odoo: what else hangs on it (a milestone, a following activity)
        follows. Its record is the one just written."""
        activity = self.activity_id
        if not activity.active:
            return
        activity.check_access("write")
        followup = followups[:1]
        source = followup._prepare_activity_source(activity)
        key = {**source, "partner_id": followup.partner_id.id}
        if followup._without_known_sources([key]):
            # sudo: the link to its source is the system's to write; checked above
            followup.sudo().write(source)
        messages, _next = RECORDED.on(activity)._action_done(feedback=self.content)
        left = activity._messages_left(messages)
        if activity.id in left:
            # sudo: as above
            followup.sudo().message_id = left[activity.id]
