from odoo import api, fields, models

from odoo.addons.crm_customer_center.tools.duplicate_keys import phone_key
from odoo.addons.crm_customer_center.tools.likeness import MAYBE, SURE, compare
from odoo.addons.crm_customer_center.tools.match_keys import match_keys

# a person who enters a customer reads no longer list
SHOWN = 5


class CrmDuplicateEntryMixin(models.AbstractModel):
    """Whoever enters a customer hears, before it is saved, who may be the same.

    Only of those whom the person may read; who the others are is none of the form's
    business. Of res.partner alone.
    """

    _name = "crm.duplicate.entry.mixin"
    _description = "Doubles at Entry"

    possible_doubles = fields.Json(compute="_compute_possible_doubles")

    @api.depends(
        "name",
        "is_company",
        "phone",
        "email",
        "vat",
        "ref",
        "city",
        "former_names",
        "lifecycle_state",
        "entry_contact_phone",
    )
    @api.depends_context("uid", "lang")
    def _compute_possible_doubles(self):
        for partner in self:
            is_customer = partner.lifecycle_state and partner.name
            partner.possible_doubles = partner._told_doubles() if is_customer else []

    def _told_doubles(self) -> list[dict]:
        """Return who may be the same: by what the customers are, then by whom one
        talks to there."""
        found = self._find_doubles()
        known = {one["id"] for one in found}
        by_person = self._customers_of_number().filtered(lambda p: p.id not in known)
        reason = self.env._("A contact there has this number")
        return [
            *found,
            *(one._told_as_double([reason]) for one in by_person[: SHOWN - len(found)]),
        ]

    def _customers_of_number(self):
        """Return the customers one of whose people, as far as the user may read them,
        has the number that is being typed of the contact."""
        number = self._entered_number()
        if not number:
            return self.browse()
        people = self.search(
            [("phone_sanitized", "=", number), ("is_customer", "=", True)], limit=SHOWN
        )
        customers = people.commercial_partner_id - self._origin
        return customers._filtered_access("read").filtered("lifecycle_state")

    def _entered_number(self) -> str:
        """Return the number typed of the contact as numbers are compared."""
        return phone_key(self.entry_contact_phone or "", self._phone_country_code())

    def _told_as_double(self, reasons: list[str], *, is_sure: bool = False) -> dict:
        return {
            "id": self.id,
            "name": self.display_name,
            "owner": self.user_id.name or "",
            "is_sure": is_sure,
            "reasons": reasons,
        }

    @api.model
    def _derived_references(self):
        """What is kept of a comparison is no use of the customer."""
        return super()._derived_references() | {
            ("crm_conflict_answer", "found_id"),
            ("crm_customer_match", "partner_id"),
            ("crm_customer_match_key", "partner_id"),
            ("crm_customer_pair", "one_id"),
            ("crm_customer_pair", "other_id"),
        }

    def _find_doubles(self) -> list[dict]:
        """Return who may be the same, the likeliest first."""
        matches = self.env["crm.customer.match"]
        hidden = matches._hidden_columns()
        profile = matches._profile_of(self, hidden)
        if not profile.phones and "phone" not in hidden:
            entered = frozenset(filter(None, [self._entered_number()]))
            profile = profile._replace(phones=entered)
        pairs = self.env["crm.customer.pair"]
        own = self._origin.ids
        found = self.env["crm.customer.match.key"]._others(match_keys(profile))
        found -= {*own, *pairs._told_apart(own).get(own[0] if own else 0, ())}
        others = self.browse(found)._filtered_access("read").filtered("active")
        known = matches._profiles(others.ids, hidden)
        verdicts = {
            other: compare(profile, known[other.id].profile)
            for other in others
            if other.id in known
        }
        likely = [
            other for other, verdict in verdicts.items() if verdict.score >= MAYBE
        ]
        likely.sort(key=lambda other: (-verdicts[other].score, other.id))
        words = pairs._reason_labels()
        return [
            other._told_as_double(
                [words[key] for key in verdicts[other].reasons],
                is_sure=verdicts[other].score >= SURE,
            )
            for other in likely[:SHOWN]
        ]
