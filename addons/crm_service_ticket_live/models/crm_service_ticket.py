from odoo import api, models

from odoo.addons.crm_suite_base.tools.changes import follows

# what lists, boards and counters show or ask
SHOWN = (
    "active",
    "aside_until",
    "awaiting_answer",
    "company_id",
    "first_response_date",
    "is_spam",
    "last_message_date",
    "level",
    "merged_into_id",
    "name",
    "partner_email",
    "partner_id",
    "partner_name",
    "partner_phone",
    "priority",
    "resolved_date",
    "stage_id",
    "team_id",
    "type_id",
    "user_id",
)


class CrmServiceTicket(models.Model):
    """Colleagues see what becomes of a ticket while it becomes it."""

    _inherit = "crm.service.ticket"

    @follows(95, *SHOWN, "tag_ids", reads=SHOWN, before="_tags_before", new=True)
    def _others_see_it(self, change):
        tagged = change.found or {}
        others = self._changed_since(change, *SHOWN)
        # sudo: compared, not shown
        others |= self.sudo().filtered(
            lambda t: t.id in tagged and t.tag_ids.ids != tagged[t.id]
        )
        if others:
            self.env["crm.service.live"]._gather(others, change.was, change.is_new)

    def _tags_before(self, vals) -> dict[int, list[int]]:
        """Tags are many, and read only where they are written."""
        if "tag_ids" not in vals:
            return {}
        # sudo: see _others_see_it
        return {ticket.id: ticket.tag_ids.ids for ticket in self.sudo()}

    @api.ondelete(at_uninstall=False)
    def _others_see_it_go(self):
        self.env["crm.service.live"]._gather(self)
