import logging
import random
import time
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..tools.fair_share import Balance, Choice, Member, choose_all

_logger = logging.getLogger(__name__)

ATTEMPTS = 25
LONGEST_PAUSE = 0.2


class PoolBusy(Exception):
    """Others kept a pool's books locked all the time."""


class CrmFairShareMixin(models.AbstractModel):
    """Somebody who gets work in turn, with what is remembered of it.

    For models that have a ``user_id``, one of them for each person of a pool; the
    choice itself is ``tools/fair_share.py``. The books (credit, taken, total) are
    written by the giving of work alone, in a moment of their own: see ``_take_turns``
    and docs/adr/0032-work-is-given-in-one-way.md.
    """

    _name = "crm.fair.share.mixin"
    _description = "Fair Share"

    weight = fields.Float(
        default=1.0,
        help="Part of the work, relative to the others: 2 gets twice as much as 1, "
        "0 gets none.",
    )
    daily_cap = fields.Integer(
        "Most per Day", help="No more new work on one day; 0 for no limit."
    )
    paused = fields.Boolean(
        help="Gets no work meanwhile. Leave entered in the working calendar, and "
        "holidays of the company, count by themselves."
    )
    paused_from = fields.Date(help="Empty: from now on.")
    paused_until = fields.Date(
        help="Last day of the pause. Empty: until it is switched off."
    )
    credit = fields.Float(digits=0, readonly=True, copy=False)
    taken = fields.Integer("Taken Today", readonly=True, copy=False)
    taken_day = fields.Date(readonly=True, copy=False)
    total = fields.Integer("Taken So Far", readonly=True, copy=False)

    # ------------------------------------------------------------
    # GIVING
    # ------------------------------------------------------------

    def _take_turns(self, items: Iterable, left_out: Callable) -> list[Choice]:
        """Choose somebody of this pool for each of the items, and keep the books.

        The books are locked, read, written and let go of in a short transaction of
        their own: whoever creates work at the same time waits for milliseconds, not
        for the end of somebody's request, and never fails for it. When the work is
        rolled back, so are the turns it took.

        :param items: in the order in which they are given
        :param left_out: see ``choose_all``; who is away or paused is known already
        :return: one choice an item; nobody is chosen when the pool is empty, or its
            books could not be had in a few seconds
        """
        items = list(items)
        nobody = [Choice(None, {}, ()) for _item in items]
        if not self or not items:
            return nobody
        self.flush_recordset()
        away, days = self._away(), self._cap_days()
        try:
            return self._keep_books(
                lambda pool, books: choose_all(pool, books, days, items, away, left_out)
            )
        except PoolBusy:
            _logger.info("the books of %s were locked all the time", self)
            return nobody

    def _keep_books(self, choose: Callable) -> list[Choice]:
        def choose_and_remember(env):
            books = self.with_env(env)
            if not books._lock():
                return None
            before = books._as_balances()
            choices = choose(books._as_members(), before)
            books._remember(choices[-1].balances)
            return before, choices

        registry = self.env.registry
        # while modules are being installed nobody else works, and what they have made
        # so far cannot be seen from outside
        ready = registry.ready
        kept = ready and _in_own_transaction(registry, choose_and_remember)
        if kept:
            before, choices = kept
            self._give_back_at_rollback(before, choices[-1].balances)
            return choices
        # made by this very transaction: nobody else can have them.
        # sudo: the books are the system's
        own = self.sudo()
        choices = choose(own._as_members(), own._as_balances())
        own._remember(choices[-1].balances)
        return choices

    def _lock(self) -> bool:
        """Lock the books of this pool, without waiting; return whether all of it is
        to be seen from here."""
        lock = SQL(
            "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE NOWAIT",
            SQL.identifier(self._table),
            self.ids,
        )
        self.env.cr.execute(lock, log_exceptions=False)
        return len(self.env.cr.fetchall()) == len(self)

    def _give_back_at_rollback(self, before, after):
        turns = {
            key: (b.credit - before[key].credit, b.total - before[key].total, b.day)
            for key, b in after.items()
            if b != before[key]
        }
        give_back = partial(_give_back, self.env.registry, self._name, self.ids, turns)
        self.env.cr.postrollback.add(give_back)

    # ------------------------------------------------------------
    # WHO IS THERE
    # ------------------------------------------------------------

    def _away(self) -> dict[int, str]:
        """Return why those of the pool who are not to be given work now are not."""
        # sudo: leaves of others, which Odoo shows nobody
        people = self.sudo()
        paused = {m.user_id.id: "paused" for m in people if m._is_paused(m._cap_day())}
        return paused | people.user_id._absent_now()

    def _is_paused(self, day: date) -> bool:
        self.ensure_one()
        return bool(
            self.paused
            and (not self.paused_from or self.paused_from <= day)
            and (not self.paused_until or day <= self.paused_until)
        )

    def _cap_day(self) -> date:
        """Return the day this person's cap counts for: one and the same whoever
        creates the work, and wherever."""
        return self._cap_company()._today()

    def _cap_days(self) -> dict[int, date]:
        # sudo: of which company somebody is
        return {m.user_id.id: m._cap_day() for m in self.sudo()}

    def _cap_company(self):
        """Hook: whose day it is; by default that of the person's company."""
        return self.user_id.company_id

    # ------------------------------------------------------------
    # BOOKS
    # ------------------------------------------------------------

    def _as_members(self) -> list[Member]:
        """Return the pool for the chooser; keys are ids of users."""
        return [Member(m.user_id.id, m.weight, m.daily_cap) for m in self]

    def _as_balances(self) -> dict[int, Balance]:
        """Return what the chooser goes on from; keys are ids of users."""
        return {
            m.user_id.id: Balance(m.credit, m.taken_day or None, m.taken, m.total)
            for m in self
        }

    def _remember(self, balances: dict[int, Balance]) -> None:
        """Write back what changed; who is not in ``balances`` stays as he is."""
        before = self._as_balances()
        for member in self:
            key = member.user_id.id
            balance = balances.get(key, before[key])
            if balance != before[key]:
                member.write(
                    {
                        "credit": balance.credit,
                        "taken": balance.taken,
                        "taken_day": balance.day,
                        "total": balance.total,
                    }
                )


