from collections import defaultdict
from collections.abc import Iterator

from odoo import models
from odoo.tools import SQL

from odoo.addons.crm_suite_base.tools.journal import reverse

from ..tools.fields import PROPERTY_PREFIX
from .crm_customer_import_reading import BATCH_ROWS
from .crm_customer_import_writing import CREATE_CONTEXT, LOST_TRANSACTION

DIRECT_UNDO_ROWS = 300
# what people attach to a record by model name and id
ATTACHED = {
    "mail.message": [("message_type", "in", ("comment", "email", "sms"))],
    "mail.activity": [],
    "ir.attachment": [("res_field", "=", False)],
}
MODEL_COLUMN = {"mail.message": "model"}


class CrmCustomerImport(models.Model):
    """Taking an import back: the last row first, so that a customer goes after
    the contacts that later rows gave it."""

    _inherit = "crm.customer.import"

    def _start_undoing(self):
        self._enter("undoing")
        if self.done_count - self.skip_count - self.refuse_count > DIRECT_UNDO_ROWS:
            self._wake_worker()
        else:
            self._run_direct(DIRECT_UNDO_ROWS)

    def _iter_undoing(self) -> Iterator[int]:
        """Do the phase in batches; yields the rows handled after each."""
        Line = self.env["crm.customer.import.line"]
        domain = [
            ("import_id", "=", self.id),
            ("decision", "in", ("create", "update")),
            ("state", "=", "done"),
        ]
        while lines := Line.search(domain, order="row_number desc", limit=BATCH_ROWS):
            self._add_stamp()
            self._undo_batch(lines)
            self.env.flush_all()
            self.env.invalidate_all()  # or the memory grows with the file
            yield len(lines)
        self._remove_options()
        self._enter("undone")

    def _undo_batch(self, lines):
        notes = defaultdict(list)
        self._restore_updated(lines, notes)
        self._remove_created(lines, notes)
        for line in lines:
            kept = notes.get(line)
            line.write(
                {
                    "state": "kept" if kept else "undone",
                    "undo_note": " ".join(kept) if kept else False,
                }
            )

    # ------------------------------------------------------------
    # UPDATED
    # ------------------------------------------------------------

    def _restore_updated(self, lines, notes):
        """Write former values back, with the importing person's rights."""
        wanted = {
            int(key) for line in lines for key in line.previous_values or {}
        } - self._own_partner_ids(lines)
        partners = self._partners().browse(sorted(wanted)).exists()
        writable = partners._filtered_access("write")
        by_id = {partner.id: partner for partner in partners}
        for line in lines:
            for key, previous in (line.previous_values or {}).items():
                partner = by_id.get(int(key))
                if partner is None:
                    continue  # gone, or brought in by this import: see below
                if partner not in writable:
                    notes[line].append(self._note_not_writable())
                    continue
                written = (line.written_values or {}).get(key, {})
                self._restore(partner, previous, written, line, notes)

    def _own_partner_ids(self, lines) -> set[int]:
        """Partners this import created that these rows wrote on."""
        ids = [int(key) for line in lines for key in line.previous_values or {}]
        domain = [("import_id", "=", self.id), ("created_ids", "!=", False)]
        domain += ["|", ("partner_id", "in", ids), ("contact_id", "in", ids)]
        origins = self.env["crm.customer.import.line"].search(domain)
        return {pid for line in origins for pid in line.created_ids or ()} & set(ids)

    def _restore(self, partner, previous, written, line, notes):
        present = self._snapshot(partner, previous)
        reversal = reverse(previous, written, present)
        if reversal.back:
            partner.write(self._to_write(reversal.back))
        if reversal.changed:
            notes[line].append(self._note_changed_fields(partner, reversal.changed))

    # ------------------------------------------------------------
    # CREATED
    # ------------------------------------------------------------

    def _remove_created(self, lines, notes):
        line_of = {pid: line for line in lines for pid in line.created_ids or ()}
        # sudo: reps may not delete customers; these are the very ones this import
        # created (by its own journal that nobody else can write), unused since
        partners = self.env["res.partner"].sudo().browse(line_of).exists()
        stamps = set(self.stamps or ())
        removable = partners.filtered(lambda p: p.write_date.isoformat() in stamps)
        for partner in partners - removable:
            notes[line_of[partner.id]].append(self._note_changed(partner))
        used = self._references(removable) | self._attached(removable)
        for partner in removable.filtered(lambda p: p.id in used):
            notes[line_of[partner.id]].append(self._note_used(partner, used))
        removable = removable.filtered(lambda p: p.id not in used)
        removable -= self._with_kept_contacts(removable, line_of, notes)
        self._unlink(removable, line_of, notes)

    def _with_kept_contacts(self, removable, line_of, notes):
        """Customers below whom a contact stays."""
        children = removable.with_context(active_test=False).search(
            [("parent_id", "in", removable.ids), ("id", "not in", removable.ids)]
        )
        parents = children.parent_id
        for parent in parents:
            notes[line_of[parent.id]].append(
                self._importer_env()._(
                    "%(name)s was kept: it has contacts that stay.", name=parent.name
                )
            )
        return parents

    def _unlink(self, partners, line_of, notes):
        """Delete; what the database holds on to is found by halving and stays."""
        if not partners:
            return
        try:
            with self.env.cr.savepoint():
                partners.with_context(**CREATE_CONTEXT).unlink()
        except LOST_TRANSACTION:
            raise
        except Exception as error:  # noqa: BLE001 other modules raise what they like
            if len(partners) > 1:
                middle = len(partners) // 2
                self._unlink(partners[:middle], line_of, notes)
                self._unlink(partners[middle:], line_of, notes)
            else:
                sentence = self._failure_sentence(error)
                notes[line_of[partners.id]].append(f"{partners.name}: {sentence}")

    # ------------------------------------------------------------
    # USE
    # ------------------------------------------------------------

    def _references(self, records) -> dict[int, set[str]]:
        """Return id -> tables that hold a foreign key on it, one query for all.

        Asked of the database, because a relation of any module counts, also one
        without field on this side. Rows the system keeps about a record count only
        if they are used in their turn, see ``_derived_references``.
        """
        found = defaultdict(set)
        if not records:
            return found
        self.env.flush_all()
        derived = self.env["res.partner"]._derived_references()
        columns = set(self._referencing_columns(records._table))
        # contacts are looked at apart
        columns.discard(("res_partner", "parent_id"))
        for table, record_id in self._using_rows(columns - derived, records):
            found[record_id].add(table)
        for record_id, tables in self._used_through(columns & derived, records):
            found[record_id] |= tables
        return found

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
        return self.env.execute_query(SQL(" UNION ALL ").join(selects))

    def _used_through(self, columns, records) -> Iterator[tuple[int, set[str]]]:
        """Yield (id, tables that point to a row kept about it)."""
        models_of = {model._table: model for model in self.env.values()}
        for table, column in sorted(columns):
            # of the same table: the records point to each other
            if table not in models_of or table == records._table:
                continue
            rows = self.env.execute_query(
                SQL(
                    "SELECT id, %(column)s FROM %(table)s "
                    "WHERE %(column)s = ANY(%(ids)s)",
                    column=SQL.identifier(column),
                    table=SQL.identifier(table),
                    ids=records.ids,
                )
            )
            used = self._references(models_of[table].browse(row for row, _id in rows))
            for row, record_id in rows:
                if row in used:
                    yield record_id, used[row]

    def _referencing_columns(self, table: str) -> list[tuple[str, str]]:
        rows = self.env.execute_query(
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

    def _attached(self, partners) -> dict[int, set[str]]:
        """Return id -> models of notes, activities and files on the partner."""
        found = defaultdict(set)
        for model, domain in ATTACHED.items():
            column = MODEL_COLUMN.get(model, "res_model")
            hanging = [(column, "=", "res.partner"), ("res_id", "in", partners.ids)]
            # sudo: that something hangs there keeps the partner; nothing is shown
            Model = self.env[model].sudo()
            for (partner_id,) in Model._read_group([*hanging, *domain], ["res_id"]):
                found[partner_id].add(self.env[model]._table)
        return dict(found)

    def _remove_options(self):
        """Choices this import created go, unless used elsewhere. What was decided on
        the words stays remembered."""
        for model, created in (self.created_options or {}).items():
            if model.startswith(PROPERTY_PREFIX):
                self._remove_property_options(model, created)
                continue
            # sudo: created by this import, by its own journal, and used by nobody
            options = self.env[model].sudo().browse(created).exists()
            used = self._references(options)
            options.filtered(lambda option: option.id not in used).unlink()  # noqa: B023

    def _remove_property_options(self, name: str, keys: list[str]):
        """The same for options of a custom field."""
        title = name.removeprefix(PROPERTY_PREFIX)
        field = self._property_definitions().get(title)
        if not field or field["type"] not in ("selection", "tags"):
            return
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT key FROM unnest(%s) key
                     JOIN res_partner ON properties->>%s = key
                                      OR properties->%s @> to_jsonb(key)""",
                list(keys),
                field["name"],
                field["name"],
            )
        )
        unused = set(keys) - {row[0] for row in rows}
        definition = self._property_definition()  # sudo: as in _remove_options
        definition.properties_definition = [
            {**one, one["type"]: [o for o in one[one["type"]] if o[0] not in unused]}
            if one.get("string") == title
            else one
            for one in definition.properties_definition
        ]

    # ------------------------------------------------------------
    # NOTES
    # ------------------------------------------------------------

    def _note_not_writable(self) -> str:
        return self._importer_env()._(
            "A customer this row updated is no longer yours to change; its values stay."
        )

    def _note_changed(self, partner) -> str:
        return self._importer_env()._(
            "%(name)s was kept: it was changed since.", name=partner.name
        )

    def _note_changed_fields(self, partner, names) -> str:
        labels = partner.fields_get(names, ["string"])
        return self._importer_env()._(
            "%(name)s: changed since and left alone: %(fields)s.",
            name=partner.name,
            fields=", ".join(labels[name]["string"] for name in names),
        )

    def _note_used(self, partner, used) -> str:
        tables = {model._table: model for model in self.env.values()}
        env = self._importer_env()
        # sudo: names of models, for the sentence
        IrModel = env["ir.model"].sudo()
        names = {
            IrModel._get(tables[table]._name).name if table in tables else table
            for table in used[partner.id]
        }
        return env._(
            "%(name)s was kept: it is used in %(models)s.",
            name=partner.name,
            models=", ".join(sorted(names)),
        )
