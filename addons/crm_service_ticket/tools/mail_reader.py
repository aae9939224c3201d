"""A mail as it was meant: who, what, which files. Read from its bytes alone.

``read`` never raises and never loses a word: what it does not understand stays a file.
Odoo's gateway then gets headers that can be read, words in one document, and files byte
for byte; see ``models/mail_thread.py`` and docs/adr/0025.
"""

from __future__ import annotations

import base64
import datetime
import email
import email.errors
import email.message
import email.parser
import email.utils
import hashlib
import html
import logging
import mimetypes
import quopri
import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

from . import mail_html, mail_unwrap
from .mail_charset import clean, codec_of, decode
from .mail_syntax import (
    Mailbox,
    base64_bytes,
    file_name,
    header_text,
    mailboxes,
    message_ids,
    parameters,
)

_logger = logging.getLogger(__name__)
# keys of what is said about a mail in the ticket; see ``Sentences``
LAYOUT, SHORTENED, CHARACTERS, ENCRYPTED, UNPACKED, PARTS, DAMAGED, UNREAD = (
    "layout",
    "shortened",
    "characters",
    "encrypted",
    "unpacked",
    "parts",
    "damaged",
    "unread",
)
SENTENCES: Mapping[str, str] = {
    LAYOUT: "The layout was too deep or too large and was left out; the original is "
    "the file original_email.eml.",
    SHORTENED: "This is the beginning of a very long mail; all of it is in the file "
    "original_email.eml.",
    CHARACTERS: "Some characters could not be read; the original is the file "
    "original_email.eml.",
    ENCRYPTED: "This mail is encrypted; only the addressee's program can read it.",
    UNPACKED: "A part of this mail could not be unpacked; it is kept as a file.",
    PARTS: "This mail has too many parts; all of it is in the file original_email.eml.",
    DAMAGED: "This mail was damaged on its way; the original is the file "
    "original_email.eml.",
    UNREAD: "This mail could not be read; it is kept as the file original_email.eml.",
    "invitation": "Invitation",
    "cancelled": "Cancelled",
    "reply": "Answer to an invitation",
    "when": "When",
    "where": "Where",
    "from": "From",
    "repeats": "Repeats",
}
# what needs the original beside it
_WITH_ORIGINAL = frozenset((LAYOUT, SHORTENED, CHARACTERS, PARTS, DAMAGED, UNREAD))
# what the parser finds where something was lost
_LOSS = email.errors.MissingHeaderBodySeparatorDefect
ORIGINAL = "original_email.eml"
MAX_PARTS = 1_000
MAX_DEPTH = 30
MAX_HEADERS = 500
MAX_HEADER = 20_000
# so much of a text file stands in a ticket that has no other words
MAX_SHOWN_FILE = 20_000
# of a text/plain; more is a file
_ADDRESSES = frozenset(
    "from to cc bcc reply-to sender delivered-to resent-to resent-cc resent-from "
    "x-original-to envelope-to x-envelope-to disposition-notification-to".split()
)
_IDS = frozenset(("message-id", "references", "in-reply-to"))
_NEEDED = _ADDRESSES | _IDS | {"subject", "date", "content-type", "auto-submitted"}
_TNEF_TYPES = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
_SMIME_TYPES = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_HEADER_NAME = re.compile(r"[!-9;-~]{1,80}")
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,80}[ \t]*:|[ \t]")
_HEADERS = re.compile(
    rb"^([!-9;-~]{1,80})[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)", re.MULTILINE
)
_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+):",
    re.IGNORECASE,
)
_WRONG_BOUNDARY = re.compile(
    rb"^--(?P<mark>[^\s-][^\r\n]{0,200}?)[ \t]*\r?\n(?=[A-Za-z-]{3,40}:)", re.MULTILINE
)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s\0]")
_WORDS = re.compile(rb"[^\s] +[^\s]")
# so much of base64 in whole lines is no text by accident
MIN_BASE64 = 32
# headers of a part whose boundary was lost
_PART_HEAD = re.compile(
    rb"^content-[a-z-]{2,30}:[ \t]*\S", re.IGNORECASE | re.MULTILINE
)
# what programs say to readers that know no parts, in any language
_ABOUT_PARTS = re.compile(rb"mime|multi-?part", re.IGNORECASE)
# a boundary that is none of the mail's
_LINE = re.compile(rb"\s*-[^\s]*\s*")
_ENDINGS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
    "image/jpeg": ".jpg",
    "message/delivery-status": "-status.txt",
    "message/disposition-notification": "-receipt.txt",
    "text/rfc822-headers": "-headers.txt",
}


