"""What other programs pack a mail into: opaque signatures, Outlook's winmail.dat,
invitations.

The unpacking itself is done by libraries; here it is asked for within limits, and what
cannot be unpacked is told by ``None``, never by an exception.
"""

from __future__ import annotations

import datetime
import logging
import re
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo, available_timezones

import vobject
from asn1crypto import cms
from compressed_rtf import decompress
from striprtf.striprtf import rtf_to_text
from tnefparse import TNEF

from .mail_charset import decode

_logger = logging.getLogger(__name__)
# what a stranger's file lacks is nobody's warning
logging.getLogger("tnefparse").setLevel(logging.CRITICAL)

Result = TypeVar("Result")
# unpacked; more is kept as it came
MAX_SIZE = 60_000_000
MAX_TNEF_OBJECTS = 5_000
MAX_RTF = 5_000_000
MAX_CALENDAR = 500_000
MAX_EVENTS = 10
TNEF_SIGNATURE = b"\x78\x9f\x3e\x22"
_PROPERTIES, _INTERNET_CODEPAGE = 0x9003, b"\x03\x00\xde\x3f"
_CODEPAGES = {
    936: "gb18030",
    1200: "utf-16-le",
    20127: "us-ascii",
    20866: "koi8-r",
    28591: "iso-8859-1",
    50220: "iso-2022-jp",
    51949: "euc-kr",
    52936: "hz",
    54936: "gb18030",
    65001: "utf-8",
}
ENCRYPTED = "enveloped_data"


class Tnef(NamedTuple):
    """``text`` and ``html``: what was written, ``''`` for none; ``files``: (name,
    content)."""

    text: str
    html: str
    files: tuple[tuple[str, bytes], ...]


class Event(NamedTuple):
    """One entry of an invitation, in words. ``start`` and ``end`` with their zone, or
    a day alone; ``method`` in upper case (REQUEST, CANCEL, REPLY, COUNTER)."""

    method: str
    summary: str
    start: str
    end: str
    place: str
    organizer: str
    description: str
    repeats: str


def _quietly(reader: Callable[[bytes], Result | None], data: bytes) -> Result | None:
    """Read what a stranger made with a library that expects what is well made."""
    try:
        return reader(data)
    except RecursionError:
        _logger.info("Nested too deep: %s", reader.__name__)
    except Exception as error:  # noqa: BLE001
        # libraries raise whatever they stumble over; the file is then kept as it came
        _logger.info("Not read by %s: %r", reader.__name__, error)
    return None


# ------------------------------------------------------------
# S/MIME
# ------------------------------------------------------------


def smime_kind(data: bytes) -> str:
    """Return what an S/MIME envelope holds: ``signed_data``, ``compressed_data``,
    ``enveloped_data``; ``''`` for what is none."""
    return _quietly(_smime_kind, data) or ""


def _smime_kind(data: bytes) -> str | None:
    if data[:1] != b"\x30":
        return None
    kind = cms.ContentInfo.load(data)["content_type"].native
    return kind if isinstance(kind, str) else None


def smime_content(data: bytes) -> bytes | None:
    """Return the mail inside an envelope that is signed or compressed, ``None`` where
    it cannot be read: encrypted, broken, or no such thing.

    Who signed is not asked; a signature proves nothing to a ticket.
    """
    return _quietly(_smime_content, data)


def _smime_content(data: bytes) -> bytes | None:
    info = cms.ContentInfo.load(data)
    kind = info["content_type"].native
    if kind == "signed_data":
        return info["content"]["encap_content_info"]["content"].native
    if kind == "compressed_data":
        packed = info["content"]["encap_content_info"]["content"].native
        return _inflated(packed)
    return None


def _inflated(packed: bytes) -> bytes | None:
    machine = zlib.decompressobj()
    content = machine.decompress(packed, MAX_SIZE)
    return None if machine.unconsumed_tail else content


# ------------------------------------------------------------
# OUTLOOK
# ------------------------------------------------------------


def tnef(data: bytes) -> Tnef | None:
    """Return what is in a ``winmail.dat``, ``None`` where it cannot be read."""
    return _quietly(_tnef, data)


