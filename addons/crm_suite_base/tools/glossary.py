"""Odoo's terms in the words of this field: what stands in ``words/<language>.po``.

An entry of such a file says of which module the term is (``msgctxt``), the term
(``msgid``) and the word (``msgstr``). It counts wherever that module has the term, or
only in the places its references begin with::

    #: model:ir.model.fields,field_description:crm.field_crm_lead__partner_id
    msgctxt "crm"
    msgid "Contact"
    msgstr "客户"
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import polib


class Word(NamedTuple):
    """A word for one term; ``places`` are beginnings of references, none means all."""

    text: str
    places: tuple[str, ...]

    def counts_at(self, place: str) -> bool:
        """Tell whether the word is for a place such as ``model:ir.ui.menu,name:…``."""
        return not self.places or place.startswith(self.places)


Glossary = dict[str, dict[str, list[Word]]]


def read(text: str) -> Glossary:
    """Return the words of a file, by module and term.

    :raises ValueError: for an entry that does not say of which module it is
    """
    found: Glossary = {}
    for entry in polib.pofile(text):
        if not entry.msgctxt:
            raise ValueError(f"no module is named for the term “{entry.msgid}”")
        places = tuple(place for place, _line in entry.occurrences)
        words = found.setdefault(entry.msgctxt, {}).setdefault(entry.msgid, [])
        words.append(Word(entry.msgstr, places))
    return found


def united(files: Iterable[Glossary]) -> Glossary:
    """Return the words of several files as those of one."""
    whole: Glossary = {}
    for file in files:
        for module, terms in file.items():
            known = whole.setdefault(module, {})
            for term, words in terms.items():
                known.setdefault(term, []).extend(words)
    return whole


def word_for(terms: Mapping[str, list[Word]], term: str, place: str) -> str | None:
    """Return the word for a term at a place, the one that names the place first."""
    fitting = [word for word in terms.get(term, ()) if word.counts_at(place)]
    return max(fitting, key=lambda word: bool(word.places)).text if fitting else None