class File(NamedTuple):
    """``cid``: how the words name a picture among them, ``''`` for none."""

    name: str
    content: bytes
    kind: str = ""
    cid: str = ""


class Words(NamedTuple):
    """``text``: as it is written; ``is_html``: whether that is a document;
    ``is_aside``: said beside the sender's own words, never instead of them."""

    text: str
    is_html: bool
    is_aside: bool = False

    @property
    def plain(self) -> str:
        """What a reader sees."""
        return _shown(self.text) if self.is_html else self.text

    @property
    def shows(self) -> bool:
        """Whether there is anything to be seen."""
        return bool(self.plain.strip()) or (
            self.is_html and "<img" in self.text.lower()
        )


class Part(email.message.Message):
    """A part whose inside is not looked at while it is parsed, unless it is a list of
    parts: a mail in a mail is a file like any other."""

    def get_content_maintype(self) -> str:
        kind = super().get_content_maintype()
        return "application" if kind == "message" else kind

    def get_content_type(self) -> str:
        kind = super().get_content_type()
        return "application/opaque" if kind.startswith("message/") else kind

    @property
    def data(self) -> bytes:
        """What stands in it, still packed for its way; of a list of parts nothing."""
        # get_payload() would decode it already
        payload = self._payload  # type: ignore[attr-defined]
        return _bytes(payload) if isinstance(payload, str) else b""

    def header(self, name: str) -> bytes:
        """The first header of that name as it is written, ``b""`` for none."""
        found = (value for key, value in self.raw_items() if key.lower() == name)
        return _bytes(next(found, ""))


