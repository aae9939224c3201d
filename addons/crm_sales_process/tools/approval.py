"""Which deals need the manager's approval, and whether one got through without."""

from collections.abc import Iterable
from typing import NamedTuple

# amounts and percentages that differ by less are the same
TOLERANCE = 0.005
GATE, RELEASE = "gate", "release"


class Threshold(NamedTuple):
    """``team``, ``company``: ids, ``None`` for all; ``amount``: in the currency of the
    company, 0 for any; ``discount``: in percent, 0 for any; ``gate``: sequence of the
    first stage that needs the approval, ``None`` when only winning does."""

    team: int | None
    company: int | None
    amount: float
    discount: float
    gate: int | None


class Deal(NamedTuple):
    """``teams``: ids of the teams it has to do with, its own and those of its owner;
    ``company``: id, ``None`` for a deal without one, which every company's thresholds
    concern; ``place``: sequence of its stage; ``won``: in a won stage."""

    amount: float
    discount: float
    teams: frozenset[int]
    company: int | None
    place: int
    won: bool

    def seen_by(self, teams: frozenset[int]) -> "Deal":
        """Return it for somebody of these teams: what holds in one's own team holds
        for all one does."""
        return self._replace(teams=self.teams | teams)


class Approved(NamedTuple):
    """Up to which amount and discount (percent) a manager has agreed."""

    amount: float
    discount: float


def exceeded(deal: Deal, thresholds: Iterable[Threshold]) -> list[Threshold]:
    """Return the thresholds the deal is past."""
    return [t for t in thresholds if _concerns(t, deal) and _is_past(t, deal)]


def covered(deal: Deal, approvals: Iterable[Approved]) -> bool:
    """Return whether one of the approvals reaches as far as the deal."""
    return any(
        deal.amount <= approved.amount + TOLERANCE
        and deal.discount <= approved.discount + TOLERANCE
        for approved in approvals
    )


def offends(
    deal: Deal, thresholds: Iterable[Threshold], approvals: Iterable[Approved]
) -> bool:
    """Return whether the deal is where it must not be without approval."""
    gates = [t for t in exceeded(deal, thresholds) if _is_through(t, deal)]
    return bool(gates) and not covered(deal, approvals)


def judge(
    before: Deal,
    after: Deal,
    acting: frozenset[int],
    thresholds: Iterable[Threshold],
    approvals: Iterable[Approved],
) -> str:
    """Return what is wrong with a change, '' for nothing.

    GATE: it is now where it must not be without approval. What was there before, such
    as a deal won before the threshold was made, is left in peace unless it grows.
    RELEASE: it needed an approval, and other teams alone make it need none.

    :param acting: ids of the teams of who makes the change
    """
    thresholds, approvals = list(thresholds), list(approvals)
    if offends(after.seen_by(acting), thresholds, approvals) and (
        has_grown(before, after)
        or not offends(before.seen_by(acting), thresholds, approvals)
    ):
        return GATE
    released = exceeded(before, thresholds) and not exceeded(after, thresholds)
    if released and not has_shrunk(before, after) and not covered(before, approvals):
        return RELEASE
    return ""


def has_grown(before: Deal, after: Deal) -> bool:
    """Return whether amount or discount are larger than before."""
    return (
        after.amount > before.amount + TOLERANCE
        or after.discount > before.discount + TOLERANCE
    )


def has_shrunk(before: Deal, after: Deal) -> bool:
    """Return whether amount or discount are smaller than before."""
    return has_grown(after, before)


def _concerns(threshold: Threshold, deal: Deal) -> bool:
    return (threshold.team is None or threshold.team in deal.teams) and (
        threshold.company is None or deal.company in (None, threshold.company)
    )


def _is_past(threshold: Threshold, deal: Deal) -> bool:
    return bool(
        (threshold.amount and deal.amount > threshold.amount + TOLERANCE)
        or (threshold.discount and deal.discount > threshold.discount + TOLERANCE)
    )


def _is_through(threshold: Threshold, deal: Deal) -> bool:
    return deal.won or (threshold.gate is not None and deal.place >= threshold.gate)
