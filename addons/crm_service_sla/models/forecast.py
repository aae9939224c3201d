"""What a change of working time would do to deadlines, before it is made."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from odoo.fields import Domain

from ..tools.clocks import CLOCKS

#: Of so many open tickets, the newest, it is worked out what would move.
FORECAST = 5000
BATCH = 500

Dues = dict[int, tuple[datetime | None, ...]]


class Move(NamedTuple):
    """A deadline of a ticket, as it is and as it would be."""

    ticket: Any
    clock: str
    before: datetime | None
    after: datetime | None


def open_by(calendars) -> Domain:
    """Open tickets whose clocks may count in these calendars."""
    env = calendars.env
    is_open = env["crm.service.ticket"]._sla_open()
    # sudo: the calendar's editor may not see the tickets, or other companies
    policies = env["crm.service.sla.policy"].sudo().search([])
    if calendars & policies.calendar_id:
        return is_open
    by_it = [("resource_calendar_id", "in", calendars.ids)]
    # sudo: only which companies work by it
    companies = env["res.company"].sudo().search(by_it)
    return is_open & Domain("company_id", "in", companies.ids)


def tickets_of(calendars):
    """Return the tickets the caller may see that a change of these calendars can move:
    those whose clock runs."""
    running = Domain("sla_deadline", "!=", False)
    tickets = calendars.env["crm.service.ticket"]
    return tickets.search(open_by(calendars) & running, order="id desc", limit=FORECAST)


def dues_of(tickets) -> Dues:
    """Work out the deadlines of tickets by what holds now; write nothing.

    :return: by ticket id, in the order of ``CLOCKS``
    """
    now = tickets._sla_now().replace(microsecond=0)
    found: Dues = {}
    for start in range(0, len(tickets), BATCH):
        # sudo: which policy holds does not depend on who asks
        some = tickets[start : start + BATCH].sudo()
        cases = some._sla_cases(wrote=False, answered=False, left=False)
        steps = some._sla_steps(cases, now)
        for case, step in zip(cases, steps, strict=True):
            found[case.ticket.id] = step.snapshot.dues
    return found


def moves(tickets, before: Dues, after: Dues) -> Iterator[Move]:
    """Yield what has moved between two forecasts, in the order of the new deadlines."""
    found = [
        Move(ticket, clock, was, will)
        for ticket in tickets
        for clock, was, will in zip(
            CLOCKS, before[ticket.id], after[ticket.id], strict=True
        )
        if was != will
    ]
    yield from sorted(found, key=lambda one: (one.after or datetime.max, one.ticket.id))
