from typing import Any, NamedTuple

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..calls import shaped
from ..tools import conditions
from .crm_rule_mixin_check import TRIAL_SECONDS

# more are told as “10,000+”
COUNT_LIMIT = 10_000
SAMPLES = 5
# what the editor has words for, see condition_comparisons.js
KINDS = {
    "char": "text",
    "text": "text",
    "html": "text",
    "integer": "number",
    "float": "number",
    "monetary": "number",
    "date": "date",
    "datetime": "date",
    "boolean": "yesno",
    "selection": "choice",
    "many2one": "record",
    "many2many": "records",
    "one2many": "records",
}


class ConditionField(NamedTuple):
    """A field that people ask about in conditions.

    :param model: name of the model the conditions are about
    :param path: the field, of other records by the way of many2ones
    :param group: key of the heading it stands below, see ``_group_names``
    :param label: in the words of the reader; empty: as the field is called
    """

    model: str
    path: str
    group: str
    label: str = ""


class CrmCondition(models.AbstractModel):
    """What the condition editor asks the server: which fields to offer, and what a
    condition finds. See docs/adr/0067-conditions-for-people.md."""

    _name = "crm.condition"
    _description = "Condition Editor"

    # ------------------------------------------------------------
    # FOR MODULES
    # ------------------------------------------------------------

    @api.model
    def _offered_fields(self) -> list[ConditionField]:
        """Return the fields people ask about, of all models, the most wanted first. A
        module appends those it brings through ``super()``; of two lines for the same
        field the first holds."""
        return []

    @api.model
    def _offered_names(self) -> dict[str, str]:
        """Return what records of a model are called in the sentence of a condition, in
        the plural. A module appends its own through ``super()``."""
        return {"res.partner": self.env._("customers")}

    @api.model
    def _rule_scopes(self) -> dict[str, dict[str, list]]:
        """Return what rules of a kind are about besides their condition, whatever one
        of them says: ``{model of the rule: {model asked: domain}}``. What the editor
        counts beside such a rule is of these. A module appends its own through
        ``super()``."""
        return {}

    @api.model
    def _group_names(self) -> dict[str, str]:
        """Return the headings that fields stand below, in their order."""
        return {
            "deal": self.env._("Lead or Deal"),
            "ticket": self.env._("Ticket"),
            "followup": self.env._("Follow-Up"),
            "customer": self.env._("Customer"),
            "contact": self.env._("Contacts and Dates"),
            "tags": self.env._("Tags and Segments"),
            "people": self.env._("Owner and Team"),
            "address": self.env._("Address"),
            "service": self.env._("Service"),
        }

    # ------------------------------------------------------------
    # FOR THE EDITOR
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    @shaped
    def get_fields(self, model: str) -> dict[str, Any]:
        """Return the fields to choose from for conditions on a model.

        :return: ``{"name": plural, "groups": [{"name", "fields": [{"path", "label",
            "kind", "type", "relation", "choices": [[value, label]]}]}]}``, as far as
            the reader may read them
        :raises AccessError: the reader may not read the model
        """
        records = self._asked(model)
        groups = {key: {} for key in self._group_names()}
        for entry in self._offered_fields():
            group = groups[entry.group]
            if entry.model == model and entry.path not in group:
                line = self._line(records, entry)
                if line:
                    group[entry.path] = line
        # sudo: the name of a model is told on its screens
        name = self.env["ir.model"].sudo()._get(model).name
        return {
            "name": self._offered_names().get(model) or name,
            "groups": [
                {"name": heading, "fields": list(groups[key].values())}
                for key, heading in self._group_names().items()
                if groups[key]
            ],
        }

    @api.model
    @api.readonly
    @shaped
    def preview(self, model: str, domain: str, rule: str = "") -> dict[str, Any]:
        """Return what a condition finds, as far as the reader sees it.

        :param domain: as it is stored
        :param rule: model of the rule whose condition it is, see ``_rule_scopes``
        :return: ``{"count": int, "more": bool, "names": [text], "scope": domain}``, or
            ``{"error": sentence}`` where it cannot be asked
        """
        records = self._asked(model)
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                scope = self._rule_scopes().get(rule, {}).get(model, [])
                found = self._found(
                    records, self._checked(records, domain) & Domain(scope)
                )
                return found | {"scope": scope}
        except psycopg2.errors.QueryCanceled:
            return {"error": self.env["crm.rule.mixin"]._too_slow()}
        except (AccessError, UserError) as error:
            return {"error": str(error)}
        except (ValueError, TypeError, KeyError, NotImplementedError) as error:
            # what a search method or Odoo says of values it does not understand
            return {"error": self.env._("This cannot be asked: %s", str(error)[:300])}

    @api.model
    def _asked(self, model):
        """Return the model, when the reader may read it and conditions may ask it.

        :raises AccessError: not this one
        """
        mixin = self.env["crm.rule.mixin"]
        known = model in self.env and conditions.is_open(model, mixin._open_models())
        if not known or self.env[model]._abstract:
            raise AccessError(self.env._("No condition can ask about “%s”.", model))
        self.env[model].check_access("read")
        return self.env[model]

    @api.model
    def _checked(self, records, text):
        """Return the domain that a text stands for, with the checks of a rule."""
        mixin = self.env["crm.rule.mixin"]
        domain = mixin._parse_condition(text, {"uid": self.env.uid})
        for leaf in conditions.leaves(domain):
            mixin._check_path(self.env, leaf, records._name)
        query = records._search(Domain(domain))
        if not query.is_empty():
            mixin._check_cost(query)
        return Domain(domain)

    @api.model
    def _found(self, records, domain):
        cr = self.env.cr
        cr.execute("SHOW statement_timeout")
        [before] = cr.fetchone()
        cr.execute("SET LOCAL statement_timeout = %s", [TRIAL_SECONDS * 1000])
        count = records.search_count(domain, limit=COUNT_LIMIT + 1)
        names = records.search(domain, limit=SAMPLES).mapped("display_name")
        cr.execute("SET LOCAL statement_timeout = %s", [before])
        return {
            "count": min(count, COUNT_LIMIT),
            "more": count > COUNT_LIMIT,
            "names": names,
        }

    # ------------------------------------------------------------
    # ONE FIELD
    # ------------------------------------------------------------

    @api.model
    def _line(self, records, entry) -> dict[str, Any] | None:
        """Return how a field is offered; nothing, where it is not there or the reader
        may not read it."""
        field = self._field_at(records, entry.path)
        if field is None or field.type not in KINDS:
            return None
        described = self.env[field.model_name].fields_get(
            [field.name], ["string", "selection"]
        )[field.name]
        return {
            "path": entry.path,
            "label": entry.label or described["string"],
            "kind": KINDS[field.type],
            "type": field.type,
            "relation": field.comodel_name or False,
            "choices": [list(pair) for pair in described.get("selection", ())],
        }

    @api.model
    def _field_at(self, records, path):
        """Return the field at a path, when the reader may ask about each step."""
        mixin = self.env["crm.rule.mixin"]
        about = records
        field = None
        for name in path.split("."):
            field = records._fields.get(name)
            if field is None or not field._description_searchable:
                return None
            try:
                mixin._check_step(records, field, about)
            except UserError:
                return None
            records = self.env[field.comodel_name] if field.comodel_name else records
        return field
