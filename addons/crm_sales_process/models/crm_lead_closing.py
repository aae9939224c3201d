from odoo import fields, models

from odoo.addons.crm_suite_base.tools.changes import follows

from ..exceptions import ClosingReasonMissing

CLOSING_FIELDS = {"stage_id", "team_id", "user_id", "type", "active", "probability"}
REASONS = {"won": "won_reason_id", "lost": "lost_reason_id"}
WIZARDS = {
    "won": "crm_sales_process.crm_lead_won_action",
    "lost": "crm_sales_process.crm_lead_lost_action",
}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    won_reason_id = fields.Many2one(
        "crm.won.reason",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        tracking=71,
    )
    lost_reason_id = fields.Many2one(copy=False)
    competitor_id = fields.Many2one(
        "crm.competitor",
        index="btree_not_null",
        ondelete="restrict",
        help="Whom the customer compares us with; of a lost deal, who got it.",
    )

    def _closed_before(self, vals) -> tuple[dict, dict]:
        """Return outcome and day of those that are closed, and the outcome of those
        whose reason a write leaves alone."""
        closed = self._possibly_closed()
        days = {lead.id: (lead.won_status, lead.date_closed) for lead in closed}
        reasoned = {
            lead.id: lead.won_status
            for lead in closed
            if not lead._would_lose_reason(vals)
        }
        return days, reasoned

    @follows(40, *CLOSING_FIELDS, *REASONS.values(), before="_closed_before", new=True)
    def _closing_is_complete(self, change):
        days, reasoned = change.found or ({}, {})
        if not change.is_new and "date_closed" not in change.names:
            self._keep_closing_day(days)
        self._check_closing_reason(reasoned, can_ask=not change.is_new)
        self._forget_won_reason(reasoned)

    def _keep_closing_day(self, before: dict[int, tuple]) -> None:
        """A deal is closed on the day it was won or lost. Odoo's day is that of the
        last archiving: a won deal put away in September would leave June's figures.

        :param before: (``won_status``, ``date_closed``) of those that were possibly
            closed
        """
        right = {}
        for lead in self._possibly_closed():
            status, day = before.get(lead.id, ("pending", False))
            if lead.won_status == "pending":
                continue
            if lead.won_status == status and day:
                right[lead] = day
            elif lead.date_closed == day:
                # put away some time ago, and lost only now
                right[lead] = fields.Datetime.now()
        wrong = self.filtered(
            lambda lead: lead in right and lead.date_closed != right[lead]
        )
        for day, leads in wrong.grouped(right.get).items():
            leads.write({"date_closed": day})

    def _possibly_closed(self):
        """Those that are archived or in a won stage: no other can be lost or won.

        The others are not even asked, since the answer needs the probability, which
        Odoo computes in sets later.
        """
        return self.filtered(lambda lead: not lead.active or lead.stage_id.is_won)

    def _would_lose_reason(self, vals) -> bool:
        """Tell whether a write takes the reason away from a closed deal that has one:
        then it is judged like one that is closed without."""
        reason = REASONS.get(self.won_status)
        return bool(reason and reason in vals and not vals[reason] and self[reason])

    def _forget_won_reason(self, before: dict[int, str]) -> None:
        """A deal that is open again has no reason for having been won, as Odoo
        forgets the reason of a lost one."""
        reopened = self.filtered(
            lambda lead: (
                before.get(lead.id) == "won"
                and lead.won_status != "won"
                and lead.won_reason_id
            )
        )
        if reopened:
            reopened.won_reason_id = False

    def _check_closing_reason(self, before: dict[int, str], can_ask=True) -> None:
        """Refuse deals closed without a reason.

        Holds for people, where the company wants it; what the system does itself is
        not held up. See docs/adr.

        :param before: ``won_status``, before the change, of those that were
            possibly closed
        :raise ClosingReasonMissing: the web client then opens the wizard
        """
        if self.env.su:
            return
        for outcome, leads in self._possibly_closed().grouped("won_status").items():
            nameless = leads.filtered(
                lambda lead, outcome=outcome: (
                    before.get(lead.id) != outcome and lead._needs_closing_reason()
                )
            )
            if outcome != "pending" and nameless:
                raise nameless._closing_reason_missing(outcome, can_ask)

    def _needs_closing_reason(self) -> bool:
        """Tell whether this closed lead must have a reason and has none."""
        company = self.company_id or self.env.company
        # sudo: one setting of the lead's company
        if not company.sudo().is_closing_reason_required:
            return False
        reason = REASONS.get(self.won_status)
        return bool(reason and not self[reason])

    def _closing_reason_missing(self, outcome, can_ask=True) -> ClosingReasonMissing:
        names = self.env._(", ").join(self[:5].mapped("name"))
        if outcome == "won":
            message = self.env._("Say why this was won: %(leads)s.", leads=names)
        else:
            message = self.env._("Say why this was lost: %(leads)s.", leads=names)
        won_stages = self.stage_id.filtered("is_won")
        stage = won_stages.id if len(won_stages) == 1 else False
        ids = self.ids if can_ask else []
        return ClosingReasonMissing(message, WIZARDS[outcome], ids, stage)

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "competitor_id"]

    def action_set_lost(self, **additional_values):
        """The reason is there before the deal is closed: archiving a deal of which
        the probability is 0 already loses it."""
        reason = {
            name: additional_values.pop(name)
            for name in ("lost_reason_id", "competitor_id")
            if additional_values.get(name)
        }
        if reason:
            self.write(reason)
        return super().action_set_lost(**additional_values)
