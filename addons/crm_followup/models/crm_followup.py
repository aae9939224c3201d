from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.crm_suite_base.fields import OptionalFloat

from ..tools.content import EMPTY, NO_WORDS, REPEATED, SHORT, content_problem
from .res_config_settings import SETTINGS

METHODS = [
    ("phone", "Phone"),
    ("visit", "Visit"),
    ("email", "E-mail"),
    ("im", "Instant Message"),
    ("other", "Other"),
]
# what is told by one word: a record that says it needs no further text
OUTCOMES = [
    ("no_answer", "No Answer"),
    ("appointment", "Appointment Made"),
    ("documents", "Documents Sent"),
    ("call_back", "Asks to Be Called Back"),
    ("no_need", "No Need at Present"),
]
ORIGINS = [
    ("typed", "Typed"),
    ("activity", "Activity"),
    ("mail", "E-mail Sent"),
    ("meeting", "Meeting"),
]
# which activity, mail or meeting it was made of
SOURCE_FIELDS = ("source_model", "source_id", "message_id")
# what the lock keeps as it was; a later answer of the customer may still be added
LOCKED_FIELDS = {
    "partner_id",
    "contact_id",
    "lead_id",
    "user_id",
    "method",
    "outcome",
    "date",
    "content",
    "origin",
    *SOURCE_FIELDS,
}
FUTURE_TOLERANCE = timedelta(minutes=10)
MINUTE = 1 / 60


