from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.crm_suite_base.models.crm_rule_mixin import KEPT


class ResPartnerCategory(models.Model):
    """How much a tag is used, and making one tag of several."""

    _inherit = "res.partner.category"

    partner_count = fields.Integer("Customers", compute="_compute_partner_count")
    lead_count = fields.Integer("Leads", compute="_compute_lead_count")
    rule_count = fields.Integer("Rules", compute="_compute_rule_count")

    def _compute_partner_count(self):
        self._count_use("partner_count", "res.partner", "category_id", self)

    def _compute_lead_count(self):
        twins = self.with_context(active_test=False).crm_tag_ids
        self._count_use("lead_count", "crm.lead", "tag_ids", twins)

    def _count_use(self, name, model, field, tags):
        """Count the records the user may see, in one query."""
        counts = {}
        if self.env[model].has_access("read"):
            rows = self.env[model]._read_group(
                [(field, "in", tags.ids)], [field], ["__count"]
            )
            counts = {tag.id: count for tag, count in rows}
        for tag in self:
            own = tag if tags._name == tag._name else tag._all_twins()
            tag[name] = sum(counts.get(i, 0) for i in own.ids)

    def _all_twins(self):
        return self.with_context(active_test=False).crm_tag_ids

    def _compute_rule_count(self):
        rules = self._rules_of()
        for tag in self:
            tag.rule_count = len(
                rules.filtered(lambda r, t=tag: t in r.add_tag_ids | r.remove_tag_ids)
            )

    # ------------------------------------------------------------
    # MERGE
    # ------------------------------------------------------------

    def _merge_into(self, target):
        """Make these tags the target: on all records with their reasons, in rules, in
        journals, and wherever else they are named (``_merge_references``).

        :param target: the tag that stays
        :raises AccessError: for those who may not delete tags
        :raises ValidationError: when a record would then have two tags of an exclusive
            group
        """
        sources = self - target
        if not sources:
            return
        if not self.env.su and not self.env.user.has_group(
            "crm_tagging.group_tag_manager"
        ):
            raise AccessError(self.env._("Only a tag administrator merges tags."))
        sources._check_may_create()
        target._check_may_create()
        self.env.flush_all()
        # sudo: tags are merged on all records, whoever sees them
        moved = sources.sudo()._move_to(target.sudo())
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        for spec, ids in moved.items():
            records = self.env[spec.model].sudo().browse(ids)  # sudo: as above
            records._check_exclusive_tags()
            records.modified([spec.field])

    def _move_to(self, target):
        """Move everything; return ``{spec: ids of the records touched}``."""
        twin = target._all_twins()[:1] or self._all_twins()[:1]
        if twin.partner_category_id != target:
            twin.partner_category_id = target
            twin.flush_recordset()
        moved = {}
        for spec in self.env["crm.tag.engine"]._tagged_specs():
            own = spec.tag_model == self._name
            sources = self if own else self._all_twins() - twin
            moved[spec] = sources._move_tags(spec, target if own else twin)
        self._merge_references(target, self._all_twins() - twin, twin)
        merge = self.env["base.partner.merge.automatic.wizard"]
        twins = self._all_twins() - twin
        if twins:
            merge._update_foreign_keys_generic(twins._name, twins, twin)
        # the twins that go still belong to these tags, so go with them
        rules = self._rules_of()
        for rule in rules:
            for name in ("add_tag_ids", "remove_tag_ids"):
                if rule[name] & self:
                    rule[name] = (rule[name] - self) | target
        self.env.flush_all()
        self._keep_twins_apart(twins)
        merge._update_foreign_keys_generic(self._name, self, target)
        twins.unlink()
        self.exists().unlink()
        return moved

    def _keep_twins_apart(self, twins):
        """Let the foreign key of the twins not be moved: a tag has one twin."""
        self.env.cr.execute(
            SQL(
                "UPDATE crm_tag SET partner_category_id = NULL WHERE id = ANY(%s)",
                twins.ids,
            )
        )
        twins.invalidate_recordset(["partner_category_id"])

    @api.model
    def _merge_references(self, target, twin_sources, twin):
        """Replace merged tags where they are named inside a text or a number.

        :param self: the tags on partners that go
        :param target: the tag on partners that stays
        :param twin_sources: the tags on leads that go
        :param twin: the tag on leads that stays

        Overridden by whoever keeps tags in a domain; foreign keys are moved anyway.
        """
        moved = {
            "category_id": {tag.id: target.id for tag in self},
            "tag_ids": {tag.id: twin.id for tag in twin_sources},
        }
        # sudo: called by merges of tags, whose right was asked there
        rules = self.env["crm.tag.rule"].sudo().with_context(active_test=False)
        # whose condition it is stays: it is only written anew
        for rule in KEPT.on(rules).search([]):
            rule._replace_in_condition(moved)
        for table in ("crm_tag_run_line", "crm_tag_run_tag"):
            for model, ids in (
                ("res.partner", moved["category_id"]),
                ("crm.lead", moved["tag_ids"]),
            ):
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET tag_id = %s WHERE model = %s AND tag_id = "
                        "ANY(%s)",
                        SQL.identifier(table),
                        target.id if model == "res.partner" else twin.id,
                        model,
                        list(ids),
                    )
                )
