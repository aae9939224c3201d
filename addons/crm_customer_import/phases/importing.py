from collections.abc import Iterator
from typing import NamedTuple

from ..tools import cleaning, planning, words
from ..tools.fields import header_key
from .choices import Choices
from .custom_fields import CustomFields
from .customer_writer import CustomerWriter, RowWork
from .failures import failure_sentence
from .phase import Phase
from .stored import stored_vals
from .word_list import WordList


class Settling(NamedTuple):
    """What settling the words of rows needs, fetched once a batch.

    decided, lists: see words.settle(); properties: label -> definition.
    """

    decided: dict[tuple[str, str], str]
    lists: frozenset[str]
    properties: dict[str, dict]
    lang: str


class Importing(Phase):
    """Creating and updating the customers."""

    state = "importing"
    direct_rows = 300

    def __init__(self, record):
        super().__init__(record)
        self.words = WordList(self.record)

    def prepare(self):
        self._remember_mapping()
        self.words.settle()
        self.settle_untouched()

    def is_long(self) -> bool:
        return self.record.create_count + self.record.update_count > self.direct_rows

    def batches(self) -> Iterator[int]:
        domain = [
            ("decision", "in", ("create", "update")),
            ("state", "=", "pending"),
        ]
        for lines in self._worked_off(domain, "row_number"):
            count = len(lines)
            for line, error in self._isolate(lines, self._write_rows):
                self._refuse(line, error)
            self._add_stamp()
            self._forget()
            yield count
        self.words.count_used()
        self.record._enter("done", date_done=self.system.cr.now())

    # ------------------------------------------------------------
    # BEFORE
    # ------------------------------------------------------------

    def _remember_mapping(self):
        mapping = {
            header_key(column.header): column.target
            for column in self.record.column_ids
            if column.header and column.target
        }
        self.system["crm.customer.import.mapping"]._remember(
            self.record.company_id, self.record.signature, mapping
        )

    def settle_untouched(self):
        """Skipped and refused rows are done by deciding. SQL: any number of rows
        by one statement, no line is loaded."""
        self.system.flush_all()
        self.system.cr.execute(
            "UPDATE crm_customer_import_line SET state = 'done' WHERE import_id = %s"
            " AND decision IN ('skip', 'refuse') AND state = 'pending'",
            [self.record.id],
        )
        self.lines.invalidate_model(["state"])
        self.record.invalidate_recordset()

    # ------------------------------------------------------------
    # BATCH
    # ------------------------------------------------------------

    def _write_rows(self, lines):
        """Write the rows, wholly or not at all."""
        lines = self._settle_drifted(lines)
        settling = self._settling()
        works = [self._row_work(line, settling) for line in lines]
        CustomerWriter(self.record, self.partners).carry_out(works)

    def _refuse(self, line, error: Exception):
        line.write(
            {
                "decision": "refuse",
                "state": "done",
                "reason_code": "failed",
                "failure": failure_sentence(self.person, error),
            }
        )

    def _settling(self) -> Settling:
        custom = CustomFields(self.system)
        return Settling(
            self.record._decided_words(),
            custom.list_fields(),
            custom.by_label(),
            Choices(self.record).label_lang(),
        )

    def _row_work(self, line, settling: Settling) -> RowWork:
        settled = words.settle(
            line.values or {}, line._words(), settling.decided, settling.lists
        )
        values = words.with_notes(settled.values, settled.noted, settling.lang)
        parts = cleaning.split_parts(values, settling.lang)
        return RowWork(
            line,
            stored_vals(self.partners, parts.customer, settling.properties),
            stored_vals(self.partners, parts.contact, settling.properties),
        )

    # ------------------------------------------------------------
    # DRIFTED
    # ------------------------------------------------------------

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
        existing = self._without_own(self.known.by_key(wanted))
        if self.record.duplicate_policy == "create" or not existing:
            return lines
        for line, key in keys.items():
            if any(existing.get(text) for text in key.search_keys()):
                self._decide_again(line, key, existing)
        return lines.filtered(lambda line: line.decision in ("create", "update"))

    def _without_own(self, existing):
        """Leave out customers this very import created: the preview knew them."""
        ids = {item.id for items in existing.values() for item in items}
        domain = [("import_id", "=", self.record.id), ("partner_id", "in", list(ids))]
        domain.append(("state", "=", "done"))
        own = self.lines.search(domain).partner_id
        left = {
            key: [item for item in items if item.id not in own.ids]
            for key, items in existing.items()
        }
        return {key: items for key, items in left.items() if items}

    def _decide_again(self, line, keys, existing):
        row = planning.PlanInput(line.row_number, keys)
        (plan,) = planning.plan_rows(
            [row], existing, self.record.duplicate_policy, planning.Seen()
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
