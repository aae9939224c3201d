from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.crm_customer_center.tools import checks, duplicate_keys, text
from odoo.addons.crm_customer_center.tools.company_name import company_name

from ..tools.conflict_keys import CODE, EMAIL, NAME, PHONE, Key, Makers, key_of

# the columns a key is compared with
COLUMNS = {PHONE: ("phone_sanitized",), EMAIL: ("email_normalized",)}


class CrmConflictQuery(models.Model):
    """What a question asks for, and whom it finds."""

    _inherit = "crm.conflict.query"

    # ------------------------------------------------------------
    # KEYS
    # ------------------------------------------------------------

    @api.model
    def _makers(self) -> Makers:
        country = self.env["res.partner"]._phone_country_code()
        may_ask_id_numbers = "id_number" in self._code_columns()

        def code(raw: str) -> str:
            found = checks.check_credit_code(raw).value
            return found or (
                checks.check_id_number(raw).value if may_ask_id_numbers else ""
            )

        return Makers(
            fold=text.fold_marks,
            company=duplicate_keys.company_name_key,
            phone=lambda raw: duplicate_keys.phone_key(raw, country),
            email=duplicate_keys.email_key,
            code=code,
        )

    @api.model
    def _code_columns(self) -> tuple[str, ...]:
        hidden = self.env["crm.customer.match"]._hidden_columns()
        return tuple(name for name in ("vat", "id_number") if name not in hidden)

    @api.model
    def _key_of(self, asked: str) -> Key:
        """:raises UserError: when it is no whole key"""
        read = key_of(asked, self._makers())
        if read.key:
            return read.key
        sentences = {
            PHONE: self.env._(
                "This is no whole phone number or code. Write a landline with its area "
                "code, a foreign number with + and its country code."
            ),
            EMAIL: self.env._("This is no whole e-mail address."),
        }
        raise UserError(
            sentences.get(
                read.problem,
                self.env._(
                    "Write the whole name, as it stands on the licence, or a phone "
                    "number, an e-mail address or a credit code."
                ),
            )
        )

    # ------------------------------------------------------------
    # FOUND
    # ------------------------------------------------------------

    @api.model
    def _seen(self, key: Key):
        """Return whom the asker sees of those with the key, looked up by the asker's
        own rights."""
        found = self._search_key(self.env["res.partner"], key)
        return found.commercial_partner_id._filtered_access("read").filtered(
            "lifecycle_state"
        )

    @api.model
    def _found(self, key: Key):
        """Return, as the system, whose key it is: customers, those that went into
        others as these, in the company of who asks or of none."""
        # sudo: equality with one whole key, which was paid for; what is told of them
        # stands in _conflict_facts
        system = self.env["res.partner"].sudo().with_context(active_test=False)
        found = self._search_key(system, key).filtered(
            lambda one: one.active or one.merged_into_id
        )
        return found.commercial_partner_id._merged_survivors().filtered(
            lambda one: one.active and one.is_customer and one.lifecycle_state
        )

    @api.model
    def _search_key(self, partners, key: Key):
        """Return partners of the company, found by equality with a key."""
        domain = [
            ("company_id", "in", [False, self.env.company.id]),
            ("is_customer", "=", True),
        ]
        if key.kind == NAME:
            found = partners.search(
                [*domain, ("name_key", "=", key.value), ("is_company", "=", True)]
            )
            return found | self._formerly(partners, domain, key.value)
        names = self._code_columns() if key.kind == CODE else COLUMNS[key.kind]
        conditions = [(name, "=", key.value) for name in names]
        either = ["|"] * (len(conditions) - 1)
        return partners.search([*domain, *either, *conditions])

    @api.model
    def _formerly(self, partners, domain, name_key: str):
        """Return those that once had exactly this name."""
        looked_for = f"n{company_name(name_key).key}"
        ids = self.env["crm.customer.match.key"]._others([looked_for])
        return partners.search([*domain, ("id", "in", list(ids))]).filtered(
            lambda one: (
                name_key
                in map(
                    duplicate_keys.company_name_key,
                    filter(None, (one.former_names or "").split("\n")),
                )
            )
        )

    @api.model
    def _owned_since(self, partner):
        """Return since when a customer has its owner: the last note that the owner
        changed, else when it was entered.

        :param partner: as the system
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT max(m.date) FROM mail_message m
                  JOIN mail_tracking_value v ON v.mail_message_id = m.id
                 WHERE m.model = 'res.partner' AND m.res_id = %s
                   AND v.field_id = %s AND v.new_value_integer = %s
                """,
                partner.id,
                self.env["ir.model.fields"]._get("res.partner", "user_id").id,
                partner.customer_owner_id.id or 0,
            )
        )
        return rows[0][0] or partner.create_date
