from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

from odoo.addons.crm_followup.models.crm_my_day import LIMIT, MyDaySection


class CrmMyDay(models.AbstractModel):
    """Requests for approval: on top, as somebody waits for each. They are decided right
    there; no follow-up is written about them, and they are not put off."""

    _inherit = "crm.my.day"

    @api.model
    def _my_day_sections(self):
        return [
            *super()._my_day_sections(),
            MyDaySection(
                "approvals",
                self.env._("Waiting for Your Approval"),
                "fa-gavel",
                self._approval_items,
                5,
            ),
        ]

    def _activity_domain(self):
        """Without the reminders of requests, which stand for themselves."""
        reminder = self.env.ref("crm_sales_process.activity_approval")
        return super()._activity_domain() & Domain(
            "activity_type_id", "!=", reminder.id
        )

    def _approval_items(self) -> list[dict]:
        requests = self.env["crm.lead.approval"]
        if not requests.has_access("read"):
            return []
        found = requests.search(
            [("approver_id", "=", self.env.uid), ("state", "=", "pending")],
            order="id",
            limit=LIMIT + 1,
        )
        readable = found.lead_id._filtered_access("read")
        return [
            self._prepare_item(
                request.lead_id,
                amount=self._approval_amount(request),
                reason=request.request_note or "",
                buttons=self._approval_buttons(request),
                date=self._day_text(request.requested),
                person=request.requester_id.name,
                can_follow_up=False,
                key=request.id,
            )
            for request in found
            if request.lead_id in readable
        ]

    def _approval_amount(self, request) -> str:
        """Amount and discount."""
        discount = f"−{request.discount:g} %" if request.discount else ""
        amount = format_amount(self.env, request.amount, request.currency_id)
        return " · ".join(filter(None, (amount, discount)))

    def _approval_buttons(self, request) -> list[dict]:
        """None for who was asked and may not decide any more."""
        if not request.can_decide:
            return []
        return [
            self._prepare_button(
                request, "action_approve", self.env._("Approve"), "a", primary=True
            ),
            self._prepare_button(request, "action_refuse", self.env._("Refuse"), "r"),
        ]

    def _day_text(self, moment) -> str:
        local = fields.Datetime.context_timestamp(self, moment)
        return fields.Date.to_string(local.date())
