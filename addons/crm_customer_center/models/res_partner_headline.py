from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_suite_base.calls import shaped


class CustomerFact(NamedTuple):
    """One fact of the customer's headline: plain, counted, never a score.

    ``value`` is short and formatted, ``hint`` says a little more, ``tone`` is red,
    orange, green or nothing, ``section`` the key of the 360° section that a click
    opens.
    """

    key: str
    label: str
    value: str
    hint: str = ""
    tone: str = ""
    icon: str = ""
    section: str = ""
    sequence: int = 50


class CustomerAction(NamedTuple):
    """One of the things a person does ten times a day: one tap on the page.

    ``method`` is a public method of ``res.partner`` that returns an action, or ``url``
    is where the tap leads. ``hotkey`` goes with Alt.
    """

    key: str
    label: str
    icon: str
    method: str = ""
    url: str = ""
    hotkey: str = ""
    sequence: int = 50


class ResPartner(models.Model):
    """The headline of the customer page: what one knows in five seconds, and what one
    does next. Modules add facts and actions by the two registries."""

    _inherit = "res.partner"

    def _customer_headline(self) -> list[CustomerFact]:
        """Facts of one customer that the user may know; extend through ``super()``.
        A fact that says nothing is left out."""
        self.ensure_one()
        return [*self._open_amount_facts(), *self._decision_facts()]

    def _customer_actions(self) -> list[CustomerAction]:
        """What the user may do for one customer; extend through ``super()``."""
        self.ensure_one()
        return [
            *self._call_actions(),
            *self._plan_actions(),
            *self._new_opportunity_actions(),
        ]

    @api.readonly
    @shaped
    def get_customer_headline(self) -> dict:
        """Facts and actions of this customer, in order.

        :return: ``{"facts": […], "actions": […]}``, dicts with the fields of
            ``CustomerFact`` and ``CustomerAction``
        :raises AccessError: when the user may not read the customer
        """
        self.ensure_one()
        self.check_access("read")
        return {
            name: [one._asdict() for one in sorted(found, key=lambda o: o.sequence)]
            for name, found in (
                ("facts", self._customer_headline()),
                ("actions", self._customer_actions()),
            )
        }

    @api.model
    def _days_in_words(self, day: date) -> str:
        """A day as one says it: today, in 3 days, 12 days ago; by the company's day."""
        days = (day - self.env.company._today()).days
        near = {
            -1: self.env._("Yesterday"),
            0: self.env._("Today"),
            1: self.env._("Tomorrow"),
        }
        if days in near:
            return near[days]
        if days < 0:
            return self.env._("%(count)s days ago", count=-days)
        return self.env._("In %(count)s days", count=days)

    # ------------------------------------------------------------
    # FACTS
    # ------------------------------------------------------------

    def _open_amount_facts(self) -> list[CustomerFact]:
        """What the open opportunities are worth, in the company's currency."""
        leads = self.env["crm.lead"]
        if not leads.has_access("read"):
            return []
        domain = self._customer_family("partner_id")
        domain &= Domain("won_status", "=", "pending")
        domain &= Domain("type", "=", "opportunity")
        groups = leads._read_group(
            domain, ["company_id"], ["expected_revenue:sum", "__count"]
        )
        if not groups:
            return []
        hint = self.env._(
            "%(count)s opportunities", count=sum(count for *_rest, count in groups)
        )
        amount, missing = self._added_up({c: total for c, total, _count in groups})
        if missing:
            hint += self.env._(
                ", without amounts in %(currencies)s, of which no rate is known",
                currencies=", ".join(missing),
            )
        return [
            CustomerFact(
                "open_amount",
                self.env._("Open amount"),
                self.env.company.currency_id.format(amount),
                hint=hint,
                icon="fa-star",
                section="opportunities",
                sequence=30,
            )
        ]

    @api.model
    def _added_up(self, amounts: dict) -> tuple[float, list[str]]:
        """Add up amounts of several companies at the rates of today.

        :param amounts: by company, each in that company's currency
        :return: the sum in the currency of the reader's company, and the names of the
            currencies that no rate is known of
        """
        own = self.env.company
        today = own._today()
        # sudo: the currency of a company whose records one reads is no secret
        pairs = [((c or own).sudo().currency_id, sum_) for c, sum_ in amounts.items()]
        rates = self.env["crm.money.mixin"]._money_factors(
            (currency.id, today) for currency, _sum in pairs
        )
        rates = {currency: rate for (currency, _day), rate in rates.items()}
        missing = {c.name for c, _sum in pairs if rates[c.id] is None}
        return sum(sum_ * (rates[c.id] or 0) for c, sum_ in pairs), sorted(missing)

    def _decision_facts(self) -> list[CustomerFact]:
        """A company of which nobody knows who decides."""
        if not self.is_company or self.commercial_partner_id != self:
            return []
        people = Domain("parent_id", "=", self.id) & Domain("type", "=", "contact")
        groups = self.env["res.partner"]._read_group(
            people, ["decision_role"], ["__count"]
        )
        roles = {role for role, _count in groups}
        if "decision_maker" in roles:
            return []
        known = sum(count for _role, count in groups)
        return [
            CustomerFact(
                "decision",
                self.env._("Decision maker"),
                self.env._("Not known"),
                hint=self.env._("%(count)s contacts", count=known)
                if known
                else self.env._("No contact yet"),
                tone="orange",
                icon="fa-users",
                section="contacts",
                sequence=60,
            )
        ]

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def _call_actions(self) -> list[CustomerAction]:
        """Ring up: the primary contact's number before the company's."""
        number = self.primary_contact_phone or self.phone
        if not number:
            return []
        dialled = "".join(char for char in number if char.isdigit() or char == "+")
        return [
            CustomerAction(
                "call",
                self.env._("Call"),
                "fa-phone",
                url=f"tel:{dialled}",
                sequence=20,
            )
        ]

    def _plan_actions(self) -> list[CustomerAction]:
        return [
            CustomerAction(
                "plan",
                self.env._("Plan"),
                "fa-clock-o",
                method="action_customer_plan",
                sequence=30,
            )
        ]

    def _new_opportunity_actions(self) -> list[CustomerAction]:
        if not self.env["crm.lead"].has_access("create"):
            return []
        return [
            CustomerAction(
                "opportunity",
                self.env._("New Opportunity"),
                "fa-star",
                method="action_customer_new_opportunity",
                sequence=40,
            )
        ]

    def action_customer_plan(self):
        """Open Odoo's dialog that plans an activity on this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan"),
            "res_model": "mail.activity.schedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    def action_customer_new_opportunity(self):
        """Open an empty opportunity of this customer."""
        return self._action_customer_new(
            "crm.lead",
            self.env._("New Opportunity"),
            {"default_partner_id": self.id, "default_type": "opportunity"},
        )

    @api.model
    def _action_customer_new(self, model: str, name: str, context: dict) -> dict:
        """The action that opens an empty form of a model."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "context": context,
        }
