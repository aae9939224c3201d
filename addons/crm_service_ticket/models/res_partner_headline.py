from odoo import models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.res_partner_headline import (
    CustomerAction,
    CustomerFact,
)

from .crm_service_team_member import OPEN_STATES

URGENT = "2"


class ResPartner(models.Model):
    """Open tickets in the customer's headline, red where one is urgent, and the button
    that writes a new one."""

    _inherit = "res.partner"

    def _customer_headline(self):
        return [*super()._customer_headline(), *self._open_ticket_facts()]

    def _open_ticket_facts(self) -> list[CustomerFact]:
        tickets = self.env["crm.service.ticket"]
        if not tickets.has_access("read"):
            return []
        domain = self._customer_family("partner_id", "customer_id")
        domain &= Domain("state", "in", OPEN_STATES)
        counts = dict(tickets._read_group(domain, ["priority"], ["__count"]))
        if not counts:
            return []
        urgent = counts.get(URGENT, 0)
        return [
            CustomerFact(
                "tickets",
                self.env._("Open tickets"),
                str(sum(counts.values())),
                hint=self.env._("%(count)s urgent", count=urgent) if urgent else "",
                tone="red" if urgent else "",
                icon="fa-life-ring",
                section="tickets",
                # an urgent one comes before all else
                sequence=5 if urgent else 40,
            )
        ]

    def _customer_actions(self):
        actions = super()._customer_actions()
        if self.env["crm.service.ticket"].has_access("create"):
            actions.append(
                CustomerAction(
                    "ticket",
                    self.env._("New Ticket"),
                    "fa-life-ring",
                    method="action_customer_new_ticket",
                    sequence=50,
                )
            )
        return actions

    def action_customer_new_ticket(self):
        """Open an empty ticket of this customer."""
        return self._action_customer_new(
            "crm.service.ticket",
            self.env._("New Ticket"),
            {"default_partner_id": self.id},
        )
