"""Decide for each row: create, update, skip or refuse, and say why.

A row is compared with stored customers and with earlier rows of the file, by keys
in the order of their strength: customer code, credit code or ID number, the
customer's phone and e-mail, those of its contact, its name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from .cleaning import Parts, Problem
from .compact_index import CompactIndex

Decision = Literal["create", "update", "skip", "refuse"]
Policy = Literal["skip", "update", "create"]
Forced = Literal["skip", "update", "create", "refuse", ""]
Contact = Literal["", "create", "update"]


class KeyMakers(NamedTuple):
    """The hub's duplicate keys; each gives '' when there is nothing to compare."""

    company: Callable[[str], str]
    phone: Callable[[str], str]
    email: Callable[[str], str]


class RowKeys(NamedTuple):
    """What a row is recognised by, '' or () where it has none.

    code: customer code; vat: credit code or ID number; phones, emails: of the
    customer; contact_phones, contact_emails: of its contact; name: name key;
    contact: key of the contact within its customer; company: a company, not a
    person; contact_name: name key of the contact
    """

    code: str = ""
    vat: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    contact_phones: tuple[str, ...] = ()
    contact_emails: tuple[str, ...] = ()
    name: str = ""
    contact: str = ""
    company: bool = True
    contact_name: str = ""

    def search_keys(self) -> list[str]:
        """Return the keys to look up, strongest first.

        Each is ``code:…``, ``vat:…``, ``phone:…``, ``email:…`` or ``name:…``
        (``name:`` for companies only: two people share a name, not a number).
        """
        return [key for _level, key in _levels(self)]

    def names(self) -> frozenset[str]:
        """Return the names the row's customer goes by."""
        return frozenset({self.name, self.contact_name} - {""})


class Candidate(NamedTuple):
    """A stored customer that carries a key.

    id: of the customer (for a contact's phone: of the customer above it)
    visible, writable: to the person who imports
    vat, code: its own, '' when empty
    names: name keys of the customer and its contacts
    contacts: contact_key() of its contacts -> their id
    """

    id: int
    visible: bool = True
    writable: bool = True
    code: str = ""
    vat: str = ""
    names: frozenset[str] = frozenset()
    contacts: Mapping[str, int] = {}


class PlanInput(NamedTuple):
    """One staged row. forced: what a person decided for this row, or ''."""

    number: int
    keys: RowKeys
    problems: tuple[Problem, ...] = ()
    forced: Forced = ""


class PlannedRow(NamedTuple):
    """The decision for one row.

    reason: stable code, see REASONS ('' for a plain create)
    match_id: stored customer to update or that was recognised (never one the
        person may not see)
    same_as_row: first row of this file that is the same customer; with decision
        update the row adds to the customer of that row (match_id, or the one
        that row creates)
    contact: what to do with the row's contact: '', 'create', 'update'
    contact_id: stored contact to update
    """

    number: int
    decision: Decision
    reason: str = ""
    match_id: int | None = None
    same_as_row: int | None = None
    contact: Contact = ""
    contact_id: int | None = None


# code -> English sentence; {row} is same_as_row.
REASONS: dict[str, str] = {
    "bad_value": "A value of the row is wrong.",
    "remark_row": (
        "A heading or remark within the list, not a customer. If it is one, fill in "
        "another cell of its row."
    ),
    "total_row": "A row of totals, not a customer.",
    "repeated_header": "The column titles once more, not a customer.",
    "by_person": "Decided by hand.",
    "nothing_to_update": "No customer matches the row, so none can be updated.",
    "same_code": "A customer with this customer code exists.",
    "same_vat": "A customer with this credit code or ID number exists.",
    "same_phone": "A customer with this phone number exists.",
    "same_email": "A customer with this e-mail address exists.",
    "same_name": "A customer of this name exists.",
    "other_name": (
        "A customer with this phone number or e-mail address exists under another "
        "name. Decide for this row whether it is the same customer."
    ),
    "ambiguous": (
        "Several customers match the row. Merge them first, or give the customer "
        "code in the list."
    ),
    "not_visible": (
        "This customer exists already and belongs to somebody else. Ask your manager "
        "or the administrator."
    ),
    "not_writable": "This customer exists already and you may not change it.",
    "code_taken": (
        "A customer with this customer code exists, and a code is given only once."
    ),
    "same_customer_row": "The same customer as in row {row}, with another contact.",
    "repeat_row": "The same customer as in row {row}, with nothing to add.",
    "ambiguous_row": (
        "Several earlier rows match this one by different values. Give the customer "
        "code in the list, or decide for this row."
    ),
    "other_name_row": (
        "The phone number or e-mail address of row {row} under another name. Decide "
        "for this row whether it is the same customer."
    ),
}
# Problems of rows that are no customers: skipped, not refused.
NO_CUSTOMER = ("total_row", "repeated_header", "remark_row")