class Mail:
    """What was read of a mail.

    ``raw``: its bytes; ``words``: pieces in order; ``files``; ``remarks``: keys of
    ``SENTENCES``, what has to be said about it.
    """

    def __init__(
        self, raw: bytes, zone: str = "UTC", sentences: Mapping[str, str] | None = None
    ) -> None:
        self.raw = raw
        self._text = _with_whole_headers(_with_usual_ends(raw))
        self.zone = zone
        self.sentences = SENTENCES if sentences is None else sentences
        self.remarks: list[str] = []
        self.files: list[File] = []
        # whether it is for tickets, which others find out
        self.is_for_tickets = True
        # whether all is done that had to be done with it, though nothing came of it
        self.is_settled = False
        # texts of parts that say who could not be reached, by their kind
        self.reports: list[tuple[str, bytes]] = []
        self._parts = 0
        self._parse()
        self.words = self._read_words()
        if _WITH_ORIGINAL & set(self.remarks):
            self.files.append(File(ORIGINAL, raw, "message/rfc822"))

    def __repr__(self) -> str:
        return f"<Mail {self.message_id}>"

    # ------------------------------------------------------------
    # HEADERS
    # ------------------------------------------------------------

    def _parse(self) -> None:
        self.root = _parsed(self._text)
        self.headers = [
            (name, _bytes(value)[:MAX_HEADER])
            for place, (name, value) in enumerate(self.root.raw_items())
            if _HEADER_NAME.fullmatch(name)
            and (place < MAX_HEADERS or name.lower() in _NEEDED)
        ]
        self.hint = self._hint()

    def _hint(self) -> str | None:
        """The charset that bare bytes of headers are in: that of the texts."""
        found = re.search(
            rb"charset\s*=\s*[\"']?([A-Za-z0-9_.-]{2,30})", self._text[:20_000]
        )
        name = found[1].decode("ascii") if found else None
        codec = codec_of(name)
        return name if codec and not codec.startswith(("cp125", "iso8859")) else None

    def raw_header(self, name: str) -> bytes:
        """Return the first header of that name, ``b""`` for none."""
        return next((v for n, v in self.headers if n.lower() == name), b"")

    def text(self, name: str) -> str:
        """Return what a header says, ``""`` for none."""
        return header_text(self.raw_header(name), self.hint)

    def boxes(self, *names: str) -> list[Mailbox]:
        """Return who stands in the headers of those names."""
        return [
            box
            for name, value in self.headers
            if name.lower() in names
            for box in mailboxes(value, self.hint)
        ]

    @cached_property
    def subject(self) -> str:
        return self.text("subject")

    @cached_property
    def sender(self) -> Mailbox:
        """Who wrote, by ``From``; who handed it in where that says nothing."""
        boxes = self.boxes("from") or self.boxes("sender")
        found = next((box for box in boxes if box.address), None)
        return found or next(iter(boxes), Mailbox("", ""))

    @cached_property
    def kind(self) -> tuple[str, dict[str, str]]:
        """What the whole mail says it is, and the parameters of that."""
        return parameters(self.raw_header("content-type"), self.hint)

    @cached_property
    def message_id(self) -> str:
        """The Message-ID, ``""`` for none."""
        text = self.text("message-id").encode("ascii", "replace").decode("ascii")
        ids = message_ids(text)
        if ids:
            return ids[0]
        bare = "".join(text.split())[:250]
        return f"<{bare.strip('<>')}>" if bare.strip("<>") else ""

    @cached_property
    def sent(self) -> datetime.datetime | None:
        """When it was sent (UTC, naive), ``None`` where it does not say."""
        try:
            moment = email.utils.parsedate_to_datetime(self.text("date"))
            if moment.tzinfo:
                moment = moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        return moment if moment.year >= 1970 else None

    @cached_property
    def digest(self) -> str:
        """What makes two mails the same: who wrote what, and the files; ``sent`` comes
        to it. How they were carried, and packed for it, does not count."""
        words = " ".join(piece.plain for piece in self.words)
        parts = [
            self.sender.address.lower(),
            self.subject,
            " ".join(words.split()),
        ]
        parts += sorted(
            hashlib.sha256(file.content).hexdigest()
            for file in self.files
            if file.name != ORIGINAL
        )
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()

    def source(self, message_id: str) -> bytes:
        """Return the mail with headers that every parser reads, and the body as it
        came.

        :param message_id: what it is called, in ``<>``
        """
        lines = [f"Message-ID: {message_id}"]
        seen = {"message-id"}
        for name, value in self.headers:
            lower = name.lower()
            if lower in _IDS or lower in _ADDRESSES or lower in ("subject", "date"):
                if lower in seen and lower not in _ADDRESSES:
                    continue
            elif not value.strip():
                continue
            seen.add(lower)
            if lower == "message-id":
                continue
            line = self._clean_header(lower, value)
            if line:
                lines.append(f"{name}: {line}")
        head = "\r\n".join(lines).encode("ascii", "replace")
        return head + b"\r\n\r\n" + self._body

    def for_others(self) -> bytes:
        """Return the mail as it came, for who reads it as it is; but for zeros, which
        the database takes in no text."""
        return self.raw.replace(b"\0", b"")

    @property
    def _body(self) -> bytes:
        text = self._text
        ends = [(text.find(b), len(b)) for b in (b"\r\n\r\n", b"\n\n", b"\r\r")]
        place, size = min((end for end in ends if end[0] >= 0), default=(len(text), 0))
        return text[place + size :]

    def _clean_header(self, name: str, value: bytes) -> str:
        if name in _IDS:
            return "\r\n ".join(message_ids(header_text(value))[-50:])
        if name in _ADDRESSES:
            return ",\r\n ".join(map(_written, mailboxes(value, self.hint)))
        if name.startswith("content-"):
            text = clean(value.decode("ascii", "replace")).replace("\ufffd", "?")
            return " ".join(text.split())
        return _encoded(header_text(value, self.hint))

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def _read_words(self) -> list[Words]:
        try:
            pieces = self._gather(self.root, 0)
        except RecursionError:
            self._remark(PARTS)
            pieces = []
        pieces = [piece for piece in pieces if piece.shows]
        if not any(piece.plain.strip() for piece in pieces):
            pieces += self._last_words()
        if not (pieces or self.files or self.remarks) and self._body.strip():
            self._remark(DAMAGED)
        return pieces

    def _last_words(self) -> list[Words]:
        """Words of a mail that has none where they should stand: in a file."""
        for file in self.files:
            if file.kind.startswith("text/") and len(file.content) < MAX_SHOWN_FILE:
                is_html = file.kind == "text/html"
                if file.kind in ("text/plain", "text/html", "text/csv"):
                    found = Words(decode(file.content).text, is_html)
                    if found.plain.strip():
                        return [found]
        return []

    def _gather(self, part: Part, level: int) -> list[Words]:
        """Return the words of a part; its files are put with the others."""
        self._parts += 1
        if self._parts > MAX_PARTS or level > MAX_DEPTH:
            self._remark(PARTS)
            return []
        kind, options = parameters(part.header("content-type"), self.hint)
        if any(isinstance(defect, _LOSS) for defect in part.defects):
            self._remark(DAMAGED)
        if part.is_multipart():
            before, head = self._outside(part.preamble, options)
            behind, tail = self._outside(part.epilogue, options)
            children = [*head, *part.get_payload(), *tail]
            if kind == "multipart/alternative":
                inside = self._alternative(children, level)
            else:
                every = [self._gather(child, level + 1) for child in children]
                inside = [words for way in every for words in way]
            return [*before, *inside, *behind]
        if kind.startswith("multipart/"):
            return self._broken_multipart(part, kind, level)
        return self._leaf(part, kind, options, level)

    def _alternative(self, children: list[Part], level: int) -> list[Words]:
        """The same said in several ways: the last one that says something; another
        too where it says more."""
        every = [self._gather(child, level + 1) for child in children]
        asides = [w for way in every for w in way if w.is_aside]
        ways = [[w for w in way if not w.is_aside] for way in every]
        ways = [way for way in ways if any(w.plain.strip() for w in way)] or ways
        ways = [way for way in ways if way]
        if not ways:
            return asides
        best = ways[-1]
        if len(ways) > 1:
            said = mail_html.words("\n".join(w.plain for w in best))
            for way in ways[:-1]:
                other = mail_html.words("\n".join(w.plain for w in way))
                missing = sum((other - said).values())
                if missing > 0.5 * sum(other.values()):
                    best = [*way, *best]
        return [*best, *asides]

    def _outside(
        self, text: str | None, options: Mapping[str, str]
    ) -> tuple[list[Words], list[Part]]:
        """What stands before the first boundary, or behind the last one: parts, where
        a boundary was lost on the way, or words; not what programs say there to
        readers that know no parts."""
        data = _bytes(text or "")
        found = _PART_HEAD.search(data)
        parts = []
        if found:
            mark = options.get("boundary", "").encode("ascii", "replace") or b"-"
            inner = data[found.start() :]
            head = b'Content-Type: multipart/mixed; boundary="' + mark + b'"'
            again = _parsed(head + b"\r\n\r\n--" + mark + b"\r\n" + inner)
            parts = list(again.get_payload()) if again.is_multipart() else []
            data = data[: found.start()] if parts else data
        paragraphs = re.split(rb"(?:\r?\n[ \t]*){2,}", data.strip())
        said = b"\n\n".join(p for p in paragraphs if not _ABOUT_PARTS.search(p))
        if not mail_html.words(decode(said, self.hint).text) or _LINE.fullmatch(said):
            return [], parts
        return [self._plain(said, self.hint)], parts

    def _broken_multipart(self, part: Part, kind: str, level: int) -> list[Words]:
        """Parts whose boundary is not the one that was said: the one that is there is
        taken; without any it is a text."""
        data = self._content(part)
        found = _WRONG_BOUNDARY.search(data)
        if found and level < MAX_DEPTH:
            mark = found["mark"].replace(b'"', b"")
            head = b"Content-Type: " + kind.encode("latin-1", "replace")
            again = head + b'; boundary="' + mark + b'"\r\n\r\n' + data
            inner = _parsed(again)
            if inner.is_multipart():
                return self._gather(inner, level + 1)
        self._remark(DAMAGED)
        return [self._plain(data, None)] if data.strip() else []

    def _leaf(
        self,
        part: Part,
        kind: str,
        options: Mapping[str, str],
        level: int,
    ) -> list[Words]:
        disposition, more = parameters(part.header("content-disposition"), self.hint)
        name = file_name(more.get("filename", ""), options.get("name", ""))
        data = self._content(part)
        kind = _kind(kind, name, data)
        cid = header_text(part.header("content-id")).strip(" <>")
        file = File(name or _default_name(kind), data, kind, cid)
        unpacked = self._unpacked(file, level)
        if unpacked is not None:
            return unpacked
        is_file = disposition == "attachment" or bool(name)
        if not is_file and kind in ("text/plain", "text/html"):
            return [self._of_text(kind, data, options.get("charset"))]
        if not is_file and kind.startswith("text/") and kind in _READABLE:
            return [self._of_text(_READABLE[kind], data, options.get("charset"))]
        if kind in ("message/delivery-status", "message/disposition-notification") or (
            kind in ("message/rfc822", "text/rfc822-headers")
        ):
            self.reports.append((kind, data))
        if kind == "message/rfc822" and not name:
            file = file._replace(name=self._name_of_mail(data))
        if data or name:
            self.files.append(file)
        return self._of_calendar(data, options) if kind == "text/calendar" else []

    def _content(self, part: Part) -> bytes:
        """The bytes of a part, however they were packed."""
        data = part.data
        coding = header_text(part.header("content-transfer-encoding")).lower()
        coding = coding.split(";")[0].strip(" \"'")
        if coding == "base64":
            lines, rest = _base64_lines(data)
            if rest:
                # somebody's text stands below it
                self._remark(DAMAGED)
                return base64_bytes(lines)
            if _is_base64(data):
                return base64_bytes(data)
        if coding == "quoted-printable":
            return quopri.decodestring(data)
        if coding in ("x-uuencode", "uuencode", "uue", "x-uue"):
            part["content-transfer-encoding"] = coding
            decoded = part.get_payload(decode=True)
            return decoded if isinstance(decoded, bytes) else data
        return data

    def _of_text(self, kind: str, data: bytes, charset: str | None) -> Words:
        return (
            self._html(data, charset)
            if kind == "text/html"
            else self._plain(data, charset)
        )

    def _plain(self, data: bytes, charset: str | None) -> Words:
        read = decode(data, charset)
        if not read.is_whole:
            self._remark(CHARACTERS)
        text = read.text.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > mail_html.MAX_TEXT:
            text = text[: mail_html.MAX_TEXT]
            self._remark(SHORTENED)
        return Words(text, False)

    def _html(self, data: bytes, charset: str | None) -> Words:
        if codec_of(charset) is None:
            charset = mail_html.charset_inside(data) or charset
        read = decode(data, charset)
        if not read.is_whole:
            self._remark(CHARACTERS)
        document = mail_html.without_declaration(read.text)
        if (
            len(document) > mail_html.MAX_SIZE
            or mail_html.depth(document) > mail_html.MAX_DEPTH
        ):
            self._remark(LAYOUT)
            document, is_cut = mail_html.cut(mail_html.flat(document))
            if is_cut:
                self._remark(SHORTENED)
        return Words(document, True)

    # ------------------------------------------------------------
    # WHAT IS PACKED
    # ------------------------------------------------------------

    def _unpacked(self, file: File, level: int) -> list[Words] | None:
        """The words of what another program packed; ``None`` for what is no pack, or
        could not be unpacked and stays a file."""
        name = file.name.lower()
        if file.kind in _SMIME_TYPES or name == "smime.p7m":
            return self._of_smime(file, level)
        if file.kind in _TNEF_TYPES or name == "winmail.dat":
            return self._of_tnef(file)
        return None

    def _of_smime(self, file: File, level: int) -> list[Words] | None:
        data = file.content
        if data.lstrip()[:4] in (b"MIIB", b"MIIC") or data.lstrip()[:3] == b"MII":
            data = base64_bytes(data)
        content = mail_unwrap.smime_content(data)
        if content is None:
            is_encrypted = mail_unwrap.smime_kind(data) == mail_unwrap.ENCRYPTED
            self._remark(ENCRYPTED if is_encrypted else UNPACKED)
            return None
        inner = _parsed(content)
        if not inner.keys():
            return [self._plain(content, None)]
        return self._gather(inner, level + 1)

    def _of_tnef(self, file: File) -> list[Words] | None:
        found = mail_unwrap.tnef(file.content)
        if found is None:
            self._remark(UNPACKED)
            return None
        for number, (name, content) in enumerate(found.files, 1):
            named = file_name(name) or f"file-{number}"
            self.files.append(File(named, content, _guessed(named)))
        if found.html.strip():
            return [self._html(found.html.encode(), "utf-8")]
        return [self._plain(found.text.encode(), "utf-8")]

    def _of_calendar(self, data: bytes, options: Mapping[str, str]) -> list[Words]:
        """An invitation in words: what, when, where."""
        if any(file.content == data for file in self.files[:-1]):
            # the same once more, as a file for programs that do not know calendars
            self.files.pop()
            return []
        calendar = decode(data, options.get("charset") or "utf-8").text
        said = [self._event(event) for event in mail_unwrap.events(calendar, self.zone)]
        return [Words("\n\n".join(said), False, is_aside=True)] if said else []

    def _event(self, event: mail_unwrap.Event) -> str:
        say = self.sentences
        kind = {"CANCEL": "cancelled", "REPLY": "reply", "COUNTER": "reply"}.get(
            event.method, "invitation"
        )
        when = " – ".join(filter(None, (event.start, event.end)))
        lines = [f"{say[kind]}: {event.summary}"]
        lines += [
            f"{say[key]}: {value}"
            for key, value in (
                ("when", when),
                ("where", event.place),
                ("from", event.organizer),
                ("repeats", event.repeats),
            )
            if value
        ]
        return "\n".join(filter(None, (*lines, event.description)))

    def _name_of_mail(self, data: bytes) -> str:
        """A mail in a mail is called by its subject."""
        head = data[:20_000].split(b"\n\n")[0].split(b"\r\n\r\n")[0]
        found = re.search(
            rb"^subject:(.*(?:\r?\n[ \t].*)*)", head, re.IGNORECASE | re.MULTILINE
        )
        subject = header_text(found[1], self.hint) if found else ""
        return (file_name(subject[:100]) or "message") + ".eml"

    def _remark(self, key: str) -> None:
        if key not in self.remarks:
            self.remarks.append(key)

    # ------------------------------------------------------------
    # ALL OF IT
    # ------------------------------------------------------------

    @cached_property
    def plain(self) -> str:
        """The words as a reader sees them."""
        return "\n".join(piece.plain for piece in self.words).strip()


