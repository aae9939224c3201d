from collections import defaultdict

from babel import Locale

from odoo import models

from odoo.addons.crm_customer_center.tools import checks, duplicate_keys, text

from ..tools import cleaning, planning
from ..tools.fields import FIELDS, PROPERTY_PREFIX

# stored values of relational choices carry this prefix, so that a source that is
# called "12" is never taken for the record number 12
ID_PREFIX = "id:"
# names of these may be created, if the importing person may; others (provinces,
# colleagues, teams) are more than a name
OPEN_TARGETS = (
    "category_id",
    "customer_level_id",
    "customer_source_id",
    "industry_id",
)
NAME_FIELDS = ("name", "label", "code", "login", "email")


class CrmCustomerImport(models.Model):
    """What the engine needs to know of the database, fetched in sets."""

    _inherit = "crm.customer.import"

    def _importer_env(self):
        """Environment of the person whose import this is: own rights, own company.

        Background work starts as the system user; customers are always read and
        written through this environment.
        """
        companies = self.user_id.company_ids
        ids = [self.company_id.id, *(companies - self.company_id).ids]
        return self.env(
            user=self.user_id.id,
            su=False,
            context={
                "lang": self.user_id.lang,
                "tz": self.user_id.tz,
                "allowed_company_ids": ids,
            },
        )

    # ------------------------------------------------------------
    # CLEANING
    # ------------------------------------------------------------

    def _country_code(self) -> str:
        return self.company_id.country_id.code or "CN"

    def _cleaners(self) -> cleaning.Cleaners:
        country = self._country_code()
        return cleaning.Cleaners(
            text=text.clean_text,
            phone=lambda raw: checks.check_phone(raw, country),
            email=checks.check_email,
            credit_code=checks.check_credit_code,
            id_number=checks.check_id_number,
            split_phones=checks.split_phones,
        )

    def _lookups(self) -> cleaning.Lookups:
        """Labels of every choice a column can name, in all installed languages.

        Costs one query per choice and language, once per run, none per row.
        """
        choices = {}
        for name in self._choice_fields():
            build = (
                cleaning.province_lookup if name == "state" else cleaning.choice_lookup
            )
            choices[name] = build(self._field_pairs(name))
        return cleaning.Lookups(
            choices, self._property_definitions(), self._label_lang()
        )

    def _choice_fields(self) -> list[str]:
        """Technical names of the import fields that take one of several choices."""
        known = [f.name for f in FIELDS.values() if f.kind in ("choice", "tags")]
        custom = [
            PROPERTY_PREFIX + label
            for label, definition in self._property_definitions().items()
            if definition["type"] in ("selection", "tags")
        ]
        return known + custom

    def _list_fields(self) -> frozenset[str]:
        """Import fields that hold several values."""
        custom = self._property_definitions().items()
        tags = {PROPERTY_PREFIX + x for x, d in custom if d["type"] == "tags"}
        return frozenset({"tags"} | tags)

    def _field_pairs(self, name: str) -> list[tuple[str, str]]:
        """(label, stored value) of every choice of an import field, any language."""
        if name.startswith(PROPERTY_PREFIX):
            return self._property_pairs(name.removeprefix(PROPERTY_PREFIX))
        if name == "customer_type":
            return self._type_pairs()
        return self._choice_pairs(FIELDS[name].target)

    def _type_pairs(self) -> list[tuple[str, str]]:
        """Company or person, as res.partner calls them."""
        pairs = [("company", "company"), ("person", "person")]
        field = self.env["res.partner"]._fields["company_type"]
        for lang, _name in self.env["res.lang"].get_installed():
            env = self.with_context(lang=lang).env
            pairs += [(x, key) for key, x in field._description_selection(env)]
        return pairs

    def _property_pairs(self, label: str) -> list[tuple[str, str]]:
        definition = self._property_definitions().get(label, {})
        options = definition.get(definition.get("type", "")) or []
        pairs = [(option[1], option[0]) for option in options]
        return pairs + [(key, key) for _label, key in pairs]

    def _label_lang(self) -> str:
        """Language of labels written into notes: the importing person's."""
        return "zh" if (self.user_id.lang or "").startswith("zh") else "en"

    def _may_create(self, name: str) -> bool:
        """Whether the importing person may add a choice to an import field."""
        if name.startswith(PROPERTY_PREFIX):
            definition = self._property_definition().with_env(self._importer_env())
            return definition.has_access("write")
        target = FIELDS[name].target
        if target not in OPEN_TARGETS:
            return False
        comodel = self.env["res.partner"]._fields[target].comodel_name
        return self._importer_env()[comodel].has_access("create")

    def _choice_pairs(self, target: str) -> list[tuple[str, str]]:
        """(label, stored value) of a field of res.partner, any language."""
        field = self.env["res.partner"]._fields.get(target)
        if field is None:
            return []
        if field.type == "selection":
            return self._selection_pairs(target)
        if not field.relational:
            return []
        records = self._choice_records(target)
        extra = self._country_pairs(records) if target == "country_id" else []
        return self._record_pairs(records) + extra

    def _selection_pairs(self, target: str) -> list[tuple[str, str]]:
        field = self.env["res.partner"]._fields[target]
        pairs = [(key, key) for key, _label in field.selection]
        for lang, _name in self.env["res.lang"].get_installed():
            env = self.with_context(lang=lang).env
            for key, label in field._description_selection(env):
                pairs += [(label, key), (label.split(" (")[0], key)]
        return pairs

    def _choice_records(self, target: str):
        """Records a column may name. Read with the importing person's rights."""
        env = self._importer_env()
        if target == "user_id":
            return env["res.users"].search(self._owner_domain())
        if target == "state_id":
            codes = ["CN", self._country_code()]
            return env["res.country.state"].search([("country_id.code", "in", codes)])
        comodel = env["res.partner"]._fields[target].comodel_name
        return env[comodel].search([])

    def _country_pairs(self, countries) -> list[tuple[str, str]]:
        """Chinese and English names of countries, whatever languages are installed."""
        names = [Locale.parse(lang).territories for lang in ("zh_Hans", "en")]
        return [
            (known[country.code], f"{ID_PREFIX}{country.id}")
            for known in names
            for country in countries
            if country.code in known
        ]

    def _owner_domain(self) -> list:
        """Colleagues whom the importing person may make owner."""
        allowed = self._assignable_user_ids()
        domain = [("share", "=", False)]
        return domain if allowed is None else [*domain, ("id", "in", list(allowed))]

    def _record_pairs(self, records) -> list[tuple[str, str]]:
        names = [name for name in NAME_FIELDS if name in records._fields]
        pairs = []
        for lang, _name in self.env["res.lang"].get_installed():
            localised = records.with_context(lang=lang)
            for record in localised:
                value = f"{ID_PREFIX}{record.id}"
                labels = {record.display_name, *(record[name] for name in names)}
                pairs += [(label, value) for label in sorted(filter(None, labels))]
            if not any(records._fields[name].translate for name in names):
                break
        return pairs

    def _property_definition(self):
        # sudo: how custom fields are defined, which every form shows
        Definition = self.env["properties.base.definition"].sudo()
        return Definition._get_definition_for_property_field(
            "res.partner", "properties"
        )

    def _property_definitions(self) -> dict[str, dict]:
        """Label -> definition of the custom fields of customers."""
        return {
            field["string"]: field
            for field in self._property_definition().properties_definition or []
            if field.get("string") and field["type"] != "separator"
        }

    def _assignable_user_ids(self) -> set[int] | None:
        """Whom the importing person may make owner; None: everybody.

        The record rules of the Customer Centre decide the same at creation; asked
        here, so that the preview says it instead of the database.
        """
        user = self.user_id
        if user.has_group("sales_team.group_sale_salesman_all_leads"):
            return None
        if user.has_group("crm_customer_center.group_team_manager"):
            return set(user.managed_user_ids.ids)
        return {user.id}

    # ------------------------------------------------------------
    # STORED CUSTOMERS
    # ------------------------------------------------------------

    def _key_makers(self) -> planning.KeyMakers:
        country = self._country_code()
        return planning.KeyMakers(
            company=duplicate_keys.company_name_key,
            phone=lambda raw: duplicate_keys.phone_key(raw, country),
            email=duplicate_keys.email_key,
        )

    def _find_existing(self, wanted: set[str]) -> dict[str, list[planning.Candidate]]:
        """Return search key -> stored customers carrying it; see planning.

        A constant number of queries for any number of keys.
        """
        hits = self._partners_by_key(wanted)
        found = {customer for ids in hits.values() for customer in ids}
        # sudo: what is compared only; _candidates marks what the person may not see
        customers = self.env["res.partner"].sudo().browse(found)
        codes = {key.partition(":")[2] for key in wanted if key.startswith("code:")}
        candidates = self._candidates(customers, codes)
        return {
            key: [candidates[customer_id] for customer_id in sorted(ids)]
            for key, ids in hits.items()
        }

    def _partners_by_key(self, wanted: set[str]) -> dict[str, set[int]]:
        """Return search key -> ids of the customers (not contacts) carrying it."""
        columns = {
            "code": ("customer_code", "ref"),
            "vat": ("vat", "id_number"),
            "phone": ("phone_sanitized",),
            "email": ("email_normalized",),
            "name": ("name_key",),
        }
        values = defaultdict(list)
        for key in wanted:
            kind, _colon, value = key.partition(":")
            values[kind].append(value)
        found = defaultdict(set)
        for kind, names in columns.items():
            for name in names if values[kind] else ():
                for value, customer_id in self._search_key(name, values[kind]):
                    found[f"{kind}:{value}"].add(customer_id)
        return found

    def _search_key(self, field_name: str, values: list[str]):
        """Yield (value, id of the customer) of partners with one of the values."""
        # A customer that the person may not see is found by its keys, so that the
        # list cannot create it twice.
        # sudo: only the fact is told; the row gives no name and no owner of it
        Partner = self.env["res.partner"].sudo()
        domain = [
            (field_name, "in", values),
            ("is_customer", "=", True),
            ("company_id", "in", [False, self.company_id.id]),
        ]
        names = [field_name, "commercial_partner_id"]
        for partner in Partner.search_fetch(domain, names):
            yield partner[field_name], partner.commercial_partner_id.id

    def _candidates(self, customers, codes) -> dict[int, planning.Candidate]:
        env = self._importer_env()
        visible = env["res.partner"].browse(customers.ids)
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

    def _code_of(self, customer, codes: set[str]) -> str:
        """The code to compare. A list's own numbers end in ``ref``; a list that was
        exported from here names the customer code, which every customer has and
        which therefore must not count as different otherwise."""
        code = customer.customer_code
        return code if code in codes else customer.ref or ""

    def _contacts_of(self, customers):
        contacts = defaultdict(self.env["res.partner"].browse)
        for contact in customers.search([("parent_id", "in", customers.ids)]):
            contacts[contact.parent_id.id] += contact
        return contacts

    def _name_keys(self, customer, contacts) -> frozenset[str]:
        makers = self._key_makers()
        names = filter(None, (customer + contacts).mapped("name"))
        return frozenset(makers.company(name) for name in names)

    def _contact_keys(self, contacts) -> dict[str, int]:
        return {
            planning.contact_key(
                contact.name or "",
                contact.phone_sanitized or "",
                contact.email_normalized or "",
            ): contact.id
            for contact in contacts
        }