class CrmFollowup(models.Model):
    """One contact with a customer or about a lead: who, when, how, what was said and
    what comes next.

    Record rules compare stored columns only: ``guard_user_id``, the owner of the
    customer (of the lead where there is no customer with an owner),
    ``lead_user_id``, ``lead_team_id`` and ``is_customer``; see docs/adr/0002.
    """

    _name = "crm.followup"
    _link_gate = True
    # nobody puts own words into the mouth or the history of somebody else
    _reach_fields = frozenset({"user_id", "partner_id", "lead_id"})
    _description = "Follow-up"
    _order = "date desc, id desc"
    _rec_names_search = ("name", "content")

    # contract
    name = fields.Char("Number", readonly=True, copy=False, default="/")
    partner_id = fields.Many2one(
        "res.partner", "Customer", index="btree_not_null", ondelete="cascade"
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Spoken To",
        index="btree_not_null",
        ondelete="set null",
        help="Whom of the customer's people.",
    )
    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="set null")
    user_id = fields.Many2one(
        "res.users",
        "Followed Up By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    method = fields.Selection(METHODS, required=True, default="phone")
    date = fields.Datetime(
        required=True, default=fields.Datetime.now, copy=False, index=True
    )
    outcome = fields.Selection(
        OUTCOMES, help="What is told by one word, and is to be counted."
    )
    content = fields.Text(required=True, help="What was said or done.")
    next_plan = fields.Char("Next Step", help="What is to be done next.")
    next_date = fields.Date(
        "Next Contact On",
        help="An activity for the owner is planned on this day, or the one that is "
        "planned already moves there.",
    )
    feedback = fields.Text("Customer's Feedback")
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Files", copy=False, help="Photos, minutes, offers."
    )
    # where it comes from
    origin = fields.Selection(ORIGINS, required=True, default="typed", readonly=True)
    source_model = fields.Char(readonly=True, copy=False)
    source_id = fields.Many2oneReference(
        model_field="source_model", readonly=True, copy=False
    )
    message_id = fields.Many2one(
        "mail.message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What the finished activity has left in the conversation: the same event.",
    )
    # what it did
    day = fields.Date(
        compute="_compute_day",
        store=True,
        help="The date where the person works.",
    )
    is_first_contact = fields.Boolean(
        "First Contact", readonly=True, copy=False, help="The first one of its lead."
    )
    response_hours = OptionalFloat(
        "Response Time (h)",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Working hours from the arrival of the lead to its first contact.",
    )
    # access
    customer_id = fields.Many2one(
        "res.partner",
        "Customer Company",
        compute="_compute_guards",
        store=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    guard_user_id = fields.Many2one(
        "res.users", compute="_compute_guards", store=True, index=True
    )
    is_customer = fields.Boolean(compute="_compute_guards", store=True)
    lead_user_id = fields.Many2one(
        "res.users", compute="_compute_guards", store=True, index="btree_not_null"
    )
    lead_team_id = fields.Many2one(
        "crm.team", compute="_compute_guards", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_guards", store=True, index=True
    )
    is_locked = fields.Boolean(compute="_compute_is_locked")

    _target_check = models.Constraint(
        "CHECK (partner_id IS NOT NULL OR lead_id IS NOT NULL OR origin <> 'typed')",
        "Say which customer or lead the follow-up is about.",
    )
    _source_uniq = models.UniqueIndex(
        "(source_model, source_id, COALESCE(partner_id, 0))"
        " WHERE source_id IS NOT NULL",
        "This activity, e-mail or meeting has become a follow-up already.",
    )
    _customer_date_idx = models.Index(
        "(customer_id, day) WHERE customer_id IS NOT NULL"
    )
    _user_date_idx = models.Index("(user_id, date DESC)")
    # the timeline of a customer
    _customer_moment_idx = models.Index(
        "(customer_id, date DESC, id DESC) WHERE customer_id IS NOT NULL"
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("date", "user_id")
    def _compute_day(self):
        for followup in self:
            # sudo: a colleague's time zone
            zone = followup.user_id.sudo().tz or self._calendar().tz
            local = fields.Datetime.context_timestamp(
                followup.with_context(tz=zone or "UTC"), followup.date
            )
            followup.day = local.date()

    @api.depends(
        "partner_id", "lead_id.user_id", "lead_id.team_id", "lead_id.company_id"
    )
    def _compute_guards(self):
        """Later changes of the partner arrive by ``_follow_partners``."""
        self.partner_id._are_carried()
        for followup in self:
            partner, lead = followup.partner_id, followup.lead_id
            followup.customer_id = partner.commercial_partner_id
            followup.is_customer = partner.is_customer
            followup.guard_user_id = partner.customer_owner_id or lead.user_id
            followup.lead_user_id = lead.user_id
            followup.lead_team_id = lead.team_id
            followup.company_id = lead.company_id or partner.company_id

    @api.depends("create_date")
    @api.depends_context("uid")
    def _compute_is_locked(self):
        locked = self._locked()
        for followup in self:
            followup.is_locked = followup in locked

    @api.depends("name", "partner_id", "lead_id")
    def _compute_display_name(self):
        for followup in self:
            # sudo: the name of the customer shows, as it does on a lead
            about = followup.sudo().partner_id or followup.sudo().lead_id
            followup.display_name = " · ".join(
                filter(None, (followup.name, about.display_name))
            )

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains("content", "origin", "outcome")
    def _check_content(self):
        minimum = self._setting("min_length")
        for followup in self.filtered(lambda f: f.origin == "typed"):
            problem = content_problem(followup.content, minimum)
            if problem and not (problem == SHORT and followup.outcome):
                raise ValidationError(self._content_message(problem, minimum))

    @api.model
    def _content_message(self, problem: str, minimum: int) -> str:
        """The sentence for a content that is refused; see tools/content.py."""
        return {
            EMPTY: self.env._("Write what was said or done."),
            NO_WORDS: self.env._(
                "Punctuation alone says nothing to who reads this next. Write what was "
                "said or done."
            ),
            REPEATED: self.env._(
                "One character over and over says nothing to who reads this next. "
                "Write what was said or done."
            ),
            SHORT: self.env._(
                "This is too short to be understood later. Write at least %(count)s "
                "characters.",
                count=minimum,
            ),
        }[problem]

    @api.constrains("contact_id", "partner_id")
    def _check_contact(self):
        for followup in self.filtered("contact_id"):
            # sudo: only which customer the person belongs to
            contact, customer = followup.sudo().contact_id, followup.customer_id
            if contact.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(person)s is no contact of this customer.",
                        person=contact.name,
                    )
                )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Another customer has other people."""
        if self.contact_id.commercial_partner_id != self.customer_id:
            self.contact_id = False

    @api.constrains("date")
    def _check_date(self):
        limit = fields.Datetime.now() + FUTURE_TOLERANCE
        if any(followup.date > limit for followup in self):
            raise ValidationError(
                self.env._(
                    "A follow-up tells what has happened, so it cannot lie in the "
                    "future. For what is still to come use “Next Contact On”."
                )
            )

    def _locked(self):
        """Those the user may no longer change. The system may: it moves follow-ups
        along with their lead or customer."""
        days = self._setting("lock_days")
        exempt = self.env.su or self.env.user.has_group(
            "crm_customer_center.group_crm_admin"
        )
        if not days or exempt:
            return self.browse()
        limit = fields.Datetime.now() - timedelta(days=days)
        return self.filtered(lambda f: f.create_date and f.create_date < limit)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # where a record comes from is the system's to say
            private = ("name", "origin", *SOURCE_FIELDS)
            vals_list = [
                {key: value for key, value in vals.items() if key not in private}
                for vals in vals_list
            ]
        # sudo: everybody who writes a follow-up draws a number
        sequence = self.env.ref("crm_followup.sequence_followup").sudo()
        numbers = sequence._next_many(len(vals_list))
        vals_list = [
            {**vals, "name": number}
            for vals, number in zip(vals_list, numbers, strict=True)
        ]
        self._complete_contents(vals_list)
        hidden = self._complete_targets(vals_list)
        followups = super().create(vals_list)
        for number, partner_id in hidden.items():
            # sudo: see _complete_targets
            followups[number].sudo().partner_id = partner_id
        followups._keep_attachments()
        followups._note_first_contacts(followups.lead_id)
        followups._settle_and_plan()
        self.env["crm.followup.state"]._refresh(followups.partner_id, followups.lead_id)
        return followups

    @api.model
    def _complete_contents(self, vals_list: list[dict]) -> None:
        """Where the outcome says all there is to say, it is the content."""
        words = dict(self._fields["outcome"]._description_selection(self.env))
        for vals in vals_list:
            if vals.get("outcome") in words and not (vals.get("content") or "").strip():
                vals["content"] = words[vals["outcome"]]

    @api.model
    def _complete_targets(self, vals_list: list[dict]) -> dict[int, int]:
        """A follow-up of a lead is one of its customer too.

        :return: by position the customers whom the user may not read, who are to be
            linked by the system
        """
        missing = {
            number: vals
            for number, vals in enumerate(vals_list)
            if vals.get("lead_id") and not vals.get("partner_id")
        }
        self._check_links(missing.values())
        # sudo: the lead's customer may be another rep's; its id is only stored
        leads = (
            self.env["crm.lead"].sudo().browse(v["lead_id"] for v in missing.values())
        )
        readable = set(self.env["res.partner"]._readable_ids(leads.partner_id.ids))
        hidden = {}
        for (number, vals), lead in zip(missing.items(), leads, strict=True):
            if lead.partner_id.id in readable:
                vals["partner_id"] = lead.partner_id.id
            elif lead.partner_id:
                hidden[number] = lead.partner_id.id
        return hidden

    def write(self, vals):
        self._check_lock(vals)
        before = self.partner_id, self.lead_id
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._keep_attachments()
        if {"next_date", "next_plan"} & vals.keys():
            self.filtered("next_date")._plan_next_step()
        if {"lead_id", "date"} & vals.keys():
            self._note_first_contacts(before[1] | self.lead_id)
        if {"partner_id", "lead_id", "date", "user_id"} & vals.keys():
            self.env["crm.followup.state"]._refresh(
                before[0] | self.partner_id, before[1] | self.lead_id
            )
        return result

    def _check_lock(self, vals: dict):
        if LOCKED_FIELDS & vals.keys() and self._locked():
            raise UserError(
                self.env._(
                    "This follow-up is older than %(days)s days and stays as it was "
                    "written. Write a new one, or ask an administrator.",
                    days=self._setting("lock_days"),
                )
            )
        if not self.env.su and {"origin", *SOURCE_FIELDS} & vals.keys():
            raise UserError(
                self.env._("Where a follow-up comes from cannot be changed.")
            )

    def unlink(self):
        partners, leads = self.partner_id, self.lead_id
        result = super().unlink()
        self.browse()._note_first_contacts(leads.exists())
        self.env["crm.followup.state"]._refresh(partners.exists(), leads.exists())
        return result

    def _keep_attachments(self):
        """Files uploaded in a form belong to the follow-up from now on: who reads it
        reads them."""
        for followup in self.filtered("attachment_ids"):
            # sudo: only the user's own uploads that belong to nothing yet
            loose = followup.attachment_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": followup.id})

    # ------------------------------------------------------------
    # WHAT A FOLLOW-UP DOES
    # ------------------------------------------------------------

    def _note_first_contacts(self, leads) -> None:
        """Say of each lead which follow-up was the first, and how long it took: the
        earliest there is, whenever it was written, corrected, moved here or left over
        when another was deleted. ``self``: those that have just been written."""
        if not leads:
            return
        # sudo: whether a colleague contacted the lead before
        followups = self.sudo().search([("lead_id", "in", leads.ids)])
        for lead, known in followups.grouped("lead_id").items():
            first = min(known, key=lambda one: (one.date, one.id))
            hours = first.response_hours
            if hours is False or first in self:
                calendar = self._calendar(lead.company_id)
                hours = calendar._followup_hours(lead.create_date, first.date)
            for followup in known:
                followup._note_response(followup == first, hours)

    def _note_response(self, is_first: bool, hours: float) -> None:
        response = hours if is_first else None
        unchanged = self.is_first_contact == is_first and (
            self.response_hours is False
            if response is None
            else self.response_hours is not False
            and abs(self.response_hours - response) < MINUTE
        )
        if not unchanged:
            self.write({"is_first_contact": is_first, "response_hours": response})

    @api.model
    def _correct_first_contacts(self) -> int:
        """Find the leads whose first contact is not the one that is marked: what SQL
        merges and deletions passed by.

        :return: how many there were
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead_id FROM (
                    SELECT lead_id, is_first_contact, response_hours, row_number() OVER
                           (PARTITION BY lead_id ORDER BY date, id) AS place
                      FROM crm_followup WHERE lead_id IS NOT NULL) followup
                 GROUP BY lead_id
                HAVING bool_or((is_first_contact IS TRUE) <> (place = 1))
                    OR bool_or((response_hours IS NULL) <> (place <> 1))
                """
            )
        )
        leads = self.env["crm.lead"].browse(lead for (lead,) in rows)
        self.browse()._note_first_contacts(leads)
        return len(rows)

    def _settle_and_plan(self):
        """Finish what was planned for these contacts and plan the next ones."""
        # sudo: what was planned for the owner is done, whoever did it
        tasks = self.env["crm.followup.task"].sudo()
        tasks._settle(self.sudo())  # sudo: the contacts just written, read by the job
        self.filtered("next_date")._plan_next_step()

    def _plan_next_step(self):
        """One planned activity per lead or customer: made, or moved there."""
        # sudo: the activity is the owner's; the record was checked at write
        self.env["crm.followup.task"].sudo()._plan_next_steps(self.sudo())

    # ------------------------------------------------------------
    # ACTIONS AND HELPERS
    # ------------------------------------------------------------

    def action_open_source(self):
        """Open the activity's record, the message's record or the meeting."""
        self.ensure_one()
        source = self.env.get(self.source_model)
        record = source is not None and source.browse(self.source_id).exists()
        if not record or self.source_model == "mail.activity":
            record = self.lead_id or self.partner_id
        elif self.source_model == "mail.message":
            record = self.env[record.model].browse(record.res_id)
        return record.get_formview_action()

    @api.model
    def _setting(self, name: str) -> int:
        """A setting of ``SETTINGS``; what is no number counts as not set."""
        # sudo: settings of the company, read for every role
        text = (
            self.env["ir.config_parameter"].sudo().get_param(f"crm_followup.{name}", "")
        )
        return int(text) if text.isdigit() else SETTINGS[name]

    @api.model
    def _calendar(self, company=None):
        return self.env["resource.calendar"]._followup_calendar(company)