def contact_key(name: str, phone: str, email: str) -> str:
    """Return the key of a contact within its customer: the name, else number."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(filter(str.isalnum, folded)) or phone or email


def keys_of(parts: Parts, makers: KeyMakers) -> RowKeys:
    """Return what a cleaned row is recognised by."""
    customer, contact = parts
    phone, email = (str(contact.get(name, "")) for name in ("phone", "email"))
    phone, email = makers.phone(phone), makers.email(email)
    contact_name = str(contact.get("name", ""))
    return RowKeys(
        code=str(customer.get("ref", "")),
        vat=str(customer.get("vat") or customer.get("id_number", "")),
        phones=_one(makers.phone(str(customer.get("phone", "")))),
        emails=_one(makers.email(str(customer.get("email", "")))),
        contact_phones=_one(phone),
        contact_emails=_one(email),
        name=makers.company(str(customer.get("name", ""))),
        contact=contact_key(contact_name, phone, email) if contact else "",
        company=bool(customer.get("is_company")),
        contact_name=makers.company(contact_name),
    )


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


# --- matching ---------------------------------------------------------------------

_CODE, _VAT, _OWN, _CONTACT, _NAME = range(5)


def _levels(keys: RowKeys) -> Iterator[tuple[int, str]]:
    """Yield (strength, key), strongest first."""
    if keys.code:
        yield _CODE, f"code:{keys.code}"
    if keys.vat:
        yield _VAT, f"vat:{keys.vat}"
    for level, phones, emails in (
        (_OWN, keys.phones, keys.emails),
        (_CONTACT, keys.contact_phones, keys.contact_emails),
    ):
        yield from ((level, f"phone:{phone}") for phone in phones)
        yield from ((level, f"email:{email}") for email in emails)
    if keys.name and keys.company:
        yield _NAME, f"name:{keys.name}"


class _Customers(Protocol):
    """Customers to compare with: the stored ones, or those of earlier rows."""

    def find(self, key: str) -> Sequence[int]:
        """Return the customers that carry a key."""

    def contradicts(self, one: int, keys: RowKeys) -> bool:
        """Tell whether a customer has another code or credit code."""

    def renamed(self, one: int, keys: RowKeys) -> bool:
        """Tell whether a customer is known, but by none of the row's names."""


class _Match(NamedTuple):
    """The customer found. id: None when none or not just one; kind: of the key."""

    id: int | None = None
    kind: str = ""
    conflict: Literal["", "ambiguous", "other_name"] = ""


def _match(keys: RowKeys, customers: _Customers) -> _Match:
    """Find the one customer that the keys mean.

    Two different codes are two customers, whatever else is the same. A phone or
    e-mail address under another name is a conflict, a contact's is none (one
    person works for several companies).
    """
    hits: dict[int, dict[int, str]] = {}
    others: list[int] = []
    for level, key in _levels(keys):
        for one in customers.find(key):
            if customers.contradicts(one, keys):
                continue
            if level in (_OWN, _CONTACT) and customers.renamed(one, keys):
                others += [one] if level == _OWN else []
            else:
                hits.setdefault(level, {}).setdefault(one, key.split(":")[0])
    if hits:
        return _strongest(hits)
    return _Match(others[0], "", "other_name") if others else _Match()


def _strongest(hits: dict[int, dict[int, str]]) -> _Match:
    """Of the strongest level take the one; of several the one with most keys."""
    found = hits[min(hits)]
    counts = {one: sum(one in level for level in hits.values()) for one in found}
    most = max(counts.values())
    best = [one for one, count in counts.items() if count == most]
    if len(best) > 1:
        return _Match(None, "", "ambiguous")
    return _Match(best[0], found[best[0]])


