from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_setup import SetupStep


class CrmSetup(models.AbstractModel):
    _inherit = "crm.setup"

    @api.model
    def _setup_steps(self):
        return [
            *super()._setup_steps(),
            SetupStep(
                key="tags",
                title=self.env._("Groups of tags"),
                why=self.env._(
                    "One vocabulary for all: groups come along, and who may add "
                    "tags to them is for you to say."
                ),
                button=self.env._("Look at the groups"),
                icon="fa-tags",
                action="crm_tagging.action_tag_group",
                model="crm.tag.group",
                done=lambda: self._is_edited("crm.tag.group"),
                sequence=110,
                by_look=True,
            ),
        ]