def _in_own_transaction(registry, work: Callable):
    """Do something short beside the transaction that is going on, again when others
    were faster.

    :param work: gets an environment of the system
    :raise PoolBusy: when they always are
    """
    for attempt in range(ATTEMPTS):
        try:
            with registry.cursor() as cr:
                # sudo: a short piece of book-keeping that no value of a client enters
                return work(api.Environment(cr, SUPERUSER_ID, {}))
        except (LockNotAvailable, SerializationFailure):
            # many at once: spread them
            most = min(LONGEST_PAUSE, 0.01 * (attempt + 1))
            time.sleep(random.uniform(0.001, most))
    raise PoolBusy


def _give_back(registry, model: str, ids: list[int], turns: dict) -> None:
    """Take turns back whose work was rolled back. Others may have had theirs since, so
    what is taken back is the difference."""

    def take_back(env):
        env.cr.execute(
            SQL(
                """
                UPDATE %(table)s AS member
                   SET credit = member.credit - turn.credit,
                       total = member.total - turn.total,
                       taken = CASE WHEN member.taken_day = turn.day
                                    THEN greatest(member.taken - turn.total, 0)
                                    ELSE member.taken END
                  FROM unnest(%(users)s::int[], %(credits)s::float[],
                              %(totals)s::int[], %(days)s::date[])
                       AS turn(user_id, credit, total, day)
                 WHERE member.id = ANY(%(ids)s) AND member.user_id = turn.user_id
                """,
                table=SQL.identifier(env[model]._table),
                users=list(turns),
                credits=[credit for credit, _total, _day in turns.values()],
                totals=[total for _credit, total, _day in turns.values()],
                days=[day for _credit, _total, day in turns.values()],
                ids=list(ids),
            )
        )

    try:
        _in_own_transaction(registry, take_back)
    except PoolBusy:
        _logger.info("turns of %s%s that came to nothing stay taken", model, ids)
