"""HTML of mail, read in one pass: its words, its depth, and itself made flat.

Programs that write mail nest hundreds of boxes into each other. The parser that
documents are stored with gives up at 256, and what stands deeper vanishes. Here a mail
is looked at before: what is too deep or too large loses its boxes and keeps its words.

Everything is one scan from left to right: twice as long takes twice as long, whatever
stands in it.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

# what libxml2 still takes, with room for what is put around it
MAX_DEPTH = 150
# of markup; more takes the sanitiser seconds
MAX_SIZE = 1_000_000
# shown of one mail; the rest is in the file
MAX_TEXT = 400_000

TEXT, OPEN, CLOSE = "text", "open", "close"
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)
# may be left open; the next of the kind closes it
_LOOSE = frozenset("p li dt dd tr td th option thead tbody tfoot".split())
_BLOCKS = frozenset(
    "address article aside blockquote body br center dd div dl dt fieldset footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul".split()
)
_CELLS = frozenset(("td", "th"))
# what is written there is not shown
_UNSEEN = frozenset(("script", "style", "title"))
_NAME = re.compile(r"[a-zA-Z][^\s/>]{0,40}")
_SOURCE = re.compile(r"""\ssrc\s*=\s*["']?\s*(cid:[^"'\s>]{1,300})""", re.IGNORECASE)
_LINK = re.compile(r"""\shref\s*=\s*["']?\s*(https?:[^"'\s>]{1,2000})""", re.IGNORECASE)
_META = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}>\s*", re.IGNORECASE)
_WORD = re.compile(r"\w+")


class Token(NamedTuple):
    """``kind``: one of the constants; ``value``: the text, or the tag's name in lower
    case; ``source``: the tag as it is written."""

    kind: str
    value: str
    source: str = ""


def charset_inside(data: bytes) -> str | None:
    """Return the charset that a document says it is written in."""
    found = _META.search(data[:4096])
    return found[1].decode("ascii") if found else None


def without_declaration(document: str) -> str:
    """Return a document without ``<?xml …?>``, which Python's parser refuses."""
    return _DECLARATION.sub("", document, count=1)


def tokens(document: str) -> Iterator[Token]:
    """Yield what a document consists of; what is no tag is text."""
    # what is known not to come any more is not looked for again
    missing: set[str] = set()
    place, end = 0, len(document)
    while place < end:
        start = document.find("<", place)
        if start < 0:
            break
        if start > place:
            yield Token(TEXT, document[place:start])
        stop = _end_of_tag(document, start, missing)
        if stop < 0:
            # a bare "<" is a character
            yield Token(TEXT, "<")
            place = start + 1
            continue
        token = _tag(document, start, stop)
        if token:
            yield token
        place = stop
        if token and token.kind == OPEN and token.value in _UNSEEN:
            place = _end_of_raw(document, stop, token.value, missing)
    if place < end:
        yield Token(TEXT, document[place:])


def _end_of_tag(document: str, start: int, missing: set[str]) -> int:
    """Return where what begins with "<" ends, -1 when it is no tag."""
    if document.startswith("<!--", start):
        stop = _find(document, "-->", start + 4, missing)
        if stop < 0:
            # never closed: what follows is shown, as browsers do with a broken one
            return start + 4
        return stop + 3
    following = document[start + 1 : start + 2]
    if not (following in ("/", "!", "?") or following.isalpha()):
        return -1
    stop = _find(document, ">", start + 1, missing)
    return stop + 1 if stop >= 0 else -1


def _find(document: str, mark: str, start: int, missing: set[str]) -> int:
    if mark in missing:
        return -1
    found = document.find(mark, start)
    if found < 0:
        missing.add(mark)
    return found


def _end_of_raw(document: str, start: int, name: str, missing: set[str]) -> int:
    """Return where a script or style ends; one that is never closed hides nothing."""
    for mark in (f"</{name}", f"</{name.upper()}"):
        stop = _find(document, mark, start, missing)
        if stop >= 0:
            return stop
    return start


def _tag(document: str, start: int, stop: int) -> Token | None:
    closing = document.startswith("/", start + 1)
    name = _NAME.match(document, start + 1 + closing, stop)
    if not name:
        return None
    source = document[start:stop]
    return Token(CLOSE if closing else OPEN, name[0].lower(), source)


def depth(document: str) -> int:
    """Return how many boxes stand in each other at most."""
    stack: list[str] = []
    inside: Counter[str] = Counter()
    most = 0
    for token in tokens(document):
        name = token.value
        if token.kind == OPEN and name not in _VOID:
            if name in _LOOSE and stack and stack[-1] == name:
                continue
            stack.append(name)
            inside[name] += 1
            most = max(most, len(stack))
        elif token.kind == CLOSE and inside[name]:
            while stack:
                last = stack.pop()
                inside[last] -= 1
                if last == name:
                    break
    return most


def text_of(document: str) -> str:
    """Return what a document shows, blocks on lines of their own."""
    return "".join(_lines(document, is_html=False)).strip()


def flat(document: str) -> str:
    """Return a document without its boxes: lines, links and inline pictures."""
    return f"<p>{''.join(_lines(document, is_html=True))}</p>"


def cut(document: str, limit: int = MAX_TEXT) -> tuple[str, bool]:
    """Return so much of a flat document, and whether that is less than all of it."""
    if len(document) <= limit:
        return document, False
    end = document.rfind("<br/>", 0, limit)
    if end < limit // 2:
        end = limit
        # not within a tag, nor within an entity
        for opening, closing in (("<", ">"), ("&", ";")):
            begun = document.rfind(opening, max(0, end - 3000), end)
            if begun >= 0 and closing not in document[begun:end]:
                end = begun
    return document[:end] + "</p>", True


def _lines(document: str, is_html: bool) -> Iterator[str]:
    is_line_empty = True
    for token in tokens(document):
        if token.kind == TEXT:
            text = " ".join(html.unescape(token.value).split())
            if not text:
                yield "" if is_line_empty else " "
                continue
            edges = token.value[:1].isspace(), token.value[-1:].isspace()
            text = f"{' ' * edges[0]}{text}{' ' * edges[1]}"
            is_line_empty = False
            yield html.escape(text, quote=False) if is_html else text
            continue
        if token.value in _BLOCKS and not is_line_empty:
            is_line_empty = True
            yield "<br/>" if is_html else "\n"
        elif token.value in _CELLS:
            yield " "
        elif is_html and token.kind == OPEN:
            yield from _kept(token)


def _kept(token: Token) -> Iterator[str]:
    """What a flat document keeps of its tags."""
    if token.value == "img":
        picture = _SOURCE.search(token.source)
        if picture:
            yield f'<img src="{html.escape(html.unescape(picture[1]))}"/>'
    elif token.value == "a":
        link = _LINK.search(token.source)
        if link:
            address = html.escape(html.unescape(link[1]))
            yield f'<a href="{address}">[→]</a> '


def words(text: str) -> Counter[str]:
    """Return the words of a plain text and how often each stands there; of scripts
    without blanks a word is a character."""
    found: Counter[str] = Counter()
    for match in _WORD.finditer(text):
        word = match[0]
        if word.isascii():
            found[word] += 1
        else:
            found.update(character for character in word if not character.isascii())
            found.update(re.findall(r"[A-Za-z0-9_]+", word))
    return found
