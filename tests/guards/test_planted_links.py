"""# A1: a link to a hidden record that a person sets is refused, everywhere."""

from planted import Leaks, PlantedCase

ROLES = ("rep", "agent", "plain", "portal")


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
        hidden = {
            role: {
                record
                for record in self.planted.values()
                if not record.with_user(self.roles[role]).has_access("read")
            }
            for role in ROLES
        }
        asked = 0
        for model, field, record, values in self.links():
            for role in ROLES:
                spy = self.env[model].with_user(self.roles[role])
                if record in hidden[role] and spy.has_access("create"):
                    asked += 1
                    self.probe_link(leaks, role, model, field, values)
        self.assertGreater(asked, 100)
        self.assertFalse(leaks, "\n".join(leaks))

    def probe_link(self, leaks, role, model, field, values):
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
            ("create", [[dict(values)]], {}),
        )
        for method, args, kwargs in ways:
            self.probe(leaks, role, model, method, *args, **kwargs)
