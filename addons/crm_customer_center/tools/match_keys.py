"""Keys by which customers that may be one are found among all.

Two that share no key are never compared; two that share one are, and most of them are
two. A key that too many have tells nothing and is not followed (``MOST``): a
switchboard, the mail of an accountant, a name of which each town has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from .company_name import CompanyName, company_name, sounds
from .likeness import Profile, houses, office_key, places_of_profile, trades_of_latin
from .person_name import RARE, person_name

#: raised when the same customer would get other keys, or the same pair another score
VERSION = 1
#: of a key that more customers have than this, none is compared because of it
MOST = 40
LONGEST = 48

KINDS = {
    "v": "credit code, or another number of an office",
    "c": "a number that a list gave it",
    "p": "a phone number",
    "e": "an e-mail address",
    "d": "the domain of its own addresses",
    "n": "the name without legal form and place",
    "b": "the brand alone",
    "l": "the brand with a place",
    "s": "how the name begins, as read",
    "f": "how the name begins and ends, as read",
    "w": "a word of a name in Latin letters",
    "k": "the consonants of such a name, in the order of the alphabet",
}


def match_keys(profile: Profile) -> frozenset[str]:
    """Return the keys of a customer."""
    keys = {f"v{office_key(profile.credit_code)}"} if profile.credit_code else set()
    keys.update(f"c{code}" for code in profile.codes)
    keys.update(f"p{phone}" for phone in profile.phones)
    keys.update(f"e{email}" for email in profile.emails)
    if profile.is_person:
        whole = person_name(profile.name).whole
        if len(whole) >= RARE:
            keys.add(f"n{whole}")
    else:
        keys.update(f"d{house}" for house in houses(profile))
        for name in (profile.name, *profile.former):
            keys |= _name_keys(company_name(name))
        brand = company_name(profile.name).brand
        if brand:
            keys.update(f"l{brand}|{place}" for place in places_of_profile(profile))
    return frozenset(key[:LONGEST] for key in keys if len(key) > 1)


@lru_cache(maxsize=4096)
def _name_keys(name: CompanyName) -> frozenset[str]:
    return frozenset(_latin(name) if name.is_latin else _chinese(name))


def _chinese(name: CompanyName) -> Iterator[str]:
    yield f"n{name.key}"
    yield f"b{_coarse(''.join(sounds(name.brand)))}"
    read = [_coarse(syllable) for syllable in sounds(name.key)]
    if len(read) >= 4:
        yield f"s{''.join(read[:4])}"
        yield f"f{''.join(read[:2])}|{''.join(read[-2:])}"


def _latin(name: CompanyName) -> Iterator[str]:
    yield f"n{name.key}"
    if name.brand:
        yield f"b{_coarse(name.brand)}"
    for word in name.tokens:
        if len(word) >= 4 and not trades_of_latin(word):
            yield f"w{word}"
    skeleton = "".join(sorted(set(name.key) - set("aeiouyh")))
    if len(skeleton) >= 4:
        yield f"k{skeleton}"


def _coarse(read: str) -> str:
    """Sounds that half of the country does not tell apart are one."""
    for one, other in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")):
        read = read.replace(one, other)
    return read
