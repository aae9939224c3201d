"""Domains that people write and we store: read, and refused with a reason."""

from ast import literal_eval

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain


def read_domain(model, value):
    """Return the domain a text (or a list, from a client) describes.

    Only literals: nothing is evaluated. Relative dates are Odoo's own words, such as
    ``("create_date", ">=", "today -30d")``.

    :param model: a recordset of the model the domain is about
    :raise ValidationError: with a sentence that says what is wrong
    """
    try:
        items = literal_eval(value) if isinstance(value, str) else value
        domain = Domain(items or [])
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise ValidationError(
            model.env._(
                "The condition “%s” cannot be read. Write a list such as"
                " [('city', '=', 'Suzhou')], or choose it with the editor.",
                str(value)[:200],
            )
        ) from None
    _check_fields(model, domain)
    return domain


def check_domain(model, domain):
    """Refuse a domain that Odoo cannot search by, or this user may not.

    :param model: a recordset of the model, of the user who will search
    :raise AccessError: it names a field the user may not read
    :raise ValidationError: it cannot be used, with the reason
    """
    try:
        domain.validate(model)
        model._search(domain)
    except (AccessError, UserError):
        raise
    except Exception as error:  # noqa: BLE001 a search method raises what it likes
        raise ValidationError(
            model.env._("The condition cannot be used: %s", str(error)[:300])
        ) from None


def _check_fields(model, domain):
    """Say a field that is gone by name: the most frequent end of a stored domain."""
    for condition in domain.iter_conditions():
        name = condition.field_expr.split(".")[0]
        if name not in model._fields:
            raise ValidationError(
                model.env._(
                    "The condition names the field “%(field)s”, which"
                    " “%(model)s” does not have (any more).",
                    field=name,
                    model=model.env["ir.model"]._get(model._name).name,
                )
            )
