from collections import defaultdict

from odoo import Command, api, models

from .crm_tagged_mixin import MOVING, REASON


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ("crm.tagged.mixin", "crm.lead")

    _tagging_field = "tag_ids"
    _tagging_reason_model = "crm.lead.tag.reason"

    @api.onchange("tag_ids")
    def _onchange_tag_ids(self):
        self._replace_tag_of_group()

    # ------------------------------------------------------------
    # TO THE CUSTOMER
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._bring_tags_to_customers()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals or "tag_ids" in vals:
            self._bring_tags_to_customers()
        return result

    def _bring_tags_to_customers(self):
        """Put the leads' tags on their customers, in the order of the leads.

        The customer is the partner of the lead and, where that is a contact, the
        company. A tag of an exclusive group stays behind when the customer has
        another one that is no rule's. Customers the user may not change keep theirs.
        """
        arrivals = self._tags_to_bring()
        by_tags = defaultdict(list)
        for partner, leads in arrivals.items():
            by_tags[tuple(leads)].append(partner)
        with self.env["crm.tag.engine"]._collecting():
            for tags, partners in by_tags.items():
                came = {(p.id, tag): arrivals[p][tag] for p in partners for tag in tags}
                self.env["res.partner"].concat(*partners).with_context(
                    **MOVING.entry(), **REASON.entry(("lead", came))
                ).write({"category_id": [Command.link(tag) for tag in tags]})

    def _tags_to_bring(self):
        """Return ``{partner: {tag id: lead id}}`` of what is to be put on."""
        leads = self.filtered(lambda lead: lead.partner_id and lead.tag_ids)
        # sudo: whom a lead concerns is known to whoever changes the lead; what the
        # user may not change is left out
        partners = leads.sudo().partner_id
        partners = (partners | partners.commercial_partner_id).sudo(self.env.su)
        partners = partners._filtered_access("write")
        carried = partners._tags_carried()
        arrivals = {partner: {} for partner in partners}
        for lead in leads.sudo():  # sudo: as above
            tags = lead.tag_ids.partner_category_id.filtered("active")
            tags -= tags.filtered("tag_group_id").filtered(
                lambda tag: not tag.tag_group_id.to_customer
            )
            for customer in lead.partner_id | lead.partner_id.commercial_partner_id:
                partner = customer.sudo(self.env.su)
                if partner in arrivals:
                    there, yielding = carried[partner]
                    coming = there.browse(arrivals[partner])
                    kept = lead._keep_first_of_groups(
                        (there - yielding) | coming | tags
                    )
                    fitting = (tags - there - coming) & kept
                    arrivals[partner].update(dict.fromkeys(fitting.ids, lead.id))
        return {partner: tags for partner, tags in arrivals.items() if tags}

    # ------------------------------------------------------------
    # MERGE
    # ------------------------------------------------------------

    def _merge_get_fields_specific(self):
        """Of an exclusive group the tag of the lead that is kept stays."""
        result = super()._merge_get_fields_specific()
        result["tag_ids"] = lambda fname, leads: leads._keep_first_of_groups(
            leads.tag_ids
        )
        return result

    def _merge_dependences(self, opportunities):
        """Tags come with their reasons, and whoever merges need not be one who may put
        them on; what came to a customer with one of the leads came with this one."""
        result = super()._merge_dependences(opportunities)
        leads = self | opportunities
        coming = leads._keep_first_of_groups(leads.tag_ids)
        reasons = self.env["crm.lead.tag.reason"]
        if coming:
            reasons._take_over(opportunities, self, coming)
        new = [Command.link(tag) for tag in (coming - self.tag_ids).ids]
        if new:
            taken_over = {**MOVING.entry(), **REASON.entry((None, {}))}
            self.with_context(**taken_over).write({"tag_ids": new})
        reasons._replace_leads(opportunities, self)
        return result
