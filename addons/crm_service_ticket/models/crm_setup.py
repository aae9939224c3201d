from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_setup import SetupStep


class CrmSetup(models.AbstractModel):
    _inherit = "crm.setup"

    @api.model
    def _setup_steps(self):
        return [
            *super()._setup_steps(),
            SetupStep(
                key="alias_domain",
                title=self.env._("The domain of your incoming mail"),
                why=self.env._(
                    "Mail to addresses of this domain becomes tickets and "
                    "leads; without it customers can only be taken down by "
                    "hand."
                ),
                button=self.env._("Open alias domains"),
                icon="fa-at",
                action="mail.mail_alias_domain_action",
                model="mail.alias.domain",
                done=lambda: self._is_any("mail.alias.domain", []),
                sequence=150,
            ),
            SetupStep(
                key="service_team",
                title=self.env._("A service team with members"),
                why=self.env._(
                    "Tickets go to a team first and are shared out among its members."
                ),
                button=self.env._("Open the teams"),
                icon="fa-life-saver",
                action="crm_service_ticket.action_team",
                model="crm.service.team",
                done=lambda: self._is_any(
                    "crm.service.team", [("member_ids", "!=", False)]
                ),
                sequence=160,
            ),
        ]
