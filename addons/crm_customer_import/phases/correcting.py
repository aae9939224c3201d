from odoo.tools import SQL

from ..tools.planning import Seen
from .deciding import Planner
from .known_customers import KnownCustomers
from .phase import BATCH_ROWS
from .word_list import WordList

# more rows than these hang together: the whole list is decided on anew
MOST_ROWS = BATCH_ROWS


class Correcting:
    """Deciding anew on rows that a person changed in the preview, and on those that are
    compared with them, as if the list had come so.

    :param record: the import, as the system
    """

    def __init__(self, record):
        self.record = record
        self.lines = record.env["crm.customer.import.line"]
        known = KnownCustomers(record, record._importer_env())
        self.planner = Planner(record, known, Seen())

    def plan(self, changed) -> bool:
        """Decide anew.

        :return: False when too many rows hang together for a request to do it
        """
        scope = changed | self._like(self._marks(changed))
        planned = []
        while len(scope) <= MOST_ROWS:
            scope = scope.sorted("row_number")
            planned = self._planned(scope)
            wider = scope | self._like(self._marks_of(planned))
            if wider == scope:
                break
            scope = wider
        else:
            return False
        for line, vals in zip(scope, planned, strict=True):
            line.write(vals)
        WordList(self.record).sync()
        return True

    def _planned(self, lines) -> list[dict]:
        """What the rows become when nothing but they is in the list: all that share a
        key are among them."""
        self.planner.seen = Seen()
        return self.planner.plan_lines(lines)

    # ------------------------------------------------------------
    # ROWS THAT HANG TOGETHER
    # ------------------------------------------------------------

    def _marks(self, lines) -> tuple[set[str], set[int]]:
        """Keys that rows are found by, and the customers they matched."""
        keys = {text for line in lines for text in line._row_keys().search_keys()}
        return keys, set(lines.partner_id.ids)

    def _marks_of(self, planned: list[dict]) -> tuple[set[str], set[int]]:
        rows = [(self.lines._keys_from(vals["keys"]), vals) for vals in planned]
        keys = {text for row, _vals in rows for text in row.search_keys()}
        return keys, {vals["partner_id"] for _row, vals in rows if vals["partner_id"]}

    def _like(self, marks: tuple[set[str], set[int]]):
        """Rows of the import that have one of the keys or matched one of the customers.
        One statement, which stops where there are too many."""
        texts, customers = marks
        by_kind = {kind: [] for kind in ("code", "vat", "phone", "email", "name")}
        for text in texts:
            kind, _colon, value = text.partition(":")
            by_kind[kind].append(value)
        self.lines.flush_model(["keys", "partner_id"])
        found = self.record.env.execute_query(
            SQL(
                """SELECT id FROM crm_customer_import_line
                    WHERE import_id = %(record)s
                      AND (partner_id = ANY(%(customers)s)
                           OR keys->>'code' = ANY(%(code)s)
                           OR keys->>'vat' = ANY(%(vat)s)
                           OR keys->'phones' ?| %(phone)s
                           OR keys->'contact_phones' ?| %(phone)s
                           OR keys->'emails' ?| %(email)s
                           OR keys->'contact_emails' ?| %(email)s
                           OR (keys->>'name' = ANY(%(name)s)
                               AND (keys->>'company')::bool))
                    LIMIT %(most)s""",
                record=self.record.id,
                customers=list(customers),
                most=MOST_ROWS + 1,
                **by_kind,
            )
        )
        return self.lines.browse(id_ for (id_,) in found)
