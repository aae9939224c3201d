from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, formatLang

from odoo.addons.crm_suite_base.tools.changes import follows, precedes

from ..tools.approval import (
    GATE,
    RELEASE,
    Approved,
    Deal,
    covered,
    exceeded,
    judge,
    offends,
)
from .crm_lead_approval import ADMIN, APPROVED, PENDING, WITHDRAWN

# What decides whether an approval is needed, or whether the deal is past the gate.
RELEVANT = {
    "expected_revenue",
    "recurring_revenue",
    "discount",
    "stage_id",
    "team_id",
    "user_id",
    "company_id",
    "probability",
    "type",
    "active",
}
LOCKED = RELEVANT | {"partner_id", "recurring_plan", "lost_reason_id"}


class CrmLead(models.Model):
    """Large deals and large discounts need the manager's approval.

    One rule holds on every way in, be it a form, a drag, an import, a mass edit or an
    RPC call: after a write, a deal past a threshold is not past its gate (won, or the
    stage of the threshold) unless an approval reaches as far as its amount and
    discount. While a request waits, what was asked about cannot change.
    """

    _inherit = "crm.lead"

    discount = fields.Float(
        "Discount (%)",
        digits=(5, 2),
        tracking=True,
        help="What the customer gets off the list price.",
    )
    approval_ids = fields.One2many("crm.lead.approval", "lead_id", "Approvals")
    approval_count = fields.Integer(compute="_compute_approval_count")
    approval_state = fields.Selection(
        [
            (PENDING, "Waits for Approval"),
            (APPROVED, "Approved"),
            ("refused", "Approval Refused"),
        ],
        "Approval",
        compute="_compute_approval_state",
        compute_sudo=True,
        store=True,
        copy=False,
        index="btree_not_null",
    )
    approver_id = fields.Many2one(
        "res.users",
        "Waits for Approval By",
        compute="_compute_approval_state",
        compute_sudo=True,
        store=True,
        copy=False,
        index="btree_not_null",
    )
    approval_needed = fields.Boolean(compute="_compute_approval_needed")
    approval_hint = fields.Char(compute="_compute_approval_needed")
    approval_can_decide = fields.Boolean(compute="_compute_approval_needed")

    _discount_range = models.Constraint(
        "CHECK (discount >= 0 AND discount <= 100)",
        "A discount is between 0 and 100 %.",
    )

    @api.depends("approval_ids.state", "approval_ids.approver_id")
    def _compute_approval_state(self):
        for lead in self:
            last = lead.approval_ids.filtered(lambda a: a.state != WITHDRAWN)[:1]
            lead.approval_state = last.state
            lead.approver_id = last.approver_id if last.state == PENDING else False

    @api.depends("approval_ids")
    def _compute_approval_count(self):
        groups = self.env["crm.lead.approval"]._read_group(
            [("lead_id", "in", self._origin.ids)], ["lead_id"], ["__count"]
        )
        count = {lead.id: found for lead, found in groups}
        for lead in self:
            lead.approval_count = count.get(lead._origin.id, 0)

    @api.depends("approval_state", *RELEVANT)
    @api.depends_context("uid", "lang")
    def _compute_approval_needed(self):
        thresholds = self.env["crm.lead.approval.rule"]._thresholds()
        approvals = self._origin._approvals() if thresholds else {}
        for lead in self:
            is_pending = lead.approval_state == PENDING
            past = lead._past(thresholds, approvals)
            lead.approval_needed = bool(past) and not is_pending
            # of most deals nothing is asked: their approvals are not read
            lead.approval_can_decide = is_pending and lead.approval_ids[:1].can_decide
            asks = is_pending or past
            lead.approval_hint = lead._approval_hint(past) if asks else ""

    def _past(self, thresholds, approvals):
        """Return the thresholds that a deal exceeds and that no approval covers.

        :param approvals: what managers agreed to, by id of the lead
        """
        if not thresholds:
            return []
        deal = self._as_deal_here()
        past = exceeded(deal, thresholds)
        return [] if covered(deal, approvals.get(self._origin.id, ())) else past

    def _approval_hint(self, past) -> str:
        """Return the sentence of the banner."""
        # sudo: who asked whom of the lead the reader has open, and what came of it
        last = self.sudo().approval_ids.filtered(lambda a: a.state != WITHDRAWN)[:1]
        if self.approval_state == PENDING:
            return self.env._(
                "%(person)s asked %(approver)s on %(date)s. Amount, discount, stage, "
                "team and owner stay as they are until then.",
                person=last.requester_id.name,
                approver=last.approver_id.name,
                date=format_date(self.env, last.requested),
            )
        if last.state == "refused":
            return self.env._(
                "%(person)s refused: %(reason)s",
                person=last.decided_by_id.name,
                reason=last.decision_note,
            )
        if last.state == APPROVED:
            return self.env._(
                "The opportunity has grown past what %s approved.",
                last.decided_by_id.name,
            )
        if any(threshold.gate is None for threshold in past):
            return self.env._("Past the threshold: ask before you win it.")
        return self.env._("Past the threshold: ask before you go on.")

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Fetch the approver along: the rule of who may read a lead asks for it, and
        would have every page of a list or kanban read a second time."""
        if field_names is not None and "approver_id" not in field_names:
            field_names = [*field_names, "approver_id"]
        return super().search_fetch(domain, field_names, offset, limit, order)

    # ------------------------------------------------------------
    # GATE
    # ------------------------------------------------------------

    def _deals_before(self, _vals) -> tuple:
        """Return the deals by lead, the leads the user might approve, and may move,
        and the thresholds; nothing where there are none."""
        thresholds = self._thresholds_that_bind()
        if not thresholds:
            return ()
        deals = {lead: lead._as_deal() for lead in self}
        release = {lead for lead in self if lead._may_approve(self.env.user)}
        return deals, release, thresholds

    @follows(90, *RELEVANT, before="_deals_before", new=True)
    def _approval_reaches(self, change):
        if change.found:
            self._check_gate(*change.found)
        thresholds = change.is_new and self._thresholds_that_bind()
        for lead in self if thresholds else ():
            if offends(lead._as_deal_here(), thresholds, ()):
                lead._refuse_gate()

    @api.model
    def _thresholds_that_bind(self):
        """Everybody is bound, with sudo as without; only Odoo's own jobs and
        installation, as which nobody can sign in, are not."""
        if self.env.uid == SUPERUSER_ID:
            return ()
        return self.env["crm.lead.approval.rule"]._thresholds()

    @precedes(10, *LOCKED)
    def _check_not_pending(self, vals):
        if self.env.uid == SUPERUSER_ID:
            return
        fnames = LOCKED & vals.keys()
        for lead in self.filtered(lambda lead: lead.approval_state == PENDING):
            if any(_would_change(lead, fname, vals[fname]) for fname in fnames):
                raise UserError(
                    self.env._(
                        "“%(lead)s” waits for the approval of %(approver)s and stays "
                        "as it is until then. To change it, take the request back.",
                        lead=lead.name,
                        approver=lead.sudo().approver_id.name,  # sudo: a colleague
                    )
                )

    def _check_gate(self, before, may_release, thresholds):
        """Refuse what ``before`` became; see ``judge`` of the tools.

        :param before: deals by lead, from before the write
        :param may_release: leads the user might approve, and may move
        :raise UserError: for the first lead that has to stay as it was
        """
        acting = self._acting_teams()
        after = {lead: lead._as_deal() for lead in self}
        touched = self.filtered(
            lambda lead: (
                exceeded(before[lead].seen_by(acting), thresholds)
                or exceeded(after[lead].seen_by(acting), thresholds)
            )
        )
        approvals = touched._approvals() if touched else {}
        for lead in touched:
            reached = approvals.get(lead.id, ())
            verdict = judge(before[lead], after[lead], acting, thresholds, reached)
            if verdict == GATE:
                lead._refuse_gate()
            elif verdict == RELEASE and lead not in may_release:
                lead._refuse_release()

    def _refuse_gate(self):
        raise UserError(
            self.env._(
                "“%(lead)s” is past the threshold for approval, with this amount or "
                "discount. Open it and choose “Ask for Approval” first.",
                lead=self.name,
            )
        )

    def _refuse_release(self):
        raise UserError(
            self.env._(
                "“%(lead)s” needs an approval, which another team or owner would not "
                "need. Ask for it first, or let the team leader move it.",
                lead=self.name,
            )
        )

    def _as_deal_here(self) -> Deal:
        """Return the deal as it stands for who acts."""
        return self._as_deal().seen_by(self._acting_teams())

    @api.model
    def _acting_teams(self) -> frozenset[int]:
        # sudo: teams of the user, whoever may see them
        return frozenset(self.env.user.sudo().crm_team_ids.ids)

    def _as_deal(self) -> Deal:
        """Return the deal, with its own team and those of its owner."""
        # sudo: teams of people and stages, whoever may see them
        lead = self.sudo()
        teams = lead.team_id | lead.user_id.crm_team_ids
        return Deal(
            amount=lead.expected_revenue + lead.recurring_revenue,
            discount=lead.discount,
            teams=frozenset(teams.ids),
            company=lead.company_id.id or None,
            place=lead.stage_id.sequence,
            won=lead.stage_id.is_won,
        )

    def _approvals(self) -> dict[int, list[Approved]]:
        """Return what managers agreed to, by id of the lead."""
        # sudo: an approval counts, whoever may read it
        granted = (
            self.env["crm.lead.approval"]
            .sudo()
            .search([("lead_id", "in", self.ids), ("state", "=", APPROVED)])
        )
        found = {}
        for approval in granted:
            reached = Approved(approval.amount, approval.discount)
            found.setdefault(approval.lead_id.id, []).append(reached)
        return found

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def _may_approve(self, user) -> bool:
        """Return whether the user may decide about this opportunity: leader of its
        team, deputy or administrator, but not the owner."""
        # sudo: only asks who may
        lead = self.sudo()
        if user == lead.user_id:
            return False
        team = lead.team_id
        return user in team.user_id | team.deputy_user_id or user.has_group(ADMIN)

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    def action_ask_approval(self):
        """Open the dialog that asks the manager."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["crm.lead.approval"]._wizard_action(
            self.env._("Ask for Approval"), "ask"
        )
        action["context"] = {
            "default_kind": "ask",
            "default_lead_id": self.id,
            "default_amount": self.expected_revenue + self.recurring_revenue,
            "default_discount": self.discount,
        }
        return action

    def action_approve(self):
        """Agree to the request that waits; see ``crm.lead.approval``."""
        self._pending_approval().action_approve()

    def action_refuse_approval(self):
        """Open the dialog that asks for the reason."""
        return self._pending_approval().action_refuse()

    def action_withdraw_approval(self):
        """Take the request that waits back."""
        self._pending_approval().action_withdraw()

    def action_open_approvals(self):
        """Show all requests of this opportunity."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_sales_process.action_lead_approval"
        )
        return {**action, "domain": [("lead_id", "=", self.id)], "context": {}}

    def _pending_approval(self):
        pending = self.approval_ids.filtered(lambda a: a.state == PENDING)
        if not pending:
            raise UserError(self.env._("No request waits here any more."))
        return pending

    def _ask_approval(self, amount, discount, note):
        """Make the request and the approver's activity.

        :param amount: up to which is asked, in the lead's currency
        :param discount: percent
        :raise UserError: when one waits already, it would not reach as far as the
            opportunity, or nobody could approve
        """
        self.ensure_one()
        self.check_access("write")
        if self.approval_state == PENDING:
            raise UserError(self.env._("“%s” waits already.", self.name))
        _check_asked(self, amount, discount)
        approver = self.env["crm.lead.approval"]._choose_approver(self, self.env.user)
        # sudo: people may not write requests themselves; this is the one way
        request = (
            self.env["crm.lead.approval"]
            .sudo()
            .create(
                {
                    "lead_id": self.id,
                    "requester_id": self.env.uid,
                    "approver_id": approver.id,
                    "amount": amount,
                    "discount": discount,
                    "request_note": note,
                }
            )
        )
        # sudo: the approver's activity, on a lead that was checked
        self.sudo().activity_schedule(
            "crm_sales_process.activity_approval",
            summary=self.env._("Approve: %s", self.name),
            note=note or False,
            user_id=approver.id,
        )
        return request

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "discount"]

    def _merge_dependences(self, opportunities):
        """Requests move to the lead that stays, to be read; they were given to
        another deal and reach no further."""
        result = super()._merge_dependences(opportunities)
        # sudo: history of leads that may be merged
        requests = opportunities.sudo().approval_ids
        requests.filtered(lambda a: a.state in (PENDING, APPROVED)).state = WITHDRAWN
        requests.lead_id = self.id
        return result


def _would_change(lead, fname: str, value) -> bool:
    """Return whether a write would change a field of a deal."""
    field = lead._fields[fname]
    # sudo: only compares
    now = field.convert_to_cache(lead.sudo()[fname], lead)
    return (now or False) != (field.convert_to_cache(value, lead) or False)


def _check_asked(lead, amount, discount):
    if covered(lead._as_deal(), [Approved(amount, discount)]):
        return
    raise UserError(
        lead.env._(
            "You ask for less than the opportunity has: its amount is "
            "%(amount)s, its discount %(discount)s %%. Ask for at least that.",
            amount=format_amount(
                lead.env,
                lead.expected_revenue + lead.recurring_revenue,
                lead.company_currency,
            ),
            discount=formatLang(lead.env, lead.discount, digits=2),
        )
    )
