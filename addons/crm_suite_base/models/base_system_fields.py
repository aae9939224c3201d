import itertools
from functools import cache

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.modules.module import Manifest
from odoo.tools import ormcache

FOUNDATION = "crm_suite_base"


class Base(models.AbstractModel):
    """Only the system writes this.

    Record rules, clocks and figures compare columns that nobody may set by hand. A
    model names them in ``_system_fields``; the stored computed columns of the suite,
    which follow from other values, are among them without being named. Code writes
    them as superuser. See docs/adr/0022.
    """

    _inherit = "base"

    # who writes one of these must still be able to write the record afterwards: what
    # is somebody else's is not filled by moving an own record there
    _reach_fields: frozenset[str] = frozenset()
    # True: people read records of this model; the system makes, changes and deletes
    # them, and the advice says what to do instead
    _system_records = False

    @api.model
    def _system_fields(self) -> set[str]:
        """Hook: fields only the system writes (as superuser), whoever the user is.

        A module that adds such fields appends to the set.
        """
        return set()

    @api.model
    def _system_fields_advice(self) -> str:
        """Hook: the sentence that says what to do instead of writing them."""
        return self.env._("Change what it follows from instead.")

    def _check_system_fields(self, names):
        """:raises AccessError: when a person writes what the system alone sets"""
        if self.env.su:
            return
        self._check_system_records()
        if wrong := self._system_columns().intersection(names):
            labels = (self._fields[name].get_description(self.env) for name in wrong)
            raise AccessError(
                self.env._(
                    "%(fields)s: set by the system and not to be typed. %(advice)s",
                    fields=", ".join(sorted(label["string"] for label in labels)),
                    advice=self._system_fields_advice(),
                )
            )

    def _check_system_records(self):
        """:raises AccessError: when a person makes, changes or deletes records that
        are the system's"""
        if self._system_records and not self.env.su:
            raise AccessError(self._system_fields_advice())

    @api.model
    @ormcache("self._name")
    def _system_columns(self) -> frozenset[str]:
        """Return the names of all fields of the model that no person writes."""
        computed = {
            name
            for name, field in self._fields.items()
            if field.compute
            and field.store
            and field.readonly
            and not field.inverse
            and _is_ours(field._module)
        }
        return frozenset(computed | self._system_fields())

    @api.model
    def default_get(self, fields):
        """What the system sets has no default but its own: neither the context nor a
        default that a person keeps says it."""
        defaults = super().default_get(fields)
        if self.env.su:
            return defaults
        for name in self._system_columns().intersection(defaults):
            del defaults[name]
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self)
                defaults[name] = field.convert_to_write(value, self)
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        self._check_system_fields(itertools.chain.from_iterable(vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._check_system_fields(vals)
        result = super().write(vals)
        if not self.env.su and not self._reach_fields.isdisjoint(vals):
            self.check_access("write")
        return result

    def unlink(self):
        self._check_system_records()
        return super().unlink()


@cache
def _is_ours(module: str | None) -> bool:
    """Return whether a module is of the suite: it stands on the foundation."""
    if module == FOUNDATION:
        return True
    manifest = Manifest.for_addon(module, display_warning=False) if module else None
    return any(_is_ours(parent) for parent in (manifest["depends"] if manifest else ()))
