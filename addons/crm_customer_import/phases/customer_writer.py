from typing import Any, NamedTuple

from odoo.addons.crm_suite_base.tools.journal import changed_values

from .phase import CREATE_CONTEXT
from .stored import snapshot, to_write

# values that several rows add up to instead of the first one winning
MERGED = {"category_id", "properties", "comment"}


class RowWork(NamedTuple):
    """A row and what it brings, in stored form; see stored."""

    line: Any
    customer: dict[str, Any]
    contact: dict[str, Any]


class Journal:
    """What a batch did, by row number; stored with the lines for undo."""

    __slots__ = ("created", "previous", "written")

    def __init__(self):
        self.created: dict[int, list[int]] = {}
        self.previous: dict[int, dict[str, dict]] = {}
        self.written: dict[int, dict[str, dict]] = {}


class CustomerWriter:
    """Writes what the rows of a batch bring, and notes it for undo.

    :param record: the import, as the system: its rows tell of earlier batches
    :param partners: res.partner as the importing person, who alone writes
    """

    def __init__(self, record, partners):
        self.record = record
        self.lines = record.env["crm.customer.import.line"]
        self.partners = partners
        self.journal = Journal()

    def carry_out(self, works: list[RowWork]):
        """Create or update customers and contacts, and mark the rows as done."""
        customers = self._write_customers(works)
        contacts = self._write_contacts(works, customers)
        journal = self.journal
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

    # ------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------

    def _write_customers(self, works) -> dict[int, int]:
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
        created = self._create_customers(new)
        customers |= {row: created[root] for row, root in root_of.items()}
        self._update_customers(updates)
        return customers

    def _customers_of_earlier_rows(self, works) -> dict[int, int]:
        """Row -> customer, for rows before this batch that its rows add to."""
        rows = {work.line.same_as_row for work in works} - {0}
        lines = self.lines.search_fetch(
            [
                ("import_id", "=", self.record.id),
                ("row_number", "in", list(rows)),
                ("partner_id", "!=", False),
                ("state", "=", "done"),
                ("decision", "in", ("create", "update")),
            ],
            ["row_number", "partner_id"],
        )
        return {line.row_number: line.partner_id.id for line in lines}

    def _create_customers(self, new: dict[int, dict]) -> dict[int, int]:
        """Create one customer per row number; returns row -> partner id."""
        vals_list = [
            to_write(self.partners, self.record._customer_defaults(vals) | vals)
            for vals in new.values()
        ]
        made = self.partners.with_context(**CREATE_CONTEXT).create(vals_list)
        for row, partner_id in zip(new, made.ids, strict=True):
            self.journal.created[row] = [partner_id]
        return dict(zip(new, made.ids, strict=True))

    def _update_customers(self, updates):
        partners = self.partners.browse([target for _w, target, _f in updates])
        by_id = {partner.id: partner for partner in partners}
        for work, target, fill_only in updates:
            vals = {k: v for k, v in work.customer.items() if k != "is_company"}
            if vals.get("ref") == by_id[target].customer_code:
                del vals["ref"]  # the list names our own code
            self._update(by_id[target], vals, work.line, fill_only)

    def _update(self, partner, vals, line, fill_only=False):
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
        partner.write(to_write(partner, changed))
        row, key, journal = line.row_number, str(partner.id), self.journal
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

    def _write_contacts(self, works, customers) -> dict[int, int]:
        """Create or update the contact of each row; returns row -> contact id."""
        contacts, new = {}, []
        stored = self.partners.browse(
            work.line.contact_id.id for work in works if work.line.contact_id
        )
        by_id = {contact.id: contact for contact in stored}
        for work in works:
            line = work.line
            if not work.contact:
                continue
            if line.contact_action == "update" and line.contact_id:
                self._update(by_id[line.contact_id.id], work.contact, line)
                contacts[line.row_number] = line.contact_id.id
            elif line.contact_action == "create" or line.decision == "create":
                new.append(work)
        return contacts | self._create_contacts(new, customers)

    def _create_contacts(self, works, customers) -> dict[int, int]:
        rows = [work.line.row_number for work in works]
        parents = self.partners.browse([customers[row] for row in rows])
        inherited = {parent: self._contact_vals(parent) for parent in set(parents)}
        vals_list = [
            inherited[parent]
            | {"is_company": False}
            | to_write(self.partners, work.contact)
            | {"parent_id": parent.id}
            for work, parent in zip(works, parents, strict=True)
        ]
        made = self.partners.with_context(**CREATE_CONTEXT).create(vals_list)
        for row, contact_id in zip(rows, made.ids, strict=True):
            self.journal.created.setdefault(row, []).append(contact_id)
        return dict(zip(rows, made.ids, strict=True))

    def _contact_vals(self, parent) -> dict[str, Any]:
        """What a contact takes over from its company: Odoo would copy it record by
        record after creation, at several queries each."""
        names = {*parent._commercial_fields(), *parent._address_fields()}
        vals = parent._convert_fields_to_values(sorted(names))
        return {name: value for name, value in vals.items() if value}
