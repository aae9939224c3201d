from collections.abc import Collection
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_customer_center.tools.duplicate_keys import phone_key
from odoo.addons.crm_customer_center.tools.likeness import Profile
from odoo.addons.crm_customer_center.tools.match_keys import VERSION

#: columns of a partner that are compared
COLUMNS = (
    "name",
    "is_company",
    "phone_sanitized",
    "phone",
    "email_normalized",
    "vat",
    "id_number",
    "ref",
    "city",
    "former_names",
    "company_id",
)


class Compared(NamedTuple):
    """A customer as it is compared, and whose it is."""

    profile: Profile
    company_id: int | None


class CrmCustomerMatch(models.Model):
    """Which customers have been compared, as what. Grain: one row a customer.

    ``digest`` says what the customer was when its keys were made: who is another one by
    now waits to be compared anew, whichever way it was changed.
    """

    _name = "crm.customer.match"
    _description = "Comparison of a Customer"
    _log_access = False
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )
    digest = fields.Char(required=True, readonly=True)
    is_paired = fields.Boolean(readonly=True)

    _partner_uniq = models.UniqueIndex("(partner_id)")
    _waiting_idx = models.Index("(partner_id) WHERE is_paired IS NOT TRUE")

    @api.model
    def _eligible(self, alias: str) -> SQL:
        """That a partner is a customer that can have a double: not a contact, not put
        away."""
        table = SQL.identifier(alias)
        return SQL(
            "(%(p)s.active AND %(p)s.is_customer AND %(p)s.lifecycle_state IS NOT NULL"
            " AND %(p)s.commercial_partner_id = %(p)s.id)",
            p=table,
        )

    @api.model
    def _digest(self, alias: str) -> SQL:
        """What a partner is compared as, in one text."""
        columns = SQL(", ").join(
            SQL("%s::text", SQL.identifier(alias, name)) for name in COLUMNS
        )
        return SQL("md5(%s || array_to_string(ARRAY[%s], '|', '~'))", VERSION, columns)

    @api.model
    def _hidden_columns(self) -> frozenset[str]:
        """Return what the user may read of nobody. It is not compared for who types:
        that two are the same would tell what stands there."""
        partners = self.env["res.partner"]
        return frozenset(
            name
            for name in COLUMNS
            if not partners._has_field_access(partners._fields[name], "read")
        )

    @api.model
    def _profiles(
        self, ids: Collection[int], hidden: Collection[str] = ()
    ) -> dict[int, Compared]:
        """Return what is compared of customers, read past all rules.

        Never shown: what comes of it is asked for by the rules of whoever asks.

        :param hidden: columns that are left out
        """
        columns = SQL(", ").join(
            SQL("NULL") if name in hidden else SQL.identifier("p", name)
            for name in COLUMNS
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT p.id, %s FROM res_partner p WHERE p.id = ANY(%s)",
                columns,
                list(ids),
            )
        )
        return {row[0]: Compared(_profile(row), row[-1]) for row in rows}

    @api.model
    def _profile_of(self, partner, hidden: Collection[str] = ()) -> Profile:
        """Return what is compared of a partner that may not be saved yet.

        :param hidden: columns that are left out
        """
        country = partner._phone_country_code()
        # sudo: compared, and not shown
        own = partner.sudo()
        known = {name: own[name] for name in COLUMNS if name not in hidden}
        return make_profile(
            name=known.get("name"),
            is_company=known.get("is_company"),
            phone=phone_key(known.get("phone") or "", country),
            email=known.get("email_normalized"),
            number=_number(known.get("vat"), known.get("id_number")),
            ref=known.get("ref"),
            city=known.get("city"),
            former=known.get("former_names"),
        )


def make_profile(
    *, name, is_company, phone, email, number, ref, city, former
) -> Profile:
    """Of values as they are stored, empty ones included."""
    return Profile(
        name=name or "",
        person=not is_company,
        phones=frozenset(filter(None, [phone])),
        emails=frozenset(filter(None, [email and email.lower()])),
        credit_code=number or "",
        codes=frozenset(filter(None, [ref])),
        city=city or "",
        former=tuple(filter(None, (former or "").split("\n"))),
    )


def _profile(row: tuple) -> Profile:
    _id, name, is_company, sanitized, phone, email, vat, number, *rest = row
    ref, city, former, _company = rest
    return make_profile(
        name=name,
        is_company=is_company,
        phone=sanitized or phone_key(phone or ""),
        email=email,
        number=_number(vat, number),
        ref=ref,
        city=city,
        former=former,
    )


def _number(vat, id_number):
    """A company's code, else a person's; "/" is what Odoo writes for none."""
    return vat if vat and vat != "/" else id_number
