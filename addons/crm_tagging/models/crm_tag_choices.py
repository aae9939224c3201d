from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.crm_suite_base.calls import shaped

from .crm_tagged_panel import short_name


class CrmTagVocabulary(models.AbstractModel):
    """What there is to choose from, and who may add to it."""

    _inherit = "crm.tag.vocabulary"

    def _by_group(self) -> list[dict]:
        """Return the tags below their groups, in the groups' order.

        :return: list of ``{"id", "name", "exclusive", "tags": [{"id", "name", "color",
            "active"}]}``; the group with id False holds tags without group
        """
        by_group = self.grouped("tag_group_id")
        nobody = self.env["crm.tag.group"]
        return [
            {
                "id": group.id,
                "name": group.name or self.env._("Other Tags"),
                "exclusive": group.exclusive,
                "tags": [
                    {
                        "id": tag.id,
                        "name": short_name(tag),
                        "color": tag.color,
                        "active": tag.active,
                    }
                    for tag in by_group[group]
                ],
            }
            for group in [*self.tag_group_id.sorted(), nobody]
            if group in by_group
        ]

    @api.model
    @api.readonly
    @shaped
    def get_tag_choices(self, domain: list | None = None) -> list[dict]:
        """Return the tags that the user may put on records, by group.

        :param domain: of the field that asks
        :return: see ``_by_group``
        :raises UserError: for a domain that is none
        """
        try:
            wanted = Domain(domain or [])
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("This condition cannot be read.")) from error
        tags = self.search(wanted)
        return tags.filtered(lambda tag: tag._may_be_used())._by_group()

    @api.model
    @api.readonly
    @shaped
    def get_tags_to_ask(self, tag_ids: list[int] = ()) -> list[dict]:
        """Return the tags that a condition may ask for, by group: also those that only
        some may put on.

        :param tag_ids: tags that are asked for already, shown though archived
        :return: see ``_by_group``
        """
        wanted = Domain("active", "=", True) | Domain("id", "in", list(tag_ids))
        return self.with_context(active_test=False).search(wanted)._by_group()

    def _may_be_used(self) -> bool:
        # sudo: which roles a group of tags is reserved to
        roles = self.sudo().tag_group_id.use_group_ids
        return not roles or bool(roles & self.env.user.all_group_ids)

    @api.model
    def name_create(self, name):
        """A text typed in passing becomes a tag only if the user looks after the
        vocabulary; an import says what it makes before."""
        # the key opens no door: Odoo's own right to create is asked below, by every way
        if not (self.env.context.get("import_file") or self._may_add_words()):
            text = name.strip()
            meant = Domain("name", "=", text) | self._group_text_domain("in", [text])
            known = self.search(meant, limit=1)
            if known:
                return known.id, known.display_name
            raise AccessError(
                self.env._(
                    "There is no tag “%(name)s”. Choose one that exists, or ask a tag "
                    "administrator for it.",
                    name=name,
                )
            )
        return super().name_create(name)

    @api.model
    def _may_add_words(self) -> bool:
        return self.env.su or self.env.user.has_group("crm_tagging.group_tag_manager")
