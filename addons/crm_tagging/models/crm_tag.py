from odoo import api, fields, models

from .crm_tag_vocabulary import SHORT, TWIN


class CrmTag(models.Model):
    """A tag on leads (and on whatever else uses ``crm.tag``), and the twin of a tag on
    partners: one vocabulary in two tables, because Odoo has two."""

    _name = "crm.tag"
    _inherit = ("crm.tag.vocabulary", "crm.tag")
    _order = "tag_group_id, name, id"

    active = fields.Boolean(default=True)
    partner_category_id = fields.Many2one(
        "res.partner.category",
        string="Tag on Customers",
        ondelete="cascade",
        copy=False,
        readonly=True,
        help="The same tag on partners: name, colour, group and use are the same.",
    )

    # Odoo allows one tag of a name; we allow one in each group: 其他 fits everywhere.
    # The constraint of Odoo's name is replaced, not only left, or it would stay.
    _name_uniq = models.Constraint("CHECK (name IS NOT NULL)", "A tag needs a name.")
    _in_group_uniq = models.UniqueIndex(
        "((name->>'en_US'), COALESCE(tag_group_id, 0))",
        "A tag of this name is in the group already. Use that one.",
    )
    _twin_uniq = models.UniqueIndex(
        "(partner_category_id) WHERE partner_category_id IS NOT NULL",
        "A tag on partners has one twin on leads.",
    )

    @api.depends("tag_group_id.name", "name")
    @api.depends_context("lang", SHORT)
    def _compute_display_name(self):
        for tag in self:
            tag.display_name = tag._name_with_group(tag.name or "")

    def unlink(self):
        """A word leaves the vocabulary as a whole."""
        # sudo: who may delete the one may delete the other
        twins = self.sudo().partner_category_id
        result = super().unlink()
        twins.exists().unlink()
        return result

    # ------------------------------------------------------------
    # TWINS
    # ------------------------------------------------------------

    def _make_twins(self):
        # sudo: the vocabulary is one, whoever adds a word
        Twins = self.env["res.partner.category"].sudo()
        Twins = Twins.with_context(**TWIN.entry(), active_test=False)
        # sudo: as above
        alone = self.sudo().filtered(lambda tag: not tag.partner_category_id)
        found = Twins.search(
            [("name", "in", alone.mapped("name")), ("crm_tag_ids", "=", False)]
        )
        by_key = {(twin.name, twin.tag_group_id.id): twin for twin in reversed(found)}
        new = alone.filtered(lambda tag: (tag.name, tag.tag_group_id.id) not in by_key)
        made = Twins.create(
            [
                {
                    "name": tag.name,
                    "color": tag.color,
                    "active": tag.active,
                    "tag_group_id": tag.tag_group_id.id,
                }
                for tag in new
            ]
        )
        by_key |= {(twin.name, twin.tag_group_id.id): twin for twin in made}
        for tag in alone:
            tag.partner_category_id = by_key[tag.name, tag.tag_group_id.id]

    def _update_twins(self, names):
        self.env["res.partner.category"]._follow(
            self, names, "id", "partner_category_id"
        )

    def _rules_of(self):
        return self.partner_category_id._rules_of()
