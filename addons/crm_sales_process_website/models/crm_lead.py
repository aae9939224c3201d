from odoo import models

from odoo.addons.crm_sales_process.models.crm_lead_assignment import ORIGIN
from odoo.addons.crm_suite_base.tools.token import Token

# salesperson and team the website gives to what no rule takes
OWNER = Token("website_lead_owner")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def website_form_input_filter(self, request, values):
        """The rules come first; salesperson and team of the website are for leads no
        rule takes. The source is Website unless the link of a campaign says more."""
        asked_for = {name: values.get(name) for name in ("user_id", "team_id")}
        values = super().website_form_input_filter(request, values)
        lead = self.sudo()  # sudo: what the form is filled with, of no record
        if not values.get("source_id") and not lead.default_get(["source_id"]):
            values["source_id"] = self.env.ref("crm_customer_center.source_website").id
        if self._assigned_by_rules() and not asked_for["user_id"]:
            request.update_context(
                **ORIGIN.entry("website"),
                **OWNER.entry((values.get("user_id"), values.get("team_id"))),
            )
            values |= {"user_id": False, "team_id": asked_for["team_id"] or False}
        return values

    def _assign_new(self):
        """What no rule took goes where the website says."""
        result = super()._assign_new()
        user_id, team_id = OWNER.value(self.env, (False, False))
        # sudo: visitors have no right to the lead they have just made
        for lead in self.sudo():
            outcome = lead.assignment_log_ids[:1].outcome
            if (user_id or team_id) and outcome in (False, "no_rule"):
                lead.write({"user_id": user_id, "team_id": team_id})
        return result
