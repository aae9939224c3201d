from functools import cached_property

from babel import Locale

from ..tools import cleaning
from ..tools.fields import FIELDS, PROPERTY_PREFIX, field_of
from .custom_fields import CustomFields

# stored values of relational choices carry this prefix, so that a source that is
# called "12" is never taken for the record number 12
ID_PREFIX = "id:"
# names of these may be created, if the importing person may; others (provinces,
# colleagues, teams) are more than a name
OPEN_TARGETS = (
    "category_id",
    "customer_level_id",
    "customer_source_id",
    "industry_id",
)
NAME_FIELDS = ("name", "label", "code", "login", "email")


class Choices:
    """What the cells of a list may name: choices of fields, by any label they have.

    :param record: the import; its person's rights decide what may be named
    """

    def __init__(self, record):
        self.record = record
        self.env = record.env
        self.custom = CustomFields(record.env)

    @cached_property
    def person(self):
        """Environment of who imports; asked for by need, a list of rows is shown
        without."""
        return self.record._importer_env()

    def lookups(self) -> cleaning.Lookups:
        """Labels of every choice a column can name, in all installed languages.

        Costs one query per choice and language, once per run, none per row.
        """
        choices = {}
        for name in self.fields():
            build = (
                cleaning.province_lookup if name == "state" else cleaning.choice_lookup
            )
            choices[name] = build(self.pairs(name))
        return cleaning.Lookups(choices, self.custom.by_label(), self.label_lang())

    def fields(self) -> list[str]:
        """Technical names of the import fields that take one of several choices."""
        known = [f.name for f in FIELDS.values() if f.kind in ("choice", "tags")]
        return known + self.custom.names()

    def label_lang(self) -> str:
        """Language of labels written into notes: the importing person's."""
        return "zh" if (self.record.user_id.lang or "").startswith("zh") else "en"

    def may_create(self, name: str) -> bool:
        """Whether the importing person may add a choice to an import field."""
        if name.startswith(PROPERTY_PREFIX):
            return CustomFields(self.person).may_change()
        target = FIELDS[name].target
        if target not in OPEN_TARGETS:
            return False
        comodel = self.env["res.partner"]._fields[target].comodel_name
        return self.person[comodel].has_access("create")

    def values(self, name: str) -> set[str]:
        """Stored values that the importing person may give to a field."""
        return {value for _label, value in self.pairs(name)}

    def offered(self, name: str) -> list[dict]:
        """Choices of a field as value and label, in the reader's language."""
        allowed = self.values(name)
        return [
            {"value": value, "label": label}
            for value, label in choice_names(self.env, name).items()
            if value in allowed
        ]

    # ------------------------------------------------------------
    # PAIRS
    # ------------------------------------------------------------

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """(label, stored value) of every choice of an import field, any language."""
        if name.startswith(PROPERTY_PREFIX):
            return self.custom.pairs(name.removeprefix(PROPERTY_PREFIX))
        if name == "customer_type":
            return self._type_pairs()
        return self._target_pairs(FIELDS[name].target)

    def _type_pairs(self) -> list[tuple[str, str]]:
        """Company or person, as res.partner calls them."""
        pairs = [("company", "company"), ("person", "person")]
        field = self.env["res.partner"]._fields["company_type"]
        for env in self._languages():
            pairs += [(x, key) for key, x in field._description_selection(env)]
        return pairs

    def _languages(self) -> list:
        """The environment in each installed language."""
        return [
            self.record.with_context(lang=lang).env
            for lang, _name in self.env["res.lang"].get_installed()
        ]

    def _target_pairs(self, target: str) -> list[tuple[str, str]]:
        """(label, stored value) of a field of res.partner, any language."""
        field = self.env["res.partner"]._fields.get(target)
        if field is None:
            return []
        if field.type == "selection":
            return self._selection_pairs(field)
        if not field.relational:
            return []
        records = self.record._choice_records(target)
        extra = self._country_pairs(records) if target == "country_id" else []
        return self._record_pairs(records) + extra

    def _selection_pairs(self, field) -> list[tuple[str, str]]:
        pairs = [(key, key) for key, _label in field.selection]
        for env in self._languages():
            for key, label in field._description_selection(env):
                pairs += [(label, key), (label.split(" (")[0], key)]
        return pairs

    def _country_pairs(self, countries) -> list[tuple[str, str]]:
        """Chinese and English names of countries, whatever languages are installed."""
        names = [Locale.parse(lang).territories for lang in ("zh_Hans", "en")]
        return [
            (known[country.code], f"{ID_PREFIX}{country.id}")
            for known in names
            for country in countries
            if country.code in known
        ]

    def _record_pairs(self, records) -> list[tuple[str, str]]:
        names = [name for name in NAME_FIELDS if name in records._fields]
        pairs = []
        for lang, _name in self.env["res.lang"].get_installed():
            localised = records.with_context(lang=lang)
            for record in localised:
                value = f"{ID_PREFIX}{record.id}"
                labels = {record.display_name, *(record[name] for name in names)}
                pairs += [(label, value) for label in sorted(filter(None, labels))]
            if not any(records._fields[name].translate for name in names):
                break
        return pairs


def choice_names(env, name: str) -> dict[str, str]:
    """Return stored value -> what a reader reads, for a choice; {} for other fields."""
    if name.startswith(PROPERTY_PREFIX):
        pairs = CustomFields(env).pairs(name.removeprefix(PROPERTY_PREFIX))
        return dict(reversed([(value, label) for label, value in pairs]))
    if name == "customer_type":
        labels = env["res.partner"]._fields["company_type"]
        return dict(labels._description_selection(env))
    field = field_of(name)
    definition = field and env["res.partner"]._fields.get(field.target)
    if definition is None or field.kind not in ("choice", "tags"):
        return {}
    if definition.type == "selection":
        return dict(definition._description_selection(env))
    if not definition.relational:
        return {}
    # sudo: names of choices; an owner's name stands in the person's own list
    records = env[definition.comodel_name].sudo().search([])
    is_state = field.target == "state_id"  # display names end in "(CN)"
    return {
        f"{ID_PREFIX}{record.id}": record.name if is_state else record.display_name
        for record in records
    }