class _Stored:
    """The stored customers, as _Customers."""

    def __init__(self, existing: Mapping[str, Sequence[Candidate]]) -> None:
        self._existing = existing
        self.found: dict[int, Candidate] = {}

    def find(self, key: str) -> list[int]:
        candidates = self._existing.get(key, ())
        self.found.update((candidate.id, candidate) for candidate in candidates)
        return [candidate.id for candidate in candidates]

    def contradicts(self, one: int, keys: RowKeys) -> bool:
        known = self.found[one]
        if keys.code and known.code:
            return keys.code != known.code
        return bool(keys.vat and known.vat and keys.vat != known.vat)

    def renamed(self, one: int, keys: RowKeys) -> bool:
        names = self.found[one].names
        return bool(names and keys.names() and not names & keys.names())


# --- earlier rows -----------------------------------------------------------------


class Seen:
    """What earlier rows of the file claimed; carried from batch to batch.

    A customer is known by the first of its rows, its root. Refused rows claim
    nothing, so that a corrected copy further down can be created. Holds about 300
    bytes a row; it cannot be stored, but rebuilt by claim().
    """

    def __init__(self) -> None:
        # search key -> root; the other entries say what is known of a root:
        # (root, "code") that it has one, (root, "code", code) which, and so on
        self._index = CompactIndex()

    def claim(self, planned: PlannedRow, keys: RowKeys) -> None:
        """Note a planned row; to rebuild, call it for staged lines in order."""
        skipped = planned.decision == "skip"
        idle = skipped and not (planned.match_id or planned.same_as_row)
        if planned.decision == "refuse" or idle:
            return
        root = planned.same_as_row or planned.number
        for _level, key in _levels(keys):
            self._index.setdefault(key, root)
        names = [("name", name) for name in keys.names()]
        for kind, value in (("code", keys.code), ("vat", keys.vat), *names):
            self._know(root, kind, value)
        if planned.match_id:
            self._index.setdefault((root, "id"), planned.match_id)
            self._index.setdefault(("id", planned.match_id), root)
        if keys.contact and not skipped:
            self._index.setdefault((root, "contact", keys.contact), root)

    def _know(self, root: int, kind: str, value: str) -> None:
        if value:
            self._index.setdefault((root, kind), root)
            self._index.setdefault((root, kind, value), root)

    def _differs(self, root: int, kind: str, *values: str) -> bool:
        """Tell whether a root has values of a kind, and none of these."""
        if not any(values) or self._index.get((root, kind)) is None:
            return False
        return all(self._index.get((root, kind, value)) is None for value in values)

    def find(self, key: str) -> list[int]:
        """Return the root that claimed a key, or nothing."""
        root = self._index.get(key)
        return [] if root is None else [root]

    def contradicts(self, one: int, keys: RowKeys) -> bool:
        """Tell whether a root has another code or credit code."""
        if keys.code and self._index.get((one, "code")) is not None:
            return self._differs(one, "code", keys.code)
        return self._differs(one, "vat", keys.vat)

    def renamed(self, one: int, keys: RowKeys) -> bool:
        """Tell whether a root goes by none of the row's names."""
        return self._differs(one, "name", *keys.names())

    def root_of(self, match_id: int) -> int | None:
        """Return the first row that recognised a stored customer."""
        return self._index.get(("id", match_id))

    def match_id_of(self, root: int) -> int | None:
        """Return the stored customer that a row recognised."""
        return self._index.get((root, "id"))

    def has_contact(self, root: int, contact: str) -> bool:
        """Tell whether rows of a customer name the contact already, or none is."""
        return not contact or self._index.get((root, "contact", contact)) is not None


# --- deciding ---------------------------------------------------------------------


def plan_rows(
    rows: Sequence[PlanInput],
    existing: Mapping[str, Sequence[Candidate]],
    policy: Policy,
    seen: Seen,
) -> list[PlannedRow]:
    """Decide for each row, one PlannedRow per input in their order.

    :param existing: search key -> stored customers carrying it
    :param policy: what to do with a row whose customer exists
    :param seen: changed: what this batch claims is noted in it
    """
    planned = []
    for row in rows:
        decided = _plan_row(row, existing, policy, seen)
        seen.claim(decided, row.keys)
        planned.append(decided)
    return planned


