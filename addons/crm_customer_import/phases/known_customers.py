from collections import defaultdict

from odoo.addons.crm_customer_center.tools import duplicate_keys

from ..tools import planning

# kind of a search key -> stored columns that carry it
KEY_COLUMNS = {
    "code": ("customer_code", "ref"),
    "vat": ("vat", "id_number"),
    "phone": ("phone_sanitized",),
    "email": ("email_normalized",),
    "name": ("name_key",),
}


def key_makers(country: str) -> planning.KeyMakers:
    return planning.KeyMakers(
        company=duplicate_keys.company_name_key,
        phone=lambda raw: duplicate_keys.phone_key(raw, country),
        email=duplicate_keys.email_key,
    )


class KnownCustomers:
    """The customers that are stored already, found by the keys of rows.

    The system sees every customer, so that a list cannot create one twice that the
    person may not see: only the fact is told, and the owner where a module says so.
    What a row may show and change, the person's rights decide.

    :param record: the import, as the system
    :param person: environment of who imports
    """

    def __init__(self, record, person):
        self.system = record.env
        self.person = person
        self.company = record.company_id
        self.makers = key_makers(record._country_code())

    def by_key(self, wanted: set[str]) -> dict[str, list[planning.Candidate]]:
        """Return search key -> stored customers carrying it; see planning.

        A constant number of queries for any number of keys.
        """
        hits = self._ids_by_key(wanted)
        found = {customer for ids in hits.values() for customer in ids}
        customers = self.system["res.partner"].browse(found)
        codes = defaultdict(set)
        for key, ids in hits.items():
            if key.startswith("code:"):
                for customer_id in ids:
                    codes[customer_id].add(key.partition(":")[2])
        candidates = self._candidates(customers, codes)
        # a switchboard of companies that people told apart: their names still tell
        shared = self.system["crm.partner.key"]._shared_numbers(found)
        return {
            key: [
                candidates[customer_id]
                for customer_id in sorted(ids)
                if key not in shared.get(customer_id, ())
            ]
            for key, ids in hits.items()
        }

    def by_id(self, ids: set[int]) -> list[planning.Candidate]:
        """Return stored customers that a person chose, to be compared by nothing."""
        customers = self.system["res.partner"].browse(ids).exists()
        return list(self._candidates(customers, defaultdict(set)).values())

    def owners_told(self, titles: dict[int, str]) -> dict[int, str]:
        """Return whose customers are that the person does not see, as far as the person
        is told; see ``crm.partner.key._owners_told``."""
        return self.person["crm.partner.key"]._owners_told(titles)

    def _ids_by_key(self, wanted: set[str]) -> dict[str, set[int]]:
        """Return search key -> ids of the customers (not contacts) carrying it."""
        values = defaultdict(list)
        for key in wanted:
            kind, _colon, value = key.partition(":")
            values[kind].append(value)
        found = defaultdict(set)
        for kind, names in KEY_COLUMNS.items():
            for name in names if values[kind] else ():
                for value, customer_id in self._search(name, values[kind]):
                    found[f"{kind}:{value}"].add(customer_id)
        return found

    def _search(self, field_name: str, values: list[str]):
        """Yield (value, id of the customer) of partners with one of the values."""
        domain = [
            (field_name, "in", values),
            ("is_customer", "=", True),
            ("company_id", "in", [False, self.company.id]),
        ]
        names = [field_name, "commercial_partner_id"]
        for partner, by in self.system["crm.partner.key"]._known_by(domain, names):
            yield by[field_name], partner.commercial_partner_id.id

    def _candidates(self, customers, codes) -> dict[int, planning.Candidate]:
        visible = self.person["res.partner"].browse(customers.ids)
        visible = visible._filtered_access("read")
        writable = set(visible._filtered_access("write").ids)
        seen = set(visible.ids)
        contacts = self._contacts_of(customers)
        return {
            customer.id: planning.Candidate(
                id=customer.id,
                visible=customer.id in seen,
                writable=customer.id in writable,
                vat=customer.vat or customer.id_number or "",
                code=self._code_of(customer, codes),
                names=self._name_keys(customer, contacts[customer.id]),
                contacts=self._contact_keys(contacts[customer.id]),
            )
            for customer in customers
        }

    def _code_of(self, customer, codes: dict[int, set[str]]) -> str:
        """The code to compare. A list's own numbers end in ``ref``; a list that was
        exported from here names the customer code, which every customer has and
        which therefore must not count as different otherwise. Who went into another
        is that one by its own code as well."""
        found = codes[customer.id]
        if customer.customer_code in found:
            return customer.customer_code
        if customer.ref in found or not found:
            return customer.ref or ""
        return min(found)

    def _contacts_of(self, customers):
        contacts = defaultdict(self.system["res.partner"].browse)
        for contact in customers.search([("parent_id", "in", customers.ids)]):
            contacts[contact.parent_id.id] += contact
        return contacts

    def _name_keys(self, customer, contacts) -> frozenset[str]:
        names = [
            *filter(None, (customer + contacts).mapped("name")),
            *filter(None, (customer.former_names or "").split("\n")),
        ]
        return frozenset(self.makers.company(name) for name in names)

    def _contact_keys(self, contacts) -> dict[str, int]:
        return {
            planning.contact_key(
                contact.name or "",
                contact.phone_sanitized or "",
                contact.email_normalized or "",
            ): contact.id
            for contact in contacts
        }
