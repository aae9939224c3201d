from uuid import uuid4

from odoo.tools import SQL

from ..tools.fields import PROPERTY_PREFIX

# kinds that take one or several of their own options
OPTION_KINDS = ("selection", "tags")


class CustomFields:
    """The custom fields of customers, as titles and cells of a list name them.

    :param env: whose rights decide on changes; everybody may know the fields
    """

    def __init__(self, env):
        self.env = env

    def definition(self):
        # sudo: how custom fields are defined, which every form shows
        Definition = self.env["properties.base.definition"].sudo()
        return Definition._get_definition_for_property_field(
            "res.partner", "properties"
        )

    def by_label(self) -> dict[str, dict]:
        """Label -> definition."""
        return {
            field["string"]: field
            for field in self.definition().properties_definition or []
            if field.get("string") and field["type"] != "separator"
        }

    def names(self, kinds: tuple[str, ...] = OPTION_KINDS) -> list[str]:
        """Technical names of the import fields that are of some kinds."""
        custom = self.by_label().items()
        return [PROPERTY_PREFIX + x for x, found in custom if found["type"] in kinds]

    def list_fields(self) -> frozenset[str]:
        """Import fields that hold several values, tags of Odoo included."""
        return frozenset({"tags", *self.names(("tags",))})

    def pairs(self, label: str) -> list[tuple[str, str]]:
        """(label, stored value) of the options of a field."""
        definition = self.by_label().get(label, {})
        options = definition.get(definition.get("type", "")) or []
        pairs = [(option[1], option[0]) for option in options]
        return pairs + [(key, key) for _label, key in pairs]

    # ------------------------------------------------------------
    # OPTIONS
    # ------------------------------------------------------------

    def may_change(self) -> bool:
        return self.definition().with_env(self.env).has_access("write")

    def add_option(self, title: str, label: str) -> str:
        """Give the field ``title`` one option more; returns its stored value."""
        definition = self.definition().with_env(self.env)
        key = uuid4().hex[:16]
        changed = []
        for one in definition.properties_definition:
            if one.get("string") == title:
                kind = one["type"]
                option = [key, label] if kind == "selection" else [key, label, 1]
                one = {**one, kind: [*(one.get(kind) or []), option]}
            changed.append(one)
        definition.properties_definition = changed
        return key

    def drop_unused(self, title: str, keys: list[str]):
        """Take those of the options out that no customer has."""
        field = self.by_label().get(title)
        if not field or field["type"] not in OPTION_KINDS:
            return
        unused = set(keys) - self._used_keys(field["name"], keys)
        definition = self.definition().with_env(self.env)
        definition.properties_definition = [
            {**one, one["type"]: [o for o in one[one["type"]] if o[0] not in unused]}
            if one.get("string") == title
            else one
            for one in definition.properties_definition
        ]

    def _used_keys(self, name: str, keys: list[str]) -> set[str]:
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT key FROM unnest(%s) key
                     JOIN res_partner ON properties->>%s = key
                                      OR properties->%s @> to_jsonb(key)""",
                list(keys),
                name,
                name,
            )
        )
        return {row[0] for row in rows}
