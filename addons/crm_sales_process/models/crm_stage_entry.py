import json
from typing import NamedTuple

from lxml import etree

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.crm_suite_base.calls import shaped
from odoo.addons.crm_suite_base.tools.conditions import leaves, parse

from ..exceptions import ClosingReasonMissing, StageRequirementsMissing
from ..tools.approval import GATE, judge

WIDGETS = {
    "phone": {"widget": "phone"},
    "email_from": {"widget": "email"},
    "website": {"widget": "url"},
    "priority": {"widget": "priority"},
    "user_id": {"widget": "many2one_avatar_user"},
    "won_reason_id": {"widget": "selection_badge"},
    "competitor_id": {"options": "{'no_open': True}"},
    "partner_id": {"widget": "res_partner_many2one"},
    "expected_revenue": {
        "widget": "monetary",
        "options": "{'currency_field': 'company_currency'}",
    },
    "tag_ids": {
        "widget": "many2many_tags",
        "options": "{'color_field': 'color', 'no_create_edit': True}",
    },
}
# what a won deal is asked for beside what its stages ask, in this order
OF_WON = ("partner_id", "expected_revenue", "signed_on")
REASON, COMPETITOR = "won_reason_id", "competitor_id"
# a refusal names so many deals and then how many more there are
NAMED = 5
# not filled in by people in a small dialog
ELSEWHERE = frozenset(("stage_id", "type", "active", "probability", "lead_properties"))


class Asked(NamedTuple):
    """What is missing: ``names`` of fields and whether each has to be filled in,
    ``checks`` in words, and ``others`` the names of fields the person may not write."""

    names: dict[str, bool]
    checks: list[str]
    others: list[str]


