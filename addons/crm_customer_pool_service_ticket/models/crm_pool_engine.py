from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_pool.models.crm_pool_engine import Protection
from odoo.addons.crm_service_ticket.models.crm_service_team_member import OPEN_STATES


class CrmPoolEngine(models.AbstractModel):
    """A customer that we owe an answer is not taken from its owner."""

    _inherit = "crm.pool.engine"

    @api.model
    def _protections(self):
        return [
            *super()._protections(),
            Protection(
                "ticket",
                self.env._("Open ticket"),
                self._with_open_tickets,
                self.env._("an open ticket"),
                lambda rule: rule.tickets_protect,
            ),
        ]

    @api.model
    def _with_open_tickets(self, _rule, ids) -> SQL:
        self.env["crm.service.ticket"].flush_model(["customer_id", "state", "active"])
        return SQL(
            """
            SELECT customer_id FROM crm_service_ticket
             WHERE customer_id = ANY(%s) AND active IS TRUE AND state = ANY(%s)
            """,
            ids,
            list(OPEN_STATES),
        )
