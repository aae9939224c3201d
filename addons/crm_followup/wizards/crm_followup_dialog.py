from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.crm_followup import METHODS, OUTCOMES
from ..models.mail_activity import RECORDED
from ..tools.content import excerpt
from ..tools.schedule import IN_THREE_DAYS, NEXT_WEEK, QUICK_DAYS, TOMORROW

CHOICES = [
    (TOMORROW, "Tomorrow"),
    (IN_THREE_DAYS, "In 3 days"),
    (NEXT_WEEK, "Next week"),
    ("date", "Other day"),
]
EXCERPT = 80


class CrmFollowupDialog(models.TransientModel):
    """The compact dialog: how, what, when next, saved with one button. One record or
    a whole selection."""

    _name = "crm.followup.dialog"
    _description = "Write Follow-up"

    partner_ids = fields.Many2many("res.partner", string="Customers")
    lead_ids = fields.Many2many("crm.lead", string="Leads")
    activity_id = fields.Many2one("mail.activity")
    about = fields.Char(compute="_compute_about")
    customer_id = fields.Many2one("res.partner", compute="_compute_customer_id")
    contact_id = fields.Many2one(
        "res.partner",
        "Spoken To",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    phone = fields.Char(compute="_compute_phone")
    last_contact = fields.Char(compute="_compute_last_contact")
    finishes = fields.Char(compute="_compute_finishes")
    draft_key = fields.Char(compute="_compute_draft_key")
    method = fields.Selection(METHODS, required=True, default="phone")
    outcome = fields.Selection(OUTCOMES)
    content = fields.Text()
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

    @api.depends("partner_ids", "lead_ids")
    def _compute_customer_id(self):
        """The customer of one record, if the user may see it."""
        for dialog in self:
            record = dialog._the_record()
            if record._name == "crm.lead":
                # sudo: of a lead the customer's id alone, which is then checked
                record = record.sudo().partner_id
            customer = record.commercial_partner_id.with_env(self.env)
            dialog.customer_id = customer._filtered_access("read")

    def _the_record(self):
        """:return: the one customer, contact or lead; nothing for a selection"""
        records = self.lead_ids._origin or self.partner_ids._origin
        several = len(self.lead_ids) + len(self.partner_ids) > 1
        return self.env["res.partner"] if several else records

    @api.depends("customer_id")
    def _compute_contact_id(self):
        """Whom the dialog is about, else who was spoken to last, else the first
        contact."""
        for dialog in self:
            record, customer = dialog._the_record(), dialog.customer_id
            if not customer:
                dialog.contact_id = False
                continue
            person = record.partner_id if record._name == "crm.lead" else record
            if person == customer:
                last = dialog._last_followup([("contact_id", "!=", False)])
                person = last.contact_id or customer.primary_contact_id
            belongs = person.commercial_partner_id == customer
            person = person if belongs and person != customer else person.browse()
            dialog.contact_id = person._filtered_access("read")

    @api.depends("contact_id", "customer_id", "lead_ids")
    def _compute_phone(self):
        for dialog in self:
            dialog.phone = (
                dialog.contact_id.phone
                or dialog._the_record()[:1].phone
                or dialog.customer_id.primary_contact_phone
                or dialog.customer_id.phone
            )

    def _last_followup(self, domain=()):
        """:return: the latest one of the customer, or of a lead without customer"""
        record = self.customer_id._origin or self._the_record()
        if not record:
            return self.env["crm.followup"]
        key = "lead_id" if record._name == "crm.lead" else "customer_id"
        return self.env["crm.followup"].search(
            [(key, "=", record.id), *domain], order="date desc, id desc", limit=1
        )

    @api.depends("customer_id", "lead_ids")
    def _compute_last_contact(self):
        for dialog in self:
            last = dialog._last_followup()
            # sudo: names of a colleague and of the person spoken to, on a follow-up
            # that the user reads
            people = last.sudo().contact_id.name, last.sudo().user_id.name
            parts = (
                last and format_date(self.env, last.day),
                *people,
                excerpt(last.content or "", EXCERPT),
            )
            dialog.last_contact = " · ".join(filter(None, parts))

    @api.depends("activity_id", "customer_id", "lead_ids", "date", "next_date")
    def _compute_finishes(self):
        """What is done once this is saved: the activity the dialog was opened from,
        and what was planned for today or earlier."""
        for dialog in self:
            activities = dialog.activity_id._answered_by_followup()
            activities |= dialog._tasks_it_settles().activity_id
            dialog.finishes = " · ".join(
                self.env._(
                    "%(what)s (%(day)s)",
                    what=activity.summary or activity.activity_type_id.name or "",
                    day=format_date(self.env, activity.date_deadline),
                )
                for activity in activities.filtered("active")
            )

    def _tasks_it_settles(self):
        """:return: what was planned on the one record and is done by this contact"""
        # sudo: what is planned on a record that the user follows up, as when it is
        # saved
        tasks = self.env["crm.followup.task"].sudo()
        record = self._the_record()
        if not record:
            return tasks
        draft = self.env["crm.followup"].new(
            {
                record._followup_key: record.id,
                "user_id": self.env.uid,
                "date": self.date or fields.Datetime.now(),
                "next_date": self.next_date,
            }
        )
        leads = record.ids if record._name == "crm.lead" else []
        found = tasks._open_of(self.customer_id._origin.ids, leads)
        return found.filtered(lambda task: task._is_done_by(draft))

    @api.depends("partner_ids", "lead_ids")
    def _compute_draft_key(self):
        """Under which name a browser keeps a text that is not saved yet."""
        for dialog in self:
            dialog.draft_key = dialog._draft_name()

    def _draft_name(self) -> str:
        parts = (
            f"{records._name}:{','.join(map(str, sorted(records._origin.ids)))}"
            for records in (self.lead_ids, self.partner_ids)
            if records
        )
        return ";".join(parts)

    @api.onchange("outcome")
    def _onchange_outcome(self):
        """Who was not reached is tried again, if nothing else is said."""
        if self.outcome == "no_answer" and not self.next_choice:
            self.next_choice = TOMORROW

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
        return {
            "type": "ir.actions.client",
            "tag": "crm_followup.saved",
            "params": {"draft": self._draft_name()},
        }

    def _prepare_followups(self) -> list[dict]:
        about = [{"lead_id": lead.id} for lead in self.lead_ids]
        about += [{"partner_id": partner.id} for partner in self.partner_ids]
        shared = {
            "method": self.method,
            "outcome": self.outcome,
            "content": self._whole_content(),
            "next_plan": self.next_plan,
            "next_date": self.next_date,
            "feedback": self.feedback,
            "date": self.date,
        }
        if len(about) == 1:
            shared["contact_id"] = self.contact_id.id
        return [
            {**shared, **target, **self._prepare_files(n)}
            for n, target in enumerate(about)
        ]

    def _whole_content(self) -> str:
        """Outcome and text together: who reads only the text misses nothing."""
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        outcome, text = outcomes.get(self.outcome), (self.content or "").strip()
        if outcome and text:
            return self.env._("%(outcome)s: %(text)s", outcome=outcome, text=text)
        return outcome or text

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
        activity = self.activity_id._answered_by_followup()
        if not activity.active:
            return
        activity.check_access("write")
        followup = followups[:1]
        source = followup._prepare_activity_source(activity)
        key = {**source, "partner_id": followup.partner_id.id}
        if followup._without_known_sources([key]):
            # sudo: the link to its source is the system's to write; checked above
            followup.sudo().write(source)
        messages, _next = RECORDED.on(activity)._action_done(feedback=followup.content)
        left = activity._messages_left(messages)
        if activity.id in left:
            # sudo: as above
            followup.sudo().message_id = left[activity.id]