class CrmStageEntry(models.AbstractModel):
    """What is missing for deals to enter a stage, asked of the person and written with
    the move in one transaction. Whoever comes another way reads the refusal of
    ``crm.lead._check_stage_entry``. See docs/adr/0052.
    """

    _name = "crm.stage.entry"
    _description = "Entry into a Stage"

    @api.model
    @api.readonly
    @shaped
    def get_dialog(self, lead_ids: list[int], stage_id: int):
        """Return the form that asks for what is missing, and nothing else.

        :param lead_ids: ids of the deals
        :param stage_id: id of the stage they are to enter
        :return: ``{"title", "arch", "models"}`` as a view has them, or False where
            nothing that is missing can be filled in by this person
        :raise UserError: where an approval is needed first
        """
        leads = self.env["crm.lead"].browse(lead_ids)
        leads.check_access("write")
        stage = self.env["crm.stage"].browse(stage_id)
        self._refuse_what_waits(leads, stage)
        asked = self._asked_for(leads, stage)
        if not asked.names:
            return False
        arch, fields_of = self.env["ir.ui.view"].postprocess_and_fields(
            self._form(leads, stage, asked), model="crm.lead"
        )
        attributes = leads._get_view_field_attributes()
        return {
            "title": self._title(leads, stage),
            "arch": arch,
            "models": {
                model: {"fields": self.env[model].fields_get(list(names), attributes)}
                for model, names in fields_of.items()
            },
        }

    @api.model
    @shaped
    def enter(self, lead_ids: list[int], stage_id: int, values: dict):
        """Fill in what was missing and move the deals, or do neither.

        :param values: by field, as ``write`` takes them; of several deals each takes
            what it has not yet
        :return: the congratulation, where one deal is won; else False
        :raise UserError: when something is missing all the same
        """
        leads = self.env["crm.lead"].browse(lead_ids)
        stage = self.env["crm.stage"].browse(stage_id)
        if stage.is_won:
            leads.filtered(lambda lead: not lead.active).action_unarchive()
        several = len(leads) > 1
        try:
            for lead in leads:
                own = {
                    name: value
                    for name, value in values.items()
                    if not several or not lead[name]
                }
                if stage.is_won and not lead.date_deadline:
                    # nobody is asked when to expect what is there
                    day = own.get("signed_on") or lead.signed_on
                    own.setdefault("date_deadline", day)
                lead.write({**own, "stage_id": stage.id})
        except (StageRequirementsMissing, ClosingReasonMissing) as error:
            # asked already: what is left is said, not asked again
            raise UserError(str(error)) from error
        return not several and stage.is_won and leads.get_rainbowman_message()

    # ------------------------------------------------------------
    # WHAT IS ASKED
    # ------------------------------------------------------------

    @api.model
    def _asked_for(self, leads, stage) -> Asked:
        """Return what the stage asks for and the deals have not, when it is won also
        what is asked of every won deal and what the stages passed by ask for."""
        needed, checks = self._missing_of(leads, stage)
        names = dict(needed)
        if stage.is_won:
            names = self._asked_of_won(leads)
            self._add(names, needed)
            for passed in self._stages_passed(leads, stage):
                more, more_checks = self._missing_of(leads, passed)
                self._add(names, more)
                checks += [check for check in more_checks if check not in checks]
            # whether it is there is no question any more when to expect it
            names.pop("date_deadline", None)
        fillable = {name for name in names if self._is_fillable(name)}
        labels = leads.fields_get(list(names), ["string"])
        return Asked(
            {name: must for name, must in names.items() if name in fillable},
            checks,
            [
                labels.get(name, {}).get("string") or leads._fields[name].string
                for name, must in names.items()
                if must and name not in fillable
            ],
        )

    @api.model
    def _add(self, names: dict[str, bool], more: dict[str, bool]) -> None:
        for name, must in more.items():
            names[name] = names.get(name, False) or must

    @api.model
    def _missing_of(self, leads, stage) -> tuple[dict[str, bool], list[str]]:
        """Return the fields of one stage that some deal has not, those it must have
        as True, and the checks some deal does not pass, in words."""
        # sudo: requirements of a stage are for all to read
        stage = stage.sudo()
        # sudo: only whether a field is filled, of deals the person works with
        known = leads.sudo()
        names = {
            field.name: True
            for field in stage.required_field_ids.sorted("name")
            if not all(lead[field.name] for lead in known)
        }
        checks = []
        for info in stage.requirement_ids._rule_book():
            check = stage.requirement_ids.browse(info.id)
            if check not in stage.requirement_ids:
                continue
            failed = len(check._match_safely(info, leads)) < len(leads)
            if failed and check.state == "ok":
                checks.append(check.name)
                for leaf in leaves(parse(check.domain)):
                    names.setdefault(leaf.path, False)
        return {n: must for n, must in names.items() if n in leads._fields}, checks

    @api.model
    def _asked_of_won(self, leads) -> dict[str, bool]:
        """Customer, signed amount and date of one deal; the reason of several, too."""
        names = {}
        if len(leads) == 1:
            names = {n: True for n in OF_WON if n != "partner_id" or not leads[n]}
        names[REASON] = self._wants_reason(leads)
        return names | {COMPETITOR: False}

    @api.model
    def _wants_reason(self, leads) -> bool:
        company = (leads.company_id or self.env.company)[:1]
        # sudo: one setting of the deals' company
        return company.sudo().is_closing_reason_required

    @api.model
    def _stages_passed(self, leads, stage):
        """Return the stages between where the deals are and where they go, on the way
        of their teams."""
        # sudo: the order of stages is for all to read, the teams they belong to are not
        stages = self.env["crm.stage"].sudo().search([])
        here = [stages.ids.index(s.id) for s in leads.stage_id if s in stages]
        if stage not in stages or not here:
            return stages.browse()
        between = stages[min(here) + 1 : stages.ids.index(stage.id)]
        return between.filtered(
            lambda s: not s.is_won and (not s.team_ids or leads.team_id & s.team_ids)
        )

    @api.model
    def _is_fillable(self, name) -> bool:
        """Whether the person may write a field of deals, in a small dialog."""
        leads = self.env["crm.lead"]
        field = leads._fields[name]
        return (
            name not in ELSEWHERE
            and not field.readonly
            and field.type not in ("one2many", "binary", "json")
            and leads._has_field_access(field, "read")
            and leads._has_field_access(field, "write")
        )

    # ------------------------------------------------------------
    # BEFORE ANYTHING IS ASKED
    # ------------------------------------------------------------

    @api.model
    def _refuse_what_waits(self, leads, stage):
        """Say which of the deals needs an approval first.

        :raise UserError: for the first of them, as the move itself would
        """
        leads._check_not_pending({"stage_id": stage.id})
        thresholds = leads._thresholds_that_bind()
        acting = leads._acting_teams() if thresholds else frozenset()
        approvals = leads._approvals() if thresholds else {}
        for lead in leads if thresholds else ():
            before = lead._as_deal()
            after = before._replace(place=stage.sequence, won=stage.is_won)
            reached = approvals.get(lead.id, ())
            if judge(before, after, acting, thresholds, reached) == GATE:
                lead._refuse_gate()

    @api.model
    def _won_stage(self, lead):
        """Return the stage the won button leads to, as Odoo chooses it."""
        stages = lead._stage_find(domain=[("is_won", "=", True)], limit=None)
        later = stages.filtered(lambda s: s.sequence > lead.stage_id.sequence)
        return later[:1] or stages[-1:]

    @api.model
    def _has_to_ask(self, lead, stage) -> bool:
        """Whether the won button opens the dialog for a deal."""
        wanted = self._wants_reason(lead) and not lead.won_reason_id
        return wanted or any(
            not line["done"] for line in lead._checklist(stage).get(lead.id, ())
        )

    # ------------------------------------------------------------
    # THE FORM
    # ------------------------------------------------------------

    @api.model
    def _title(self, leads, stage) -> str:
        if len(leads) > 1:
            return self.env._(
                "%(count)s deals → %(stage)s", count=len(leads), stage=stage.name
            )
        return f"{leads.name} → {stage.name}"

    @api.model
    def _form(self, leads, stage, asked):
        """Return the view: what cannot be filled in here, then a field a line."""
        form = etree.Element("form", {"class": "o_enter_stage_form"})
        notes = list(asked.checks)
        if asked.others:
            names = self.env._(", ").join(asked.others)
            notes.append(self.env._("Somebody else has to fill in: %s.", names))
        for note in notes:
            line = etree.SubElement(form, "div", {"class": "text-muted mb-2"})
            line.text = note
        etree.SubElement(form, "field", {"name": "company_currency", "invisible": "1"})
        group = etree.SubElement(form, "group", {"col": "2"})
        for name, must in asked.names.items():
            node = etree.SubElement(group, "field", self._form_field(leads, name))
            if must:
                node.set("required", "1")
            if name == "expected_revenue" and stage.is_won:
                node.set("string", self.env._("Signed Amount"))
        return form

    @api.model
    def _form_field(self, leads, name) -> dict[str, str]:
        """Return the attributes of a field in the dialog."""
        attributes = {"name": name, **WIDGETS.get(name, {})}
        if leads._fields[name].type == "many2many" and "widget" not in attributes:
            attributes["widget"] = "many2many_tags"
        if name == "partner_id" and len(leads) == 1:
            attributes["context"] = json.dumps(self._customer_defaults(leads))
        return attributes

    @api.model
    def _customer_defaults(self, lead) -> dict:
        """Return what a customer made from the dialog begins with."""
        values = {
            "default_name": lead.partner_name or lead.contact_name or "",
            "default_phone": lead.phone or "",
            "default_email": lead.email_from or "",
        }
        return {key: value for key, value in values.items() if value} | {
            "default_is_company": int(bool(lead.partner_name)),
            "res_partner_search_mode": "customer",
        }

    @api.model
    def _refusal(self, missing: dict) -> str:
        """Return what who comes another way reads: a line a deal, the first ``NAMED``.

        :param missing: by deal, names of what is missing
        """
        lines = [
            self.env._(
                "“%(lead)s” cannot enter the stage “%(stage)s” yet. "
                "Still missing: %(missing)s.",
                lead=lead.name,
                stage=lead.stage_id.name,
                missing=self.env._(", ").join(labels),
            )
            for lead, labels in list(missing.items())[:NAMED]
        ]
        more = len(missing) - NAMED
        if more > 0:
            lines.append(self.env._("… and %(count)s more.", count=more))
        return "\n".join(lines)
