"""Headers of mail as they really come: encoded words, bare bytes, names of files.

RFC 2047, 2231 and 5322 say how it should be; what programs send is read as well: words
cut in the middle of a character, an address inside an encoded word, a file name in
bytes of GBK, or in UTF-8 that calls itself ASCII.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import quopri
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from .mail_charset import clean, decode

_ENCODED = re.compile(
    rb"=\?([A-Za-z0-9_.:*+-]{1,60})\?([bBqQ])\?([^?\r\n]*(?:\?(?!=)[^?\r\n]*)*)\?="
)
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_BREAKS = re.compile(rb"[\r\n]+")
_ATOM = r"[^\s<>()\[\]\\,;:\"@]"
_ADDRESS = re.compile(
    rf"(?:\"[^\"\r\n]{{1,64}}\"|{_ATOM}{{1,200}})@[^\s<>()\\,;:\"@]{{1,255}}"
)
_BRACKETS = re.compile(r"<\s*([^<>]{1,400}?)\s*>")
_NOT_ALPHABET = re.compile(rb"[^A-Za-z0-9+/]")
_ID = re.compile(r"<[^<>]{1,900}>")
_PERCENT = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")
_BAD_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200e\u200f]")
MAX_FILE_NAME = 150


class Mailbox(NamedTuple):
    """``name``: as shown, ``''`` for none; ``address``: ``''`` where none is found."""

    name: str
    address: str

    def __str__(self) -> str:
        if not self.address:
            return self.name
        if not self.name:
            return self.address
        return f'"{self.name}" <{self.address}>'


# ------------------------------------------------------------
# TEXT
# ------------------------------------------------------------


def header_text(raw: bytes, hint: str | None = None) -> str:
    """Return what an unstructured header says, in one line."""
    return " ".join(_decoded(_unfolded(raw), hint).split())


def _unfolded(raw: bytes) -> bytes:
    return _BREAKS.sub(b" ", _FOLD.sub(b"", raw))


def _decoded(raw: bytes, hint: str | None) -> str:
    """Decode encoded words, and the bytes between them."""
    texts: list[str] = []
    waiting: list[tuple[str, bytes]] = []
    place = 0
    for match in _ENCODED.finditer(raw):
        between = raw[place : match.start()]
        if between.strip() or not waiting:
            texts += _of_waiting(waiting)
            waiting = []
            texts.append(_bare(between, hint))
        charset = match[1].decode("ascii")
        waiting.append((charset, _of_word(match[2], match[3])))
        place = match.end()
    texts += _of_waiting(waiting)
    texts.append(_bare(raw[place:], hint))
    return clean("".join(texts))


def _bare(raw: bytes, hint: str | None) -> str:
    return decode(raw, hint, is_bom=False).text


def _of_waiting(words: list[tuple[str, bytes]]) -> Iterator[str]:
    """Words that follow each other in one charset are one: some programs cut a
    character in two."""
    place = 0
    while place < len(words):
        charset, data = words[place]
        place += 1
        while place < len(words) and words[place][0].lower() == charset.lower():
            data += words[place][1]
            place += 1
        yield decode(data, charset, is_bom=False).text


def _of_word(encoding: bytes, text: bytes) -> bytes:
    if encoding in b"bB":
        return base64_bytes(text)
    return quopri.decodestring(text.replace(b" ", b"_"), header=True)


def base64_bytes(text: bytes) -> bytes:
    """Decode base64 as it comes: without padding, with padding in the middle, with
    characters that are none."""
    whole = []
    for piece in text.split(b"="):
        letters = _NOT_ALPHABET.sub(b"", piece)
        if len(letters) % 4 == 1:
            letters = letters[:-1]
        try:
            whole.append(base64.b64decode(letters + b"=" * (-len(letters) % 4)))
        except binascii.Error:
            continue
    return b"".join(whole)


def message_ids(text: str) -> list[str]:
    """Return the Message-IDs in a text of a header, in order, each once."""
    # some programs break a long one over lines
    found = ("".join(match.split()) for match in _ID.findall(text))
    return [name for name in dict.fromkeys(found) if len(name) > 2]


# ------------------------------------------------------------
# PARAMETERS
# ------------------------------------------------------------


def parameters(raw: bytes, hint: str | None = None) -> tuple[str, dict[str, str]]:
    """Return the value of a header in lower case, and its parameters by name.

    >>> parameters(b'text/plain; charset="GBK"')
    ('text/plain', {'charset': 'GBK'})
    """
    raw = _unfolded(raw).strip()
    if raw.startswith(b"=?"):
        # the whole header is an encoded word, or several
        raw = _decoded(raw, hint).encode()
    pieces = list(_pieces(raw))
    value = (
        clean(pieces[0].decode("latin-1")).strip().strip('"').lower() if pieces else ""
    )
    simple: dict[str, str] = {}
    extended: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for piece in pieces[1:]:
        name, mark, given = piece.partition(b"=")
        key = name.strip().lower().decode("latin-1")
        if not mark or not key:
            continue
        base, star, number = key.partition("*")
        if star:
            place, is_coded = _section(number)
            extended.setdefault(base, {}).setdefault(
                place, (_unquoted(given), is_coded)
            )
        else:
            simple.setdefault(key, _value(_unquoted(given), hint))
    for base, sections in extended.items():
        simple[base] = _of_sections(sections, hint)
    return value, simple


def _pieces(raw: bytes) -> Iterator[bytes]:
    """Split at semicolons that are not quoted. A quote that is never closed quotes
    nothing."""
    start, place, is_quoted = 0, 0, False
    while place < len(raw):
        character = raw[place : place + 1]
        if character == b'"':
            is_quoted = not is_quoted and raw.find(b'"', place + 1) >= 0
        elif character == b"\\" and is_quoted and not raw[place - 1] & 0x80:
            place += 1
        elif character == b";" and not is_quoted:
            yield raw[start:place]
            start = place + 1
        place += 1
    yield raw[start:]


def _unquoted(raw: bytes) -> bytes:
    raw = raw.strip()
    if raw[:1] == b'"':
        raw = raw[1:].removesuffix(b'"')
        if raw.isascii():
            raw = re.sub(rb'\\(["\\])', rb"\1", raw)
    return raw


def _value(raw: bytes, hint: str | None) -> str:
    text = _decoded(raw, hint)
    if _PERCENT.search(text) and text.isascii():
        data = unquote_to_bytes(text)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return text
    return text


def _section(number: str) -> tuple[int, bool]:
    """Return place and whether it is percent-coded of ``name*``, ``name*1*``."""
    digits = number.rstrip("*")
    if not digits:
        return 0, True
    return (
        int(digits)
        if digits.isascii() and digits.isdigit() and len(digits) < 5
        else 9999
    ), number.endswith("*")


def _of_sections(sections: dict[int, tuple[bytes, bool]], hint: str | None) -> str:
    charset, data = None, b""
    for count, place in enumerate(sorted(sections)):
        raw, is_coded = sections[place]
        if is_coded and not count and raw.count(b"'") >= 2:
            name, _language, raw = raw.split(b"'", 2)
            charset = name.decode("latin-1") or None
        data += unquote_to_bytes(raw) if is_coded else raw
    if b"=?" in data:
        return _decoded(data, hint)
    return decode(data, charset or hint, is_bom=False).text


def file_name(*values: str) -> str:
    """Return the first of some values that names a file, fit to be one: no folders,
    no marks that turn the reading around, not too long."""
    for value in values:
        name = _BAD_IN_NAMES.sub("", value)
        name = " ".join(re.split(r"[/\\]", name)[-1].split()).strip(". ")
        if not name:
            continue
        if len(name) > MAX_FILE_NAME:
            stem, dot, ending = name.rpartition(".")
            ending = dot + ending if stem and len(ending) < 12 else ""
            name = name[: MAX_FILE_NAME - len(ending)] + ending
        return name
    return ""


# ------------------------------------------------------------
# ADDRESSES
# ------------------------------------------------------------


def mailboxes(raw: bytes, hint: str | None = None) -> list[Mailbox]:
    """Return who stands in a header of addresses.

    The address is looked for outside of what is encoded or quoted first: a name may
    say ``boss@bank.example`` and the mail be of another. Only where there is none is
    the header read again as if it were text.
    """
    raw = _unfolded(raw)
    found = _joined([_mailbox(piece, hint) for piece in _boxes(raw)])
    if any(box.address for box in found):
        return found
    text = _decoded(raw, hint)
    if text.encode() == raw:
        return found
    again = _joined([_mailbox(piece, None) for piece in _boxes(text.encode())])
    again = [box for box in again if box.address]
    return again or found


def _joined(boxes: list[Mailbox]) -> list[Mailbox]:
    """Put together what a comma in a name that is not quoted took apart."""
    found, names = [], []
    for box in boxes:
        if not box.address:
            names.append(box.name)
            continue
        name = ", ".join(filter(None, (*names, box.name))) if box.name else ""
        found.append(Mailbox(name, box.address))
        names = []
    rest = ", ".join(filter(None, names))
    return [*found, Mailbox(rest, "")] if rest else found


def _boxes(raw: bytes) -> Iterator[bytes]:
    """Split at commas, and at the marks of groups, that are not quoted, in brackets,
    or inside an encoded word."""
    start = place = depth = 0
    is_quoted = False
    while place < len(raw):
        if raw.startswith(b"=?", place) and not is_quoted:
            word = _ENCODED.match(raw, place)
            if word:
                place = word.end()
                continue
        character = raw[place : place + 1]
        if character == b'"':
            is_quoted = not is_quoted and raw.find(b'"', place + 1) >= 0
        elif not is_quoted:
            if character in b"<(":
                depth += raw.find({b"<": b">", b"(": b")"}[character], place) >= 0
            elif character in b">)":
                depth = max(0, depth - 1)
            elif not depth and character in b",;":
                yield raw[start:place]
                start = place + 1
            elif not depth and character == b":" and b"@" not in raw[start:place]:
                # what stands before is the name of a group
                start = place + 1
        place += 1
    yield raw[start:]


def _mailbox(raw: bytes, hint: str | None) -> Mailbox:
    bare = _hidden(raw)
    brackets = [m for m in _BRACKETS.finditer(bare) if "@" in m[1]]
    if brackets:
        last = brackets[-1]
        name = raw[: last.start()] or raw[last.end() :]
        return Mailbox(
            _name(name, last[1], hint),
            _address(raw[last.start(1) : last.end(1)], hint),
        )
    match = _ADDRESS.search(bare)
    if not match:
        return Mailbox(_name(raw, "", hint), "")
    rest = raw[: match.start()] + b" " + raw[match.end() :]
    return Mailbox(
        _name(rest, match[0], hint), _address(raw[match.start() : match.end()], hint)
    )


def _hidden(raw: bytes) -> str:
    """The header with what is quoted or encoded blanked, each byte one character."""

    def blank(match: re.Match[bytes]) -> bytes:
        # a quoted local part is no name
        if raw[match.end() : match.end() + 1] == b"@":
            return match[0]
        return b" " * len(match[0])

    hidden = re.sub(rb'"(?:[^"\\]|\\.)*"', blank, _ENCODED.sub(blank, raw))
    return hidden.decode("latin-1")


def _address(raw: bytes, hint: str | None) -> str:
    address = "".join(_decoded(raw, hint).split())
    if address[:1] == address[-1:] and address[:1] in ("'", '"'):
        address = address[1:-1]
    address = address.removeprefix("mailto:")
    local, _at, host = address.rpartition("@")
    if not host.isascii():
        with contextlib.suppress(UnicodeError):
            host = host.encode("idna").decode("ascii")
    return f"{local}@{host}" if local and host else ""


def _name(raw: bytes, address: str, hint: str | None) -> str:
    """The shown name, without marks that a reader would take for an address, and
    without the address of somebody else."""
    text = _decoded(raw, hint).strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    text = re.sub(r'["<>\\]|^[\s(\']+|[\s)\']+$', " ", text)
    for other in _ADDRESS.findall(text):
        if other.lower() != address.lower():
            text = text.replace(other, other.replace("@", " at "))
    text = " ".join(_BAD_IN_NAMES.sub(" ", text).split()).strip(" ,;")
    return "" if text.lower() == address.lower() else text[:200]
