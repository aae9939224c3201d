from odoo import api, fields, models


class CrmLead(models.Model):
    """One opportunity may concern several customers: the buyer, and who decides or
    uses with it, such as a design institute, a general contractor or a sister company.
    """

    _inherit = "crm.lead"

    partner_ids = fields.Many2many(
        "res.partner",
        "crm_lead_further_partner_rel",
        "lead_id",
        "partner_id",
        string="Further Customers",
        help="Others this opportunity concerns, such as a general contractor, a design "
        "institute or a sister company. It is shown on their pages as well.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if any(vals.get("partner_ids") for vals in vals_list):
            leads._leave_out_main_customer()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if {"partner_id", "partner_ids"} & vals.keys():
            self._leave_out_main_customer()
        return result

    def _leave_out_main_customer(self):
        """The customer itself is not one of the others."""
        # sudo: only a link is taken away, of a customer that has the lead itself
        for lead in self.sudo():
            if lead.partner_id and lead.partner_id in lead.partner_ids:
                lead.partner_ids -= lead.partner_id

    def _merge_get_fields_specific(self):
        return {
            **super()._merge_get_fields_specific(),
            "partner_ids": lambda _fname, leads: leads._merged_partners(),
        }

    def _merged_partners(self):
        """Return the further customers of all, and the customers of those that are
        merged away; a contact of the customer that stays is none of them."""
        # sudo: links are kept that who merges may not see
        leads = self.sudo()
        main = leads.filtered("partner_id")[:1].partner_id
        others = leads.partner_id.filtered(
            lambda partner: partner.commercial_partner_id != main.commercial_partner_id
        )
        return (leads.partner_ids | others) - main
