"""# A6: no public method tells of a hidden record, whatever it is given."""

import inspect

from planted import Leaks, PlantedCase

ROLES = ("rep", "agent", "portal")
# of the ORM itself: they come by in the other tests, with what they are for
ORM = {"create", "write", "onchange", "unlink", "copy", "read", "web_read", "load"}


class TestPlantedMethods(PlantedCase):
    """Every public method of the models of planted records and of the suite."""

    def models(self):
        planted = {record._name for record in self.planted.values()}
        for name in self.each_model():
            if name in planted or name.startswith("crm."):
                yield name, self.planted_ids(name)

    def test_no_method_tells(self):
        leaks = Leaks()
        asked = 0
        for model, ids in self.models():
            for role in ROLES:
                spy = self.env[model].with_user(self.roles[role])
                hidden = [id_ for id_ in ids if not spy.browse(id_).has_access("read")]
                if ids and not hidden:
                    continue
                for name, method in self.public_methods(model):
                    common = not ids and hasattr(self.env["base"], name)
                    if name not in ORM and not common:
                        asked += 1
                        self.probe_method(leaks, role, model, name, method, hidden)
        self.assertGreater(asked, 500)
        self.assertFalse(leaks, "\n".join(leaks))

    def probe_method(self, leaks, role, model, name, method, hidden):
        args = [] if getattr(method, "_api_model", False) else [hidden]
        guessed = [self.guess(param) for param in self.required(method)]
        self.probe(leaks, role, model, name, *args, *guessed)

    def required(self, method):
        """The names of the arguments a method wants, without ``self``."""
        parameters = list(inspect.signature(method).parameters.values())[1:]
        return [
            parameter.name
            for parameter in parameters
            if parameter.kind
            in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
            and parameter.default is parameter.empty
        ]

    def guess(self, name):
        """A value of the kind an argument of this name is likely to want, that leads
        to what is hidden."""
        customer = self.planted["customer"]
        if name in ("model", "res_model", "model_name"):
            return "res.partner"
        if "domain" in name:
            return [("id", "in", customer.ids)]
        if name in ("fields", "fnames", "field_names", "groupby", "names"):
            return ["name"]
        if "vals_list" in name:
            return [{"name": "x"}]
        if "vals" in name or "values" in name or "dict" in name:
            return {"partner_id": customer.id}
        if name.endswith("ids"):
            return customer.ids
        if name.endswith("id") or name in ("partner", "record", "customer"):
            return customer.id
        if name in ("lead", "opportunity"):
            return self.planted["lead"].id
        if name == "operator":
            return "ilike"
        # less than the marker: what is asked for is often said again
        return self.marker("customer")[:-2]
