from odoo import api, models
from odoo.tools import ormcache

from ..tools.changes import AFTER, BEFORE, Change, Hook, declared
from .mail_message_subtype import SUBTYPES


class CrmChangeMixin(models.AbstractModel):
    """A model on whose changes several modules have something to say.

    They say it with ``@precedes`` and ``@follows`` of ``tools/changes.py``, each at a
    place of its own, and the order no longer is that in which files are imported. What
    they want to know of the time before is read once for all of them. The places of all
    modules are on the page ``docs/order-of-writes.md``.

    A model joins by inheriting the mixin *before* itself, so that what Odoo does comes
    first. See docs/adr/0042.
    """

    _name = "crm.change.mixin"
    _description = "Changes in a Declared Order"

    @api.model_create_multi
    def create(self, vals_list):
        asking_once = super(CrmChangeMixin, SUBTYPES.on(self, {}))
        records = asking_once.create(vals_list).with_env(self.env)
        hooks = [hook for hook in self._change_hooks() if hook.new]
        if hooks and records:
            names = {name for vals in vals_list for name in vals if vals[name]}
            change = Change({}, frozenset(names), {}, is_new=True)
            for hook in hooks:
                getattr(records, hook.name)(change)
        return records

    def write(self, vals):
        hooks = [hook for hook in self._change_hooks() if hook.is_woken_by(vals)]
        if not hooks or not self:
            return super().write(vals)
        # Odoo adds its own to the values on the way
        asked = dict(vals)
        for hook in hooks:
            if hook.phase == BEFORE:
                getattr(self, hook.name)(asked)
        following = [hook for hook in hooks if hook.phase == AFTER]
        was = self._values_of(frozenset().union(*(hook.reads for hook in following)))
        found = {
            hook: getattr(self, hook.before)(asked) for hook in following if hook.before
        }
        result = super().write(vals)
        for hook in following:
            change = Change(asked, frozenset(asked), was, found.get(hook))
            getattr(self, hook.name)(change)
        return result

    @api.model
    @ormcache("self._name")
    def _change_hooks(self) -> tuple[Hook, ...]:
        """Return what is called at a change, in order."""
        return declared(type(self))

    def _values_of(self, names) -> dict[int, dict]:
        """Return the values of fields by record, links as ids."""
        if not names:
            return {}
        # sudo: compared, not shown; whether the user may write is asked by the write
        return {
            record.id: {
                name: value.id if isinstance(value, models.BaseModel) else value
                for name in names
                for value in [record[name]]
            }
            for record in self.sudo()
        }

    def _changed_since(self, change: Change, *names):
        """Return those whose values of one of these fields are others than before;
        new ones have none of before."""
        now = self._values_of(names)
        return self.browse(
            id_
            for id_, values in now.items()
            if id_ not in change.was
            or any(change.was[id_][name] != values[name] for name in names)
        )
