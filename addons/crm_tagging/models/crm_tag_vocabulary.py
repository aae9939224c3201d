from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.tools.token import Token

from ..tools import tag_text

TWIN = Token("crm_tag_twin")  # the twin is being made, do not make its twin
SHORT = "crm_tag_short"  # context key: names without their group
FOLLOWED = ("name", "color", "tag_group_id", "active")


class CrmTagVocabulary(models.AbstractModel):
    """What the two models of tags have in common: groups, and names with the group.

    A tag of a group is shown and found as 行业-互联网, and made from that text where
    the group exists; an import makes the group as well.
    """

    _name = "crm.tag.vocabulary"
    _description = "Tag with Group"

    tag_group_id = fields.Many2one(
        "crm.tag.group",
        index="btree_not_null",
        ondelete="restrict",
        help="The question this tag answers, e.g. industry, source or level.",
    )

    @api.model
    def default_get(self, fields):
        """A new tag takes the colour of its group."""
        values = super().default_get(fields)
        if group := self.env["crm.tag.group"].browse(values.get("tag_group_id")):
            values["color"] = group.color
        return values

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            group = self.env["crm.tag.group"].browse(values.get("tag_group_id"))
            if group.color:
                values.setdefault("color", group.color)
        tags = super().create(vals_list)
        tags._check_may_create()
        # data files cannot raise a token: they are the system's, and bring both twins
        in_file = self.env.su and self.env.context.get("crm_tag_twin_comes")
        if not (TWIN.is_on(self.env) or in_file):
            tags._make_twins()
        return tags

    def write(self, vals):
        followed = [name for name in FOLLOWED if name in vals]
        if followed:
            self._check_may_create()
        result = super().write(vals)
        if followed:
            self._check_may_create()
            self._update_twins(followed)
        if "tag_group_id" in vals:
            self.tag_group_id._check_one_tag_only()
            self.env.registry.clear_cache()
        return result

    def _check_may_create(self):
        """Ask the groups who may make and change their tags."""
        if not self.env.su:
            self.tag_group_id._check_role("create_group_ids", self.env.user)

    # ------------------------------------------------------------
    # TEXT
    # ------------------------------------------------------------

    def _name_with_group(self, name):
        self.ensure_one()
        if self.env.context.get(SHORT):
            return name
        # sudo: everybody who reads the tag reads its group
        return tag_text.join(self.sudo().tag_group_id.name or "", name)

    @api.model
    def name_create(self, name):
        """Make a tag from a text; 组-标签 puts it into the group.

        Typed into a field, the group must exist, for a dash may belong to the name
        (B2B-SaaS); imported, it is made if the user may make groups.
        """
        text = tag_text.split(name)
        groups = self.env["crm.tag.group"]
        group = groups._find_by_name(text.group) if text.group else groups
        if (
            not group
            and text.group
            and self.env.context.get("import_file")
            and groups.has_access("create")
        ):
            group = groups.create({"name": text.group})
        if not group:
            return super().name_create(name.strip())
        found = self.search(
            [("name", "=", text.tag), ("tag_group_id", "=", group.id)], limit=1
        )
        tag = found or self.create({"name": text.tag, "tag_group_id": group.id})
        return tag.id, tag.display_name

    @api.model
    def _group_text_domain(self, operator, value):
        """Return the domain of tags whose text with the group is like the value, none
        (``FALSE``) for a value without dash."""
        texts = [value] if isinstance(value, str) else list(value or ())
        domain = Domain.FALSE
        for text in texts:
            parts = tag_text.split(text) if isinstance(text, str) else None
            if parts and parts.group:
                domain |= Domain("tag_group_id.name", "=ilike", parts.group) & Domain(
                    "name", "=" if operator == "in" else operator, parts.tag
                )
        return domain

    @api.model
    def _search_display_name(self, operator, value):
        """Find 行业-互联网 by group and name, and 行业 by the group."""
        domain = super()._search_display_name(operator, value)
        if domain is NotImplemented or operator not in ("in", "ilike", "=ilike"):
            return domain
        domain = Domain(domain) | self._group_text_domain(operator, value)
        if operator == "ilike" and value:
            domain |= Domain("tag_group_id.name", "ilike", value)
        return domain

    # ------------------------------------------------------------
    # USE
    # ------------------------------------------------------------

    def _rules_of(self):
        """Return the rules that speak about these tags."""
        raise NotImplementedError

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used_by_rules(self):
        rules = self._rules_of()
        if rules:
            raise UserError(
                self.env._(
                    "Rules use these tags: %s. Take the tags out of the rules first, "
                    "or archive the tags instead of deleting them.",
                    ", ".join(rules.mapped("name")),
                )
            )

    # ------------------------------------------------------------
    # TWINS
    # ------------------------------------------------------------

    def _make_twins(self):
        """Give the tags their twins in the other model."""
        raise NotImplementedError

    def _update_twins(self, names):
        """Make the twins follow changed fields."""
        raise NotImplementedError

    @api.model
    def _follow(self, changed, names, mine, theirs):
        """Copy fields of changed tags to their twins in this model, all languages of
        the name included.

        :param changed: tags of the other model
        :param names: names of the fields
        :param mine: column of this model's table that leads to the twin
        :param theirs: the same of the other model's table
        """
        changed.flush_recordset(names)
        columns = [SQL.identifier(name) for name in names]
        assignments = [SQL("%s = other.%s", name, name) for name in columns]
        self.env.cr.execute(
            SQL(
                "UPDATE %s AS me SET %s FROM %s AS other "
                "WHERE me.%s = other.%s AND other.id IN %s",
                SQL.identifier(self._table),
                SQL(", ").join(assignments),
                SQL.identifier(changed._table),
                SQL.identifier(mine),
                SQL.identifier(theirs),
                tuple(changed.ids) or (0,),
            )
        )
        self.invalidate_model([*names, "display_name"])

    # ------------------------------------------------------------
    # MERGE
    # ------------------------------------------------------------

    def _move_tags(self, spec, target):
        """Let the target take the place of these tags on all records.

        A record that carries several of them by different reasons carries the target
        by the one that counts most: a person's before a rule's, then the oldest.

        :param spec: the ``TagSpec`` of the records
        :return: the ids of the records
        """
        if not self:
            return []
        names = {
            "sources": tuple(self.ids),
            "all": tuple({*self.ids, target.id}),
            "target": target.id,
            **spec.identifiers(),
        }
        self.env.cr.execute(SQL(self._MOVE_REASONS, **names))
        rows = self.env.execute_query(SQL(self._MOVE_TAGS, **names))
        return [record for (record,) in rows]

    _MOVE_REASONS = """
        WITH carried AS (
            SELECT r.%(record_column)s AS record_id, x.*
              FROM %(relation)s r
         LEFT JOIN (SELECT record_id AS reason_record_id, tag_id, kind, rule_id, run_id,
                           lead_id, user_id, date FROM %(reason_table)s) x
                ON x.reason_record_id = r.%(record_column)s
               AND x.tag_id = r.%(tag_column)s
             WHERE r.%(tag_column)s IN %(all)s
        ), best AS (
            SELECT DISTINCT ON (record_id) *
              FROM carried
             ORDER BY record_id, COALESCE(kind, 'person') = 'rule', date NULLS FIRST
        ), gone AS (
            DELETE FROM %(reason_table)s WHERE tag_id IN %(sources)s
        ), without AS (
            DELETE FROM %(reason_table)s x USING best b
             WHERE x.tag_id = %(target)s AND x.record_id = b.record_id
               AND b.kind IS NULL
        )
        INSERT INTO %(reason_table)s
               (record_id, tag_id, kind, rule_id, run_id, lead_id, user_id, date)
        SELECT record_id, %(target)s, kind, rule_id, run_id, lead_id, user_id, date
          FROM best WHERE kind IS NOT NULL
            ON CONFLICT (tag_id, record_id) DO UPDATE
           SET kind = excluded.kind, rule_id = excluded.rule_id,
               run_id = excluded.run_id, lead_id = excluded.lead_id,
               user_id = excluded.user_id, date = excluded.date
    """
    _MOVE_TAGS = """
        WITH moved AS (
            DELETE FROM %(relation)s WHERE %(tag_column)s IN %(sources)s
         RETURNING %(record_column)s AS record_id
        ), put_on AS (
            INSERT INTO %(relation)s (%(record_column)s, %(tag_column)s)
            SELECT DISTINCT record_id, %(target)s FROM moved
                ON CONFLICT DO NOTHING
        )
        SELECT DISTINCT record_id FROM moved
    """
