from odoo import api, models
from odoo.exceptions import AccessError, MissingError
from odoo.tools import ormcache

from ..tools.links import MAX_ID, ids_named, lines_named, reference_named


class Base(models.AbstractModel):
    """A link is no reading glass.

    What a person links to a record is computed on as superuser: the customer's phone
    lands on the lead, its name in the title of a meeting. So a link that a person
    sets leads only to what this person may read, whichever way it is set. A model
    whose records are not everybody's says ``_link_gate = True``, and every link to
    it, in every module, stands behind the gate. See docs/adr/0022.
    """

    _inherit = "base"

    # True: who may not read a record of this model may not link to it either
    _link_gate = False

    @api.model
    def default_get(self, fields):
        """Defaults from the context or kept by the person pass the gate too."""
        defaults = super().default_get(fields)
        self.browse()._check_links([defaults])
        return defaults

    def onchange(self, values, field_names, fields_spec):
        """Ask before anything is computed: the answer of a form that is not saved
        shows as much as one that is."""
        if self.env.su or not isinstance(values, dict):
            return super().onchange(values, field_names, fields_spec)
        if not field_names:
            # what a wizard's own ``default_get`` adds is set by nobody else either
            missing = [name for name in fields_spec if name not in values]
            values = {**values, **self.default_get(missing)}
        self._check_links([values], lines=True)
        return super().onchange(values, field_names, fields_spec)

    def _add_precomputed_values(self, vals_list):
        # the first thing after the defaults of ``create`` are known
        self.browse()._check_links(vals_list)
        return super()._add_precomputed_values(vals_list)

    def write(self, vals):
        self._check_links([vals])
        return super().write(vals)

    # ------------------------------------------------------------
    # THE GATE
    # ------------------------------------------------------------

    def _check_links(self, vals_list, lines=False):
        """Refuse links to records that the user may not read.

        Costs nothing for the superuser, and one check of access for each linked model
        otherwise, which needs no query for records that are read already. A link that
        all of ``self`` have may stay. To be called by code that hands a person's
        values on as superuser, before it does so.

        :param vals_list: values as for ``create`` or ``write``
        :param lines: look into lines of x2many fields too; ``create`` and ``write``
            come by here for each line by themselves
        :raises AccessError: says which field, and nothing of the record
        """
        if self.env.su:
            return
        fixed, open_, relational = self._gated_links()
        wanted = {}
        for vals in vals_list:
            for name in fixed & vals.keys():
                model = self._fields[name].comodel_name
                for id_ in ids_named(vals[name]):
                    wanted.setdefault((model, name), set()).add(id_)
            for name in open_ & vals.keys():
                if target := self._open_link(name, vals):
                    wanted.setdefault((target[0], name), set()).add(target[1])
            if lines:
                for name in relational & vals.keys():
                    self._check_lines(name, vals[name])
        if wanted:
            self._check_wanted(wanted)

    def _check_lines(self, name, value):
        """Look into the lines of one link; those of an onchange are never saved, and
        their parents are computed with them."""
        comodel = self.env[self._fields[name].comodel_name]
        for id_, vals in lines_named(value):
            comodel.browse(id_)._check_links([vals], lines=True)

    def _check_wanted(self, wanted):
        """:param wanted: sets of ids by (model, field)"""
        by_model = {}
        for (model, _name), ids in wanted.items():
            by_model.setdefault(model, set()).update(ids)
        hidden = {
            model: ids - set(self.env[model]._readable_ids(ids))
            for model, ids in by_model.items()
        }
        for (model, name), ids in wanted.items():
            missing = ids & hidden[model]
            if missing and not self._has_links(name, model, missing):
                raise self._link_refusal(name, model)

    @api.model
    def _readable_ids(self, ids) -> list[int]:
        """Return those of the ids whose records the user may read."""
        records = self.browse(id_ for id_ in ids if 0 < id_ <= MAX_ID)
        try:
            return records._filtered_access("read").ids
        except MissingError:
            return records.exists()._filtered_access("read").ids

    def _has_links(self, name, model, ids) -> bool:
        """Return whether each of these records has the links already."""
        # sudo: compared, not shown; the values are those the user sent
        for record in self.sudo().with_context(active_test=False):
            value = record[name]
            if isinstance(value, models.BaseModel):
                held, held_ids = value._name, set(value.ids)
            else:
                model_field = getattr(self._fields[name], "model_field", None)
                held, held_ids = value and record[model_field], {value}
            if held != model or not ids <= held_ids:
                return False
        return bool(self)

    def _link_refusal(self, name, model) -> AccessError:
        field = self.env["ir.model.fields"]._get(self._name, name)
        kind = self.env["ir.model"]._get(model)
        return AccessError(
            self.env._(
                "“%(field)s” cannot be set to this record of “%(kind)s”: it is not "
                "yours to see. Choose another one, or ask its owner or your manager "
                "to share it with you.",
                field=field.field_description or name,
                kind=kind.name or model,
            )
        )

    @api.model
    @ormcache("self._name")
    def _gated_links(self) -> tuple[frozenset, frozenset, frozenset]:
        """Return the names of the fields that link to a model behind the gate, of
        those whose model is said by a value, and of all that may bring lines along."""
        fields = self._fields.values()
        links = [field for field in fields if field.relational]
        return (
            frozenset(
                field.name for field in links if self.env[field.comodel_name]._link_gate
            ),
            frozenset(
                field.name
                for field in fields
                if field.type in ("reference", "many2one_reference")
            ),
            frozenset(field.name for field in links),
        )

    def _open_link(self, name, vals):
        """Return model and id that a field without fixed model is set to, if the
        model stands behind the gate."""
        field = self._fields[name]
        if field.type == "reference":
            target = reference_named(vals[name])
        else:
            id_ = next(ids_named(vals[name]), None)
            target = id_ and (self._model_said(field.model_field, vals), id_)
        if target and target[0] in self.env and self.env[target[0]]._link_gate:
            return target
        return None

    def _model_said(self, name, vals) -> str | None:
        """Return the model that goes with an id: in the values, by the values, by a
        default, or on the record."""
        first, *rest = (self._fields[name].related or "").split(".")
        defaults = {
            key: self.env.context.get(f"default_{key}") for key in (name, first)
        }
        for said in (vals, defaults):
            if said.get(name):
                return said[name]
            if rest and said.get(first):
                # sudo: the name of a model
                known = self.env[self._fields[first].comodel_name].sudo()
                return known.browse(next(ids_named(said[first]), None))[rest[0]]
        # sudo: the name of a model, on a record that is checked when it is written
        return self[:1].sudo()[name] if self else None
