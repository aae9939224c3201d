from odoo import api, fields, models

from odoo.addons.crm_suite_base.tools.changes import follows

from .crm_service_team_member import OPEN_STATES


class CrmServiceTicket(models.Model):
    """Put aside until a moment; see ``crm.service.aside``."""

    _inherit = "crm.service.ticket"

    aside_until = fields.Datetime(
        "Put Aside Until",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="Asleep until then: not in its agent's queue. The customer's next word "
        "brings it back at once. Its clock goes on.",
    )
    aside_by_id = fields.Many2one(
        "res.users",
        "Put Aside By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    aside_reason = fields.Char("Why Put Aside", readonly=True, copy=False)

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {
            "aside_until",
            "aside_by_id",
            "aside_reason",
        }

    @follows(65, "stage_id", "user_id", reads=["user_id"])
    def _changed_hands_wake_it(self, change):
        """Who gets a ticket sees it; what is done does not come back."""
        if "aside_until" in change.names:
            return

        def is_woken(ticket):
            agent = change.was[ticket.id]["user_id"]
            return ticket.state not in OPEN_STATES or ticket.user_id.id != agent

        # sudo: system fields of what the user has just written
        self.env["crm.service.aside"]._wake(self.sudo().filtered(is_woken))
