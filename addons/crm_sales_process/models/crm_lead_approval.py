from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

PENDING, APPROVED, REFUSED, WITHDRAWN = "pending", "approved", "refused", "withdrawn"
ADMIN = "crm_customer_center.group_crm_admin"


class CrmLeadApproval(models.Model):
    """A request for approval and what became of it. Made and changed by its methods
    alone: access rights give people reading, nothing more."""

    _name = "crm.lead.approval"
    _inherit = "crm.money.mixin"
    _link_gate = True
    _description = "Opportunity Approval"
    _order = "id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="lead_id.company_id")
    currency_id = fields.Many2one(related="lead_id.company_currency")
    partner_id = fields.Many2one(
        "res.partner", "Customer", compute="_compute_partner_id", compute_sudo=False
    )
    team_id = fields.Many2one(related="lead_id.team_id", string="Sales Team")
    stage_id = fields.Many2one(related="lead_id.stage_id")
    state = fields.Selection(
        [
            (PENDING, "Waits"),
            (APPROVED, "Approved"),
            (REFUSED, "Refused"),
            (WITHDRAWN, "Withdrawn"),
        ],
        default=PENDING,
        required=True,
        readonly=True,
        index=True,
    )
    amount = fields.Monetary(readonly=True)
    discount = fields.Float("Discount (%)", digits=(5, 2), readonly=True)
    requester_id = fields.Many2one("res.users", "Asked By", readonly=True, index=True)
    requested = fields.Datetime("Asked On", default=fields.Datetime.now, readonly=True)
    request_note = fields.Text("Why", readonly=True)
    approver_id = fields.Many2one("res.users", readonly=True, index=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided = fields.Datetime("Decided On", readonly=True)
    decision_note = fields.Text("Reason", readonly=True)
    can_decide = fields.Boolean(
        compute="_compute_can_decide", search="_search_can_decide"
    )

    _pending_uniq = models.UniqueIndex(
        "(lead_id) WHERE state = 'pending'", "This opportunity waits already."
    )

    def _money_day(self, fname, query):
        """An amount is asked for at the rate of that day."""
        return self._money_local_day(
            self._field_to_sql(self._table, "requested", query)
        )

    @api.depends_context("uid")
    @api.depends("lead_id.partner_id")
    def _compute_partner_id(self):
        """Who asked reads the request for good; the customer only as long as the
        opportunity is there to be read."""
        readable = self.lead_id._filtered_access("read")
        for approval in self:
            lead = approval.lead_id
            approval.partner_id = lead in readable and lead.partner_id

    @api.depends_context("uid")
    @api.depends("state", "requester_id", "lead_id.user_id", "lead_id.team_id")
    def _compute_can_decide(self):
        for approval in self:
            approval.can_decide = (
                approval.state == PENDING
                and approval.requester_id != self.env.user
                and approval.lead_id._may_approve(self.env.user)
            )

    def _search_can_decide(self, operator, value):
        if operator != "in":
            return NotImplemented
        me = self.env.uid
        mine = Domain("lead_id.team_id.user_id", "=", me) | Domain(
            "lead_id.team_id.deputy_user_id", "=", me
        )
        if self.env.user.has_group(ADMIN):
            mine = Domain.TRUE
        return (
            Domain("state", "=", PENDING)
            & Domain("requester_id", "!=", me)
            & Domain("lead_id.user_id", "!=", me)
            & mine
        )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_approve(self):
        """Agree to amount and discount asked for.

        :raise UserError: when somebody else has decided meanwhile
        :raise AccessError: when the user may not decide, or it is the own request
        """
        self._decide(APPROVED, "")

    def action_refuse(self):
        """Ask for the reason; see the wizard."""
        self.ensure_one()
        self._check_may_decide()
        return self._wizard_action(self.env._("Refuse"), "refuse")

    def action_withdraw(self):
        """Take the request back, to change the opportunity."""
        for approval in self:
            if self.env.user not in approval.requester_id | approval.lead_id.user_id:
                raise AccessError(
                    self.env._("Only who asked, or the owner, takes a request back.")
                )
        self._decide(WITHDRAWN, "", check=False)

    def action_open_lead(self):
        """Open the opportunity."""
        self.ensure_one()
        return self.lead_id.get_formview_action()

    def _wizard_action(self, name, kind):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "crm.lead.approval.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_kind": kind,
                "default_approval_id": self.id,
                "default_lead_id": self.lead_id.id,
            },
        }

    # ------------------------------------------------------------
    # DECISION
    # ------------------------------------------------------------

    def _check_may_decide(self):
        for approval in self:
            if approval.requester_id == self.env.user:
                raise AccessError(
                    self.env._("Nobody approves an own request. Ask somebody else.")
                )
            # sudo: only asks who may; the lead's name stands on the request
            lead = approval.sudo().lead_id
            if not lead._may_approve(self.env.user):
                raise AccessError(
                    self.env._(
                        "“%(lead)s” is approved by the leader of its sales team, the "
                        "deputy or a CRM administrator, and never by its owner.",
                        lead=lead.name,
                    )
                )

    def _decide(self, state, note, check=True):
        if check:
            self._check_may_decide()
        # sudo: who may has been checked; people have no right to write
        requests = self.sudo()
        requests.lock_for_update()
        requests.invalidate_recordset(["state"])
        if requests.filtered(lambda request: request.state != PENDING):
            raise UserError(
                self.env._("This has been decided meanwhile. Load the page anew.")
            )
        requests.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided": fields.Datetime.now(),
                "decision_note": note,
            }
        )
        requests._close_activities(note)
        if state != WITHDRAWN:
            requests._tell_requester()

    def _close_activities(self, note):
        self.lead_id.activity_feedback(
            ["crm_sales_process.activity_approval"], feedback=note or False
        )

    def _tell_requester(self):
        for request in self:
            lang = request.requester_id.lang
            subject = request.with_context(lang=lang)._subject_of_decision()
            request.lead_id.with_context(lang=lang).message_notify(
                partner_ids=request.requester_id.partner_id.ids,
                subject=subject,
                body=request.decision_note or subject,
                email_layout_xmlid="mail.mail_notification_light",
            )

    def _subject_of_decision(self) -> str:
        if self.state == APPROVED:
            return self.env._("Approved: %s", self.lead_id.name)
        return self.env._("Refused: %s", self.lead_id.name)

    @api.model
    def _choose_approver(self, lead, requester):
        """Return the leader of the team, else the deputy, else an administrator who
        is neither owner nor the one who asks.

        :raise UserError: when there is nobody
        """
        # sudo: users and teams, whoever may read them
        lead = lead.sudo()
        people = lead.team_id.user_id + lead.team_id.deputy_user_id
        people = people.filtered("active") - (lead.user_id | requester)
        absent = people._absent_now()
        there = people.filtered(lambda user: user.id not in absent)
        if there or people:
            return (there or people)[0]
        # sudo: who holds a role
        admins = self.env.ref(ADMIN).sudo().all_user_ids.filtered("active")
        admins = admins - (lead.user_id | requester)
        admins = admins.filtered(lambda u: u.id != SUPERUSER_ID)
        if not admins:
            raise UserError(
                self.env._(
                    "There is nobody who could approve: give the sales team a leader "
                    "or a deputy."
                )
            )
        return admins.sorted("id")[0]
