from datetime import date

from odoo import models
from odoo.tools import format_date

from odoo.addons.crm_customer_center.models.res_partner_headline import (
    CustomerAction,
    CustomerFact,
)

SALESPEOPLE = "sales_team.group_sale_salesman"


class ResPartner(models.Model):
    """When the customer was contacted last and when it is next, and the button that
    writes it down."""

    _inherit = "res.partner"

    def _customer_headline(self):
        facts = super()._customer_headline()
        # contacts share the dates of their company
        company = self.commercial_partner_id
        return [*facts, company._last_contact_fact(), company._next_contact_fact()]

    def _last_contact_fact(self) -> CustomerFact:
        day = self.last_contact_date
        return CustomerFact(
            "last_contact",
            self.env._("Last contact"),
            self._days_in_words(day) if day else self.env._("Never"),
            hint=format_date(self.env, day) if day else "",
            tone="" if day else "orange",
            icon="fa-comments-o",
            section="followups",
            sequence=10,
        )

    def _next_contact_fact(self) -> CustomerFact:
        day = self.next_contact_date
        return CustomerFact(
            "next_contact",
            self.env._("Next contact"),
            self._next_contact_words(day),
            hint=format_date(self.env, day) if day else "",
            tone="red" if self.followup_overdue else "" if day else "orange",
            icon="fa-calendar",
            section="activities",
            sequence=20,
        )

    def _next_contact_words(self, day: date | bool) -> str:
        if not day:
            return self.env._("Nothing planned")
        late = (self.env.company._today() - day).days
        if late > 0:
            return self.env._("%(count)s days late", count=late)
        return self._days_in_words(day)

    def _customer_actions(self):
        actions = super()._customer_actions()
        if self.env.user.has_group(SALESPEOPLE):
            actions.append(
                CustomerAction(
                    "follow_up",
                    self.env._("Follow Up"),
                    "fa-pencil",
                    method="action_follow_up",
                    hotkey="y",
                    sequence=10,
                )
            )
        return actions
