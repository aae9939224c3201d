from odoo.addons.crm_customer_center.tools import checks, text

from ..tools import cleaning, planning, words
from ..tools.wrong_cells import wrong_cells
from .choices import Choices
from .word_list import WordList

# a code that no list can name: control characters do not come out of cleaning
CHOSEN = "\x00chosen:"


def _by_choice(keys: planning.RowKeys, chosen: int) -> planning.RowKeys:
    """A customer that a person chose is the strongest key there is."""
    return keys._replace(code=f"{CHOSEN}{chosen}") if chosen else keys


def _said_by_person(plan: planning.PlannedRow, chosen: int) -> planning.PlannedRow:
    """Whoever chose the customer is why the row belongs to it."""
    said = chosen and plan.reason == "same_code"
    return plan._replace(reason="by_person") if said else plan


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
    :param seen: what rows before these claimed; None: those decided on already
    """

    def __init__(self, record, known, seen=None):
        self.record = record
        self.lines = record.env["crm.customer.import.line"]
        self.known = known
        self.mapping = {c.index: c.target for c in record.column_ids if c.target}
        self.cleaners = cleaners(record._country_code())
        self.lookups = Choices(record).lookups()
        self.shaping = WordList(record).shaping()
        self.seen = self._rebuild_seen() if seen is None else seen

    def plan_lines(self, lines) -> list[dict]:
        """Return the values of rows that are stored already, in order: with what a
        person wrote into their cells and decided for them."""
        return self.plan(
            [line._source_row() for line in lines],
            [line.decision if line.is_forced else "" for line in lines],
            [line.chosen_id.id for line in lines],
        )

    def plan(self, rows, forced: list[str], chosen: list[int] | None = None):
        """Return the values of the rows' lines, in order.

        :param forced: what a person decided for the row, or ""
        :param chosen: the customer a person chose for the row, or none
        """
        cleaned = [
            cleaning.clean_row(row, self.mapping, self.cleaners, self.lookups)
            for row in rows
        ]
        keys = [self._keys_of(clean) for clean in cleaned]
        chosen = chosen or [0] * len(rows)
        asked = [_by_choice(*item) for item in zip(keys, chosen, strict=True)]
        inputs = [
            planning.PlanInput(row.number, key, tuple(clean.problems), choice)
            for row, key, clean, choice in zip(
                rows, asked, cleaned, forced, strict=True
            )
        ]
        existing = self.known.by_key({k for key in keys for k in key.search_keys()})
        existing |= self._chosen_customers(set(filter(None, chosen)))
        policy = self.record.duplicate_policy
        planned = planning.plan_rows(inputs, existing, policy, self.seen)
        planned = [_said_by_person(*item) for item in zip(planned, chosen, strict=True)]
        self._tell_owners(planned, keys, cleaned, existing)
        return [
            self.lines._plan_vals(clean, key, plan)
            | self.lines._wrong_vals(wrong_cells(row, self.mapping, clean.problems))
            for row, clean, key, plan in zip(rows, cleaned, keys, planned, strict=True)
        ]

    def _chosen_customers(self, ids: set[int]) -> dict:
        """The customers people chose, by the key that stands for the choice."""
        return {
            f"code:{CHOSEN}{one.id}": [one._replace(code="", vat="")]
            for one in self.known.by_id(ids)
        }

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
