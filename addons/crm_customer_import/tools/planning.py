"""Decide for each row: create, update, skip or refuse, and say why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

from .cleaning import Parts, Problem

Decision = Literal["create", "update", "skip", "refuse"]
Policy = Literal["skip", "update", "create"]


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
    person
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

    def search_keys(self) -> list[str]:
        """Return the keys to look up, strongest first.

        Each is ``code:…``, ``vat:…``, ``phone:…``, ``email:…`` or ``name:…``
        (``name:`` for companies only: two people share a name, not a number).
        """
        raise NotImplementedError


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
    forced: Policy | Literal[""] = ""


class PlannedRow(NamedTuple):
    """The decision for one row.

    reason: stable code, see REASONS ('' for a plain create)
    match_id: stored customer to update or that was recognised (never one the
        person may not see)
    same_as_row: earlier row of this file that is the same customer; with decision
        update the row adds to what that row creates
    contact: what to do with the row's contact: '', 'create', 'update'
    contact_id: stored contact to update
    """

    number: int
    decision: Decision
    reason: str = ""
    match_id: int | None = None
    same_as_row: int | None = None
    contact: Literal["", "create", "update"] = ""
    contact_id: int | None = None


# code -> English sentence; {row} is same_as_row.
REASONS: dict[str, str] = {}


class Seen:
    """What earlier rows of the file claimed; carried from batch to batch."""

    def claim(self, planned: PlannedRow, keys: RowKeys) -> None:
        """Note a planned row; to rebuild, call it for staged lines in order."""
        raise NotImplementedError


def contact_key(name: str, phone: str, email: str) -> str:
    """Return the key of a contact within its customer: the name, else number."""
    raise NotImplementedError


def keys_of(parts: Parts, makers: KeyMakers) -> RowKeys:
    """Return what a cleaned row is recognised by."""
    raise NotImplementedError


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
    raise NotImplementedError
