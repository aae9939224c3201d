"""Bytes of mail become text, whatever their charset is called, or is not.

Senders name a charset and mean its superset: ``gb2312`` holds characters of GBK in the
names of people and companies. Some name none, one nobody knows, or a wrong one. Then
UTF-8 is tried strictly; what is none is read as each of a few charsets, and the text
that looks most like one that somebody wrote is taken.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache
from typing import NamedTuple

import charset_normalizer

UNKNOWN = "\ufffd"
# name as it is written → what the sender means
SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "windows936": "gb18030",
    "gb231280": "gb18030",
    "gb23121980": "gb18030",
    "csgb2312": "gb18030",
    "euccn": "gb18030",
    "chinese": "gb18030",
    "gb18030": "gb18030",
    "gb180302000": "gb18030",
    "gb180302005": "gb18030",
    "gb180302022": "gb18030",
    "big5": "big5hkscs",
    "cnbig5": "big5hkscs",
    "csbig5": "big5hkscs",
    "chinesebig5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "big5eten": "big5hkscs",
    "big5tw": "big5hkscs",
    "cp950": "cp950",
    "windows950": "cp950",
    "iso88591": "cp1252",
    "iso8859115": "cp1252",
    "latin1": "cp1252",
    "l1": "cp1252",
    "iso88599": "cp1254",
    "iso885911": "cp874",
    "tis620": "cp874",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "ksc56011989": "cp949",
    "kscode": "cp949",
    "korean": "cp949",
    "euckr": "cp949",
    "uhc": "cp949",
    "windows949": "cp949",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "mskanji": "cp932",
    "windows31j": "cp932",
    "cswindows31j": "cp932",
    "iso2022jp": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp_ext",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "cp65001": "utf-8",
    "65001": "utf-8",
    "unicode11utf7": "utf-7",
    "unicode11utf8": "utf-8",
    "unicode": "utf-16",
    "hzgb2312": "hz",
    "iso88598i": "iso8859-8",
}
# names that say nothing, or only what one hopes
NO_NAMES = frozenset(
    "ascii usascii ansix341968 iso646us unknown unknown8bit xunknown default 7bit 8bit "
    "binary none null iso88591windows1252".split()
)
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_CHARSETS = ("unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem")
CANDIDATES = ("gb18030", "big5hkscs", "cp932", "cp1252")
# asked of charset-normalizer when none of the candidates makes sense
RARE = ["cp1251", "koi8_r", "cp949", "cp1253", "cp1250", "cp1255", "cp1256", "cp874"]
# so much of a text is enough to see what it is written in
SAMPLE = 20_000
FEW = ENOUGH = 12
FEW_WESTERN = 4
_WESTERN = ("cp125", "iso8859")
GOOD, DOUBTFUL, MARGIN = 0.6, 0.35, 0.15
_ESCAPES = re.compile(rb"\x1b\$[@B(]|\x1b\(J")
_HZ = re.compile(rb"~\{[!-~]{2,}?~\}")
_CONTROLS = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), 127, *range(0xD800, 0xE000)]
)
_CONTROLS[0xFFFE] = _CONTROLS[0xFFFF] = None


class Decoded(NamedTuple):
    """``text``; ``charset``: Python's name of what it was read as; ``is_whole``: no
    byte had to be given up."""

    text: str
    charset: str
    is_whole: bool


def decode(data: bytes, charset: str | None = None, is_bom: bool = True) -> Decoded:
    """Return the text of some bytes of a mail; never raises.

    :param charset: as the mail names it, ``None`` for none
    :param is_bom: whether a byte order mark counts (not in the middle of a header)
    """
    if is_bom:
        for mark, name in BOMS:
            if data.startswith(mark) and len(data) % _width(name) == 0:
                return _final(data, name)
    if data.isascii():
        return _of_ascii(data, charset)
    named = codec_of(charset)
    if named is None:
        return _guess(data)
    if named.startswith(("utf-16", "utf-32")):
        return _wide(data, named)
    text = _strictly(data, named)
    if named == "utf-8" and text is not None:
        return Decoded(clean(text), named, True)
    if text is not None and not _is_utf8(data, named, text):
        if _is_a_lie(data, named, text):
            return _best(data)
        return Decoded(clean(text), named, True)
    return _guess(data, named)


def codec_of(charset: str | None) -> str | None:
    """Return Python's codec for what a sender calls a charset, ``None`` for a name
    nobody knows or that says nothing.

    >>> codec_of("GB2312"), codec_of("x-gbk"), codec_of("us-ascii"), codec_of("what")
    ('gb18030', 'gb18030', None, None)
    """
    name = re.sub(r"[^a-z0-9]", "", (charset or "").split("*")[0].lower())[:40]
    plain = name.removeprefix("x").removeprefix("cs") if name else ""
    for key in (name, name.removeprefix("x"), plain):
        if key in NO_NAMES:
            return None
        if key in SUPERSETS:
            return SUPERSETS[key]
    return _python_codec((charset or "").strip().strip("\"'"))


@cache
def _python_codec(name: str) -> str | None:
    for spelling in (name, name.lower().removeprefix("x-")):
        try:
            info = codecs.lookup(spelling)
            # codecs of bytes (base64) and of names of hosts are none of texts
            if not info._is_text_encoding or info.name in ("idna", "punycode"):
                return None
            b"".decode(info.name)
        except (LookupError, ValueError, TypeError, UnicodeError):
            continue
        if info.name.replace("-", "_") in _NO_CHARSETS:
            return None
        return SUPERSETS.get(re.sub(r"[^a-z0-9]", "", info.name), info.name)
    return None


def clean(text: str) -> str:
    """Return a text without characters that no database or document takes."""
    text = text.translate(_CONTROLS)
    return text.removeprefix("\ufeff")


def plausibility(text: str, codec: str = "") -> float:
    """How much the characters beyond ASCII look like a text: 1 for all of it, less
    than 0 for garbage. A text of ASCII alone is 1.

    :param codec: what the text was read as, when that is a guess: what people write
        in it is then expected, the characters of its standard's first level
    """
    sample = text[:SAMPLE]
    total = count = letters = run = 0.0
    for place, character in enumerate(sample):
        if character < "\x80":
            run = 0
            continue
        count += 1
        run += 1
        after = sample[place + 1 : place + 2]
        weight = _weight(character, codec)
        if character in _LETTERS:
            letters += 1
            weight = 0.7 if _is_in_a_word(sample, place, run, codec) else -0.4
        elif (weight > 0 and run == 1 and _is_among_letters(sample, place, after)) or (
            character == "°" and after.isalpha() and after not in "CFKREcf"
        ):
            weight = -0.4
        total += weight
    if not count:
        return 1.0
    if codec and letters > 3 and letters > sum(map(str.isalpha, sample)) / 2:
        total -= letters
    return total / count


def _is_in_a_word(text: str, place: int, run: float, codec: str) -> bool:
    """Letters of Europe stand in words: no capital after a small one, and where the
    charset is a guess, among letters of ASCII."""
    before = text[place - 1 : place] if place else ""
    if text[place].isupper() and before.islower():
        return False
    return not codec or run < 3


def _is_among_letters(text: str, place: int, after: str) -> bool:
    """A lone character of the East beside letters of the West: half of an umlaut."""
    before = text[place - 1 : place] if place else ""
    return (
        ord(text[place]) >= 0x2E80
        and after < "\x80"
        and (before.isalpha() or after.isalpha())
    )


def _of_ascii(data: bytes, charset: str | None) -> Decoded:
    """Seven bits may still hold Japanese, Chinese (HZ), or UTF-7 that says so."""
    named = codec_of(charset) or ""
    if _ESCAPES.search(data):
        for name in (named, "iso2022_jp_ext", "iso2022_kr"):
            text = _strictly(data, name) if name.startswith("iso2022") else None
            if text is not None:
                return Decoded(clean(text), name, True)
    if named == "hz" or (not named and _HZ.search(data)):
        text = _strictly(data, "hz")
        if text is not None:
            return Decoded(clean(text), "hz", True)
    if named == "utf-7":
        text = _strictly(data, "utf-7")
        if text is not None:
            return Decoded(clean(text), "utf-7", True)
    if named.startswith(("utf-16", "utf-32")) and b"\0" in data:
        return _wide(data, named)
    return Decoded(clean(data.decode("ascii")), "ascii", True)


def _wide(data: bytes, named: str) -> Decoded:
    """UTF-16 and UTF-32 without a mark: either order, and it may be a lie."""
    if b"\0" not in data and _high(data) * 4 < len(data) and len(data) > 8:
        # letters of the West without a zero beside them are of no such charset
        return _guess(data)
    names = [named, f"{named[:6]}-le", f"{named[:6]}-be"]
    read = [(text, name) for name in names if (text := _strictly(data, name))]
    read = [pair for pair in read if "\0" not in pair[0]]
    best = max(read, key=lambda pair: plausibility(pair[0]), default=None)
    if best and plausibility(best[0]) >= DOUBTFUL:
        return Decoded(clean(best[0]), best[1], True)
    return _guess(data)


def _is_utf8(data: bytes, named: str, text: str) -> bool:
    """Whether a text that is said to be in another charset is UTF-8: nothing else
    looks like it, but a few characters of the East may by accident."""
    utf8 = _strictly(data, "utf-8")
    if utf8 is None:
        return False
    if named.startswith(_WESTERN):
        return True
    return _high(data) > 7 or plausibility(utf8) > plausibility(text)


def _is_a_lie(data: bytes, named: str, text: str) -> bool:
    """Whether a text makes no sense in the charset that is said, and in another does.
    A name of two characters is believed; charsets of the West are said by default."""
    mine = plausibility(text)
    enough = FEW_WESTERN if named.startswith(_WESTERN) else ENOUGH
    if mine >= 1 or (_high(data) < enough and mine >= 0):
        return False
    best = _best(data)
    return best.is_whole and plausibility(best.text, best.charset) - mine >= MARGIN


def _guess(data: bytes, named: str | None = None) -> Decoded:
    """The most plausible reading; UTF-8 where it can be read as such."""
    utf8 = _strictly(data, "utf-8")
    best = _best(data, named)
    if utf8 is None:
        return best
    by_accident = _high(data) <= 7 and plausibility(utf8) < GOOD
    if by_accident and plausibility(best.text, best.charset) > 1 - MARGIN:
        return best
    return Decoded(clean(utf8), "utf-8", True)


def _best(data: bytes, named: str | None = None) -> Decoded:
    """The most plausible of the candidates, and of a named charset that cannot be
    read without loss."""
    best, score = Decoded("", "", False), float("-inf")
    for name in dict.fromkeys((*filter(None, (named,)), *CANDIDATES, "utf-8")):
        read = _final(data, name)
        points = plausibility(read.text, name) - 4 * _lost(read, data)
        if name == named:
            points += MARGIN
        if points > score:
            best, score = read, points
    return (_rare(data) or best) if score < DOUBTFUL else best


def _rare(data: bytes) -> Decoded | None:
    if _high(data[:SAMPLE]) < FEW:
        # too few to tell
        return None
    found = charset_normalizer.from_bytes(data[:SAMPLE], cp_isolation=RARE).best()
    if found is None:
        return None
    read = _final(data, found.encoding)
    return read if read.is_whole else None


def _lost(read: Decoded, data: bytes) -> float:
    """The part of the bytes beyond ASCII that could not be read."""
    return read.text[:SAMPLE].count(UNKNOWN) / (_high(data[:SAMPLE]) or 1)


def _high(data: bytes) -> int:
    return len(data.translate(None, bytes(range(128))))


def _final(data: bytes, name: str) -> Decoded:
    text = _strictly(data, name)
    if text is not None:
        return Decoded(clean(text), name, True)
    return Decoded(clean(_leniently(data, name)), name, False)


def _leniently(data: bytes, name: str) -> str:
    if name == "cp1252":
        # what Windows leaves open is a control character there: show nothing lost
        return data.decode("latin-1")
    return data.decode(name, "replace")


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, ValueError, LookupError):
        return None


def _width(name: str) -> int:
    return {"utf-16": 2, "utf-32": 4}.get(name, 1)


_LEVELS = {
    "gb18030": ("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
    "big5hkscs": ("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))),
    "cp932": ("cp932", range(0x88, 0x99), (*range(0x40, 0x7F), *range(0x80, 0xFD))),
}


def _first_level(codec: str) -> frozenset[str]:
    """The characters people write: first levels of the standards of China, Taiwan,
    Japan."""
    name, leads, trails = _LEVELS[codec]
    return frozenset(
        bytes((lead, trail)).decode(name, "ignore")
        for lead in leads
        for trail in trails
    )


_COMMON = {codec: _first_level(codec) for codec in _LEVELS}
_COMMON[""] = frozenset().union(*_COMMON.values())
_LETTERS = frozenset(
    chr(code) for code in range(0xC0, 0x180) if code not in (0xD7, 0xF7)
)
_MARKS = frozenset("“”‘’…—–·•°€£¥§®™±²³µ×№→←")
_SINGLE = frozenset(" ´¨¸¯¬¦¤¢ª¶¹º©«»¼½¾÷¿¡")


@cache
def _weight(character: str, codec: str) -> float:
    """What a character beyond ASCII says about a text, -3 to 1."""
    code = ord(character)
    common = _COMMON.get(codec, _COMMON[""])
    if character in common or 0x3001 <= code <= 0x3020 or 0xFF01 <= code <= 0xFF5E:
        return 1.0
    if 0x3040 <= code <= 0x30FF:
        # kana are in the standards of China and Taiwan too, but nobody writes them so
        return 1.0 if codec not in ("gb18030", "big5hkscs") else 0.5
    if 0xAC00 <= code <= 0xD7A3 or 0x1F300 <= code <= 0x1FAFF or character in _MARKS:
        return 0.9 if codec != "cp1252" else 0.5
    if 0x4E00 <= code <= 0x9FFF:
        return _weight_of_rare(character, codec)
    if 0xFF61 <= code <= 0xFF9F:
        # narrow kana: real, but mostly what other charsets look like
        return -0.3
    category = unicodedata.category(character)
    if category in ("Cc", "Co", "Cn", "Cs") or character == UNKNOWN:
        return -3.0
    if character in _SINGLE:
        return 0.4 if codec == "" else -0.1
    if 0x400 <= code <= 0x45F:
        return 0.9
    if 0x370 <= code <= 0x5FF or 0xE00 <= code <= 0xE7F or 0x600 <= code <= 0x6FF:
        return 0.6
    return 0.2 if category[0] in "LNPSM" else 0.0


def _weight_of_rare(character: str, codec: str) -> float:
    """Names of people and places are of the second level; what is beyond all levels
    is mostly garbage."""
    names = [_LEVELS[codec][0]] if codec in _LEVELS else ["gb2312", "big5", "cp932"]
    for name in names:
        try:
            character.encode(name)
        except UnicodeEncodeError:
            continue
        return 0.5
    return -0.2 if codec in ("", *_LEVELS) else 0.0
