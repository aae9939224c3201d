from collections.abc import Iterator
from typing import Any, NamedTuple

from odoo import models

from odoo.addons.crm_suite_base.tools.journal import changed_values

from ..phases.choices import Choices
from ..phases.custom_fields import CustomFields
from ..phases.failures import LOST_TRANSACTION, failure_sentence
from ..phases.known_customers import KnownCustomers
from ..phases.phase import BATCH_ROWS, CREATE_CONTEXT
from ..phases.stored import snapshot, stored_vals, to_write
from ..phases.word_list import WordList
from ..tools import cleaning, planning, words

DIRECT_IMPORT_ROWS = 300


class RowWork(NamedTuple):
    """A row and what it brings, in stored form (ids, sorted lists of ids)."""

    line: Any
    customer: dict[str, Any]
    contact: dict[str, Any]


class Settling(NamedTuple):
    """decided, lists: see words.settle(); properties: label -> definition."""

    decided: dict[tuple[str, str], str]
    lists: frozenset[str]
    properties: dict[str, dict]


class CrmCustomerImport(models.Model):
    """Creating and updating the customers.

    Stored form: what res.partner stores, as JSON can hold it: an id for a record,
    a sorted list of ids for tags, a dict for custom fields. Journal and undo
    compare in this form.
    """

    _inherit = "crm.customer.import"

    # ------------------------------------------------------------
    # PHASE
    # ------------------------------------------------------------

    def _start_importing(self):
        self._remember_mapping()
        WordList(self).settle()
        self._settle_untouched()
        self._enter("importing")
        if self.create_count + self.update_count > DIRECT_IMPORT_ROWS:
            self._wake_worker()
        else:
            self._run_direct(DIRECT_IMPORT_ROWS)

    def _remember_mapping(self):
        pairs = {c.header: c.target for c in self.column_ids if c.header and c.target}
        mapping = self._mapping_by_key(pairs)
        self.env["crm.customer.import.mapping"]._remember(
            self.company_id, self.signature, mapping
        )

    def _settle_untouched(self):
        """Skipped and refused rows are done by deciding. SQL: any number of rows
        by one statement, no line is loaded."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_customer_import_line SET state = 'done' WHERE import_id = %s"
            " AND decision IN ('skip', 'refuse') AND state = 'pending'",
            [self.id],
        )
        self.env["crm.customer.import.line"].invalidate_model(["state"])
        self.invalidate_recordset()

    def _iter_importing(self) -> Iterator[int]:
        """Do the phase in batches; yields the rows handled after each."""
        Line = self.env["crm.customer.import.line"]
        domain = [
            ("import_id", "=", self.id),
            ("decision", "in", ("create", "update")),
            ("state", "=", "pending"),
        ]
        while lines := Line.search(domain, order="row_number", limit=BATCH_ROWS):
            self._import_batch(lines)
            self._add_stamp()
            self.env.flush_all()
            self.env.invalidate_all()  # or the memory grows with the file
            yield len(lines)
        WordList(self).count_used()
        self._enter("done", date_done=self.env.cr.now())

    def _add_stamp(self):
        """Note this transaction's time as one of our own writes; see stamps."""
        stamp = self.env.cr.now().isoformat()
        if stamp not in (self.stamps or ()):
            self.stamps = [*(self.stamps or ()), stamp]

    # ------------------------------------------------------------
    # BATCH
    # ------------------------------------------------------------

    def _import_batch(self, lines):
        """Import the rows. A row the database refuses is found by halving and
        becomes a refused row; the others are not touched by it."""
        try:
            with self.env.cr.savepoint():
                self._write_rows(lines)
        except LOST_TRANSACTION:
            raise
        except Exception as error:  # noqa: BLE001 other modules raise what they like
            if len(lines) > 1:
                middle = len(lines) // 2
                self._import_batch(lines[:middle])
                self._import_batch(lines[middle:])
            else:
                lines.write(self._failure_vals(error))

    def _failure_vals(self, error: Exception) -> dict:
        return {
            "decision": "refuse",
            "state": "done",
            "reason_code": "failed",
            "failure": failure_sentence(self._importer_env(), error),
        }

    def _write_rows(self, lines):
        lines = self._settle_drifted(lines)
        settling = self._settling()
        works = [self._row_work(line, settling) for line in lines]
        journal = Journal()
        customers = self._write_customers(works, journal)
        contacts = self._write_contacts(works, customers, journal)
        for work in works:
            row = work.line.row_number
            work.line.write(
                {
                    "state": "done",
                    "partner_id": customers[row],
                    "contact_id": contacts.get(row, False),
                    "created_ids": journal.created.get(row, False),
                    "previous_values": journal.previous.get(row, False),
                    "written_values": journal.written.get(row, False),
                }
            )

    def _settle_drifted(self, lines):
        """Decide again for rows whose customer was entered since the preview.

        :return: the rows still to be written
        """
        fresh = lines.filtered(
            lambda line: (
                line.decision == "create"
                and not line.is_forced
                and not line.same_as_row
            )
        )
        keys = {line: line._row_keys() for line in fresh}
        wanted = {text for key in keys.values() for text in key.search_keys()}
        existing = self._without_own(
            KnownCustomers(self, self._importer_env()).by_key(wanted)
        )
        if self.duplicate_policy == "create" or not existing:
            return lines
        for line, key in keys.items():
            if any(existing.get(text) for text in key.search_keys()):
                self._decide_again(line, key, existing)
        return lines.filtered(lambda line: line.decision in ("create", "update"))

    def _without_own(self, existing):
        """Leave out customers this very import created: the preview knew them."""
        ids = {item.id for items in existing.values() for item in items}
        domain = [("import_id", "=", self.id), ("partner_id", "in", list(ids))]
        domain.append(("state", "=", "done"))
        own = self.env["crm.customer.import.line"].search(domain).partner_id
        left = {
            key: [item for item in items if item.id not in own.ids]
            for key, items in existing.items()
        }
        return {key: items for key, items in left.items() if items}

    def _decide_again(self, line, keys, existing):
        row = planning.PlanInput(line.row_number, keys)
        (plan,) = planning.plan_rows(
            [row], existing, self.duplicate_policy, planning.Seen()
        )
        line.write(
            {
                "decision": plan.decision,
                "reason_code": plan.reason or False,
                "partner_id": plan.match_id or False,
                "contact_action": plan.contact or False,
                "contact_id": plan.contact_id or False,
                "state": "done" if plan.decision in ("skip", "refuse") else "pending",
            }
        )

    # ------------------------------------------------------------
    # VALUES
    # ------------------------------------------------------------

    def _settling(self) -> Settling:
        """What settling the words of rows needs, fetched once a batch."""
        return Settling(
            self._decided_words(),
            CustomFields(self.env).list_fields(),
            CustomFields(self.env).by_label(),
        )

    def _row_work(self, line, settling: Settling) -> RowWork:
        settled = words.settle(
            line.values or {}, line._words(), settling.decided, settling.lists
        )
        lang = Choices(self).label_lang()
        values = words.with_notes(settled.values, settled.noted, lang)
        parts = cleaning.split_parts(values, lang)
        return RowWork(
            line,
            stored_vals(self._partners(), parts.customer, settling.properties),
            stored_vals(self._partners(), parts.contact, settling.properties),
        )

    # ------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------

    def _partners(self):
        """res.partner as the importing person."""
        return self._importer_env()["res.partner"]

    def _write_customers(self, works, journal) -> dict[int, int]:
        """Create or update the customer of each row; returns row -> partner id."""
        customers = self._customers_of_earlier_rows(works)
        new, root_of, updates = {}, {}, []
        for work in works:
            line = work.line
            follows = line.same_as_row if line.decision == "update" else 0
            target = customers.get(follows)
            if line.decision == "update" and not target:
                target = line.partner_id.id
            if root := root_of.get(follows):  # an earlier row of this batch
                root_of[line.row_number] = root
                new[root] = work.customer | new[root]
            elif target:
                customers[line.row_number] = target
                updates.append((work, target, bool(follows)))
            else:
                root_of[line.row_number] = line.row_number
                new[line.row_number] = work.customer
        created = self._create_customers(new, journal)
        customers |= {row: created[root] for row, root in root_of.items()}
        self._update_customers(updates, journal)
        return customers

    def _customers_of_earlier_rows(self, works) -> dict[int, int]:
        """Row -> customer, for rows before this batch that its rows add to."""
        rows = {work.line.same_as_row for work in works} - {0}
        lines = self.env["crm.customer.import.line"].search_fetch(
            [
                ("import_id", "=", self.id),
                ("row_number", "in", list(rows)),
                ("partner_id", "!=", False),
                ("state", "=", "done"),
                ("decision", "in", ("create", "update")),
            ],
            ["row_number", "partner_id"],
        )
        return {line.row_number: line.partner_id.id for line in lines}

    def _create_customers(self, new: dict[int, dict], journal) -> dict[int, int]:
        """Create one customer per row number; returns row -> partner id."""
        vals_list = [
            to_write(self._partners(), self._customer_defaults(vals) | vals)
            for vals in new.values()
        ]
        partners = self._partners().with_context(**CREATE_CONTEXT).create(vals_list)
        for row, partner_id in zip(new, partners.ids, strict=True):
            journal.created[row] = [partner_id]
        return dict(zip(new, partners.ids, strict=True))

    def _customer_defaults(self, vals: dict) -> dict[str, Any]:
        defaults = {"lifecycle_state": "potential"}
        if self.default_user_id:
            defaults["user_id"] = self.default_user_id.id
        if self.company_id.country_id and "country_id" not in vals:
            defaults["country_id"] = self.company_id.country_id.id
        return defaults

    def _update_customers(self, updates, journal):
        partners = self._partners().browse([target for _w, target, _f in updates])
        by_id = {partner.id: partner for partner in partners}
        for work, target, fill_only in updates:
            vals = {k: v for k, v in work.customer.items() if k != "is_company"}
            if vals.get("ref") == by_id[target].customer_code:
                del vals["ref"]  # the list names our own code
            self._update(by_id[target], vals, work.line, journal, fill_only)

    def _update(self, partner, vals, line, journal, fill_only=False):
        """Write what differs, and note it for undo.

        :param fill_only: leave alone what the partner has already (further rows
            of a customer this import brought in)
        """
        present = snapshot(partner, vals)
        vals = self._merged(present, vals)
        if fill_only:
            vals = {k: v for k, v in vals.items() if not present[k] or k in MERGED}
        changed = changed_values(present, vals)
        if not changed:
            return
        partner.write(to_write(self._partners(), changed))
        row, key = line.row_number, str(partner.id)
        journal.previous.setdefault(row, {})[key] = {k: present[k] for k in changed}
        journal.written.setdefault(row, {})[key] = snapshot(partner, changed)

    def _merged(self, present, vals) -> dict[str, Any]:
        """Tags, custom fields and notes add to what is there; others replace it."""
        merged = dict(vals)
        if "category_id" in vals:
            tags = {*present["category_id"], *vals["category_id"]}
            merged["category_id"] = sorted(tags)
        if "properties" in vals:
            merged["properties"] = present["properties"] | vals["properties"]
        if present.get("comment"):
            text = str(vals["comment"])
            if text in present["comment"]:
                text = ""
            merged["comment"] = present["comment"] + text
        return merged

    # ------------------------------------------------------------
    # CONTACTS
    # ------------------------------------------------------------

    def _write_contacts(self, works, customers, journal) -> dict[int, int]:
        """Create or update the contact of each row; returns row -> contact id."""
        contacts, new = {}, []
        stored = self._partners().browse(
            work.line.contact_id.id for work in works if work.line.contact_id
        )
        by_id = {contact.id: contact for contact in stored}
        for work in works:
            line = work.line
            if not work.contact:
                continue
            if line.contact_action == "update" and line.contact_id:
                self._update(by_id[line.contact_id.id], work.contact, line, journal)
                contacts[line.row_number] = line.contact_id.id
            elif line.contact_action == "create" or line.decision == "create":
                new.append(work)
        return contacts | self._create_contacts(new, customers, journal)

    def _create_contacts(self, works, customers, journal) -> dict[int, int]:
        rows = [work.line.row_number for work in works]
        parents = self._partners().browse([customers[row] for row in rows])
        inherited = {parent: self._contact_vals(parent) for parent in set(parents)}
        vals_list = [
            inherited[parent]
            | {"is_company": False}
            | to_write(self._partners(), work.contact)
            | {"parent_id": parent.id}
            for work, parent in zip(works, parents, strict=True)
        ]
        made = self._partners().with_context(**CREATE_CONTEXT).create(vals_list)
        for row, contact_id in zip(rows, made.ids, strict=True):
            journal.created.setdefault(row, []).append(contact_id)
        return dict(zip(rows, made.ids, strict=True))

    def _contact_vals(self, parent) -> dict[str, Any]:
        """What a contact takes over from its company: Odoo would copy it record by
        record after creation, at several queries each."""
        names = {*parent._commercial_fields(), *parent._address_fields()}
        vals = parent._convert_fields_to_values(sorted(names))
        return {name: value for name, value in vals.items() if value}


# values that several rows add up to instead of the first one winning
MERGED = {"category_id", "properties", "comment"}


class Journal:
    """What a batch did, by row number; stored with the lines for undo."""

    __slots__ = ("created", "previous", "written")

    def __init__(self):
        self.created: dict[int, list[int]] = {}
        self.previous: dict[int, dict[str, dict]] = {}
        self.written: dict[int, dict[str, dict]] = {}