class _Unread(Mail):
    """A mail that the reader failed with: its headers, and the original."""

    def _parse(self) -> None:
        self.root, self.hint = Part(), None
        head = re.split(rb"\r?\n\r?\n", self.raw[:200_000], maxsplit=1)[0]
        self.headers = [
            (name.decode("ascii"), value[:MAX_HEADER])
            for name, value in _HEADERS.findall(head)[:MAX_HEADERS]
        ]

    def _read_words(self) -> list[Words]:
        self._remark(UNREAD)
        return []


# further kinds of text that are words, not files
_READABLE = {
    "text/enriched": "text/html",
    "text/richtext": "text/html",
    "text/x-amp-html": "text/html",
    "text/markdown": "text/plain",
    "text/unknown": "text/plain",
    "text/x-plain": "text/plain",
}


def read(
    raw: bytes, zone: str = "UTC", sentences: Mapping[str, str] | None = None
) -> Mail:
    """Return what a mail says; never raises.

    :param raw: the mail as the server handed it over
    :param zone: where its readers are, for the times of invitations
    :param sentences: what is said about mails, in the readers' language
    """
    try:
        return Mail(raw, zone, sentences)
    except Exception:
        # a fault of ours must not cost a mail
        _logger.exception("A mail could not be read")
        return _Unread(raw, zone, sentences)