def _tnef(data: bytes) -> Tnef | None:
    places = _tnef_objects(data)
    if not data.startswith(TNEF_SIGNATURE) or places is None:
        return None
    data, number = _without_codepage(data, places)
    found = TNEF(data, do_checksum=False)
    charset = _CODEPAGES.get(number, f"cp{number}") if number else found.codepage
    files = tuple(_tnef_files(found, found.codepage or "cp1252"))
    html = _tnef_text(found.htmlbody, charset)
    text = _tnef_text(found.body, found.codepage or charset)
    if not text.strip() and not html.strip():
        text = _quietly(_rtf, found._rtfbody or b"") or ""
    return Tnef(text, html, files)


def _tnef_objects(data: bytes) -> list[tuple[int, int, int]] | None:
    """Return name, start and end of what a file consists of, ``None`` for more than a
    mail may have: the library reads each from a copy of the rest."""
    found: list[tuple[int, int, int]] = []
    place = 6
    while place + 11 <= len(data) and len(found) <= MAX_TNEF_OBJECTS:
        size = int.from_bytes(data[place + 5 : place + 9], "little")
        name = int.from_bytes(data[place + 1 : place + 3], "little")
        found.append((name, place + 9, place + 9 + size))
        place += size + 11
    return found if len(found) <= MAX_TNEF_OBJECTS else None


def _without_codepage(
    data: bytes, places: list[tuple[int, int, int]]
) -> tuple[bytes, int]:
    """Take the codepage of the text out of the properties: the library would decode by
    it at once, and fail where it lies.

    :return: the file without, and the codepage, 0 for none
    """
    for name, start, end in places:
        if name != _PROPERTIES:
            continue
        place = data.find(_INTERNET_CODEPAGE, start, end)
        if place >= 0:
            number = int.from_bytes(data[place + 4 : place + 8], "little")
            return data[:place] + b"\x03\x00\xde\x6f" + data[place + 4 :], number
    return data, 0


def _tnef_files(found: TNEF, codepage: str) -> Iterator[tuple[str, bytes]]:
    for attachment in found.attachments:
        name = attachment.long_filename() if not attachment._name else None
        raw = name or next(
            (a.data for a in attachment.mapi_attrs if a.name == 0x3707),
            attachment._name,
        )
        content = attachment.data
        if isinstance(content, str):
            content = content.encode()
        if isinstance(content, bytes):
            yield _tnef_text(raw, codepage), content


def _tnef_text(value: object, codepage: str | None) -> str:
    """One text of Outlook, which may come as bytes, decoded, or as a list of one."""
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        return decode(value.rstrip(b"\0"), codepage).text
    return str(value or "").rstrip("\0")


def _rtf(packed: bytes) -> str | None:
    if not packed:
        return None
    if int.from_bytes(packed[4:8], "little") > MAX_RTF:
        return None
    return rtf_text(decompress(packed + b"\0"))


def rtf_text(data: bytes) -> str:
    """Return what a document in RTF says."""
    return rtf_to_text(data.rstrip(b"\0").decode("latin-1"), errors="replace").strip()


# ------------------------------------------------------------
# INVITATIONS
# ------------------------------------------------------------

