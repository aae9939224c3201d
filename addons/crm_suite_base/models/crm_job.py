import time
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

from ..tools.isolation import bad_ones
from ..tools.token import Token

# how often a lost transaction is taken up at once, before it is left to the next run
ATTEMPTS = 6
# seconds before the first further attempt; each waits longer than the one before
PAUSE = 0.05
# raised where Odoo runs a scheduled job, with its id; no client can say it is one
JOB = Token("crm_job_running")


class Step(NamedTuple):
    """A kind of work, with what waits for it.

    ``key``: names it for good, what was set aside is stored under it. ``model``: the
    records, as an empty recordset with the rights and the context to work with.
    ``domain``: which of them wait, or what says so. ``work``: does some of them,
    without committing; what it cannot do for one of them it raises. It returns
    nothing, or those records that are to be taken up again in this very run.
    ``order``: who comes first.
    ``size``: how many at once. ``person``: whose business a record is; who hears of
    one that was set aside, the administrators where there is nobody. ``stays``:
    records may go on waiting although they were worked on; those that a run did not
    reach come first in the next one. ``rule``: the ``crm.rule.mixin`` whose condition
    the domain has; if nothing can be found by it, it is stopped and the other steps go
    on. ``locks``: further records that are written with some, to be had before.
    ``still``: which of those that were found are worked on, asked batch by batch, where
    the work itself decides anew and the domain is dear; otherwise the domain.
    """

    key: str
    model: Any
    domain: Any
    work: Callable[[Any], Any]
    order: str = "id"
    size: int = 100
    person: Callable[[Any], Any] | None = None
    stays: bool = False
    rule: Any = None
    locks: Callable[[Any], Any] | None = None
    still: Domain | None = None


class CrmJob(models.AbstractModel):
    """How the scheduled jobs of the suite work through many things.

    A batch is one transaction, with what is noted about it. One that fails is tried
    in halves and then one by one; what fails by itself is set aside with its reason,
    its person is told once, and the others are done. A batch that met somebody at
    work is taken up again at once. What is done is said by ``_commit_progress``.
    See docs/adr/0029-jobs-that-go-on.md.
    """

    _name = "crm.job"
    _description = "Work of Scheduled Jobs"

    # ------------------------------------------------------------
    # WORK
    # ------------------------------------------------------------

    @api.model
    def _is_scheduled(self) -> bool:
        """Whether a scheduled job is running, which commits its work as it goes."""
        return JOB.is_on(self.env)

    @api.model
    def _scheduled_id(self) -> int | None:
        """Return the id of the ``ir.cron`` that is running, if one is."""
        return JOB.value(self.env)

    @api.model
    def _work_off(self, *steps: Step) -> int:
        """Do the work of the steps, one after the other.

        In a scheduled job each batch is committed, and what is left when the time is
        over is left to the next run. Outside of one nothing is committed, and a lost
        transaction is the caller's.

        :return: how many records were worked on
        """
        run = _Run(self)
        for step in steps:
            run.do(step)
        run.end()
        return run.done

    @api.model
    def _isolate(self, items, attempt: Callable[[Any], Any]) -> list[tuple]:
        """Do ``items``, a sequence or recordset, in halves where they fail.

        What fails leaves nothing behind: neither rows nor what was to happen after
        the commit.

        :return: pairs (item, error) of those that fail by themselves
        :raises Exception: what is nobody's fault: a lost transaction or connection
        """

        def guarded(batch):
            after = list(self.env.cr.postcommit._funcs)
            try:
                with self.env.cr.savepoint():
                    attempt(batch)
            except Exception as error:
                if self._is_nobodys_fault(error):
                    raise
                self.env.cr.postcommit._funcs.clear()
                self.env.cr.postcommit._funcs.extend(after)
                return error
            return None

        return bad_ones(items, guarded)

    @api.model
    def _is_nobodys_fault(self, error: Exception) -> bool:
        """Whether the transaction, the connection or the machine is lost, so that
        trying each record by itself is of no use."""
        if isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            return True
        if isinstance(error, psycopg2.errors.QueryCanceled):
            return False
        return isinstance(
            error, (psycopg2.OperationalError, psycopg2.InterfaceError, MemoryError)
        )

    @api.model
    def _reason(self, error: Exception) -> str:
        """Return a sentence for whatever was raised."""
        if isinstance(error, UserError):
            return " ".join(str(error).split())
        if isinstance(error, psycopg2.Error):
            return str(self._sql_error_to_message(error)).strip()
        return f"{type(error).__name__}: {error}"[:500]