@lru_cache(maxsize=8)
def _shown(document: str) -> str:
    return mail_html.text_of(document)


def plain_as_html(text: str) -> str:
    """Return a plain text as a document that shows it as it is written."""
    return f"<pre>{html.escape(text, quote=False)}</pre>"


def _with_usual_ends(raw: bytes) -> bytes:
    """A mail that went through a program of Windows twice has each end of a line
    doubled, and would end with its first header; those of old programs of Apple are
    no ends to others."""
    ends = raw.count(b"\n")
    if not ends:
        return raw.replace(b"\r", b"\r\n")
    if raw.count(b"\r\r\n") < 0.9 * ends:
        return raw
    return raw.replace(b"\r\r\n", b"\r\n")


def _with_whole_headers(raw: bytes) -> bytes:
    """A long header that was wrapped without the blank that says so, would be the end
    of the headers."""
    found = re.search(rb"\r?\n\r?\n", raw)
    lines = raw[: found.start() if found else len(raw)].split(b"\n")
    last = max((n for n, line in enumerate(lines) if _KNOWN.match(line)), default=0)
    broken = [n for n in range(1, last) if not _HEADER_LINE.match(lines[n])]
    if not broken:
        return raw
    for number in broken:
        lines[number] = b" " + lines[number]
    return b"\n".join(lines) + (raw[found.start() :] if found else b"")


