"""How surely two customers are one, and why.

The name says who it may be, what both share (phone, e-mail, code, city) that it is.
Nothing is learned: each weight stands here, and what it does to pairs that are hard is
measured (``docs/duplicates.md``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from .company_name import CompanyName, company_name, looks_like_company, sounds
from .person_name import RARE, likeness_of_people, person_name
from .pinyin import IS_HAN, alike
from .places import apart, places_of, together
from .search_keys import fold
from .trades import ANY, SIDELINES, TRADES, trades_of
from .webmail import house_of

# from here on a person is shown the pair; from here on it is certain
MAYBE, SURE = 60, 90

#: what speaks for a pair, the strongest first; words for it have the screens
REASONS = (
    "credit_code",
    "code",
    "former_name",
    "name",
    "similar_name",
    "phone",
    "email",
    "domain",
    "city",
)


class Profile(NamedTuple):
    """What is compared of a customer.

    ``phones``: in E.164; ``emails``: normalised; ``credit_code``: or another number of
    an office, by which one is no other; ``codes``: numbers that lists gave it
    """

    name: str = ""
    person: bool = False
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    credit_code: str = ""
    codes: frozenset[str] = frozenset()
    city: str = ""
    former: tuple[str, ...] = ()

    @property
    def is_person(self) -> bool:
        return self.person and not looks_like_company(self.name)


class Verdict(NamedTuple):
    """``score``: 0 to 100; ``reasons``: see REASONS"""

    score: int = 0
    reasons: tuple[str, ...] = ()


#: nothing in common, or two numbers that no one has two of
NONE = Verdict()


def compare(one: Profile, other: Profile) -> Verdict:
    """Compare two customers; the same whichever comes first."""
    codes = office_key(one.credit_code), office_key(other.credit_code)
    if all(codes) and codes[0] != codes[1]:
        return NONE
    if all(codes):
        return Verdict(100, ("credit_code", *_shared(one, other)))
    if one.is_person != other.is_person:
        return NONE
    if one.is_person:
        return _compare_people(one, other)
    return _compare_companies(one, other)


def office_key(number: str) -> str:
    """Return what stays of a number when it is written anew.

    The old tax number of a Chinese company and its present credit code both contain
    the nine characters of its organisation code.
    """
    plain = "".join(char for char in fold(number) if char.isalnum()).upper()
    if len(plain) == 18 and (plain[0] == "9" or not plain[:17].isdigit()):
        # not the number of an identity card, which has digits and a check character
        return "CN" + plain[8:17]
    if len(plain) == 15 and plain[:6].isdigit():
        return "CN" + plain[6:15]
    return plain


def _shared(one: Profile, other: Profile) -> Iterator[str]:
    """Yield what both have, beside the name."""
    if one.codes & other.codes:
        yield "code"
    if one.phones & other.phones:
        yield "phone"
    if one.emails & other.emails:
        yield "email"
    elif houses(one) & houses(other):
        yield "domain"


def houses(profile: Profile) -> frozenset[str]:
    """Return the domains of the customer's own: not those of public mail."""
    return frozenset(map(house_of, profile.emails)) - {""}


# --- people -----------------------------------------------------------------------

_PERSON_NAME = ((100, 46), (88, 42), (80, 36), (68, 24), (60, 20), (50, 14))
_PERSON_WEIGHT = {"phone": 50, "email": 46, "code": 30, "domain": 8}


def _compare_people(one: Profile, other: Profile) -> Verdict:
    pairs = [
        (person_name(a), person_name(b))
        for a in (one.name, *one.former)
        for b in (other.name, *other.former)
    ]
    likeness, length = max(
        (likeness_of_people(a, b), min(len(a.whole), len(b.whole))) for a, b in pairs
    )
    base = _step(likeness, _PERSON_NAME)
    if not base:
        return NONE
    if likeness == 100 and length >= RARE:
        base = 62
    shared = tuple(_shared(one, other))
    score = base + sum(_PERSON_WEIGHT[reason] for reason in shared)
    name = "name" if likeness == 100 else "similar_name"
    return Verdict(min(score, 99), _in_order(name, *shared))


