"""# G1 A1 A6: what a spy may not read, no call tells."""

from planted import NAMED, SPIES, TEXT, Leaks, PlantedCase

from odoo.fields import Domain

GENERIC = ("name_search", "export_data", "formatted_read_group")


class TestPlantedReading(PlantedCase):
    """Everything a spy may list, read, group, search and export."""

    def readable(self, role):
        """Models with records of the planting that the spy may read, and those."""
        for model in self.each_model():
            spy = self.env[model].with_user(self.roles[role])
            if spy.has_access("read") and (ids := self.new_ids(role, model)):
                yield model, ids

    def fields_of(self, role, model):
        spy = self.env[model].with_user(self.roles[role])
        named = {name for known, name in NAMED if known == model}
        return {
            name: spy._fields[name] for name in spy.fields_get() if name not in named
        }

    def test_no_record_one_may_read_tells(self):
        leaks = Leaks()
        for role in SPIES:
            for model, ids in self.readable(role):
                names = list(self.fields_of(role, model))
                self.probe(leaks, role, model, "read", ids, names)
                if self.failed:
                    # a field that fails must not hide the others
                    for name in names:
                        self.probe(leaks, role, model, "read", ids, [name])
        self.assertFalse(leaks, "\n".join(leaks))

    def test_nothing_beside_reading_tells(self):
        """Nested reading, export along a path, groups, counts by words of paths."""
        leaks = Leaks()
        for role in SPIES:
            for model, ids in self.readable(role):
                fields = self.fields_of(role, model)
                self.probe_nested(leaks, role, model, ids, fields)
                self.probe_groups(leaks, role, model, ids, fields)
                self.probe_counts(leaks, role, model, ids, fields)
        self.assertFalse(leaks, "\n".join(leaks))

    def probe_nested(self, leaks, role, model, ids, fields):
        for name, field in fields.items():
            if not field.relational:
                continue
            below = self.env[field.comodel_name]._fields
            texts = {n: {} for n, f in below.items() if f.type in TEXT and f.store}
            texts["display_name"] = {}
            spec = {name: {"fields": texts}}
            self.probe(leaks, role, model, "web_read", ids, spec)
            if self.failed:
                for text in texts:
                    spec = {name: {"fields": {text: {}}}}
                    self.probe(leaks, role, model, "web_read", ids, spec)
            paths = [f"{name}/{text}" for text in texts]
            self.probe(leaks, role, model, "export_data", ids, paths)

    def probe_groups(self, leaks, role, model, ids, fields):
        domain = [("id", "in", ids)]
        for name, field in fields.items():
            if field.store and field.type in (*TEXT[:1], "many2one", "many2many"):
                self.probe(
                    leaks,
                    role,
                    model,
                    "formatted_read_group",
                    domain,
                    [name],
                    ["__count"],
                )

    def probe_counts(self, leaks, role, model, ids, fields):
        """A count that moves with the word asked for is an answer."""
        planted = {record._name for record in self.planted.values()}
        for name, field in fields.items():
            if field.relational and field.store and field.comodel_name in planted:
                below = self.env[field.comodel_name]._fields
                for text, inner in below.items():
                    # a readable record shows the name of what it points at
                    if inner.type in TEXT and inner.store and text != "name":
                        self.probe_count(leaks, role, model, f"{name}.{text}")

    def probe_count(self, leaks, role, model, path):
        spy = self.env[model].with_user(self.roles[role])
        words = self.forbidden[role]
        domain = Domain.OR(Domain(path, "ilike", word) for word in words)
        with self.undone():
            try:
                found = spy.search_count(domain, limit=1)
            except Exception:  # noqa: BLE001  refused, or not searchable
                return
        if found:
            leaks.note(role, f"{model}: {path} is found by", words)