def _parsed(raw: bytes) -> Part:
    parser = email.parser.BytesParser(Part)  # by the policy compat32
    try:
        return parser.parsebytes(raw)
    except (RecursionError, ValueError, TypeError, AttributeError, LookupError):
        # parts nested beyond all reason: headers, and one text
        head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)
        lines = re.sub(
            rb"(?im)^content-type:.*(?:\r?\n[ \t].*)*", b"X-Type: ?", head[0]
        )
        body = head[1] if len(head) > 1 else b""
        return parser.parsebytes(lines + b"\r\n\r\n" + body)


def _bytes(text: str) -> bytes:
    """The bytes that Python's parser keeps in a text."""
    return text.encode("utf-8", "surrogateescape")


def _base64_lines(data: bytes) -> tuple[bytes, bytes]:
    """Lines of base64, and the text that another program, as those of lists do, has
    put below them; ``b""`` for none."""
    strange = _NOT_BASE64.search(data)
    end = data.rfind(b"\n", 0, strange.start()) + 1 if strange else len(data)
    lines, rest = data[:end].strip(), data[end:]
    if len(lines) < MIN_BASE64 or b" " in lines or not _WORDS.search(rest):
        return data, b""
    return lines, rest


def _is_base64(data: bytes) -> bool:
    """Whether a text that says it is base64 is: some programs say so of plain text."""
    sample = data[:4_000].strip()
    strange = len(_NOT_BASE64.findall(sample)) + sample.count(b" ")
    return strange * 20 <= len(sample)


