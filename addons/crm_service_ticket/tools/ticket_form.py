"""Check what a stranger typed into the ticket form. No Odoo.

Values come in as the browser sends them, leave trimmed and in one writing, and carry
a problem code per field; the caller turns codes into sentences.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO, NamedTuple, Protocol

from .form_extras import FormType, post_name, problem

# a field no person sees: who fills it is a program
HONEYPOT = "company_website"
MAX_LENGTHS = {
    "partner_name": 120,
    "company_name": 120,
    "partner_email": 254,
    "partner_phone": 40,
    "name": 160,
    "description": 20_000,
}
ONE_LINE = tuple(name for name in MAX_LENGTHS if name != "description")
NEEDED = ("name", "description")
# what must not be served back to an agent with one click
REFUSED_EXTENSIONS = frozenset(
    "apk app bat cmd com cpl dll exe hta htm html jar js jse lnk mht mhtml msi msp"
    " php pif ps1 reg scr sh shtml svg vb vbe vbs ws wsf xhtml xml xsl".split()
)
# C0 and C1 controls but tab and newline, surrogates, and what turns writing around
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff]"
)
_BLANKS = re.compile(r"\s+")


class Checked(Protocol):
    """What a check of the customer centre gives: one of the two is filled."""

    @property
    def value(self) -> str: ...

    @property
    def problem(self) -> str: ...


Check = Callable[[str], Checked]


class Upload(NamedTuple):
    """A file of the form: its name and size in bytes; of an archive, or an office
    document, which is one, how many bytes and files it unpacks to."""

    name: str
    size: int
    unpacked: int = 0
    members: int = 0


class FileLimits(NamedTuple):
    """Most files, most bytes of one file, most bytes and files it unpacks to."""

    count: int  # type: ignore[assignment]  # hides tuple.count
    size: int
    unpacked: int = 200 * 1024 * 1024
    members: int = 5000


class Form(NamedTuple):
    """:param values: cleaned values of the known fields, all strings
    :param problems: {field: problem code}; codes of ``crm_customer_center`` checks and
        ``required``, ``reachable``, ``too_long``, ``unknown_type``, and of
        ``form_extras.problem``
    :param is_robot: the field that no person sees was filled
    """

    values: dict[str, str]
    problems: dict[str, str]
    is_robot: bool


def clean_text(raw: object, one_line: bool = True) -> str:
    """Text without control characters; one line, or lines without trailing blanks."""
    typed = raw if isinstance(raw, str) else ""
    text = _CONTROLS.sub("", typed.replace("\r\n", "\n").replace("\r", "\n"))
    if one_line:
        return _BLANKS.sub(" ", text).strip()
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def read_form(
    raw: Mapping[str, object],
    checks: Mapping[str, Check],
    known: bool = False,
    types: Mapping[str, FormType] | None = None,
    devices: Mapping[str, str] | None = None,
) -> Form:
    """Clean and check one form.

    :param raw: what was posted; unknown names are ignored
    :param checks: {field: check}, of the e-mail and the phone
    :param known: the sender is signed in, so who he is need not be typed
    :param types: those offered, the first for who chooses none; none: it is not asked
    :param devices: the sender's, by the value the form sends; another's is nobody's
    """
    values = {name: clean_text(raw.get(name), name in ONE_LINE) for name in MAX_LENGTHS}
    types = types or {}
    chosen = clean_text(raw.get("ticket_type")) if types else ""
    values["ticket_type"] = chosen or next(iter(types), "")
    if devices:
        device = clean_text(raw.get("equipment"))
        values["equipment"] = device if device in devices else ""
    problems = _problems(values, known)
    if types and values["ticket_type"] not in types:
        problems["ticket_type"] = "unknown_type"
    _read_extras(raw, types, values, problems)
    _apply_checks(values, problems, checks)
    return Form(values, problems, bool(clean_text(raw.get(HONEYPOT))))


def _problems(values: dict[str, str], known: bool) -> dict[str, str]:
    required = NEEDED if known else ("partner_name", *NEEDED)
    problems = {name: "required" for name in required if not values[name]}
    if not known and not values["partner_email"] and not values["partner_phone"]:
        problems["partner_email"] = "reachable"
    for name, length in MAX_LENGTHS.items():
        if len(values[name]) > length:
            problems[name] = "too_long"
    return problems


def _read_extras(
    raw: Mapping[str, object],
    types: Mapping[str, FormType],
    values: dict[str, str],
    problems: dict[str, str],
) -> None:
    """Add what the chosen type asks for; what was typed for another one is let go."""
    kind = values["ticket_type"]
    for extra in types[kind].extras if kind in types else ():
        name = post_name(kind, extra)
        values[name] = clean_text(raw.get(name), extra.kind != "text")
        if code := problem(extra, values[name]):
            problems[name] = code


def _apply_checks(
    values: dict[str, str], problems: dict[str, str], checks: Mapping[str, Check]
) -> None:
    """Bring values into the writing of the customer master, or note the problem."""
    for name, check in checks.items():
        if not values[name] or name in problems:
            continue
        checked = check(values[name])
        if checked.value and not checked.problem:
            values[name] = checked.value
        else:
            # nothing but signs is neither a value nor a known mistake
            problems[name] = checked.problem or "required"


def look_at(name: str, stream: BinaryIO, largest: int) -> Upload:
    """Measure a file by what it says of itself, without unpacking anything.

    :param largest: a larger file is not looked into
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    is_archive = size <= largest and stream.read(2) == b"PK"
    members = _members(stream) if is_archive else []
    stream.seek(0)
    return Upload(name, size, sum(members), len(members))


def _members(stream: BinaryIO) -> list[int]:
    """The sizes an archive says its members unpack to; none for a damaged one, which
    is a file like any other until somebody opens it."""
    try:
        with zipfile.ZipFile(stream) as archive:
            return [member.file_size for member in archive.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return []


def content_key(values: Mapping[str, str], uploads: Iterable[Upload], who: str) -> str:
    """One text for everything a sender sent: equal when he sent the same again."""
    files = sorted((upload.name, upload.size) for upload in uploads)
    return json.dumps([who, sorted(values.items()), files])


def file_problem(upload: Upload, limits: FileLimits) -> str:
    """``file_type``, ``file_size``, ``file_unpacked``, ``file_empty`` or ''."""
    if not upload.size:
        return "file_empty"
    if upload.size > limits.size:
        return "file_size"
    if upload.unpacked > limits.unpacked or upload.members > limits.members:
        return "file_unpacked"
    parts = upload.name.casefold().rstrip(" .").split(".")
    # "invoice.exe.pdf " and "invoice.pdf.exe" alike
    if len(parts) < 2 or REFUSED_EXTENSIONS & {part.strip() for part in parts[1:]}:
        return "file_type"
    return ""


def file_problems(uploads: Iterable[Upload], limits: FileLimits) -> list[str]:
    """The problem of each file, in order; those past the count are ``file_count``."""
    return [
        file_problem(upload, limits) if place < limits.count else "file_count"
        for place, upload in enumerate(uploads)
    ]
