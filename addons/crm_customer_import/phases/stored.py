"""What res.partner stores, as JSON can hold it.

An id for a record, a sorted list of ids for tags, a dict for custom fields. The journal
of an import is kept, and undo compares, in this form.
"""

from typing import Any

from markupsafe import Markup, escape

from odoo.fields import Command

from ..tools.fields import PROPERTY_PREFIX
from ..tools.property_values import property_value
from .choices import ID_PREFIX


def snapshot(partner, names) -> dict[str, Any]:
    """Return the present values of a partner in stored form."""
    result = {}
    for name in names:
        value = partner[name]
        field = partner._fields[name]
        if field.type == "many2one":
            value = value.id
        elif field.relational:
            value = sorted(value.ids)
        elif field.type == "properties":
            # the stored keys: as a mapping it gives what people read of a choice,
            # which could not be written back
            value = dict(value._values or {}) if value else {}
        elif field.type == "html":
            value = str(value) if value else False
        result[name] = value
    return result


def to_write(partners, vals: dict[str, Any]) -> dict[str, Any]:
    """Stored form -> what create() and write() of ``partners`` take."""
    fields = partners._fields
    return {
        name: [Command.set(value)] if fields[name].type == "many2many" else value
        for name, value in vals.items()
    }


def stored_vals(partners, values, definitions: dict[str, dict]) -> dict[str, Any]:
    """Values by field of res.partner (see cleaning.Parts) -> stored form.

    :param definitions: of the custom fields, by label
    """
    vals = {}
    for name, value in values.items():
        if name == "is_company":
            vals[name] = value == "1"
        elif name.startswith(PROPERTY_PREFIX):
            definition = definitions[name.removeprefix(PROPERTY_PREFIX)]
            text = ",".join(value) if isinstance(value, list) else value
            converted = property_value(definition, text).value
            vals.setdefault("properties", {})[definition["name"]] = converted
        else:
            vals[name] = _stored_value(partners._fields[name], value)
    return vals


def _stored_value(field, value):
    if field.type == "many2many":
        return sorted({_option_id(item) for item in value})
    if field.type == "many2one":
        return _option_id(value)
    if field.type == "html":
        return Markup("<p>%s</p>") % Markup("<br/>").join(
            escape(text) for text in value.splitlines()
        )
    return value


def _option_id(value: str) -> int:
    return int(value.removeprefix(ID_PREFIX))