def _kind(kind: str, name: str, data: bytes) -> str:
    """The kind of a part; one that is no kind is guessed from its name."""
    if not re.fullmatch(r"[\w.+*-]+/[\w.+*-]+", kind):
        return _guessed(name) if name else "text/plain"
    if kind == "application/octet-stream" and name.lower().endswith((".eml", ".ics")):
        return _guessed(name)
    return kind


def _guessed(name: str) -> str:
    if name.lower().endswith(".eml"):
        return "message/rfc822"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _default_name(kind: str) -> str:
    if kind == "text/calendar":
        return "invite.ics"
    ending = _ENDINGS.get(kind) or mimetypes.guess_extension(kind) or ""
    return f"attachment{ending}"


def _written(box: Mailbox) -> str:
    """An address as RFC 5322 wants it."""
    if not box.address.isascii() or not box.address:
        return _encoded(str(box))
    if not box.name:
        return box.address
    if box.name.isascii() and "=?" not in box.name:
        return f'"{box.name}" <{box.address}>'
    # one word, however long: readers put blanks between several
    data = base64.b64encode(box.name.encode("utf-8", "replace")).decode()
    return f"=?utf-8?B?{data}?= <{box.address}>"


def _encoded(text: str) -> str:
    """A header's text: as it is where that is plain, else in words of RFC 2047."""
    if text.isascii() and "=?" not in text and len(text) < 900 and text.isprintable():
        return text
    return "\r\n ".join(_encoded_words(text))


def _encoded_words(text: str) -> Iterator[str]:
    for place in range(0, len(text), 12):
        data = text[place : place + 12].encode("utf-8", "replace")
        yield f"=?utf-8?B?{base64.b64encode(data).decode()}?="
