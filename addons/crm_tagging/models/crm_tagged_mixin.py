from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_suite_base.tools.token import Token

from ..statements.tag_spec import TagSpec

# REASON: (kind or None, lead id by pair) of the tags that are put on meanwhile;
# MOVING: tags come from another record, no group is asked who may use its tags.
REASON = Token("crm_tag_reason")
MOVING = Token("crm_tag_moving")


class CrmTaggedMixin(models.AbstractModel):
    """A model whose records carry tags with groups, reasons and rules.

    A model joins by inheriting the mixin *before* itself, naming its many2many field
    of tags in ``_tagging_field`` and its model of reasons (``crm.tag.reason``) in
    ``_tagging_reason_model``, and by adding itself to ``crm.tag.rule.model``::

        class Ticket(models.Model):
            _name = "x.ticket"
            _inherit = ["crm.tagged.mixin", "x.ticket"]
            _tagging_field = "tag_ids"
            _tagging_reason_model = "x.ticket.tag.reason"
    """

    _name = "crm.tagged.mixin"
    _description = "Record with Tags"

    _tagging_field = None
    _tagging_reason_model = None

    @api.model
    def _tagging_spec(self):
        """Return the :class:`TagSpec` of this model."""
        field = self._fields[self._tagging_field]
        return TagSpec(
            model=self._name,
            field=field.name,
            tag_model=field.comodel_name,
            reason_model=self._tagging_reason_model,
            # Odoo's other name of the field is never asked for by conditions
            rests=self._active_name == "active",
            table=self._table,
            relation=field.relation,
            record_column=field.column1,
            tag_column=field.column2,
            tag_table=self.env[field.comodel_name]._table,
            reason_table=self.env[self._tagging_reason_model]._table,
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["crm.tag.engine"]._collecting() as changes:
            records = super().create(vals_list)
            if any(values.get(self._tagging_field) for values in vals_list):
                records._tags_changed(records._tag_pairs(), set())
            changes.created(records)
        return records

    def write(self, vals):
        with self.env["crm.tag.engine"]._collecting() as changes:
            tagging = self._tagging_field in vals
            before = self._tag_pairs() if tagging else set()
            result = super().write(vals)
            if tagging:
                after = self._tag_pairs()
                self._tags_changed(after - before, before - after)
            changes.written(self, vals)
        return result

    def _tag_pairs(self):
        """Return the pairs (record id, tag id), whatever the user may see."""
        # sudo: tells only what changed; archived tags count as well
        records = self.sudo().with_context(active_test=False)
        return {(r.id, tag.id) for r in records for tag in r[self._tagging_field]}

    # ------------------------------------------------------------
    # WHAT PEOPLE DO WITH TAGS
    # ------------------------------------------------------------

    def _tags_changed(self, added, removed):
        """Check what somebody did to tags, and keep the reasons.

        :param added: pairs (record id, tag id) that are new
        :param removed: pairs that are gone
        :raises AccessError: when the group of a tag is reserved to other roles
        :raises ValidationError: when a record would have two tags of an exclusive
            group
        """
        if not added and not removed:
            return
        self._check_tag_use({tag for _record, tag in added | removed})
        reasons = self.env[self._tagging_reason_model]
        if added:
            reasons._make_room(added)
            self.browse({record for record, _tag in added})._check_exclusive_tags()
        reasons._keep(added, removed)

    def _check_tag_use(self, tag_ids):
        """Ask the groups of the tags who may use them.

        :raises AccessError: names the group and the roles
        """
        if self.env.su or MOVING.is_on(self.env):
            return
        # sudo: archived tags and groups are asked as well
        tags = self.env[self._tagging_spec().tag_model].sudo().browse(tag_ids)
        for group in tags.tag_group_id:
            group._check_role("use_group_ids", self.env.user)

    def _check_exclusive_tags(self):
        """Refuse records with two tags of a group that allows one.

        :raises ValidationError: names the group, the record and both tags
        """
        # sudo: a rule of the group counts for tags the user may not see, too
        for record in self.sudo().with_context(active_test=False):
            seen = {}
            for tag in record[self._tagging_field]:
                group = tag.tag_group_id
                if not group.exclusive:
                    continue
                if group in seen:
                    raise record._two_tags_error(group, seen[group], tag)
                seen[group] = tag

    def _two_tags_error(self, group, first, second):
        return ValidationError(
            self.env._(
                "“%(group)s” allows one tag for each record, but %(record)s would have "
                "“%(first)s” and “%(second)s”. Take one of them off.",
                group=group.name,
                record=self.display_name or self.env._("the record"),
                first=first.name,
                second=second.name,
            )
        )

    def _replace_tag_of_group(self):
        """In a form, the tag chosen last replaces the other one of its group, whether
        that one is saved already or was chosen a moment ago."""
        field = self._tagging_field
        chosen = self[field]._origin
        newest = chosen - self._origin[field]
        # the last pick first: what has answered a group already stays
        answered = {}
        for tag in [*reversed(newest), *chosen]:
            group = tag.tag_group_id
            if not group.exclusive:
                continue
            if group not in answered:
                answered[group] = tag
            elif answered[group] != tag:
                chosen -= tag
        if chosen != self[field]._origin:
            self[field] = chosen

    def _keep_first_of_groups(self, tags):
        """Return the tags without those that an exclusive group does not allow beside
        a tag further ahead."""
        kept, seen = tags.browse(), set()
        for tag in tags:
            group = tag.tag_group_id
            if not (group.exclusive and group in seen):
                kept |= tag
                seen.add(group)
        return kept

    # ------------------------------------------------------------
    # WHY
    # ------------------------------------------------------------

    @api.readonly
    def get_tag_reasons(self):
        """Tell why the record carries its tags, to whoever may read the record.

        :return: a list of dicts, one for each tag in the order of the record:
            ``tag_id``, ``name``, ``color``; ``kind``; ``why``, a sentence; ``date``
            (text in UTC, or False); ``user`` (a name, or False); ``rule_id`` (False
            for those who may not open rules)
        :raises AccessError: when the user may not read the record
        """
        self.ensure_one()
        self.check_access("read")
        return self.env[self._tagging_reason_model]._explain(self)
