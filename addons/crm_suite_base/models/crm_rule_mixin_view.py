from typing import Any, NamedTuple

from lxml.builder import E

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools import conditions

SHOWN = 80


class Rehearsed(NamedTuple):
    """What a rule would do to one record: ``would`` in words, and what of the record
    meets the condition."""

    record: Any
    would: str
    because: str


class CrmRuleMixin(models.AbstractModel):
    """What a person sees of a rule: whom it is about, what it would do and why; and
    the same banner, buttons and figures on every form and list."""

    _inherit = "crm.rule.mixin"

    # whether start and stop are for people; a segment only works or does not
    _rule_switched = True
    # who sees the buttons, as XML ids of groups; none: whoever sees the form
    _rule_writers = None
    # of so many of the last records it is rehearsed; 0: of all
    _rehearsed_last = 0

    # ------------------------------------------------------------
    # REHEARSAL
    # ------------------------------------------------------------

    def _among(self) -> Domain:
        """Return what the records of the rule are besides, for its count and its
        rehearsal: only open ones, say."""
        return Domain.TRUE

    def _rehearsal_domain(self) -> Domain:
        """Return the records something would happen to.

        :raises RuleBroken: the condition cannot be read
        """
        return self._rule_domain() & self._among()

    def _would(self, records) -> dict[int, str]:
        """Return what would become of records that match, in words, by their ids."""
        words = self.env._("is one of those the rule is about")
        return dict.fromkeys(records.ids, words)

    def _rehearse(self, limit=SHOWN) -> tuple[int, list[Rehearsed]]:
        """Return how many records the rule would do something to, and what it would
        do to the first of them. Nothing is changed.

        Only records the person who asks may see: a rehearsal tells nothing more.
        """
        self.ensure_one()
        self._verify_condition()
        records = self.env[self._rule_model()]
        domain = self._rehearsal_domain()
        found = records.search(domain, limit=limit)
        would = self._would(found)
        rows = [
            Rehearsed(record, would[record.id], self._because(record))
            for record in found
            if record.id in would
        ]
        return records.search_count(domain), rows

    def _because(self, record) -> str:
        """Return what the condition asks of the record, and what it finds there."""
        parts = []
        for leaf in conditions.leaves(self._read_condition()):
            try:
                parts.append(self._value_in_words(record, leaf.path))
            except (AccessError, KeyError, AttributeError):
                continue
        return "; ".join(dict.fromkeys(filter(None, parts)))

    def _value_in_words(self, record, path) -> str:
        label = ""
        for name in path.split("."):
            field = record._fields[name]
            label = field._description_string(self.env)
            if not field.comodel_name:
                value = self._said(field, record[:1])
                break
            record = record[name]
            value = ", ".join(record[:3].mapped("display_name"))
        return self.env._("%(field)s: %(value)s", field=label, value=value or "–")

    @api.model
    def _said(self, field, record) -> str:
        if field.type == "boolean":
            return self.env._("yes") if record[field.name] else self.env._("no")
        value = field.convert_to_export(record[field.name], record)
        return str(value if value is not False else "")

    def action_rehearse(self):
        """Show whom the rule would concern, what it would do and why; change
        nothing. For who may change the rule: it tells what its author may ask."""
        self.ensure_one()
        self.check_access("write")
        return self.env["crm.rule.rehearsal"]._show(self)

    # ------------------------------------------------------------
    # COUNT
    # ------------------------------------------------------------

    @api.depends(lambda self: (*self._condition_fields, "state"))
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_match_count(self):
        for rule in self:
            try:
                if not rule.id:
                    # being typed: a search that fails would end the transaction
                    rule._verify_condition()
                domain = rule._rehearsal_domain()
                rule.match_count = self.env[rule._rule_model()].search_count(domain)
            except (UserError, AccessError, ValueError, KeyError, TypeError):
                # saving says what is wrong
                rule.match_count = 0

    def action_open_matching(self):
        """Open the records that meet the condition, as far as the person sees them."""
        self.ensure_one()
        info = self._rule_info()
        domain = Domain(list(info.base)) & Domain(list(info.domain)) & self._among()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": info.model,
            "view_mode": "list,form",
            "domain": list(domain),
        }

    # ------------------------------------------------------------
    # SCREENS
    # ------------------------------------------------------------

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Put what all rules show on each form and list: one place, so that no kind
        of rule can hide that it was stopped."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            self._add_to_form(arch)
        elif view_type == "list":
            self._add_to_list(arch)
        return arch, view

    @api.model
    def _add_to_form(self, arch):
        header = arch.find("header")
        if header is None:
            header = E.header()
            arch.insert(0, header)
        own = set(arch.xpath("//button/@name"))
        header.extend(b for b in self._form_buttons() if b.get("name") not in own)
        if not header.xpath("field[@name='state']"):
            header.append(E.field(name="state", widget="statusbar"))
        if not arch.xpath("//field[@name='active']"):
            header.append(E.field(name="active", invisible="1"))
        header.addnext(self._banner())
        sheet = arch.find("sheet")
        (arch if sheet is None else sheet).append(
            E.group(
                E.field(name="responsible_id", widget="many2one_avatar_user"),
                E.field(name="author_id", widget="many2one_avatar_user"),
                E.field(name="last_run_date", invisible="not last_run_date"),
                name="rule_people",
            )
        )
        if not arch.xpath("//chatter"):
            arch.append(E.chatter())

    @api.model
    def _form_buttons(self) -> list:
        drafts = self._rule_switched and self._rule_first_state == "draft"
        begin = ("action_start", self.env._("Start"), "state == 'ok' and active")
        if drafts:
            # a rule that changes much is started from where one sees what
            begin = ("action_rehearse", self.env._("Start…"), "not id or state == 'ok'")
        hidden = "not id or state != 'ok'" if drafts else "not id"
        names = [("action_rehearse", self.env._("Rehearse"), hidden)]
        if self._rule_switched:
            end = ("action_stop", self.env._("Stop"), "state != 'ok' or not active")
            names += [begin, end]
        groups = {"groups": self._rule_writers} if self._rule_writers else {}
        return [
            E.button(name=name, type="object", string=text, invisible=hidden, **groups)
            for name, text, hidden in names
        ]

    @api.model
    def _banner(self):
        return E.div(
            E.strong(self.env._("The rule was stopped.")),
            " ",
            E.field(name="error", nolabel="1", readonly="1"),
            " ",
            self.env._("Correct the condition, or start the rule again."),
            {"class": "alert alert-danger mb-0", "role": "alert"},
            invisible="state != 'error'",
        )

    @api.model
    def _add_to_list(self, arch):
        if not arch.xpath("//field[@name='state']"):
            arch.append(
                E.field(
                    {
                        "name": "state",
                        "widget": "badge",
                        "optional": "show",
                        "decoration-success": "state == 'ok'",
                        "decoration-danger": "state == 'error'",
                    }
                )
            )
