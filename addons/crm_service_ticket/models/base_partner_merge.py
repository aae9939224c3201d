from odoo import api, models

from .crm_service_ticket import GUARDS


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _rows_moved(self, partners):
        """Tickets are moved by SQL, unseen by their stored fields."""
        result = super()._rows_moved(partners)
        # sudo: guards of what was moved, whoever's tickets they are
        tickets = self.env["crm.service.ticket"].sudo()
        tickets = tickets.with_context(active_test=False)
        moved = tickets.search([("partner_id", "child_of", partners.ids)])
        for name in GUARDS:
            self.env.add_to_compute(moved._fields[name], moved)
        return result
