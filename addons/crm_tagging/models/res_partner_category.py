from odoo import api, fields, models

from .crm_tag_vocabulary import SHORT, TWIN


class ResPartnerCategory(models.Model):
    """A tag on partners. Its twin ``crm.tag`` is the same word on leads."""

    _name = "res.partner.category"
    _inherit = ("crm.tag.vocabulary", "res.partner.category")

    crm_tag_ids = fields.One2many("crm.tag", "partner_category_id", string="Twins")
    crm_tag_id = fields.Many2one(
        "crm.tag",
        string="Tag on Leads",
        compute="_compute_crm_tag_id",
        help="The same tag on leads and opportunities.",
    )

    @api.depends("crm_tag_ids")
    def _compute_crm_tag_id(self):
        for tag in self.with_context(active_test=False):
            tag.crm_tag_id = tag.crm_tag_ids[:1]

    @api.depends("tag_group_id.name", "name")
    @api.depends_context("lang", SHORT)
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for tag in self.filtered("tag_group_id"):
            tag.display_name = tag._name_with_group(tag.display_name)
        return result

    # ------------------------------------------------------------
    # TAGGING FROM THE TAG
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        tags = super().create(vals_list)
        if any(values.get("partner_ids") for values in vals_list):
            tags._partners_changed(tags._partner_pairs(), set())
        return tags

    def copy(self, default=None):
        """The twins come last, when the copies have their names in all languages."""
        copies = super(ResPartnerCategory, TWIN.on(self)).copy(default)
        copies = copies.with_env(self.env)
        copies._make_twins()
        return copies

    def write(self, vals):
        tagging = "partner_ids" in vals
        before = self._partner_pairs() if tagging else set()
        result = super().write(vals)
        if tagging:
            after = self._partner_pairs()
            self._partners_changed(after - before, before - after)
        return result

    def _partner_pairs(self):
        # sudo: tells only what changed
        tags = self.sudo().with_context(active_test=False)
        return {(partner.id, tag.id) for tag in tags for partner in tag.partner_ids}

    def _partners_changed(self, added, removed):
        """Tagging from the side of the tag follows the same rules, and is a change
        of the partners."""
        partners = self.env["res.partner"].browse(
            {record for record, _tag in added | removed}
        )
        if partners:
            partners.check_access("write")
            with self.env["crm.tag.engine"]._collecting() as changes:
                partners._tags_changed(added, removed)
                changes.written(partners, ("category_id",))

    # ------------------------------------------------------------
    # TWINS
    # ------------------------------------------------------------

    def _make_twins(self):
        """Give each tag its twin: the free ``crm.tag`` of that name and group, or a
        new one. A second tag of the same name and group stays without."""
        # sudo: the vocabulary is one, whoever adds a word
        Twins = (
            self.env["crm.tag"].sudo().with_context(**TWIN.entry(), active_test=False)
        )
        existing = Twins.search_fetch([("name", "in", self.mapped("name"))])
        by_key = {(twin.name, twin.tag_group_id.id): twin for twin in existing}
        new = {}
        for tag in self.sudo():  # sudo: as above
            key = (tag.name, tag.tag_group_id.id)
            if key not in by_key:
                new.setdefault(key, tag)
            elif not by_key[key].partner_category_id:
                by_key[key].partner_category_id = tag
        Twins.create(
            [
                {
                    "name": tag.name,
                    "color": tag.color,
                    "active": tag.active,
                    "tag_group_id": tag.tag_group_id.id,
                    "partner_category_id": tag.id,
                }
                for tag in new.values()
            ]
        )

    def _update_twins(self, names):
        """Make the twins follow; see ``crm.tag`` for the other way."""
        self.env["crm.tag"]._follow(self, names, "partner_category_id", "id")

    def _rules_of(self):
        # sudo: a rule counts for those who may not read rules
        rules = self.env["crm.tag.rule"].sudo().with_context(active_test=False)
        return rules.search(
            ["|", ("add_tag_ids", "in", self.ids), ("remove_tag_ids", "in", self.ids)]
        )
