from odoo import api, models

from odoo.addons.crm_suite_base.models.base_partner_merge import DERIVED


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge_rooms(self):
        """States are computed anew in ``_merge``; of follow-ups and planned ones both
        customers' are kept."""
        # sudo: the merge moves what the user may not change too, as Odoo's does
        tasks = self.env["crm.followup.task"].sudo()
        followups = self.env["crm.followup"].sudo()  # sudo: as above
        return super()._merge_rooms() | {
            ("crm_followup_state", "partner_id"): DERIVED,
            # of a nudge only the day is asked, and that is soon over
            ("crm_followup_nudge", "partner_id"): DERIVED,
            ("crm_followup_task", "partner_id"): lambda sources, target: (
                tasks._make_room("partner_id", sources, target)
            ),
            ("crm_followup", "partner_id"): followups._make_room,
        }

    @api.model
    def _rows_moved(self, partners):
        """Follow-ups are moved by SQL, unseen by stored fields."""
        result = super()._rows_moved(partners)
        # sudo: guards of what was moved, whoever wrote it
        followups = self.env["crm.followup"].sudo()
        moved = followups.search([("partner_id", "child_of", partners.ids)])
        moved._recompute_guards()
        self.env["crm.followup.state"]._refresh(partners, moved.lead_id)
        return result
