"""Who sent a mail: a person, or a machine, and which kind. One table decides.

What headers say comes first (RFC 3834 and what is used instead of it), then how the
mail is built and whom it answers. Words come last and never alone: who writes *about*
automatic replies is a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from .mail_reader import Mail
from .mail_syntax import header_text, mailboxes, message_ids

PERSON = "person"
# a person's words that a machine passes on: mailing lists, forms of a website
RELAYED = "list"
# speaks of itself: alarms, invoices, newsletters, another system's notices
MACHINE = "machine"
AUTO_REPLY = "auto_reply"
BOUNCE = "bounce"
DELAY = "delay"
RECEIPT = "receipt"
OWN = "own"

# reports about mail of ours
REPORTS = frozenset((BOUNCE, DELAY, RECEIPT))
# what never becomes a ticket by itself
STOPPING = REPORTS | {AUTO_REPLY, OWN}
# whose word is the customer's
SPEAKING = frozenset((PERSON, RELAYED))

HEADER, STRUCTURE, WORDS = "header", "structure", "words"

# of each part that speaks of a mail: its kind, and the headers at its beginning
Heads = Sequence[tuple[str, Mapping[str, bytes]]]
# so far down a mail that is copied below a text is looked for
MAX_QUOTED = 200_000

_DAEMON = re.compile(
    r"^(?:mailer-?daemon|mail-?daemon|postmaster|mail-?delivery|maildelivery|"
    r"mdaemon|bounces?|no-?reply-?bounce)\b",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"^(?:no-?_?reply|do-?_?not-?_?reply|postmaster|mailer-?daemon|bounces?|notifier"
    r"|notifications?)\b",
    re.IGNORECASE,
)
_AUTO_SUBJECT = re.compile(
    r"^\s*(?P<mark>auto(?:matic|mated)?[ -]?(?:reply|response)"
    r"|out of (?:the )?office(?: (?:auto)?reply)?"
    r"|自动回复|自動回覆|自動回復|自动答复|自動答覆|系统自动回复"
    r"|不在办公室|外出|abwesenheitsnotiz|abwesend|automatische antwort"
    r"|réponse automatique|absence"
    r"|respuesta automática|risposta automatica|自動応答|不在通知|부재중)"
    r"\s*[:：]\s*",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"undeliver|not be delivered|returned|returned to sender|delivery (?:has )?fail"
    r"|failure notice|no such user|user unknown|mailbox (?:is )?full|退信|退回|未送达"
    r"|无法投递|投递失败|发送失败|无法送达|查无此人|不存在|被拒|拒收|unzustellbar",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delay|will (?:be )?retr|keep trying|not yet been delivered|still trying|temporary"
    r"|延迟|延遲|暂时|重试|继续尝试|verzögert",
    re.IGNORECASE,
)
_FIELD = re.compile(rb"^([A-Za-z-]{2,40}):[ \t]*(.*(?:\r?\n[ \t].*)*)", re.MULTILINE)
_QUOTED_ID = re.compile(
    r"^[>\s]*(?:x-microsoft-original-)?message-id:\s*(<[^<>\s]{3,300}>)",
    re.IGNORECASE | re.MULTILINE,
)

_QUOTED_TO = re.compile(r"^[>\s]*to:\s*(\S.{0,300})", re.IGNORECASE | re.MULTILINE)


# values of headers that deny what the header is there to say
_NOTHING = frozenset(("", "no", "false", "none", "0"))
_PRECEDENCE = ("precedence", "x-precedence")


class Status(NamedTuple):
    """What a report says of one recipient: ``action`` (failed, delayed, …) and
    ``code`` (5.1.1) in lower case, ``""`` for none; ``recipient``: address."""

    action: str
    code: str
    recipient: str


class Facts(NamedTuple):
    """What is known of a mail. ``headers``: names in lower case to decoded values;
    ``kind``: of the whole mail; ``statuses``: of a delivery report; ``is_receipt``:
    there is a part that says the mail was read; ``enclosed``: Message-IDs of mails it
    encloses; ``recipient``: whom our mail did not reach, as far as it is said."""

    headers: Mapping[str, str]
    sender: str = ""
    reply_to: str = ""
    kind: str = "text/plain"
    report_type: str = ""
    statuses: tuple[Status, ...] = ()
    is_receipt: bool = False
    enclosed: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    recipient: str = ""
    subject: str = ""
    text: str = ""


class Known(NamedTuple):
    """What only the database knows. ``sources``: what our own mails carry in
    ``X-Service-Source``; ``ours``: which of the enclosed and referenced Message-IDs are
    of mails of ours; ``is_answer``: the mail answers a ticket, by whatever sign."""

    sources: frozenset[str] = frozenset()
    ours: frozenset[str] = frozenset()
    is_answer: bool = False


class Verdict(NamedTuple):
    """``kind``: one of the constants above; ``reason``: what says so, as it was found,
    empty for a person; ``level``: which sort of evidence that is."""

    kind: str
    reason: str = ""
    level: str = ""

    @property
    def is_weak(self) -> bool:
        """Whether a person should look at it: words had a part in it."""
        return self.level == WORDS


class Sign(NamedTuple):
    """One row of the table. ``test``: returns what was found, ``""`` for nothing."""

    level: str
    kind: str
    test: Callable[[Facts, Known], str]


def classify(facts: Facts, known: Known) -> Verdict:
    """Say who sent a mail: by the first row of the table that finds something."""
    for sign in EVIDENCE:
        found = sign.test(facts, known)
        if found:
            return Verdict(sign.kind, found, sign.level)
    return Verdict(PERSON)


def without_mark(subject: str) -> str:
    """Return what an automatic answer was about; ``""`` where the subject does not
    begin like one."""
    match = _AUTO_SUBJECT.match(subject)
    return subject[match.end() :].strip() if match else ""


# ------------------------------------------------------------
# SIGNS
# ------------------------------------------------------------


def _header(
    *names: str, says: tuple[str, ...] = ("",)
) -> Callable[[Facts, Known], str]:
    """The first header of one of these names that says something but no.

    :param says: how it has to begin
    """

    def test(facts: Facts, _known: Known) -> str:
        for name in names:
            said = facts.headers.get(name, "").strip()
            word = said.lower()
            if word not in _NOTHING and word.startswith(says):
                return f"{_title(name)}: {said[:200]}"
        return ""

    return test


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _is_ours_again(facts: Facts, known: Known) -> str:
    source = facts.headers.get("x-service-source", "").strip()
    if source and source in known.sources and not _is_report(facts):
        return f"X-Service-Source: {source}"
    return ""


def _is_report(facts: Facts) -> bool:
    return bool(facts.statuses or facts.is_receipt or facts.report_type)


def _was_read(facts: Facts, _known: Known) -> str:
    if facts.is_receipt or facts.report_type == "disposition-notification":
        return f"Content-Type: {facts.kind}; report-type=disposition-notification"
    return ""


def _status(*wanted: Callable[[Status], bool]) -> Callable[[Facts, Known], str]:
    def test(facts: Facts, _known: Known) -> str:
        for status in facts.statuses:
            if any(want(status) for want in wanted):
                said = (f"Action: {status.action}", f"Status: {status.code}")
                return "; ".join(filter(None, (*said, status.recipient)))
        return ""

    return test


def _is_failure(status: Status) -> bool:
    return status.action == "failed" and status.code[:1] not in ("2", "4")


def _is_delay(status: Status) -> bool:
    return status.action in ("delayed", "failed") or status.code[:1] == "4"


def _is_delivery(status: Status) -> bool:
    return status.action in ("delivered", "relayed", "expanded") or (
        status.code[:1] == "2"
    )


def _is_daemon(facts: Facts) -> str:
    """Mail systems write under names of their own, or under none."""
    local = facts.sender.partition("@")[0]
    if _DAEMON.match(local):
        return f"From: {facts.sender}"
    if facts.headers.get("return-path", "").strip() == "<>":
        return "Return-Path: <>"
    return "From: <>" if facts.headers.get("from", "").strip() == "<>" else ""


def _returns_ours(wants_delay: bool) -> Callable[[Facts, Known], str]:
    """A mail system encloses a mail of ours: it did not arrive, or not yet."""

    def test(facts: Facts, known: Known) -> str:
        daemon = _is_daemon(facts)
        enclosed = next((i for i in facts.enclosed if i in known.ours), "")
        if not daemon or not enclosed or _says_delay(facts) != wants_delay:
            return ""
        return f"{daemon}; Message-ID: {enclosed}"

    return test


def _says_delay(facts: Facts) -> bool:
    text = f"{facts.subject}\n{facts.text}"
    return bool(_DELAYED.search(text)) and not _FAILED.search(text)


def _returns_something(facts: Facts, _known: Known) -> str:
    """A mail system that is called one, or a report about a mail that is not ours."""
    local = facts.sender.partition("@")[0].lower().replace("-", "")
    if local == "mailerdaemon":
        return f"From: {facts.sender}"
    daemon = _is_daemon(facts)
    text = f"{facts.subject}\n{facts.text}"
    if daemon.startswith("From: postmaster"):
        # that may be a person, who sends a mail along
        daemon = daemon if _FAILED.search(text) or _DELAYED.search(text) else ""
    if daemon and (facts.enclosed or facts.report_type):
        return f"{daemon}; Message-ID: {next(iter(facts.enclosed), '')}"
    return ""


def _daemon_about_ours(facts: Facts, known: Known) -> str:
    daemon = _is_daemon(facts)
    answered = next((i for i in facts.references if i in known.ours), "")
    failed = _FAILED.search(f"{facts.subject}\n{facts.text[:2000]}")
    if daemon and answered and failed:
        return f"{daemon}; In-Reply-To: {answered}; “{failed[0]}”"
    return ""


def _is_robot(wants_person: bool) -> Callable[[Facts, Known], str]:
    """No-reply addresses; a form of a website says in ``Reply-To`` who wrote."""

    def test(facts: Facts, _known: Known) -> str:
        if not _ROBOT.match(facts.sender.partition("@")[0]):
            return ""
        answer_to = facts.reply_to.partition("@")
        for_person = (
            bool(answer_to[2])
            and facts.reply_to.lower() != facts.sender.lower()
            and not _ROBOT.match(answer_to[0])
        )
        return f"From: {facts.sender}" if for_person == wants_person else ""

    return test


def _exchange_answers(facts: Facts, known: Known) -> str:
    """Exchange says of answers, and of what its users let it forward, that a rule made
    them; an answer answers something."""
    for name in (
        "x-ms-exchange-generated-message-source",
        "x-ms-exchange-inbox-rules-loop",
    ):
        said = facts.headers.get(name, "").strip()
        if said and (known.is_answer or _AUTO_SUBJECT.match(facts.subject)):
            return f"{_title(name)}: {said[:200]}"
    return ""


def _says_automatic(facts: Facts, known: Known) -> str:
    """The subject begins like that of an automatic answer, and it answers us."""
    if _AUTO_SUBJECT.match(facts.subject) and known.is_answer:
        return f"Subject: {facts.subject[:200]}"
    return ""


# the first row that finds something decides
EVIDENCE: tuple[Sign, ...] = (
    Sign(HEADER, OWN, _is_ours_again),
    # reports say what they are; many call themselves automatic answers as well
    Sign(HEADER, RECEIPT, _was_read),
    Sign(HEADER, BOUNCE, _status(_is_failure)),
    Sign(HEADER, DELAY, _status(_is_delay)),
    Sign(HEADER, RECEIPT, _status(_is_delivery)),
    Sign(HEADER, BOUNCE, _header("x-failed-recipients")),
    # what mail systems send that know no reports: QQ, 163, old daemons
    Sign(STRUCTURE, DELAY, _returns_ours(wants_delay=True)),
    Sign(STRUCTURE, BOUNCE, _returns_ours(wants_delay=False)),
    Sign(STRUCTURE, BOUNCE, _returns_something),
    # automatic answers
    Sign(HEADER, AUTO_REPLY, _header("auto-submitted", says=("auto-replied",))),
    Sign(
        HEADER,
        AUTO_REPLY,
        _header(
            "x-autoreply",
            "x-auto-reply",
            "x-autoreply-from",
            "x-auto-reply-from",
            "x-mail-autoreply",
            "x-autorespond",
            "x-autorespond-from",
            "x-autoresponder",
            "x-vacation",
        ),
    ),
    Sign(HEADER, AUTO_REPLY, _header("x-autogenerated", says=("reply",))),
    Sign(STRUCTURE, AUTO_REPLY, _exchange_answers),
    Sign(
        HEADER,
        AUTO_REPLY,
        _header("x-post-messageclass", says=("9; autoresponder",)),
    ),
    Sign(HEADER, AUTO_REPLY, _header("delivered-to", says=("autoresponder",))),
    Sign(
        HEADER,
        AUTO_REPLY,
        _header(*_PRECEDENCE, "preference", says=("auto_reply",)),
    ),
    Sign(HEADER, AUTO_REPLY, _header("return-path", says=("<>",))),
    # what a machine says of itself
    Sign(
        HEADER,
        MACHINE,
        _header(
            "auto-submitted",
            "x-autogenerated",
            "x-cron-env",
            "x-fc-machinegenerated",
        ),
    ),
    # what a machine passes on
    Sign(HEADER, RELAYED, _header("list-post")),
    Sign(HEADER, RELAYED, _header(*_PRECEDENCE, says=("list",))),
    Sign(HEADER, MACHINE, _header(*_PRECEDENCE, says=("bulk", "junk"))),
    Sign(HEADER, RELAYED, _header("list-id")),
    Sign(STRUCTURE, RELAYED, _is_robot(wants_person=True)),
    Sign(STRUCTURE, MACHINE, _is_robot(wants_person=False)),
    # words, with something that bears them out
    Sign(WORDS, BOUNCE, _daemon_about_ours),
    Sign(WORDS, AUTO_REPLY, _says_automatic),
)


# ------------------------------------------------------------
# FACTS
# ------------------------------------------------------------


@lru_cache(maxsize=4)
def facts_of(mail: Mail) -> Facts:
    """Gather what there is to be known of a mail."""
    headers: dict[str, str] = {}
    for name, value in mail.headers:
        headers.setdefault(name.lower(), header_text(value, mail.hint))
    kind, options = mail.kind
    statuses = tuple(
        status
        for part, data in mail.reports
        if part == "message/delivery-status"
        for status in _statuses(data)
    )
    heads = [(part, _fields(_head(data))) for part, data in mail.reports]
    reply_to = next((b.address for b in mail.boxes("reply-to") if b.address), "")
    return Facts(
        headers=headers,
        sender=mail.sender.address.lower(),
        reply_to=reply_to.lower(),
        kind=kind,
        report_type=options.get("report-type", "").lower() if "report" in kind else "",
        statuses=statuses,
        is_receipt=any(
            part == "message/disposition-notification" for part, _d in mail.reports
        ),
        enclosed=_enclosed(mail, heads),
        references=tuple(
            message_ids(headers.get("references", ""))[-50:]
            + message_ids(headers.get("in-reply-to", ""))
        ),
        recipient=_unreached(mail, headers, statuses, heads),
        subject=mail.subject,
        text=mail.plain[:5_000],
    )


def _fields(data: bytes) -> dict[str, bytes]:
    """The headers at the beginning of an enclosed mail or of a block of a report."""
    return {
        name.lower().decode(): value for name, value in reversed(_FIELD.findall(data))
    }


def _statuses(data: bytes) -> list[Status]:
    found = []
    for block in re.split(rb"\r?\n[ \t]*\r?\n", data[:100_000]):
        block_fields = _fields(block)
        action = header_text(block_fields.get("action", b"")).lower()
        code = header_text(block_fields.get("status", b"")).lower()
        if not action and not code:
            continue
        to = block_fields.get("final-recipient") or block_fields.get(
            "original-recipient", b""
        )
        found.append(
            Status(
                action.split()[0] if action else "",
                code,
                _address(to.partition(b";")[2]),
            )
        )
    return found


def _address(raw: bytes) -> str:
    return next((box.address.lower() for box in mailboxes(raw) if box.address), "")


def _head(data: bytes) -> bytes:
    return re.split(rb"\r?\n\r?\n", data.lstrip()[:100_000], maxsplit=1)[0]


def _enclosed(mail: Mail, heads: Heads) -> tuple[str, ...]:
    """Message-IDs of mails that a mail encloses: as a part, as the headers alone, or
    copied below its text."""
    found: list[str] = []
    for _kind, said in heads:
        for name in (
            "message-id",
            "original-message-id",
            "x-microsoft-original-message-id",
        ):
            found += message_ids(header_text(said.get(name, b"")))
    found += _QUOTED_ID.findall(mail.plain[:MAX_QUOTED])
    return tuple(dict.fromkeys(found))


def _unreached(
    mail: Mail,
    headers: Mapping[str, str],
    statuses: tuple[Status, ...],
    heads: Heads,
) -> str:
    """Whom our mail did not reach, as far as it is said."""
    for status in sorted(statuses, key=lambda status: not _is_failure(status)):
        if status.recipient:
            return status.recipient
    written = [headers.get("x-failed-recipients", "").encode()]
    written += [
        said.get("to", b"")
        for kind, said in heads
        if kind in ("message/rfc822", "text/rfc822-headers")
    ]
    quoted = _QUOTED_TO.search(mail.plain[:MAX_QUOTED])
    written.append(quoted[1].encode() if quoted else b"")
    return next(filter(None, map(_address, written)), "")