# --- companies --------------------------------------------------------------------

_COMPANY_NAME = ((98, 80), (90, 66), (85, 62), (78, 52), (65, 38), (50, 22))
_COMPANY_WEIGHT = {
    "phone": 26,
    "email": 20,
    "code": 26,
    "domain": 14,
    "city": 6,
}
# two places of one company: whoever calls both has one number at most
_ELSEWHERE, _MOVED = 45, 66


def _compare_companies(one: Profile, other: Profile) -> Verdict:
    likeness, reason = _likeness_of_names(one, other)
    base = _step(likeness, _COMPANY_NAME)
    if not base:
        return NONE
    shared = list(_shared(one, other))
    if together(places_of_profile(one), places_of_profile(other)):
        shared.append("city")
    score = base + sum(_COMPANY_WEIGHT[reason] for reason in shared)
    if apart(_named_places(one), _named_places(other)):
        score = min(score, _ELSEWHERE)
    elif apart(places_of_profile(one), places_of_profile(other)):
        moved = {"phone", "email"} & set(shared)
        score = min(score, _MOVED if moved else _ELSEWHERE)
    return Verdict(min(score, 99), _in_order(reason, *shared))


def _likeness_of_names(one: Profile, other: Profile) -> tuple[int, str]:
    now = likeness_of_companies(company_name(one.name), company_name(other.name))
    best, reason = now, "name" if now == 100 else "similar_name"
    for name, profile in ((one, other), (other, one)):
        for former in name.former:
            then = likeness_of_companies(
                company_name(former), company_name(profile.name)
            )
            if then > best:
                best, reason = then, "former_name"
    return best, reason


def _named_places(profile: Profile) -> frozenset[str]:
    """Where a company is by its name."""
    return company_name(profile.name).places


def places_of_profile(profile: Profile) -> frozenset[str]:
    """Where it is by its address, or else by its name."""
    said = frozenset(places_of(fold(profile.city).replace(" ", "")))
    if not said and profile.city and not IS_HAN.search(profile.city):
        said = frozenset({fold(profile.city)})
    named = _named_places(profile)
    return named | said if not apart(named, said) else named


@lru_cache(maxsize=65536)
def likeness_of_companies(one: CompanyName, other: CompanyName) -> int:
    """Return how like two names are, 0 to 100, place and legal form left out."""
    if one.branch != other.branch:
        return 0
    if one.is_latin and other.is_latin:
        found = _latin(one, other)
    elif one.is_latin or other.is_latin:
        found = _across(*((one, other) if one.is_latin else (other, one)))
    else:
        found = _chinese(one, other)
    if one.is_group != other.is_group:
        return min(found, 76)
    return found


def _chinese(one: CompanyName, other: CompanyName) -> int:
    if one.key == other.key:
        return 100
    if _ordinals(one.key) != _ordinals(other.key):
        return 0
    if found := _misheard(one.key, other.key):
        return found
    if _left_out(one.key, other.key):
        return 86
    brand = _brands(one.brand, other.brand)
    if not brand:
        return int(fuzz.ratio(one.key, other.key) / 2)
    return max(0, _trades(one.trade, other.trade) - (100 - brand))


def _ordinals(text: str) -> list[str]:
    """What tells the first of a row from the second."""
    return [char for char in text if char.isdigit() or char in "一二三四五六七八九十"]


def _misheard(one: str, other: str) -> int:
    """Names that are read alike: one wrong character is an error, two are a name."""
    if len(one) != len(other):
        return 0
    wrong = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if not all(_read_alike(a, b) for a, b in wrong):
        return 0
    if len(wrong) == 1:
        return 91 if len(one) > 3 else 84
    return 66 if len(wrong) * 2 < len(one) else 55


def _left_out(one: str, other: str) -> bool:
    """Tell whether one character is missing, in a name long enough to be known."""
    return (
        max(len(one), len(other)) >= 5
        and len(one) != len(other)
        and OSA.distance(one, other, score_cutoff=1) <= 1
    )


