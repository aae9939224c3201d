from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.res_partner_customer_360 import (
    CustomerSection,
)
from odoo.addons.crm_suite_base.tools.changes import follows

# who may read follow-ups at all
READERS = (
    "sales_team.group_sale_salesman,crm_customer_center.group_service_agent,"
    "crm_customer_center.group_marketing"
)


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ("res.partner", "crm.followup.target")

    _followup_key = "partner_id"

    followup_state_ids = fields.One2many(
        "crm.followup.state",
        "partner_id",
        bypass_search_access=True,
        groups="base.group_user",
    )
    followup_ids = fields.One2many(
        "crm.followup",
        "customer_id",
        string="Follow-up History",
        groups=READERS,
    )
    birthday = fields.Date(
        groups="base.group_user",
        help="My Day reminds the customer's owner. Only day and month count: where you "
        "do not know the year, type any.",
    )

    # few have one: My Day asks for those of one owner
    _birthday_idx = models.Index("(customer_owner_id) WHERE birthday IS NOT NULL")

    @follows(60, "active")
    def _tasks_of_archived_end(self, change):
        if change.vals["active"] is False:
            leads = self.env["crm.lead"]
            self.env["crm.followup.task"]._withdraw_of_archived(self, leads)

    def _followup_domain(self):
        return Domain("partner_id", "child_of", self.id)

    def _followup_dialog_context(self):
        """In a list of contacts and companies each company is followed up once."""
        return {"default_partner_ids": [(6, 0, self.ids)]}

    @api.model
    def _derived_references(self):
        """The dates of contact follow from the follow-ups, which do count."""
        return super()._derived_references() | {("crm_followup_state", "partner_id")}

    def _carried_fields_written(self):
        self.env["crm.followup"]._follow_partners(self.ids)
        return super()._carried_fields_written()

    def _customer_360_sections(self):
        sections = super()._customer_360_sections()
        sections.append(
            CustomerSection(
                key="followups",
                label=self.env._("Follow-ups"),
                icon="fa-comments-o",
                model="crm.followup",
                domain=self._followup_domain(),
                sequence=15,
                context={"default_partner_id": self.id},
                action="crm_followup.action_followup_history",
            )
        )
        return sections

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        self.env["crm.followup"]._record_mail(self, message, msg_values)
        return result
