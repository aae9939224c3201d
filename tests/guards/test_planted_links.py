"""# A1: a link to a hidden record that a person sets is refused, everywhere."""

from planted import Leaks, PlantedCase

from odoo.models import BaseModel

ROLES = ("rep", "agent", "plain", "portal", "marketing", "service_manager")


class TestPlantedLinks(PlantedCase):
    """Every field that leads to a planted record, set in every way."""

    def links(self):
        """``(model, field, ids)`` of each field that may lead to a planted record."""
        by_model = {}
        for record in self.planted.values():
            by_model.setdefault(record._name, []).append(record)
        for model in self.each_model():
            for name, field in self.env[model]._fields.items():
                if field.type in ("one2many", "many2many", "many2one"):
                    for record in by_model.get(field.comodel_name, ())[:2]:
                        yield model, field, record, {name: self.link(field, record)}
                elif field.type == "many2one_reference" and field.model_field:
                    for record in (r[0] for r in by_model.values()):
                        values = {name: record.id, **self.said(model, field, record)}
                        yield model, field, record, values
                elif field.type == "reference":
                    for record in (r[0] for r in by_model.values()):
                        yield (
                            model,
                            field,
                            record,
                            {name: f"{record._name},{record.id}"},
                        )

    def link(self, field, record):
        return record.id if field.type == "many2one" else [[4, record.id]]

    def said(self, model, field, record):
        """The value that says which model an id is of."""
        by = self.env[model]._fields[field.model_field]
        if by.related:
            first = by.related.split(".")[0]
            return {first: self.env["ir.model"]._get_id(record._name)}
        return {field.model_field: record._name}

    def test_no_link_tells(self):
        leaks = Leaks()
        self.own_records = {}
        hidden = {
            role: {
                record
                for record in self.planted.values()
                if not record.with_user(self.roles[role]).has_access("read")
            }
            for role in ROLES
        }
        asked = dict.fromkeys(ROLES, 0)
        written = dict.fromkeys(ROLES, 0)
        for model, field, record, values in self.links():
            for role in ROLES:
                spy = self.env[model].with_user(self.roles[role])
                if record not in hidden[role]:
                    continue
                if spy.has_access("create"):
                    asked[role] += 1
                    self.probe_link(leaks, role, model, values)
                own = self.own_record(role, model)
                # a link that is there already may stay
                if own and record not in self.linked(model, own, field):
                    written[role] += 1
                    self.probe_set(leaks, role, model, "write", own, values)
        self.assertGreater(min(asked.values()), 10, asked)
        self.assertGreater(written["rep"], 20, written)
        self.assertGreater(written["service_manager"], 5, written)
        self.assertGreater(written["marketing"], 5, written)
        self.assertFalse(leaks, "\n".join(leaks))

    def linked(self, model, own, field):
        value = self.env[model].browse(own)[field.name]
        return set(value) if isinstance(value, BaseModel) else ()

    def own_record(self, role, model):
        """The id, in a list, of a record that the spy may write; or nothing."""
        key = (role, model)
        if key not in self.own_records:
            spy = self.env[model].with_user(self.roles[role])
            found = spy.browse()
            if spy.has_access("write") and self.env[model]._auto:
                found = spy.search([], order="id desc", limit=20)
            self.own_records[key] = found._filtered_access("write")[:1].ids
        return self.own_records[key]

    def probe_link(self, leaks, role, model, values):
        spec = {
            name: {}
            for name, one in self.env[model].with_user(self.roles[role])._fields.items()
            if one.type in ("char", "text", "html", "many2one")
            and self.env[model]
            .with_user(self.roles[role])
            ._has_field_access(one, "read")
        }
        spec = {
            name: {"fields": {"display_name": {}}}
            if self.env[model]._fields[name].type == "many2one"
            else {}
            for name in spec
        }
        defaults = {f"default_{name}": value for name, value in values.items()}
        ways = (
            ("onchange", [[], dict(values), list(values), spec], {}),
            ("onchange", [[], {}, [], spec], {"context": defaults}),
        )
        for method, args, kwargs in ways:
            self.probe(leaks, role, model, method, *args, **kwargs)
        self.probe_set(leaks, role, model, "create", [dict(values)])

    def probe_set(self, leaks, role, model, method, *args):
        """It must be refused, whether or not the answer tells anything."""
        self.probe(leaks, role, model, method, *args)
        if not self.failed:
            leaks.note(role, f"{model}.{method}({args!r}) is accepted, and", {"it"})
