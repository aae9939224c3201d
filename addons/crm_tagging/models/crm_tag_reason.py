from odoo import api, fields, models
from odoo.tools import SQL

from ..statements import tag_merging
from .crm_tagged_mixin import REASON


class CrmTagReason(models.AbstractModel):
    """Why a record carries a tag: one narrow row for a pair of record and tag.

    A pair without a row was there before reasons were kept; it counts as a person's.
    Each tagged model has a table of its own, with real foreign keys ``record_id`` and
    ``tag_id``: deleting and merging records and tags takes the rows along. Nobody
    opens these tables; who may read a record asks it by ``get_tag_reasons``.
    """

    _name = "crm.tag.reason"
    _description = "Reason of a Tag"
    _log_access = False
    _tagged_model = None

    kind = fields.Selection(
        [
            ("person", "By hand"),
            ("import", "Imported"),
            ("lead", "Came with a lead"),
            ("rule", "By a rule"),
        ],
        required=True,
    )
    rule_id = fields.Many2one(
        "crm.tag.rule", index="btree_not_null", ondelete="set null"
    )
    run_id = fields.Many2one("crm.tag.run", index="btree_not_null", ondelete="set null")
    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="set null")
    user_id = fields.Many2one("res.users", ondelete="set null")
    date = fields.Datetime(required=True)

    @api.model
    def _spec(self):
        return self.env[self._tagged_model]._tagging_spec()

    # ------------------------------------------------------------
    # KEEPING
    # ------------------------------------------------------------

    @api.model
    def _keep(self, added, removed):
        """Note who put tags on, and forget the reasons of those taken off.

        :param added: pairs (record id, tag id)
        :param removed: pairs (record id, tag id)
        """
        if removed:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE (record_id, tag_id) IN %s",
                    SQL.identifier(self._table),
                    tuple(removed),
                )
            )
        kind, leads = self._current_kind()
        if added and kind:
            self._insert(sorted(added), kind, leads)
        self.invalidate_model()

    @api.model
    def _take_over(self, sources, target, tags):
        """Let the target have the reasons of tags it gets from records that are merged
        into it. Before the tags themselves are moved.

        A tag that a person put on one of the records is a person's afterwards, even if
        it was there before reasons were kept; else the target's own reason stays, or
        the oldest comes.
        """
        spec = self._spec()
        self.flush_model()
        self.env[spec.model].flush_model([spec.field])
        self.env.cr.execute(
            tag_merging.take_over(spec, [*sources.ids, target.id], target.id, tags.ids)
        )
        self.invalidate_model()

    @api.model
    def _replace_leads(self, leads, merged):
        """Tags that came with leads came with the one they are merged into, on records
        of every kind."""
        specs = self.env["crm.tag.engine"]._tagged_specs()
        reasons = [self.env[spec.reason_model] for spec in specs]
        for model in reasons:
            model.flush_model(["lead_id"])
        updates = [
            SQL(
                "UPDATE %s SET lead_id = %s WHERE lead_id = ANY(%s)",
                SQL.identifier(model._table),
                merged.id,
                leads.ids,
            )
            for model in reasons
        ]
        self.env.cr.execute(SQL("; ").join(updates))
        for model in reasons:
            model.invalidate_model()

    @api.model
    def _insert(self, pairs, kind, leads):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s (record_id, tag_id, kind, lead_id, user_id, date)
                SELECT record_id, tag_id, %(kind)s, lead_id, %(user)s,
                       now() AT TIME ZONE 'UTC'
                  FROM unnest(%(records)s::int[], %(tags)s::int[], %(leads)s::int[])
                       AS pair (record_id, tag_id, lead_id)
                    ON CONFLICT (tag_id, record_id) DO UPDATE
                   SET kind = excluded.kind, lead_id = excluded.lead_id,
                       user_id = excluded.user_id, date = excluded.date,
                       rule_id = NULL, run_id = NULL
                """,
                table=SQL.identifier(self._table),
                kind=kind,
                user=self.env.uid,
                records=[record for record, _tag in pairs],
                tags=[tag for _record, tag in pairs],
                leads=[leads.get(pair) for pair in pairs],
            )
        )

    @api.model
    def _current_kind(self):
        """Return the kind of what is put on in this context (none: the reasons have
        come before the tags), and the lead of each pair (record id, tag id) that came
        with one."""
        if reason := REASON.value(self.env):
            return reason
        return ("import" if self.env.context.get("import_file") else "person"), {}

    @api.model
    def _make_room(self, added):
        """Take off tags a rule put on where somebody put another tag of the same
        exclusive group: what people say counts more than rules."""
        spec = self._spec()
        # sudo: archived tags and groups as well
        tags = self.env[spec.tag_model].sudo().browse({tag for _record, tag in added})
        if not tags.tag_group_id.filtered("exclusive"):
            return
        tags.flush_model(["tag_group_id"])
        tags.tag_group_id.flush_model(["exclusive"])
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM %(relation)s r
                 USING unnest(%(records)s::int[], %(tags)s::int[])
                       AS new (record_id, tag_id)
                  JOIN %(tag_table)s tag ON tag.id = new.tag_id
                  JOIN crm_tag_group g ON g.id = tag.tag_group_id AND g.exclusive
                  JOIN %(tag_table)s other
                    ON other.tag_group_id = g.id AND other.id != new.tag_id
                  JOIN %(reason_table)s reason
                    ON reason.tag_id = other.id
                   AND reason.record_id = new.record_id
                   AND reason.kind = 'rule'
                 WHERE r.%(record_column)s = reason.record_id
                   AND r.%(tag_column)s = reason.tag_id
             RETURNING r.%(record_column)s, r.%(tag_column)s
                """,
                records=[record for record, _tag in added],
                tags=[tag for _record, tag in added],
                **spec.identifiers(),
            )
        )
        if rows:
            self._keep(set(), set(rows))
            self.env["crm.tag.engine"]._tags_moved(spec, {record for record, _ in rows})

    @api.model
    def _put_on_by_rules(self, records):
        """Return the pairs (record id, tag id) of the tags that rules put on."""
        # sudo: only decides who makes room for whom
        rows = self.sudo()._read_group(
            [("record_id", "in", records.ids), ("kind", "=", "rule")],
            ["record_id", "tag_id"],
        )
        return {(record.id, tag.id) for record, tag in rows}

    # ------------------------------------------------------------
    # TELLING
    # ------------------------------------------------------------

    @api.model
    def _explain(self, record):
        """Answer ``get_tag_reasons`` of a record whose access was checked."""
        # sudo: who reads the record reads why
        everything = self.sudo()
        tags = record.with_env(everything.env)[record._tagging_field]
        reasons = everything.search(
            [("record_id", "=", record.id), ("tag_id", "in", tags.ids)]
        )
        by_tag = {reason.tag_id.id: reason for reason in reasons}
        none = everything.browse()
        return [
            {
                "tag_id": tag.id,
                "name": tag.display_name,
                "color": tag.color,
                **by_tag.get(tag.id, none)._explain_one(),
            }
            for tag in tags
        ]

    def _explain_one(self):
        opens_rules = self.env["crm.tag.rule"].sudo(False).has_access("read")
        return {
            "kind": self.kind or "person",
            "why": self._why(),
            "date": fields.Datetime.to_string(self.date) if self.date else False,
            "user": self.user_id.name or False,
            "rule_id": self.rule_id.id if opens_rules else False,
        }

    def _why(self):
        """Return a sentence a salesperson understands."""
        if not self:
            return self.env._("Was there before reasons were kept")
        if self.kind == "rule":
            if not self.rule_id:
                return self.env._("Put on by a rule that no longer exists")
            return self.env._("Put on by the rule “%s”", self.rule_id.name)
        if self.kind == "lead":
            lead = self.lead_id.sudo(False)
            if lead and lead.has_access("read"):
                return self.env._("Came with the lead “%s”", self.lead_id.name)
            return self.env._("Came with a lead")
        if self.kind == "import":
            return self.env._("Imported")
        return self.env._("Put on by hand")
