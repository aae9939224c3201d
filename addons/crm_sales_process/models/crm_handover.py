from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.crm_handover_sources import HandoverSource


class CrmHandover(models.Model):
    """Milestones, approvals and rules of the sales process change hands as well."""

    _inherit = "crm.handover"

    @api.model
    def _handover_sources(self):
        return [
            *super()._handover_sources(),
            HandoverSource(
                key="milestones",
                label=self.env._("Open Milestones"),
                model="crm.lead.milestone",
                domain=Domain("done", "=", False),
                sequence=30,
                customer="lead_id.partner_id",
                along="lead_id.user_id",
                activity="activity_id",
            ),
            HandoverSource(
                key="deputies",
                label=self.env._("Deputy of Sales Teams"),
                model="crm.team",
                field="deputy_user_id",
                sequence=81,
                is_setup=True,
            ),
            HandoverSource(
                key="approvals",
                label=self.env._("Approvals Waiting"),
                model="crm.lead.approval",
                field="approver_id",
                domain=Domain("state", "=", "pending"),
                sequence=85,
                move=_move_approvals,
                activity=_activities_of_approvals,
                is_system=True,
            ),
            HandoverSource(
                key="assignment_rules",
                label=self.env._("Assignment Rules That Name the Person"),
                model="crm.lead.assignment.rule",
                sequence=88,
                is_setup=True,
            ),
        ]


def _activities_of_approvals(approvals):
    """What reminds the approvers."""
    kind = approvals.env.ref("crm_sales_process.activity_approval")
    return approvals.lead_id.activity_ids.filtered(
        lambda activity: activity.activity_type_id == kind
    )


def _move_approvals(approvals, old, new):
    """A request waits for somebody else, who may decide it.

    :raises UserError: for who may not
    """
    for approval in approvals:
        may = approval.lead_id._may_approve(new)
        if not may or approval.requester_id == new:
            raise UserError(
                approvals.env._(
                    "%s may not decide this request: it is up to the leader of the "
                    "sales team, the deputy or an administrator.",
                    new.name,
                )
            )
    approvals.approver_id = new
    own = _activities_of_approvals(approvals)
    own.filtered(lambda activity: activity.user_id == old).user_id = new
