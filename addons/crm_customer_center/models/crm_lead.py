from odoo import api, models

from odoo.addons.crm_suite_base.tools.changes import follows

# a write of these may make or unmake a won deal of a customer
WON_DECIDERS = {
    "stage_id",
    "team_id",
    "user_id",
    "active",
    "probability",
    "type",
    "partner_id",
    "date_closed",
}


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ("crm.change.mixin", "crm.lead")
    _link_gate = True

    @follows(10, *WON_DECIDERS, before="_in_won_stage", new=True)
    def _won_deals_count(self, change):
        """A won deal is business with its customer, whose state follows at once."""
        won = self._in_won_stage()
        self._business_changed(won if change.is_new else won | change.found)

    def unlink(self):
        won = self._in_won_stage().ids
        result = super().unlink()
        self._business_changed(self.browse(won))
        return result

    def _in_won_stage(self, _vals=None):
        """Those that may be won: asking for more would have every lead's probability
        computed at every write."""
        # sudo: compared, not shown
        return self.browse(
            lead.id for lead in self.sudo() if lead.partner_id and lead.stage_id.is_won
        )

    @api.model
    def _business_changed(self, leads):
        if leads:
            self.env["crm.lifecycle.engine"]._business_changed("won", leads.ids)

    # A lead may concern a customer its salesperson may not read or change. It opens
    # and can be edited nevertheless, and shows no more of the customer than the name.

    def _compute_commercial_partner_id(self):
        readable = self.partner_id._filtered_access("read")
        hidden = self.filtered(lambda lead: lead.partner_id - readable)
        hidden.commercial_partner_id = False
        return super(CrmLead, self - hidden)._compute_commercial_partner_id()

    def _get_partner_email_update(self, force_void=True):
        """Who may not change the customer keeps another address on the lead."""
        # sudo: only compares
        lead = super(CrmLead, self.sudo())
        return lead._get_partner_email_update(force_void) and self._may_change_partner()

    def _get_partner_phone_update(self, force_void=True):
        """Who may not change the customer keeps another number on the lead."""
        # sudo: only compares
        lead = super(CrmLead, self.sudo())
        return lead._get_partner_phone_update(force_void) and self._may_change_partner()

    def action_schedule_meeting(self, smart_calendar=True):
        """Suggest no customer whom the user may not read: the meeting could not be
        saved with it."""
        action = super().action_schedule_meeting(smart_calendar)
        if self.partner_id and not self.partner_id.has_access("read"):
            context = action["context"]
            context["default_partner_id"] = False
            context["default_partner_ids"] = self.env.user.partner_id.ids
        return action

    def _may_change_partner(self) -> bool:
        return self.partner_id.has_access("write")

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        """A lead that becomes a customer brings its state, source and owner along.

        The contact person below the company gets none of it: contacts follow
        their company.
        """
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        if not parent_id:
            values.setdefault("lifecycle_state", "potential")
            values.setdefault("customer_source_id", self.source_id.id)
        return values

    def _get_customer_information(self):
        """A contact made only to write a message to is no customer yet."""
        information = super()._get_customer_information()
        for values in information.values():
            values.pop("lifecycle_state", None)
        return information
