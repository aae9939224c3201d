from odoo import api, fields, models


class CrmLead2opportunityPartner(models.TransientModel):
    """Conversion knows who is stored already, and says by what."""

    _inherit = "crm.lead2opportunity.partner"

    match_hint = fields.Char(compute="_compute_match_hint")

    @api.depends("lead_id", "partner_id", "action")
    @api.depends_context("lang", "uid")
    def _compute_match_hint(self):
        customers = self.env["crm.lead.customer"]
        for convert in self:
            convert.match_hint = False
            if convert.action != "exist" or not convert.lead_id:
                continue
            found = customers._find(convert.lead_id)
            if found.reasons and found.partner == convert.partner_id:
                convert.match_hint = self.env._(
                    "%(customer)s is stored already: %(reason)s.",
                    customer=found.partner.display_name,
                    reason=customers._reason_in_words(convert.lead_id, found),
                )

    def _convert_handle_partner(self, lead, action, partner_id):
        """Of a company the deal gets the person the lead names, found or made."""
        if partner_id and action != "nothing":
            partner = self.env["res.partner"].browse(partner_id)
            partner_id = self.env["crm.lead.customer"]._contact_of(lead, partner).id
        return super()._convert_handle_partner(lead, action, partner_id)