def _read_alike(one: str, other: str) -> bool:
    a, b = "".join(sounds(one)), "".join(sounds(other))
    return a == b or b in alike(a)


def _brands(one: str, other: str) -> int:
    """Return how like two brands are, 0 when they are two."""
    if one == other:
        return 100
    if (heard := _misheard(one, other)) >= 84:
        return 92
    if heard:
        return 70
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 2 and (longer.startswith(shorter) or longer.endswith(shorter)):
        return 84 if len(longer) - len(shorter) <= 2 else 76
    return 0


def _trades(one: str, other: str) -> int:
    """Return how well what two companies of one brand do goes together."""
    if one == other:
        return 100
    (known, unknown), (others, strange) = trades_of(one), trades_of(other)
    unlike = _unlike(unknown, strange)
    if known == others:
        return (97 if known or (one and other) else 92) - unlike
    if not one or not other:
        return 80 - unlike
    if not known or not others:
        return 60
    if (known < others or others < known) and not (known ^ others) & SIDELINES:
        return 88 - unlike
    return (76 if known & others else 50) - unlike


def _unlike(one: str, other: str) -> int:
    """What is no known word of trade counts by its characters."""
    if not one and not other:
        return 0
    if not one or not other:
        return 6
    return int((100 - fuzz.ratio(one, other)) / 3)


def _latin(one: CompanyName, other: CompanyName) -> int:
    if one.key == other.key or sorted(one.tokens) == sorted(other.tokens):
        return 100
    if _one_error(one.key, other.key) and len(one.tokens) != len(other.tokens):
        return 91
    left, right, errors = _match_words(one.tokens, other.tokens)
    if not left and not right:
        return 91 if errors == 1 else 84
    brand = [w for w in (*left, *right) if not trades_of_latin(w)]
    any_word = all(trades_of_latin(w) == "any" for w in (*left, *right))
    matched = len(one.tokens) - len(left)
    if not matched or brand and (left and right):
        return 30
    if brand:
        return 60 if matched > 1 else 40
    if any_word:
        return 92 - 4 * errors
    return 50 if left and right else 80


def trades_of_latin(word: str) -> str:
    """Return the trade that a word of Latin letters means, '' for none."""
    return "any" if word in ANY else TRADES.get(word, "")


def _match_words(
    one: tuple[str, ...], other: tuple[str, ...]
) -> tuple[list[str], list[str], int]:
    """Return the words of each without counterpart, and errors in those that have."""
    left, right, errors = list((Counter(one) - Counter(other)).elements()), [], 0
    for word in (Counter(other) - Counter(one)).elements():
        found = next((w for w in left if _one_error(w, word)), None)
        if found is None:
            right.append(word)
        else:
            left.remove(found)
            errors += 1
    return left, right, errors


def _one_error(one: str, other: str) -> bool:
    """Tell whether one key went wrong; in a short word that makes another word."""
    if min(len(one), len(other)) < 5:
        return False
    return OSA.distance(one, other, score_cutoff=1) <= 1


def _across(latin: CompanyName, han: CompanyName) -> int:
    """Compare 恒策信息技术 with Hengce Information Technology."""
    read = "".join(sounds(han.brand))
    brand = latin.brand
    if not brand or not read:
        return 0
    if brand != read:
        if not _one_error(brand, read) and not (
            len(brand) > 3 and read.endswith(brand) and len(read) - len(brand) <= 5
        ):
            return 0
        off = 10
    else:
        off = 0
    said = {trades_of_latin(word) for word in latin.trade.split()} - {"", "any"}
    known, _unknown = trades_of(han.trade)
    if said == known:
        return (90 if said else 86) - off
    if not said or not known:
        return 70 - off
    return (85 if said < known or known < said else 80 if said & known else 40) - off


# --- both -------------------------------------------------------------------------


def _step(likeness: int, steps: tuple[tuple[int, int], ...]) -> int:
    return next((base for least, base in steps if likeness >= least), 0)


def _in_order(*reasons: str) -> tuple[str, ...]:
    return tuple(reason for reason in REASONS if reason in reasons)
