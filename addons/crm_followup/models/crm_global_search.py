from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_global_search import SearchCommand


class CrmGlobalSearch(models.AbstractModel):
    """A follow-up can be begun from the box."""

    _inherit = "crm.global.search"

    @api.model
    def _global_search_commands(self):
        return [
            *super()._global_search_commands(),
            SearchCommand(
                key="new_followup",
                model="crm.followup",
                label=self.env._("New follow-up"),
                icon="fa-plus",
                sequence=30,
            ),
        ]