class _Run:
    """One run of a job: what is done, what is left, how much time there is."""

    def __init__(self, job):
        self.env = job.env
        self.job = job
        self.is_job = job._is_scheduled()
        self.done = 0
        # left to the next run, and waiting in the present step
        self.rest = self.left = 0
        self.time_left = float("inf")

    def do(self, step: Step):
        known = self.env["crm.job.problem"]._known(step)
        # a mail server that is slow or gone is no part of the work
        step = step._replace(
            model=step.model.with_context(mail_notify_force_send=False)
        )
        step, ids = self._look(step, known)
        self.left = len(ids)
        self._commit()
        queue = deque((batch, 0) for batch in split_every(step.size, ids, list))
        while queue and self.has_time():
            queue.extend(self._try(step, known, *queue.popleft()))
        missing = [record_id for batch, _tries in queue for record_id in batch]
        self.rest, self.left = self.rest + len(missing), 0
        if step.stays and self.is_job:
            self.env["crm.job.pass"]._keep(step.key, missing)
        self._commit()

    def has_time(self) -> bool:
        return self.time_left > 0

    def _look(self, step: Step, known) -> tuple[Step, list[int]]:
        """Find what waits.

        :return: the step with its domain worked out, and ids
        """
        found: list = [step, []]

        def look(_rule):
            domain = step.domain() if callable(step.domain) else step.domain
            found[0] = step._replace(domain=Domain(domain) & known.domain)
            found[1] = self._waiting_ids(found[0])

        if not step.rule:
            look(None)
        elif failed := self.job._isolate(step.rule, look):
            step.rule._set_error(failed[0][1])
            return step, []
        return found[0], found[1]

    def _waiting_ids(self, step: Step) -> list[int]:
        found = step.model.search(step.domain, order=step.order).ids
        if not step.stays:
            return found
        first = set(self.env["crm.job.pass"]._pending(step.key))
        return sorted(found, key=lambda record_id: record_id not in first)

    def _try(self, step: Step, known, ids: list[int], tries: int) -> list[tuple]:
        """Do a batch in a transaction of its own.

        :return: pairs (ids, attempts) to take up later in this run
        """
        before = self.left
        try:
            busy, more = self._batch(step, known, ids)
            worked = len(ids) - len(busy) - len(more)
            self.left -= worked
            self._commit(worked)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            if not self.is_job:
                raise
            # somebody changed the same records: they have gone first, now it is us
            self.env.cr.rollback()
            self.left = before
            return self._later(ids, tries)
        self.done += worked
        return [*([(more, 0)] if more else []), *self._later(busy, tries)]

    def _later(self, ids: list[int], tries: int) -> list[tuple]:
        """Smaller batches meet fewer people; what meets somebody time and again is
        left to the next run."""
        if not ids:
            return []
        if tries >= ATTEMPTS or not self.is_job:
            self.rest += len(ids)
            self.left -= len(ids)
            return []
        time.sleep(PAUSE * 2**tries)
        middle = (len(ids) + 1) // 2
        halves = [ids[:middle], ids[middle:]] if tries else [ids]
        return [(half, tries + 1) for half in halves if half]

    def _batch(self, step: Step, known, ids: list[int]) -> tuple:
        """Do those of ``ids`` that still wait and that nobody has in hand.

        :return: ids somebody has in hand, and ids to take up again
        """
        asked = step.domain if step.still is None else step.still
        own = asked & Domain("id", "in", ids)
        records = step.model.search(own, order=step.order)
        locked = records.try_lock_for_update(allow_referencing=True)
        if step.locks:
            free = step.locks(locked).try_lock_for_update(allow_referencing=True)
            locked = locked.filtered(lambda record: step.locks(record) <= free)
        more: dict[int, None] = {}

        def attempt(batch):
            unfinished = step.work(batch)
            if isinstance(unfinished, models.BaseModel):
                more.update(dict.fromkeys(unfinished.ids))

        failed = self.job._isolate(locked, attempt)
        known.settle(locked.ids, failed)
        for record, _error in failed:
            more.pop(record.id, None)
        return (records - locked).ids, list(more)

    def end(self):
        self.env["crm.job.problem"]._tell_new()
        if self.is_job:
            # sudo: asks only whether a mail waits, and wakes Odoo's own job
            self.env["mail.mail"].sudo()._job_wake_queue()
        self._commit()

    def _commit(self, processed: int = 0):
        if self.is_job:
            self.time_left = self.env["ir.cron"]._commit_progress(
                processed, remaining=self.rest + self.left
            )
