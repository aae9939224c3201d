from odoo.addons.crm_customer_center.tools import checks, text

from ..tools import cleaning, planning, words
from .choices import Choices
from .word_list import WordList


def cleaners(country: str) -> cleaning.Cleaners:
    """The checks of the Customer Centre, as cleaning asks for them."""
    return cleaning.Cleaners(
        text=text.clean_text,
        phone=lambda raw: checks.check_phone(raw, country),
        email=checks.check_email,
        credit_code=checks.check_credit_code,
        id_number=checks.check_id_number,
        split_phones=checks.split_phones,
    )


class Planner:
    """Cleans rows and decides what becomes of them.

    What every batch needs and no row changes is fetched once, when it is made;
    ``shaping``: see words.SHAPING.

    :param record: the import, as the system
    :param known: the customers that are stored already
    """

    def __init__(self, record, known):
        self.record = record
        self.lines = record.env["crm.customer.import.line"]
        self.known = known
        self.mapping = {c.index: c.target for c in record.column_ids if c.target}
        self.cleaners = cleaners(record._country_code())
        self.lookups = Choices(record).lookups()
        self.shaping = WordList(record).shaping()
        self.seen = self._rebuild_seen()

    def plan(self, rows, forced: list[str]) -> list[dict]:
        """Return the values of the rows' lines, in order.

        :param forced: what a person decided for the row, or ""
        """
        cleaned = [
            cleaning.clean_row(row, self.mapping, self.cleaners, self.lookups)
            for row in rows
        ]
        keys = [self._keys_of(clean) for clean in cleaned]
        inputs = [
            planning.PlanInput(row.number, key, tuple(clean.problems), choice)
            for row, key, clean, choice in zip(rows, keys, cleaned, forced, strict=True)
        ]
        existing = self.known.by_key({k for key in keys for k in key.search_keys()})
        policy = self.record.duplicate_policy
        planned = planning.plan_rows(inputs, existing, policy, self.seen)
        self._tell_owners(planned, keys, cleaned, existing)
        return [
            self.lines._plan_vals(clean, key, plan)
            for clean, key, plan in zip(cleaned, keys, planned, strict=True)
        ]

    def _tell_owners(self, planned, keys, cleaned, existing):
        """Note with each row whose the customer is that the person does not see, as far
        as the person is told. Of codes, which one can count through, nothing is."""
        hidden = {}
        for at, plan in enumerate(planned):
            if plan.reason == "not_visible":
                found = (
                    one.id
                    for key in keys[at].search_keys()
                    if not key.startswith("code:")
                    for one in existing.get(key, ())
                    if not one.visible
                )
                hidden[at] = next(found, None)
        titles = {
            id_: self.lines._title_of(cleaned[at]) or ""
            for at, id_ in hidden.items()
            if id_
        }
        told = self.known.owners_told(titles) if titles else {}
        for at, id_ in hidden.items():
            if told.get(id_):
                problem = cleaning.Problem("", "looked_after_by", told[id_])
                cleaned[at].warnings.append(problem)

    def _keys_of(self, clean: cleaning.CleanRow) -> planning.RowKeys:
        settled = words.settle(clean.values, clean.words, self.shaping)
        parts = cleaning.split_parts(settled.values, self.lookups.lang)
        return planning.keys_of(parts, self.known.makers)

    def _rebuild_seen(self) -> planning.Seen:
        """What the rows decided before a crash had claimed."""
        seen = planning.Seen()
        domain = [("import_id", "=", self.record.id), ("is_planned", "=", True)]
        for line in self.lines.search(domain, order="row_number"):
            seen.claim(line._as_planned(), line._row_keys())
        self.lines.invalidate_model()
        return seen
