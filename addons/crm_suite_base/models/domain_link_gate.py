from odoo.fields import Domain
from odoo.orm.domains import OptimizationLevel, field_type_optimization

LINES = ("one2many", "many2many")


@field_type_optimization(LINES, OptimizationLevel.FULL)
def _only_lines_to_be_seen(condition, model):
    """Let a condition on the numbers of a record's lines ask who may read the lines.

    Odoo finds a tag by the number of a customer who wears it, a customer by the number
    of a deal, without asking whether whoever searches may see that customer or deal:
    by going through the numbers one learns who wears which tag. Behind the gate
    (``_link_gate``) such a condition asks what ``any`` asks, where the record rules of
    the lines take part. One that Odoo is told to search past (``bypass_search_access``)
    stays as it is, and in databases without this module all do. See docs/adr/0022.

    :param condition: on a field of ``model``
    :return: the condition, or what takes its place
    """
    field = condition._field(model)
    if model.env.su or not field.store or field.bypass_search_access:
        return condition
    comodel = model.env[field.comodel_name]
    if condition.operator not in ("in", "not in") or not _is_gated(comodel):
        return condition
    found = _holds_any(field, condition.value, comodel)
    return found if condition.operator == "in" else ~found


def _is_gated(comodel) -> bool:
    return getattr(comodel, "_link_gate", False)


def _holds_any(field, ids, comodel) -> Domain:
    """Records that hold one of the lines ``ids``; ``False`` stands for no line."""
    if not comodel.has_access("read"):
        # whoever reads none of them sees none
        return Domain(False in ids)
    numbers = [id_ for id_ in ids if id_ is not False]
    found = Domain(field.name, "any", Domain("id", "in", numbers))
    if False in ids:
        found |= Domain(field.name, "not any", Domain.TRUE)
    return found
