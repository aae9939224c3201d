from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_suite_base.calls import shaped

from ..tools import tag_expression as te

MENU_SIZE = 12


class CrmSegment(models.Model):
    """What the editor of tag expressions and the search menu ask the server."""

    _inherit = "crm.segment"

    @api.model
    @api.readonly
    @shaped
    def get_tag_catalog(self, tag_ids: list[int] = ()):
        """Return the tags to choose from, by group in the groups' order.

        :param tag_ids: ids of tags that are in use and shown though archived
        :return: see ``crm.tag.vocabulary._by_group``
        """
        Tag = self.env["res.partner.category"].with_context(active_test=False)
        tags = Tag.search(
            Domain("active", "=", True) | Domain("id", "in", list(tag_ids))
        )
        return tags._by_group()

    @api.model
    @api.readonly
    def preview(self, expression, domain=None, focus=None):
        """Count what an expression finds, before it is saved.

        Only partners the user may read count. Two statements, whatever the number of
        tags.

        :param expression: JSON of the expression
        :param domain: text or list, the partners to choose from
        :param focus: [block, row] of the row whose tags are being chosen: ``tags``
            then counts what each tag would find if it stood alone in that row
        :return: ``{"total": int, "tags": {tag id: int}, "sentence": text, "domain":
            list}``; ``domain`` is that of the expression alone
        :raise ValidationError: the expression or the domain is wrong
        """
        chosen = self._parse_expression(expression)
        partners = self.env["res.partner"]
        text = domain if isinstance(domain, str) else repr(domain or [])
        base = self._usable(Domain(self._known(self._parse_condition(text))))
        loose = te.without_row(chosen, *focus) if focus else chosen
        counts = partners._count_by_tag(base & Domain(te.to_domain(loose)))
        return {
            "total": partners.search_count(base & Domain(te.to_domain(chosen))),
            "tags": {str(tag_id): count for tag_id, count in counts.items()},
            "sentence": self._say(chosen),
            "domain": te.to_domain(chosen),
        }

    @api.model
    @api.readonly
    def get_search_menu(self):
        """Return the segments for the search menu, the user's own first.

        :return: ``{"segments": [{"id", "name", "own", "tip"}], "more": bool}``
        """
        segments = self.search([("state", "=", "ok")])
        segments = segments.sorted(lambda segment: segment.user_id != self.env.user)
        return {
            "segments": [
                {
                    "id": segment.id,
                    "name": segment.name,
                    "own": segment.user_id == self.env.user,
                    "tip": segment.description or segment.sentence,
                }
                for segment in segments[:MENU_SIZE]
            ],
            "more": len(segments) > MENU_SIZE,
        }
