from typing import Any

from odoo import models


class CrmCustomerImport(models.Model):
    """Whose import this is, and what that person may name. Other modules may add."""

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

    def _country_code(self) -> str:
        return self.company_id.country_id.code or "CN"

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

    def _customer_defaults(self, vals: dict) -> dict[str, Any]:
        """Values of every new customer that its row does not give."""
        defaults = {"lifecycle_state": "potential"}
        if self.default_user_id:
            defaults["user_id"] = self.default_user_id.id
        if self.company_id.country_id and "country_id" not in vals:
            defaults["country_id"] = self.company_id.country_id.id
        return defaults

    def _owner_domain(self) -> list:
        """Colleagues whom the importing person may make owner."""
        allowed = self._assignable_user_ids()
        domain = [("share", "=", False)]
        return domain if allowed is None else [*domain, ("id", "in", list(allowed))]

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
