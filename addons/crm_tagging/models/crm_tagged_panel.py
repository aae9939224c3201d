import json

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.web.models.models import SEARCH_PANEL_ERROR_MESSAGE


def short_name(tag):
    """Return the name of a tag below the title of its group: without the group."""
    names = [tag.name or ""]
    while "parent_id" in tag._fields and tag.parent_id:
        tag = tag.parent_id
        names.append(tag.name or "")
    return " / ".join(reversed(names))


class CrmTaggedMixin(models.AbstractModel):
    """Records counted by tag, all tags in one statement.

    The search panel of Odoo asks ``search_count`` once for every tag. Here one
    statement joins the table of the tags with the records the user may read.
    """

    _inherit = "crm.tagged.mixin"

    @api.model
    def _count_by_tag(self, domain):
        """Return tag id -> how many records of the domain have the tag.

        Only records the user may read count; a tag without records is missing.
        """
        field = self._fields[self._tagging_field]
        query = self._search(domain)
        alias = query.make_alias(self._table, "counted_tag")
        query.add_join(
            "JOIN",
            alias,
            field.relation,
            SQL(
                "%s = %s",
                SQL.identifier(alias, field.column1),
                SQL.identifier(self._table, "id"),
            ),
        )
        tag = SQL.identifier(alias, field.column2, to_flush=field)
        rows = self.env.execute_query(
            SQL("%s GROUP BY %s", query.select(tag, SQL("count(*)")), tag)
        )
        return dict(rows)

    # ------------------------------------------------------------
    # SEARCH PANEL
    # ------------------------------------------------------------

    @api.model
    def search_panel_select_multi_range(self, field_name, **kwargs):
        """Answer for the tags ourselves; same arguments and shape as Odoo's.

        Values come in the order of their groups, with sequence and colour of the
        group beside its name.
        """
        if field_name != self._tagging_field:
            return super().search_panel_select_multi_range(field_name, **kwargs)
        search_domain = Domain(kwargs.get("search_domain") or [])
        found = self._count_by_tag(search_domain)
        tags = self._panel_tags(found, kwargs)
        limit = kwargs.get("limit")
        if limit and len(tags) == limit:
            return {"error_msg": str(SEARCH_PANEL_ERROR_MESSAGE)}
        values = [self._panel_value(tag, kwargs.get("group_by")) for tag in tags]
        if kwargs.get("enable_counters"):
            self._add_panel_counts(values, search_domain, found, kwargs)
        return {"values": values}

    @api.model
    def _panel_tags(self, found, options):
        """Return the tags to show: all, or those of records that are found."""
        domain = Domain(options.get("comodel_domain") or [])
        if not options.get("expand"):
            domain &= Domain("id", "in", list(found))
        tags = self.env[self._fields[self._tagging_field].comodel_name]
        if not options.get("expand"):
            # a tag that is archived but worn is a way to find its records
            tags = tags.with_context(active_test=False)
        tags = tags.search(domain, limit=options.get("limit"))
        if options.get("group_by") != "tag_group_id":
            return tags
        return tags.sorted(
            lambda tag: (not tag.tag_group_id, tag.tag_group_id.sequence)
        )

    @api.model
    def _panel_value(self, tag, group_by):
        name = short_name(tag) if group_by == "tag_group_id" else tag.display_name
        value = {"id": tag.id, "display_name": name}
        if group_by:
            group = tag[group_by]
            is_record = isinstance(group, models.BaseModel)
            value["group_id"] = (group.id if is_record else group) or False
            value["group_name"] = (
                group.display_name if is_record else group
            ) or self.env._("Not Set")
        if group_by == "tag_group_id" and tag.tag_group_id:
            # the client takes 0 for no sequence at all
            value["group_sequence"] = tag.tag_group_id.sequence + 1
            value["group_tooltip"] = tag.tag_group_id.description or False
        return value

    @api.model
    def _add_panel_counts(self, values, search_domain, found, options):
        """Set ``__count``: the tags chosen in other groups narrow it, those of the
        own group do not."""
        extra = Domain(options.get("category_domain") or [])
        extra &= Domain(options.get("filter_domain") or [])
        group_domains = options.get("group_domain") or {}
        counts = {"[]": found} if extra.is_true() else {}
        for value in values:
            own = group_domains.get(json.dumps(value.get("group_id", False)), [])
            key = json.dumps(own)
            if key not in counts:
                counts[key] = self._count_by_tag(search_domain & extra & Domain(own))
            value["__count"] = counts[key].get(value["id"], 0)
