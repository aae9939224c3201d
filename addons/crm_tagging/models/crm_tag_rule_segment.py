from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_suite_base.tools import conditions

_IS_IN = ("=", "in")
_IS_NOT_IN = ("!=", "not in")


class CrmTagRule(models.Model):
    """Rules whose condition names segments.

    The engine asks a rule which fields and tags its condition depends on; that of a
    segment is the segment's own condition, so it is put in its place.
    """

    _inherit = "crm.tag.rule"

    def _asked_condition(self):
        domain = super()._asked_condition()
        if "segment_ids" not in repr(domain):
            return domain
        return list(Domain(domain).map_conditions(self._resolve_segments))

    @api.model
    def _resolve_segments(self, condition):
        """Return the domain of the segments a condition names, through any path.

        A segment that does not work makes the rule fail with its reason.
        """
        *path, name = condition.field_expr.split(".")
        ids = _segment_ids(condition.value)
        if name != "segment_ids" or not ids:
            return condition
        # sudo: a rule is asked for all records, whoever sees the segment
        segments = self.env["crm.segment"].sudo().browse(ids).exists()
        domain = Domain.OR(segment._get_partner_domain() for segment in segments)
        if path:
            domain = Domain(".".join(path), "any", list(domain))
        if condition.operator in _IS_IN:
            return domain
        return ~domain if condition.operator in _IS_NOT_IN else condition

    def _names_segment(self, segment_id):
        """Whether the condition as it is written names the segment."""
        self.ensure_one()
        try:
            domain = self._read_condition()
        except UserError:
            return False
        return any(
            leaf.path.split(".")[-1] == "segment_ids"
            and segment_id in _segment_ids(leaf.value)
            for leaf in conditions.leaves(domain)
        )


class CrmSegment(models.Model):
    _inherit = "crm.segment"

    def _using_rules(self):
        """Return the tag rules whose condition names one of the segments."""
        # sudo: rules count for those who may not read rules; only names are told
        rules = self.env["crm.tag.rule"].sudo().with_context(active_test=False)
        return rules.search([("domain", "like", "segment_ids")]).filtered(
            lambda rule: any(rule._names_segment(segment.id) for segment in self)
        )

    def _list_uses(self):
        return super()._list_uses() + [
            self.env._("the tag rule “%s”", rule.name) for rule in self._using_rules()
        ]

    def _definition_changed(self):
        """What rules depend on has changed with the segment.

        :raise ValidationError: the rules would now wait for each other
        """
        result = super()._definition_changed()
        rules = self._using_rules()
        if rules:
            self.env.registry.clear_cache()
            rules._check_loops()
        return result


def _segment_ids(value):
    """Return the ids in the value of a condition, an empty list for anything else."""
    values = value if isinstance(value, list | tuple | set) else [value]
    return [item for item in values if type(item) is int]