def _plan_row(
    row: PlanInput,
    existing: Mapping[str, Sequence[Candidate]],
    policy: Policy,
    seen: Seen,
) -> PlannedRow:
    codes = [problem.code for problem in row.problems]
    skipped = next((code for code in codes if code in NO_CUSTOMER), "")
    if skipped:
        return PlannedRow(row.number, "skip", skipped)
    if codes:
        return PlannedRow(row.number, "refuse", "bad_value")
    stored = _Stored(existing)
    match, candidates = _match(row.keys, stored), stored.found
    if match.id is not None:
        planned = _plan_stored(row, match, candidates[match.id], policy, seen)
    elif match.conflict:
        planned = _plan_conflict(row, match, candidates, policy)
    else:
        planned = _plan_unknown(row, policy, seen)
    if row.forced == "skip" or row.forced == "refuse":
        # a person leaves the row out; what it matched stays noted
        return PlannedRow(
            row.number, row.forced, "by_person", planned.match_id, planned.same_as_row
        )  # fmt: skip
    return planned


def _plan_conflict(
    row: PlanInput,
    match: _Match,
    candidates: Mapping[int, Candidate],
    policy: Policy,
) -> PlannedRow:
    """Several customers match, or the one that does has another name."""
    if not all(candidate.visible for candidate in candidates.values()):
        return PlannedRow(row.number, "refuse", "not_visible")
    if (row.forced or policy) == "create":
        return _created(row, match.conflict)
    return PlannedRow(row.number, "refuse", match.conflict)


def _created(row: PlanInput, reason: str = "") -> PlannedRow:
    contact: Contact = "create" if row.keys.contact else ""
    return PlannedRow(row.number, "create", reason, contact=contact)


def _plan_stored(
    row: PlanInput, match: _Match, candidate: Candidate, policy: Policy, seen: Seen
) -> PlannedRow:
    """The customer exists."""
    if not candidate.visible:
        return PlannedRow(row.number, "refuse", "not_visible")
    choice = row.forced or policy
    if match.conflict and choice != "create" and row.forced != "update":
        return PlannedRow(row.number, "refuse", "other_name", candidate.id)
    reason = match.conflict or f"same_{match.kind}"
    if choice == "create":
        if match.kind == "code":
            return PlannedRow(row.number, "refuse", "code_taken", candidate.id)
        planned = _plan_unknown(row, policy, seen)
        own = planned.decision == "create"
        return planned._replace(reason=reason) if own else planned
    if choice == "update":
        return _plan_update(row, reason, candidate, seen)
    return PlannedRow(row.number, "skip", reason, candidate.id)


def _plan_update(
    row: PlanInput, reason: str, candidate: Candidate, seen: Seen
) -> PlannedRow:
    if not candidate.writable:
        return PlannedRow(row.number, "refuse", "not_writable", candidate.id)
    root = seen.root_of(candidate.id)
    if root is not None and seen.has_contact(root, row.keys.contact) and not row.forced:
        return PlannedRow(row.number, "skip", "repeat_row", candidate.id, root)
    contact_id = candidate.contacts.get(row.keys.contact)
    contact: Contact = "update" if contact_id else "create" if row.keys.contact else ""
    return PlannedRow(
        row.number, "update", reason, candidate.id, root, contact, contact_id
    )


def _plan_unknown(row: PlanInput, policy: Policy, seen: Seen) -> PlannedRow:
    """No stored customer matches: an earlier row may."""
    match = _match(row.keys, seen)
    if row.forced == "create" or (match.id is None and not match.conflict):
        if row.forced == "update":
            return PlannedRow(row.number, "refuse", "nothing_to_update")
        return _created(row, "by_person" if match != _Match() else "")
    if match.id is None or (match.conflict and row.forced != "update"):
        reason = f"{match.conflict}_row"
        return PlannedRow(row.number, "refuse", reason, None, match.id)
    return _plan_same_row(row, match.id, policy, seen)


def _plan_same_row(row: PlanInput, root: int, policy: Policy, seen: Seen) -> PlannedRow:
    """The customer of an earlier row: another contact is added, a repeat not."""
    match_id = seen.match_id_of(root)
    repeats = seen.has_contact(root, row.keys.contact)
    choice = row.forced or policy
    if row.forced != "update" and (repeats or (match_id and choice == "skip")):
        return PlannedRow(row.number, "skip", "repeat_row", match_id, root)
    contact: Contact = "" if repeats else "create"
    return PlannedRow(
        row.number, "update", "same_customer_row", match_id, root, contact
    )
