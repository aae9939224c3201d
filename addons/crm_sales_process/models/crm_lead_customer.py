from typing import Any, NamedTuple

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.tools.duplicate_keys import (
    company_name_key,
    email_key,
    phone_key,
)
from odoo.addons.crm_customer_center.tools.text import fold_marks

PHONE, EMAIL, NAME, PERSON = "phone", "email", "name", "person"
# a company's name alone is less than what only one has; the same person confirms
WEIGHT = {PHONE: 4, EMAIL: 4, NAME: 3, PERSON: 1}
# of a key that more have than this nobody is found: a switchboard, a mail of all
MOST = 40
MOBILE = "+861"
# "False" leaves it to Odoo, which knows e-mails only
BY_KEYS = "crm_sales_process.customers_by_keys"


class Found(NamedTuple):
    """Who a lead is from, and by what one knows: a customer or one of its contacts."""

    partner: Any
    reasons: tuple[str, ...] = ()


class CrmLeadCustomer(models.AbstractModel):
    """Which customer a lead is from: found by the keys that make doubles, or made.

    Searched as the person: whom one may not read is not found. See docs/adr/0054.
    """

    _name = "crm.lead.customer"
    _description = "Customer of a Lead"

    @api.model
    def _find(self, lead) -> Found:
        """Return the likeliest stored customer or contact."""
        partners = self.env["res.partner"]
        if lead.partner_id:
            return Found(lead.partner_id)
        keys = self._keys(lead) if self._is_asked() else {}
        asked = Domain.OR([Domain(name, "=", key) for name, key in keys.items()])
        if not keys:
            return Found(partners)
        company = lead.company_id or self.env.company
        candidates = partners.search(
            asked
            & Domain("partner_share", "=", True)
            & Domain("company_id", "in", (False, company.id)),
            limit=MOST + 1,
        )
        if not candidates or len(candidates) > MOST:
            return Found(partners)
        reasons = self._reasons(lead, keys, candidates)
        best = max(
            candidates,
            key=lambda partner: (
                sum(WEIGHT[reason] for reason in reasons[partner]),
                -partner.id,
            ),
        )
        known = {PHONE, EMAIL, NAME} & set(reasons[best])
        return Found(best, reasons[best]) if known else Found(partners)

    @api.model
    def _is_asked(self) -> bool:
        # sudo: one parameter, cached, that says nothing about anybody
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param(BY_KEYS, "True") != "False"

    @api.model
    def _keys(self, lead) -> dict[str, str]:
        """Return what is looked for, by column of a partner."""
        keys = {
            "phone_sanitized": phone_key(lead.phone or "", self._country(lead)),
            "email_normalized": email_key(lead.email_from or ""),
            "name_key": lead.partner_name and company_name_key(lead.partner_name),
        }
        return {name: key for name, key in keys.items() if key}

    @api.model
    def _country(self, lead) -> str:
        company = lead.company_id or self.env.company
        return lead.country_id.code or company.country_id.code or "CN"

    @api.model
    def _reasons(self, lead, keys, candidates) -> dict:
        """Return by what each is known, but for numbers that several companies are
        known to share."""
        shared = self.env["crm.partner.key"]._shared_numbers(
            candidates.commercial_partner_id.ids
        )
        name = _plain(lead.contact_name)
        found = {}
        for partner in candidates:
            none = shared.get(partner.commercial_partner_id.id, ())
            company = partner.commercial_partner_id
            facts = {
                PHONE: partner.phone_sanitized == keys.get("phone_sanitized", "")
                and f"phone:{partner.phone_sanitized}" not in none,
                EMAIL: partner.email_normalized == keys.get("email_normalized", "")
                and f"email:{partner.email_normalized}" not in none,
                NAME: "name_key" in keys
                and keys["name_key"] in (partner.name_key, company.name_key),
                PERSON: bool(name) and _plain(partner.name) == name,
            }
            found[partner] = tuple(reason for reason, is_so in facts.items() if is_so)
        return found

    @api.model
    def _reason_in_words(self, lead, found: Found) -> str:
        """Return by what the customer is known, as a person says it."""
        phone = phone_key(lead.phone or "", self._country(lead))
        words = {
            PHONE: self.env._("same mobile")
            if phone.startswith(MOBILE)
            else self.env._("same phone"),
            EMAIL: self.env._("same e-mail"),
            NAME: self.env._("same company name"),
            PERSON: self.env._("same person"),
        }
        return self.env._(", ").join(words[reason] for reason in found.reasons)

    @api.model
    def _contact_of(self, lead, partner):
        """Return the person of the lead at a customer: found, else made where one may
        change the customer, else the customer itself."""
        person = _plain(lead.contact_name)
        if not partner.is_company or not person:
            return partner
        for contact in partner.child_ids:
            if _plain(contact.name) == person:
                return contact
        if not (partner.has_access("write") and partner.browse().has_access("create")):
            return partner
        values = lead._prepare_customer_values(
            lead.contact_name, is_company=False, parent_id=partner.id
        )
        # what visitors type stays on the lead; only right values enter the master
        if not phone_key(values.get("phone") or "", self._country(lead)):
            values.pop("phone", None)
        if not email_key(values.get("email") or ""):
            values.pop("email", None)
        return partner.create(values)

    @api.model
    def _give(self, lead):
        """Give a deal its customer.

        :return: the notice that says who it is and why
        """
        found = self._find(lead)
        if found.partner:
            lead.partner_id = self._contact_of(lead, found.partner)
            message = self.env._(
                "%(customer)s is stored already: %(reason)s.",
                customer=found.partner.display_name,
                reason=self._reason_in_words(lead, found),
            )
        else:
            owned = lead.with_context(default_user_id=lead.user_id.id)
            owned._handle_partner_assignment(create_missing=True)
            message = self.env._("New customer: %s", lead.partner_id.display_name)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


def _plain(name) -> str:
    """Return a person's name as it is compared."""
    return "".join(fold_marks(name or "").casefold().split())
