from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_global_search import SearchCommand

from .crm_conflict_ask import ASKERS


class CrmGlobalSearch(models.AbstractModel):
    """Whoever finds nobody in the box asks whether it is somebody's."""

    _inherit = "crm.global.search"

    @api.model
    def _global_search_commands(self):
        commands = super()._global_search_commands()
        if self.env.user.has_group(ASKERS):
            commands.append(
                SearchCommand(
                    key="conflict",
                    model="crm.conflict.query",
                    label=self.env._("Is this ours?"),
                    icon="fa-question-circle-o",
                    sequence=15,
                    name_field="text",
                    phone_field="text",
                    action="crm_customer_dedupe.action_conflict",
                )
            )
        return commands
