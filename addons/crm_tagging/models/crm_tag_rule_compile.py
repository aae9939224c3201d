from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.crm_suite_base.tools import conditions

from ..tools import tag_plan
from ..tools.tag_program import Program, RuleInfo
from .crm_tag_rule import NIGHTLY, ON_CHANGE

POSITIVE = {"!=": "=", "not in": "in", "not ilike": "ilike", "not like": "like"}


class CrmTagRule(models.Model):
    """Rules compiled: in which order to ask them, and when."""

    _inherit = "crm.tag.rule"

    def _compile(self):
        """Return the :class:`Program` of these rules.

        Rules that go round in circles have no place in it; ``_check_loops`` refuses
        them.
        """
        infos = {rule.id: rule._compile_one() for rule in self}
        exclusive = self._exclusive_groups()
        order = tag_plan.order(self._shapes(infos, exclusive))
        triggers = {}
        for rule in self:
            if infos[rule.id].on_change:
                for model, field, path in rule._triggers():
                    by_field = triggers.setdefault(model, {})
                    by_field.setdefault(field, set()).add((rule.id, path))
        return Program(
            rules=infos,
            levels=order.levels,
            triggers={
                model: {field: frozenset(rules) for field, rules in by_field.items()}
                for model, by_field in triggers.items()
            },
            exclusive=exclusive,
        )

    def _compile_one(self):
        condition = self._rule_info()
        return RuleInfo(
            id=self.id,
            model=self.model,
            condition=condition,
            puts=tuple(self._own_tags(self.add_tag_ids).ids),
            takes=tuple(self._own_tags(self.remove_tag_ids).ids),
            asks_active="active" in condition.asks,
            on_change=self.schedule in ON_CHANGE,
            nightly=self.schedule in NIGHTLY,
        )

    def _book_entry(self):
        return self._compile_one()

    def _replace_in_condition(self, moved):
        """Put other tags in the place of those that were merged.

        :param moved: ``{field of tags: {id that is gone: id it became}}``
        """
        try:
            before = after = self._read_condition()
        except UserError:
            return  # a rule that is broken names nothing
        for field, ids in moved.items():
            after = conditions.replace_ids(after, frozenset([field]), ids)
        if after != before:
            self.domain = repr(after)

    def _own_tags(self, categories):
        """Return the tags of the rule's own model for tags on partners."""
        spec = self.env[self.model]._tagging_spec()
        if spec.tag_model == categories._name:
            return categories
        return categories.with_context(active_test=False).crm_tag_ids

    def _exclusive_groups(self):
        """Return the exclusive group of each pair (model, tag id) rules put on."""
        return {
            (rule.model, tag.id): tag.tag_group_id.id
            for rule in self
            for tag in rule._own_tags(rule.add_tag_ids)
            if tag.tag_group_id.exclusive
        }

    # ------------------------------------------------------------
    # ORDER
    # ------------------------------------------------------------

    def _shapes(self, infos, exclusive):
        """Return the :class:`tag_plan.Shape` of each rule."""
        put = {(info.model, tag) for info in infos.values() for tag in info.puts}
        shapes = []
        for rule in self:
            info = infos[rule.id]
            puts = {(rule.model, tag) for tag in info.puts}
            takes = {(rule.model, tag) for tag in info.takes}
            groups = {
                ("group", rule.model, exclusive[p]) for p in puts if p in exclusive
            }
            shapes.append(
                tag_plan.Shape(
                    rule.id,
                    touches=frozenset(puts | takes | groups),
                    puts=frozenset(puts),
                    reads=frozenset(rule._tags_read(put) & put),
                )
            )
        return shapes

    def _tags_read(self, put):
        """Return the pairs (model, tag id) the condition asks about.

        :param put: all pairs there are to ask about
        """
        read = set()
        for leaf in conditions.leaves(self._asked_condition()):
            for model, rest in self._tag_fields_on(leaf.path):
                ids = self._tags_meant(model, rest, leaf)
                read |= {
                    pair
                    for pair in put
                    if pair[0] == model and (ids is None or pair[1] in ids)
                }
        return read

    def _tag_fields_on(self, path):
        """Yield (model, rest of the path) for each field of tags on a path."""
        tagged = {
            spec.model: spec for spec in self.env["crm.tag.engine"]._tagged_specs()
        }
        model, names = self.model, path.split(".")
        for index, name in enumerate(names):
            field = self.env[model]._fields.get(name)
            if field is None:
                return
            if model in tagged and tagged[model].field == name:
                yield model, ".".join(names[index + 1 :])
            if not field.comodel_name:
                return
            model = field.comodel_name

    def _tags_meant(self, model, rest, leaf):
        """Return the ids of the tags a condition asks about, ``None`` for any."""
        if leaf.value in (False, None, True):
            return None
        operator = POSITIVE.get(leaf.operator, leaf.operator)
        values = leaf.value if isinstance(leaf.value, list | tuple) else [leaf.value]
        named = any(isinstance(value, str) for value in values)
        field = rest or ("display_name" if named else "id")
        Tags = self.env[self.env[model]._tagging_spec().tag_model]
        return (
            Tags.with_context(active_test=False)
            .search([(field, operator, leaf.value)])
            ._ids
        )

    # ------------------------------------------------------------
    # TRIGGERS
    # ------------------------------------------------------------

    def _triggers(self):
        """Return the triples (model, field, path): writing the field on records of the
        model concerns the records whose ``path`` leads there."""
        found = set()
        for leaf in conditions.leaves(self._asked_condition()):
            self._follow_path(self.model, leaf.path.split("."), "", found)
        return found

    @api.model
    def _follow_path(self, model, names, prefix, found, chain=frozenset()):
        """Collect what a path depends on, through computed fields as well.

        :param chain: the fields that led here; one that depends on itself (through
            the parent's, level by level) is followed once, deeper levels come with the
            night
        """
        field = self.env[model]._fields.get(names[0])
        if field is None or (model, field.name, prefix) in found:
            return
        found.add((model, field.name, prefix))
        if field in chain:
            return
        inner = chain | {field}
        for dependency in self.env.registry.field_depends.get(field, ()):
            self._follow_path(model, dependency.split("."), prefix, found, inner)
        if not field.comodel_name or not field._description_searchable:
            return
        path = f"{prefix}.{field.name}" if prefix else field.name
        if field.type == "one2many" and field.inverse_name:
            found.add((field.comodel_name, field.inverse_name, path))
        if len(names) > 1:
            self._follow_path(field.comodel_name, names[1:], path, found, chain)

    # ------------------------------------------------------------
    # NIGHTLY
    # ------------------------------------------------------------

    def _nightly(self):
        """Return those of the rules a nightly run asks: the nightly ones, and those
        that ask about tags, for the run may change these."""
        infos = {rule.id: rule._compile_one() for rule in self}
        put = {(info.model, tag) for info in infos.values() for tag in info.puts}
        return self.filtered(
            lambda rule: infos[rule.id].nightly or rule._tags_read(put)
        )
