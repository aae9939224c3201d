from odoo import fields, models

from odoo.addons.crm_suite_base.tools.changes import follows


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ("crm.lead", "crm.followup.target")

    _followup_key = "lead_id"

    followup_state_ids = fields.One2many(
        "crm.followup.state",
        "lead_id",
        bypass_search_access=True,
        groups="base.group_user",
    )
    followup_ids = fields.One2many("crm.followup", "lead_id", "Follow-up History")
    # without it each write of a lead would look for what follows from it
    followup_task_ids = fields.One2many(
        "crm.followup.task",
        "lead_id",
        string="Planned Follow-ups",
        groups="base.group_user",
    )

    @follows(30, "partner_id", "active", reads=["partner_id"])
    def _followups_go_along(self, change):
        if "partner_id" in change.names:
            self._bring_followups_along()
        if change.vals.get("active") is False:
            partners = self.env["res.partner"]
            self.env["crm.followup.task"]._withdraw_of_archived(partners, self)
        # sudo: figures of the customers before and after, whoever may read them
        partners = self.sudo().partner_id
        partners |= partners.browse({was["partner_id"] for was in change.was.values()})
        self.env["crm.followup.state"]._refresh_later(partners, self)

    def _bring_followups_along(self):
        """What was written before the lead had a customer joins its history."""
        # sudo: the follow-ups of colleagues on this lead move too
        history = self.env["crm.followup"].sudo()
        # sudo: as above; of leads written one by one it is read once
        waiting = self.sudo().followup_ids.filtered(lambda one: not one.partner_id)
        for partner, followups in waiting.grouped(
            lambda f: f.lead_id.partner_id
        ).items():
            if partner:
                # of one mail or meeting the customer may have its follow-up already
                history._make_room(followups.partner_id, partner, joining=followups)
                followups.partner_id = partner

    def _merge_dependences(self, opportunities):
        """Follow-ups of merged leads, done and planned, go to the one that stays."""
        result = super()._merge_dependences(opportunities)
        # sudo: the merge moves what the user may not change too, as Odoo's does
        history = self.env["crm.followup"].sudo()
        history.search([("lead_id", "in", opportunities.ids)]).lead_id = self
        # sudo: as above
        self.env["crm.followup.task"].sudo()._merge_leads(opportunities, self)
        # sudo: the figures of the customer change, whoever may read it
        self.env["crm.followup.state"]._refresh_later(self.sudo().partner_id, self)
        return result

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        self.env["crm.followup"]._record_mail(self, message, msg_values)
        return result
