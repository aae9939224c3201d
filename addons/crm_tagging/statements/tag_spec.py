"""How a model is tagged."""

from typing import NamedTuple

from odoo.tools import SQL


class TagSpec(NamedTuple):
    """How a model is tagged: names of the ORM first, names in the database then.

    ``rests``: the model has archived records, which no rule changes that does not ask
    for them.
    """

    model: str
    field: str
    tag_model: str
    reason_model: str
    rests: bool
    table: str
    relation: str
    record_column: str
    tag_column: str
    tag_table: str
    reason_table: str

    def identifiers(self) -> dict[str, SQL]:
        """Return the names in the database, to be put into an ``SQL``."""
        names = self._fields[self._fields.index("table") :]
        return {name: SQL.identifier(getattr(self, name)) for name in names}
