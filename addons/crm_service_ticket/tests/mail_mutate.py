"""Mails broken on their way, from whole ones: cut, headers shuffled, charsets renamed,
boundaries lost, parts doubled, bytes changed.

``mutate(random, raw)`` breaks one mail in one to three ways and says whether a reader
may still ask for every word of the whole one.
"""

import random as random_module
import re
from collections.abc import Callable
from typing import NamedTuple

_HEADER = re.compile(rb"^[!-9;-~]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.MULTILINE)
_CHARSET = re.compile(rb"(charset\s*=\s*)(\"[^\"\r\n]*\"|[^\s;\"]+)", re.IGNORECASE)
_SAID_BOUNDARY = re.compile(
    rb"(boundary\s*=\s*)(\"[^\"\r\n]*\"|[^\s;\"]+)", re.IGNORECASE
)
# names that say nothing: what a text is written in has to be seen from itself
_EMPTY_NAMES = (b'""', b"us-ascii", b"x-unknown", b"default", b"unknown-8bit")
_WRONG_NAMES = (b"big5", b"utf-16", b"iso-8859-1", b"gbk", b"koi8-r", b"utf-8", b"hz")


class Mutant(NamedTuple):
    """``is_whole``: no word was touched; ``label``: the ways it was broken."""

    raw: bytes
    is_whole: bool
    label: str


Way = Callable[[random_module.Random, bytes], bytes]


def mutate(random: random_module.Random, raw: bytes) -> Mutant:
    """Break a mail; the same way for the same state of ``random``."""
    ways = random.sample(sorted(WAYS), random.choice((1, 1, 2, 3)))
    # the others look for lines
    ways.sort(key=lambda name: name == other_line_ends.__name__)
    for name in ways:
        raw = WAYS[name](random, raw)
    return Mutant(raw, WHOLE.issuperset(ways), " + ".join(ways))


def split(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Return headers, the empty line, and what stands below it."""
    found = re.search(rb"\r?\n\r?\n", raw)
    if not found:
        return raw, b"\r\n\r\n", b""
    return raw[: found.start()], found[0], raw[found.end() :]


def headers(head: bytes) -> list[bytes]:
    return _HEADER.findall(head)


def _end(raw: bytes) -> bytes:
    return b"\r\n" if b"\r\n" in raw else b"\n"


def _with_headers(raw: bytes, lines: list[bytes]) -> bytes:
    _head, empty, body = split(raw)
    return _end(raw).join(lines) + empty + body


# ------------------------------------------------------------
# WHAT COSTS NO WORD
# ------------------------------------------------------------


def shuffled_headers(random: random_module.Random, raw: bytes) -> bytes:
    lines = headers(split(raw)[0])
    random.shuffle(lines)
    return _with_headers(raw, lines)


def doubled_header(random: random_module.Random, raw: bytes) -> bytes:
    lines = headers(split(raw)[0])
    if lines:
        lines.append(random.choice(lines))
    return _with_headers(raw, lines)


def odd_header(random: random_module.Random, raw: bytes) -> bytes:
    lines = headers(split(raw)[0])
    odd = random.choice(
        (
            b"X-Odd: " + random.randbytes(30).translate(None, b"\r\n"),
            b"X-Long: " + b"y" * 70_000,
            b"Received: (qmail 1 invoked by uid 99); \xc4\xea",
            b"Subject: =?gb2312?B?xOO6",
            b"Cc: =?utf-8?Q?=22=E6=9D=8E?= <\xc0\xee@x.example>, ;, <>",
            b"References: " + b"<x@y.example> " * 400,
            b"Content-Length: -1",
        )
    )
    lines.insert(random.randint(1, len(lines)) if lines else 0, odd)
    return _with_headers(raw, lines)


def unnamed_charset(random: random_module.Random, raw: bytes) -> bytes:
    """Nothing is said of what the texts are written in."""
    if b"\0" in raw or b"utf-16" in raw.lower():
        # nobody could tell
        return raw
    return _CHARSET.sub(lambda m: m[1] + random.choice(_EMPTY_NAMES), raw)


def other_line_ends(random: random_module.Random, raw: bytes) -> bytes:
    end = random.choice((b"\n", b"\r\n", b"\r", b"\r\r\n"))
    return raw.replace(b"\r\n", b"\n").replace(b"\n", end)


def doubled_part(random: random_module.Random, raw: bytes) -> bytes:
    """A part stands there twice."""
    mark = _mark(raw)
    if not mark:
        return raw
    head, *parts = raw.split(b"--" + mark)
    inner = [part for part in parts if not part.startswith(b"--")]
    if not inner:
        return raw
    parts.insert(0, random.choice(inner))
    return (b"--" + mark).join([head, *parts])


def unclosed(_random: random_module.Random, raw: bytes) -> bytes:
    mark = _mark(raw)
    return raw.replace(b"--" + mark + b"--", b"") if mark else raw


def another_boundary(random: random_module.Random, raw: bytes) -> bytes:
    """The outer boundary is said to be one that is not there."""
    said = b'"never-%d"' % random.randint(0, 99)
    return _SAID_BOUNDARY.sub(lambda m: m[1] + said, raw, count=1)


def wrapped(random: random_module.Random, raw: bytes) -> bytes:
    """A list program put a part around it."""
    head, empty, body = split(raw)
    lines = headers(head)
    content = [line for line in lines if line.lower().startswith(b"content-")]
    rest = [line for line in lines if line not in content]
    mark = b"wrap-%d" % random.randint(0, 9999)
    end = _end(raw)
    rest.append(b'Content-Type: multipart/mixed; boundary="' + mark + b'"')
    inner = end.join(content) + end + end + body
    footer = b"Content-Type: text/plain" + end + end + b"footer"
    around = end + b"--" + mark
    text = around + end + inner + around + end + footer + around + b"--" + end
    return end.join(rest) + empty + text.removeprefix(end)


def _mark(raw: bytes) -> bytes:
    found = _SAID_BOUNDARY.search(raw)
    return found[2].strip(b'"') if found else b""


# ------------------------------------------------------------
# WHAT COSTS WORDS
# ------------------------------------------------------------


def cut(random: random_module.Random, raw: bytes) -> bytes:
    body = split(raw)[2]
    return raw[: len(raw) - random.randint(0, len(body))]


def cut_anywhere(random: random_module.Random, raw: bytes) -> bytes:
    return raw[: random.randint(0, len(raw))]


def changed_bytes(random: random_module.Random, raw: bytes) -> bytes:
    data = bytearray(raw)
    for _time in range(random.randint(1, 30)):
        if data:
            data[random.randrange(len(data))] = random.randrange(256)
    return bytes(data)


def strange_bytes(random: random_module.Random, raw: bytes) -> bytes:
    place = random.randint(0, len(raw))
    return raw[:place] + random.randbytes(random.randint(1, 200)) + raw[place:]


def lying_charset(random: random_module.Random, raw: bytes) -> bytes:
    return _CHARSET.sub(lambda m: m[1] + random.choice(_WRONG_NAMES), raw)


def lost_headers(random: random_module.Random, raw: bytes) -> bytes:
    lines = headers(split(raw)[0])
    return _with_headers(raw, random.sample(lines, random.randint(0, len(lines))))


def lost_boundary(random: random_module.Random, raw: bytes) -> bytes:
    """One of the lines between the parts is gone."""
    mark = _mark(raw)
    pieces = raw.split(b"--" + mark) if mark else [raw]
    if len(pieces) < 2:
        return raw
    place = random.randrange(1, len(pieces))
    return (
        (b"--" + mark).join(pieces[:place]) + b"" + (b"--" + mark).join(pieces[place:])
    )


def swapped_lines(random: random_module.Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    for _time in range(5):
        one, other = random.randrange(len(lines)), random.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def wrong_coding(random: random_module.Random, raw: bytes) -> bytes:
    names = (b"base64", b"quoted-printable", b"8bit", b"x-uuencode", b"", b"?")
    return re.sub(
        rb"(?i)(content-transfer-encoding\s*:)[^\r\n]*",
        lambda m: m[1] + b" " + random.choice(names),
        raw,
    )


WHOLE_WAYS: tuple[Way, ...] = (
    shuffled_headers,
    doubled_header,
    odd_header,
    unnamed_charset,
    other_line_ends,
    doubled_part,
    unclosed,
    another_boundary,
    wrapped,
)
BREAKING_WAYS: tuple[Way, ...] = (
    cut,
    cut_anywhere,
    changed_bytes,
    strange_bytes,
    lying_charset,
    lost_headers,
    lost_boundary,
    swapped_lines,
    wrong_coding,
)
WAYS: dict[str, Way] = {way.__name__: way for way in (*WHOLE_WAYS, *BREAKING_WAYS)}
WHOLE = frozenset(way.__name__ for way in WHOLE_WAYS)
