from collections import defaultdict
from collections.abc import Iterator

from odoo.tools import SQL

# what people attach to a record by model name and id
ATTACHED = {
    "mail.message": [("message_type", "in", ("comment", "email", "sms"))],
    "mail.activity": [],
    "ir.attachment": [("res_field", "=", False)],
}
MODEL_COLUMN = {"mail.message": "model"}


class References:
    """Who uses records, whatever module it belongs to.

    :param system: sees everything; what is found keeps a record, nothing of it is shown
    """

    def __init__(self, system):
        self.system = system

    def of(self, records) -> dict[int, set[str]]:
        """Return id -> tables that hold a foreign key on it, one query for all.

        Asked of the database, because a relation of any module counts, also one
        without field on this side. Rows the system keeps about a record count only
        if they are used in their turn, see ``_derived_references`` of res.partner.
        """
        found = defaultdict(set)
        if not records:
            return found
        self.system.flush_all()
        derived = self.system["res.partner"]._derived_references()
        columns = set(self._referencing_columns(records._table))
        # contacts are looked at apart
        columns.discard(("res_partner", "parent_id"))
        for table, record_id in self._using_rows(columns - derived, records):
            found[record_id].add(table)
        for record_id, tables in self._used_through(columns & derived, records):
            found[record_id] |= tables
        return found

    def attached(self, partners) -> dict[int, set[str]]:
        """Return id -> tables of notes, activities and files on the partner."""
        found = defaultdict(set)
        for model, domain in ATTACHED.items():
            column = MODEL_COLUMN.get(model, "res_model")
            hanging = [(column, "=", "res.partner"), ("res_id", "in", partners.ids)]
            Model = self.system[model]
            for (partner_id,) in Model._read_group([*hanging, *domain], ["res_id"]):
                found[partner_id].add(Model._table)
        return dict(found)

    def models_of(self) -> dict[str, object]:
        """Table -> model."""
        return {model._table: model for model in self.system.values()}

    def _using_rows(self, columns, records) -> list[tuple[str, int]]:
        selects = [
            SQL(
                "SELECT %s, %s FROM %s WHERE %s = ANY(%s) GROUP BY 2",
                table,
                SQL.identifier(column),
                SQL.identifier(table),
                SQL.identifier(column),
                records.ids,
            )
            for table, column in sorted(columns)
        ]
        if not selects:
            return []
        return self.system.execute_query(SQL(" UNION ALL ").join(selects))

    def _used_through(self, columns, records) -> Iterator[tuple[int, set[str]]]:
        """Yield (id, tables that point to a row kept about it)."""
        models_of = self.models_of()
        for table, column in sorted(columns):
            # of the same table: the records point to each other
            if table not in models_of or table == records._table:
                continue
            rows = self.system.execute_query(
                SQL(
                    "SELECT id, %(column)s FROM %(table)s "
                    "WHERE %(column)s = ANY(%(ids)s)",
                    column=SQL.identifier(column),
                    table=SQL.identifier(table),
                    ids=records.ids,
                )
            )
            used = self.of(models_of[table].browse(row for row, _id in rows))
            for row, record_id in rows:
                if row in used:
                    yield record_id, used[row]

    def _referencing_columns(self, table: str) -> list[tuple[str, str]]:
        rows = self.system.execute_query(
            SQL(
                """SELECT con.conrelid::regclass::text, att.attname
                     FROM pg_constraint con
                     JOIN pg_attribute att ON att.attrelid = con.conrelid
                                          AND att.attnum = con.conkey[1]
                    WHERE con.contype = 'f' AND con.confrelid = %s::regclass
                      AND array_length(con.conkey, 1) = 1""",
                table,
            )
        )
        return [(name.strip('"'), column) for name, column in rows]
