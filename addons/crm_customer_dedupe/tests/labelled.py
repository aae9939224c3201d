"""Pairs of customers that are hard to tell, with what a person says of them.

Written by hand, kind by kind, and no pair made out of another. Half of them, chosen by
their hash, is held out: weights and lists of words are never changed because of those.
"""

import csv
import hashlib
from collections import defaultdict
from math import sqrt
from pathlib import Path
from typing import NamedTuple

from odoo.addons.crm_customer_center.tools.duplicate_keys import email_key, phone_key
from odoo.addons.crm_customer_center.tools.likeness import MAYBE, Profile, compare

FILE = Path(__file__).parent / "pairs.csv"


class Pair(NamedTuple):
    kind: str
    same: bool
    one: Profile
    other: Profile
    held_out: bool


class Tally(NamedTuple):
    """How often two were taken for one, and were one or not."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    kept_apart: int = 0

    @property
    def precision(self):
        return self.right / ((self.right + self.wrong) or 1)

    @property
    def recall(self):
        return self.right / ((self.right + self.missed) or 1)


def pairs():
    """Return all pairs of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [_pair(row) for row in csv.DictReader(file)]


def _pair(row):
    text = "|".join(row.values())
    return Pair(
        kind=row["kind"],
        same=row["same"] == "1",
        one=_profile(row, "a"),
        other=_profile(row, "b"),
        held_out=hashlib.sha256(text.encode()).digest()[0] % 2 == 1,
    )


def _profile(row, side):
    def value(name):
        return row[f"{name}_{side}"]

    return Profile(
        name=value("name"),
        person=value("person") == "1",
        phones=frozenset({phone_key(value("phone")) or value("phone")} - {""}),
        emails=frozenset({email_key(value("email"))} - {""}),
        credit_code=value("credit_code"),
        city=value("city"),
        former=tuple(filter(None, [value("former")])),
    )


def tallies(chosen, least=MAYBE):
    """Return kind -> Tally, with "" for all of them."""
    counts = defaultdict(lambda: [0, 0, 0, 0])
    for pair in chosen:
        taken = compare(pair.one, pair.other).score >= least
        place = {(True, True): 0, (False, True): 1, (True, False): 2}.get(
            (pair.same, taken), 3
        )
        for key in (pair.kind, ""):
            counts[key][place] += 1
    return {key: Tally(*count) for key, count in counts.items()}


def wilson(hits, of, z=1.96):
    """Return the interval in which the true share lies in 95 of 100 cases."""
    if not of:
        return 0.0, 1.0
    share, spread = hits / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / of + spread / of / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def table(chosen):
    """Return the lines of the table in the docs: the half held out, kind by kind."""
    counts = tallies(pair for pair in chosen if pair.held_out)
    total = counts.pop("")
    lines = [
        "| Kind | Pairs | The same | Found | Two | Wrongly taken for one |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_line(kind, counts[kind]) for kind in sorted(counts)]
    lines.append(_line("All", total))
    for name, hits, of in (
        ("Precision", total.right, total.right + total.wrong),
        ("Recall", total.right, total.right + total.missed),
    ):
        low, high = wilson(hits, of)
        share = f"{hits / of:.2f} ({low:.2f} to {high:.2f})"
        lines.append(f"| {name} | {of} | | {hits} | | {share} |")
    return lines


def _line(kind, tally):
    same, two = tally.right + tally.missed, tally.wrong + tally.kept_apart
    found = f"{tally.right}{_interval(tally.right, same)}"
    wrong = f"{tally.wrong}{_interval(tally.wrong, two)}"
    return f"| {kind} | {same + two} | {same} | {found} | {two} | {wrong} |"


def _interval(hits, of):
    if not of:
        return ""
    low, high = wilson(hits, of)
    return f" ({low:.2f} to {high:.2f})"
