from collections import defaultdict

from odoo import api, fields, models

from ..exceptions import StageRequirementsMissing


class CrmLead(models.Model):
    _inherit = "crm.lead"

    next_stage_id = fields.Many2one(
        "crm.stage",
        compute="_compute_next_stage",
    )
    next_stage_checklist = fields.Json(
        compute="_compute_next_stage",
        help="What the next stage asks for: a list of {label, done}.",
    )

    @api.depends("stage_id", "team_id", "won_status")
    @api.depends_context("lang", "uid")
    def _compute_next_stage(self):
        stages = self.env["crm.stage"]
        asking = stages._asking_stage_ids()
        wanted = self.browse()
        for lead in self:
            next_id = stages._next_stage_id(lead.stage_id.id, lead.team_id.id)
            lead.next_stage_id = next_id
            lead.next_stage_checklist = False
            if next_id in asking and lead.won_status == "pending":
                wanted |= lead
        for stage, leads in wanted.grouped("next_stage_id").items():
            checklist = leads._checklist(stage)
            for lead in leads:
                lead.next_stage_checklist = checklist[lead.id]

    def _checklist(self, stage) -> dict[int, list[dict]]:
        """What ``stage`` asks for and whether each lead has it, by lead id:
        a list of ``{"label": …, "done": bool}`` in the user's language."""
        lines = defaultdict(list)
        # sudo: requirements of a stage are for all to read, the table of Odoo's
        # fields is not
        stage = stage.sudo()
        labels = self.fields_get(stage.required_field_ids.mapped("name"), ["string"])
        for field in stage.required_field_ids.sorted("name"):
            label = labels.get(field.name, {}).get("string") or field.field_description
            # sudo: only whether a field is filled, of leads the user works with
            for lead in self.sudo():
                lines[lead.id].append({"label": label, "done": bool(lead[field.name])})
        # sudo: a check may look at what the salesperson may not; at what its author
        # may, see crm.rule.mixin
        checks = stage.requirement_ids
        for info in checks._rule_book():
            check = checks.browse(info.id)
            if check not in checks:
                continue
            passed = set(check._match_safely(info, self)._ids)
            if check.state != "ok":
                continue
            for lead in self:
                lines[lead.id].append({"label": check.name, "done": lead.id in passed})
        return lines

    def _check_stage_entry(self, new=()):
        """Refuse leads that entered a stage without what the stage asks for.

        Holds for people on every way in; what the system does itself (superuser,
        automation) is not held up. See docs/adr.

        :param new: ids of those that are just being made: a dialog that asks for
            what is missing could not write to them
        :raise StageRequirementsMissing: naming lead, stage and what is missing; the web
            client asks for it then
        """
        if self.env.su:
            return
        asking = self.env["crm.stage"]._asking_stage_ids()
        opportunities = self.filtered(
            lambda lead: lead.type == "opportunity" and lead.stage_id.id in asking
        )
        missing = {}
        for stage, leads in opportunities.grouped("stage_id").items():
            for lead_id, lines in leads._checklist(stage).items():
                labels = [line["label"] for line in lines if not line["done"]]
                if labels:
                    missing[self.browse(lead_id)] = labels
        if missing:
            refused = self.browse(lead.id for lead in missing)
            stages = refused.stage_id
            can_ask = len(stages) == 1 and not set(refused.ids) & set(new)
            raise StageRequirementsMissing(
                self.env["crm.stage.entry"]._refusal(missing),
                lead_ids=self.filtered(lambda lead: lead.stage_id == stages).ids
                if can_ask
                else (),
                stage_id=can_ask and stages.id,
            )
