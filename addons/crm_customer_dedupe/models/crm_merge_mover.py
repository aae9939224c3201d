from collections import defaultdict
from collections.abc import Collection

import psycopg2

from odoo import api, models
from odoo.tools import SQL, mute_logger

from ..statements import merge_moving
from ..tools.merging import Pointer, UniqueKey

#: models whose records a merge of customers unites
UNITED = ("res.partner", "res.partner.bank")
#: tables of which rows never move: what merges were, and what waits in a dialog
KEPT_TABLES = (
    "crm_customer_merge",
    "crm_customer_merge_line",
    "crm_customer_merge_absorbed_rel",
)
#: what one of several columns of a polymorphic row says besides
ONLY = {"ir_attachment": "res_field IS NULL"}
DEFAULTS = (
    "field_id IN (SELECT id FROM ir_model_fields"
    " WHERE company_dependent AND ttype = 'many2one' AND relation = '{model}')"
)


class CrmMergeMover(models.AbstractModel):
    """Finds whatever points to a record, in any module, and lets it point to another.

    Rows that cannot, because the other has one of which there can be only one, are set
    aside; all others move. What the database does not let go stays where it is: the
    record it points to is not deleted.
    """

    _name = "crm.merge.mover"
    _description = "Mover of What Points to a Record"

    # ------------------------------------------------------------
    # WHAT POINTS TO IT
    # ------------------------------------------------------------

    @api.model
    def _pointers(self, model: str) -> list[Pointer]:
        """Return all columns that can name records of a model."""
        skipped = self._passing_tables()
        found = [
            *self._keys_to(model),
            *self._pairs(),
            *self._texts(model),
            *self._companies(model),
            *self._properties(model),
        ]
        return [
            pointer
            for pointer in found
            if pointer.table not in skipped
            and not pointer.table.startswith("base_partner_merge_")
        ]

    @api.model
    def _passing_tables(self) -> set[str]:
        passing = {model._table for model in self.env.values() if model._transient}
        return passing.union(KEPT_TABLES)

    def _stored(self):
        """Yield the stored fields of models that are tables."""
        for model in self.env.values():
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                if field.store and field.column_type:
                    yield model, field

    @api.model
    def _keys_to(self, model: str) -> list[Pointer]:
        query = merge_moving.foreign_keys(self.env[model]._table)
        return [Pointer(*row) for row in self.env.execute_query(query)]

    def _pairs(self) -> list[Pointer]:
        """Columns that hold an id, beside one that says of which model."""
        found = []
        for model, field in self._stored():
            beside = model._fields.get(getattr(field, "model_field", None) or "")
            if field.type == "many2one_reference" and beside and beside.store:
                only = ONLY.get(model._table, "")
                found.append(
                    Pointer(model._table, field.name, "pair", beside.name, only=only)
                )
        return found

    @api.model
    def _texts(self, model: str) -> list[Pointer]:
        found = [
            Pointer(owner._table, field.name, "text", prefix=f"{model},")
            for owner, field in self._stored()
            if field.type == "reference" and not field.company_dependent
        ]
        only = DEFAULTS.format(model=model)
        return [*found, Pointer("ir_default", "json_value", "text", only=only)]

    @api.model
    def _companies(self, model: str) -> list[Pointer]:
        return [
            Pointer(self.env[field.model_name]._table, field.name, "company")
            for field in self.env.registry.many2one_company_dependents[model]
        ]

    @api.model
    def _properties(self, model: str) -> list[Pointer]:
        found = []
        for owner, field in self._stored():
            if field.type != "properties" or not field.definition_record:
                continue
            container = self.env[owner._fields[field.definition_record].comodel_name]
            column = SQL.identifier(field.definition_record_field)
            rows = self.env.execute_query(
                SQL(
                    "SELECT DISTINCT one ->> 'name' FROM %s, jsonb_array_elements("
                    "CASE WHEN jsonb_typeof(%s) = 'array' THEN %s ELSE '[]' END) one"
                    " WHERE one ->> 'comodel' = %s",
                    SQL.identifier(container._table),
                    column,
                    column,
                    model,
                )
            )
            if names := tuple(sorted(name for (name,) in rows)):
                found.append(Pointer(owner._table, field.name, "property", names=names))
        return found

    @api.model
    def _columns(self, table: str) -> dict[str, bool]:
        """Return the columns of a table, and of each whether it is generated."""
        return dict(self.env.execute_query(merge_moving.columns_of(table)))

    @api.model
    def _where(self, pointers, model: str, ids: Collection[int]) -> dict[str, SQL]:
        """Return for each table the condition that a row points to the records."""
        conditions = defaultdict(list)
        for pointer in pointers:
            conditions[pointer.table].append(
                merge_moving.holds(pointer, model, list(ids))
            )
        return {
            table: SQL("(%s)", SQL(" OR ").join(some))
            for table, some in conditions.items()
        }

    # ------------------------------------------------------------
    # MOVE
    # ------------------------------------------------------------

    @api.model
    def _move(self, pointers, model: str, sources: list[int], target: int, note):
        """Let what points to the sources point to the target.

        :param pointers: which columns, see ``_pointers``
        :param note: a function of a table and a condition that is called with rows
            before they are set aside
        """
        self.env.flush_all()
        for pointer in pointers:
            self._move_pointer(pointer, model, sources, target, note)
        self.env.invalidate_all()

    def _move_pointer(self, pointer, model, sources, target, note):
        holds = merge_moving.holds(pointer, model, sources)
        where = self._not_themselves(pointer, model, sources)
        table = SQL.identifier(pointer.table)
        found = self.env.execute_query(
            SQL("SELECT FROM %s WHERE %s AND %s LIMIT 1", table, holds, where)
        )
        if not found:
            return
        if pointer.kind in ("key", "pair"):
            self._make_way(pointer, model, sources, target, note)
        move = merge_moving.move(pointer, model, sources, target, where)
        if not self._tried(move):
            self._move_one_by_one(pointer, model, sources, target, where)

    def _move_one_by_one(self, pointer, model, sources, target, where):
        """Move what the database lets go; the rest stays."""
        places = self.env.execute_query(
            SQL(
                "SELECT ctid::text FROM %s WHERE %s AND %s",
                SQL.identifier(pointer.table),
                merge_moving.holds(pointer, model, sources),
                where,
            )
        )
        for (place,) in places:
            here = SQL("%s AND ctid = %s::tid", where, place)
            self._tried(merge_moving.move(pointer, model, sources, target, here))

    @api.model
    def _not_themselves(self, pointer, model: str, sources: list[int]) -> SQL:
        """What the sources say of themselves stays: they are not deleted."""
        if pointer.table == self.env[model]._table:
            return SQL("id <> ALL(%s)", sources)
        return SQL("TRUE")

    def _make_way(self, pointer, model, sources, target, note):
        """Set aside the rows of which the target has, or gets, one already."""
        pattern = merge_moving.unique_keys(pointer.table, pointer.column)
        for texts, predicate, nulls in self.env.execute_query(pattern):
            key = UniqueKey(tuple(texts), predicate, nulls)
            columns = list(self._columns(pointer.table))
            query = merge_moving.in_the_way(
                pointer, model, sources, target, key, columns
            )
            places = [place for (place,) in self.env.execute_query(query)]
            if places:
                here = SQL("ctid = ANY(%s::tid[])", places)
                self._note_dependents(pointer.table, here, note)
                self._tried(merge_moving.put_aside(pointer.table, places))

    def _note_dependents(self, table: str, where: SQL, note, seen=()):
        """Note rows that are about to go, and those that go with them."""
        note(table, where)
        if "id" not in self._columns(table) or table in seen:
            return
        pointing = self.env.execute_query(merge_moving.foreign_keys(table))
        for other, column in pointing:
            inner = SQL(
                "%s IN (SELECT id FROM %s WHERE %s)",
                SQL.identifier(column),
                SQL.identifier(table),
                where,
            )
            rows = self.env.execute_query(
                SQL("SELECT FROM %s WHERE %s LIMIT 1", SQL.identifier(other), inner)
            )
            if rows:
                self._note_dependents(other, inner, note, (*seen, table))

    def _tried(self, statement: SQL) -> bool:
        """Execute a statement; return whether the database let it pass."""
        quiet = mute_logger("odoo.sql_db")
        try:
            # no flush: everything was sent before the first statement
            with quiet, self.env.cr.savepoint(flush=False):  # no flush: see above
                self.env.cr.execute(statement)
        except psycopg2.IntegrityError:
            return False
        return True
