from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property

from .known_customers import KnownCustomers

BATCH_ROWS = 500
# no chatter, no followers and no per-record address sync while writing: the contacts
# get the values of their company with them, see CustomerWriter
CREATE_CONTEXT = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "_partners_skip_fields_sync": True,
}


class Phase(ABC):
    """Work on an import that goes on for as long as the list is, in batches.

    A batch and the marks of its rows are one transaction of whoever runs the phase, so
    that a killed server goes on with the rows not marked yet. What a batch needs of
    those before it is found again in what they stored.

    ``system``: writes rows, words, state and journal, which are the import's own.
    ``person``: who imports, with own rights, company and language. Customers are read
    and written, and people spoken to, with this one; where not, it says why.
    """

    #: the state in which an import is worked on so
    state: str
    #: more rows than these go on in the background
    direct_rows: int
    #: an error is the file's: the import ends in state error and is not tried again
    blames_file = False

    def __init__(self, record):
        # sudo: who may begin was asked by the action; the worker is the system
        self.record = record.sudo()
        self.system = self.record.env

    @cached_property
    def person(self):
        return self.record._importer_env()

    def prepare(self):  # noqa: B027  many phases need nothing before
        """What is done once, before the state is entered."""

    @abstractmethod
    def is_long(self) -> bool:
        """Whether the request should not even begin."""

    @abstractmethod
    def batches(self) -> Iterator[int]:
        """Go on where a former run stopped, up to the next state; yields the rows
        handled after each batch."""

    @cached_property
    def known(self) -> KnownCustomers:
        return KnownCustomers(self.record, self.person)

    @property
    def lines(self):
        return self.system["crm.customer.import.line"]

    @property
    def partners(self):
        """res.partner as the importing person."""
        return self.person["res.partner"]

    def _worked_off(self, domain: list, order: str) -> Iterator:
        """Yield the rows of a domain in batches, until a batch leaves none in it."""
        own = [("import_id", "=", self.record.id), *domain]
        while lines := self.lines.search(own, order=order, limit=BATCH_ROWS):
            yield lines

    def _forget(self):
        """Write what is waiting and empty the cache, or memory grows with the file."""
        self.system.flush_all()
        self.system.invalidate_all()

    def _isolate(self, records, work) -> list:
        """Do ``work(records)``; return those that are refused, each with its error."""
        return self.system["crm.job"]._isolate(records, work)

    def _add_stamp(self):
        """Note this transaction's time as one of our own writes; see stamps."""
        stamp = self.system.cr.now().isoformat()
        if stamp not in (self.record.stamps or ()):
            self.record.stamps = [*(self.record.stamps or ()), stamp]
