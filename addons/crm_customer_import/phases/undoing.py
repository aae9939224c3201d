from collections import defaultdict
from collections.abc import Iterator

from odoo.addons.crm_suite_base.tools.journal import reverse

from ..tools.fields import PROPERTY_PREFIX
from .custom_fields import CustomFields
from .failures import failure_sentence
from .phase import CREATE_CONTEXT, Phase
from .references import References
from .stored import snapshot, to_write


class Undoing(Phase):
    """Taking an import back: the last row first, so that a customer goes after the
    contacts that later rows gave it."""

    state = "undoing"
    direct_rows = 300

    def __init__(self, record):
        super().__init__(record)
        self.references = References(self.system)

    def is_long(self) -> bool:
        record = self.record
        changed = record.done_count - record.skip_count - record.refuse_count
        return changed > self.direct_rows

    def batches(self) -> Iterator[int]:
        domain = [("decision", "in", ("create", "update")), ("state", "=", "done")]
        for lines in self._worked_off(domain, "row_number desc"):
            count = len(lines)
            self._add_stamp()
            self._undo(lines)
            self._forget()
            yield count
        self._remove_options()
        self.record._enter("undone")

    def _undo(self, lines):
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
        partners = self.partners.browse(sorted(wanted)).exists()
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
                notes[line] += self._restore(partner, previous, written)

    def _own_partner_ids(self, lines) -> set[int]:
        """Partners this import created that these rows wrote on."""
        ids = [int(key) for line in lines for key in line.previous_values or {}]
        domain = [("import_id", "=", self.record.id), ("created_ids", "!=", False)]
        domain += ["|", ("partner_id", "in", ids), ("contact_id", "in", ids)]
        origins = self.lines.search(domain)
        return {pid for line in origins for pid in line.created_ids or ()} & set(ids)

    def _restore(self, partner, previous, written) -> list[str]:
        """Give a customer its former values; returns what stays, as sentences."""
        present = snapshot(partner, previous)
        reversal = reverse(previous, written, present)
        if reversal.back:
            partner.write(to_write(partner, reversal.back))
        if reversal.changed:
            return [self._note_changed_fields(partner, reversal.changed)]
        return []

    # ------------------------------------------------------------
    # CREATED
    # ------------------------------------------------------------

    def _remove_created(self, lines, notes):
        line_of = {pid: line for line in lines for pid in line.created_ids or ()}
        # as the system: reps may not delete customers; these are the very ones this
        # import created (by its own journal that nobody else can write), unused since
        partners = self.system["res.partner"].browse(line_of).exists()
        kept = self._kept(partners)
        for partner, sentence in kept.items():
            notes[line_of[partner.id]].append(sentence)
        removable = partners.filtered(lambda partner: partner not in kept)
        for parent in self._with_kept_contacts(removable):
            notes[line_of[parent.id]].append(self._note_contacts(parent))
            removable -= parent
        for partner, error in self._isolate(removable, self._unlink):
            sentence = failure_sentence(self.person, error)
            notes[line_of[partner.id]].append(f"{partner.name}: {sentence}")

    def _kept(self, partners) -> dict:
        """Those changed or used since, each with the sentence that says so."""
        stamps = set(self.record.stamps or ())
        untouched = partners.filtered(lambda p: p.write_date.isoformat() in stamps)
        kept = {p: self._note_changed(p) for p in partners - untouched}
        used = self.references.of(untouched)
        for partner_id, tables in self.references.attached(untouched).items():
            used[partner_id] |= tables
        users = untouched.filtered(lambda partner: partner.id in used)
        return kept | {p: self._note_used(p, used[p.id]) for p in users}

    def _with_kept_contacts(self, removable):
        """Customers below whom a contact stays."""
        children = removable.with_context(active_test=False).search(
            [("parent_id", "in", removable.ids), ("id", "not in", removable.ids)]
        )
        return children.parent_id

    def _unlink(self, partners):
        partners.with_context(**CREATE_CONTEXT).unlink()

    # ------------------------------------------------------------
    # CHOICES
    # ------------------------------------------------------------

    def _remove_options(self):
        """Choices this import created go, unless used elsewhere. What was decided on
        the words stays remembered."""
        for model, created in (self.record.created_options or {}).items():
            if model.startswith(PROPERTY_PREFIX):
                title = model.removeprefix(PROPERTY_PREFIX)
                CustomFields(self.system).drop_unused(title, created)
                continue
            # as the system: created by this import, by its own journal, and used by
            # nobody
            options = self.system[model].browse(created).exists()
            used = self.references.of(options)
            options.browse(x for x in options.ids if x not in used).unlink()

    # ------------------------------------------------------------
    # NOTES
    # ------------------------------------------------------------

    def _note_not_writable(self) -> str:
        return self.person._(
            "A customer this row updated is no longer yours to change; its values stay."
        )

    def _note_changed(self, partner) -> str:
        return self.person._(
            "%(name)s was kept: it was changed since.", name=partner.name
        )

    def _note_changed_fields(self, partner, names) -> str:
        labels = partner.fields_get(names, ["string"])
        return self.person._(
            "%(name)s: changed since and left alone: %(fields)s.",
            name=partner.name,
            fields=", ".join(labels[name]["string"] for name in names),
        )

    def _note_contacts(self, partner) -> str:
        return self.person._(
            "%(name)s was kept: it has contacts that stay.", name=partner.name
        )

    def _note_used(self, partner, tables: set[str]) -> str:
        models_of = self.references.models_of()
        # sudo: names of models, for the sentence
        IrModel = self.person["ir.model"].sudo()
        names = {
            IrModel._get(models_of[table]._name).name if table in models_of else table
            for table in tables
        }
        return self.person._(
            "%(name)s was kept: it is used in %(models)s.",
            name=partner.name,
            models=", ".join(sorted(names)),
        )