_ZONES = re.compile(
    r"^BEGIN:VTIMEZONE\s.*?^END:VTIMEZONE", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
_ZONE_NAME = re.compile(r"^TZID[^:\r\n]*:([^\r\n]+)", re.IGNORECASE | re.MULTILINE)
_ZONE_RULE = re.compile(
    r"^R(?:RULE|DATE)[^:\r\n]*:([^\r\n]*)", re.IGNORECASE | re.MULTILINE
)
_ZONE_USED = re.compile(r';TZID=("?)([^":;\r\n]+)\1', re.IGNORECASE)
_YEARLY = re.compile(
    r"FREQ=YEARLY(?:;(?:BYDAY=[-+]?\d?[A-Z]{2}|BYMONTH=\d\d?|BYMONTHDAY=-?\d\d?"
    r"|INTERVAL=1|COUNT=\d{1,3}|WKST=[A-Z]{2}|UNTIL=[0-9TZ]+))*",
    re.IGNORECASE,
)


def events(calendar: str, zone: str = "UTC") -> list[Event]:
    """Return the entries of a calendar file, the first ones of many.

    :param zone: where the readers are: times are said in it, and in the zone of the
        invitation when that is another
    """
    calendar = calendar[:MAX_CALENDAR]
    zones = "".join(_ZONES.findall(calendar))
    rules = _ZONE_RULE.findall(zones)
    if not all(_YEARLY.fullmatch(rule.strip()) for rule in rules):
        # a zone that changes every second would be counted out from its first year
        return _events_by_line(calendar)
    known = {name.strip() for name in _ZONE_NAME.findall(zones)} | available_timezones()
    readable = _ZONE_USED.sub(
        lambda m: m[0] if m[2] in known else f";X-ZONE={m[1]}{m[2]}{m[1]}", calendar
    )

    def read(data: bytes) -> list[Event] | None:
        found = vobject.readOne(data.decode())
        method = getattr(getattr(found, "method", None), "value", "") or ""
        entries = [*found.contents.get("vevent", ()), *found.contents.get("vtodo", ())]
        return [_event(entry, str(method), zone) for entry in entries[:MAX_EVENTS]]

    # the library remembers zones by name, those of the next mail are others
    remembered = vars(vobject.icalendar)["__tzidMap"]
    before = dict(remembered)
    try:
        found = _quietly(read, readable.encode("utf-8", "replace"))
    finally:
        remembered.clear()
        remembered.update(before)
    return found or _events_by_line(calendar)


def _event(entry: object, method: str, zone: str) -> Event:
    def value(name: str) -> str:
        return str(getattr(getattr(entry, name, None), "value", "") or "").strip()

    organizer = getattr(entry, "organizer", None)
    address = re.sub("^mailto:", "", value("organizer"), flags=re.IGNORECASE)
    names = getattr(organizer, "params", {}).get("CN", [])
    name = str(names[0]).strip() if names else ""
    return Event(
        method=method.upper(),
        summary=value("summary"),
        start=_moment(entry, "dtstart", zone),
        end=_moment(entry, "dtend", zone) or _moment(entry, "due", zone),
        place=value("location"),
        organizer=" ".join(dict.fromkeys(filter(None, (name, address)))),
        description=value("description"),
        repeats=value("rrule"),
    )


def _moment(entry: object, name: str, zone: str) -> str:
    """A moment as it is said in the invitation, and in the readers' zone."""
    line = getattr(entry, name, None)
    value = getattr(line, "value", None)
    if value is None:
        return ""
    if not isinstance(value, datetime.datetime):
        # a whole day has no zone
        return str(value)
    options = getattr(line, "params", {})
    names = [*options.get("X-VOBJ-ORIGINAL-TZID", ()), *options.get("X-ZONE", ())]
    named = names[0] if names else ""
    if value.tzinfo is None:
        return f"{value:%Y-%m-%d %H:%M}" + (f" ({named})" if named else "")
    here = value.astimezone(ZoneInfo(zone))
    said = f"{here:%Y-%m-%d %H:%M} ({zone})"
    if value.utcoffset() != here.utcoffset():
        said += f" = {value:%Y-%m-%d %H:%M} ({named or value.tzname() or 'UTC'})"
    return said


_LINE = re.compile(
    r"^(METHOD|SUMMARY|DTSTART|DTEND|LOCATION|DESCRIPTION|ORGANIZER|RRULE)"
    r"([^:\r\n]*):(.*)$",
    re.IGNORECASE | re.MULTILINE,
)


def _events_by_line(calendar: str) -> list[Event]:
    """What a calendar file that is not well made says of its first entry."""
    unfolded = re.sub(r"\r?\n[ \t]", "", calendar)
    head, _mark, entry = unfolded.partition("BEGIN:VEVENT")
    found: dict[str, str] = {}
    for name, options, value in _LINE.findall(entry or head):
        zone = re.search(r"TZID=([^;:]+)", options, re.IGNORECASE)
        said = value.strip().replace("\\n", "\n").replace("\\,", ",")
        found.setdefault(name.upper(), said + (f" ({zone[1]})" if zone else ""))
    method = re.search(r"^METHOD:(\w+)", unfolded, re.IGNORECASE | re.MULTILINE)
    if not found:
        return []
    return [
        Event(
            method=method[1].upper() if method else "",
            summary=found.get("SUMMARY", ""),
            start=found.get("DTSTART", ""),
            end=found.get("DTEND", ""),
            place=found.get("LOCATION", ""),
            organizer=found.get("ORGANIZER", ""),
            description=found.get("DESCRIPTION", ""),
            repeats=found.get("RRULE", ""),
        )
    ]
