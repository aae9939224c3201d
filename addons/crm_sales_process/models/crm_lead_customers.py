from odoo import fields, models

from odoo.addons.crm_suite_base.tools.changes import follows


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

    @follows(50, "partner_id", "partner_ids", new=True)
    def _leave_out_main_customer(self, change):
        """The customer itself is not one of the others."""
        if change.is_new and "partner_ids" not in change.names:
            return
        # sudo: only a link is taken away, of a customer that has the lead itself
        for lead in self.sudo():
            if lead.partner_id and lead.partner_id in lead.partner_ids:
                lead.partner_ids -= lead.partner_id

    def _merge_get_fields_specific(self):
        return {
            **super()._merge_get_fields_specific(),
            "partner_ids": lambda _fname, leads: _merged_partners(leads),
        }

    def _find_matching_partner(self):
        """Also by phone, the numbers of contacts included, and by the company's name;
        nobody whom the person may not read."""
        self.ensure_one()
        found = self.env["crm.lead.customer"]._find(self).partner
        return found or super()._find_matching_partner()._filtered_access("read")

    def action_give_customer(self):
        """Link the customer that is stored already, else make one of what the lead
        says of company and contact."""
        self.ensure_one()
        return self.env["crm.lead.customer"]._give(self)


def _merged_partners(leads):
    """Return the further customers of all, and the customers of those that are
    merged away; a contact of the customer that stays is none of them."""
    # sudo: links are kept that who merges may not see
    leads = leads.sudo()
    main = leads.filtered("partner_id")[:1].partner_id
    others = leads.partner_id.filtered(
        lambda partner: partner.commercial_partner_id != main.commercial_partner_id
    )
    return (leads.partner_ids | others) - main
