"""What of a mail was written before: the history mail programs put under an answer.

Odoo's pages fold what carries ``data-o-mail-quote``; Odoo itself marks the history of
western programs. Here it is found by the lines that programs used in China put above it
(Outlook, Foxmail, QQ, NetEase, Coremail, WeCom, DingTalk, phones), in any nesting, in
HTML and in plain text, in one pass.

Folded is only what stands under words of one's own: a mail that forwards, or answers
with nothing, is shown whole.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from lxml import etree, html

QUOTE = "data-o-mail-quote"
# of lines that are looked at together: sender, time, receivers, copies, subject
BLOCK = 8

_SEPARATOR = re.compile(
    r"[-_=—–*\s]{2,}\s*(?:原始?邮件(?:信息)?|原始郵件|回复的原邮件|转发(?:的)?(?:邮件|郵件)?(?:信息)?"
    r"|轉寄(?:的)?郵件|original(?: message)?|forwarded message|begin forwarded message)"
    r"\s*[-_=—–*\s]{2,}",
    re.IGNORECASE,
)
_SENDER = re.compile(r"(?:发\s*件\s*人|寄\s*件\s*[人者]|from)\s*:", re.IGNORECASE)
_FURTHER = re.compile(
    r"(?:发\s*送\s*(?:时\s*间|日\s*期)|日\s*期|时\s*间|寄件日期|傳送時間|sent|date"
    r"|收\s*件\s*[人者]|to|抄\s*送|副\s*本|cc|主\s*题|主\s*旨|subject)\s*:",
    re.IGNORECASE,
)
_WROTE = re.compile(r"(?:写道|寫道|来信|wrote)\s*:?$", re.IGNORECASE)
_MOMENT = re.compile(r"\d{1,2}:\d{2}|\d{4}\s*[-/年]|\d{1,2}\s*月\s*\d{1,2}\s*日|@")
_RULE = re.compile(r"[-_=—–*]{5,}$")
# what ends a line on the screen
_BLOCKS = frozenset(
    "address article blockquote body center dd div dl dt fieldset footer form h1 h2 h3"
    " h4 h5 h6 header hr li main ol p pre section table tbody td tfoot th thead tr"
    " ul".split()
)
_UNSEEN = frozenset(("head", "script", "style", "title"))


class Line(NamedTuple):
    """A line as a reader sees it; where it begins: in the ``text`` or the ``tail`` of
    an element, after so many characters, or (``element``) with the element."""

    text: str
    element: html.HtmlElement
    place: str
    offset: int
    quoted: bool


def fold_history(source: str) -> str:
    """Return a mail with its history marked, or as it is when there is none.

    :param source: HTML, as Odoo's gateway gives it
    """
    if not source or not source.strip():
        return source
    try:
        root = html.fragment_fromstring(source, create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        return source
    lines = _Reader().lines_of(root)
    place = _beginning(lines)
    if place is None or not _says_something(lines[:place]):
        return source
    _mark(root, lines, place)
    whole = html.tostring(root, encoding="unicode")
    return whole.removeprefix("<div>").removesuffix("</div>")


class _Reader:
    """Puts pieces of text together to the lines a reader sees."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.parts: list[str] = []
        self.start: tuple[html.HtmlElement, str, int] | None = None
        self.depth = 0  # of what is marked already

    def lines_of(self, root: html.HtmlElement) -> list[Line]:
        events = ("start", "end", "comment")
        for event, element in etree.iterwalk(root, events=events):
            if event == "comment" or not isinstance(element.tag, str):
                self.add(element, "tail")
                continue
            if element.tag in _BLOCKS or element.tag == "br":
                self.end_line()
            self.depth += self.step(event, element)
            if event == "end" and element is not root:
                self.add(element, "tail")
            elif event == "start" and element.tag not in _UNSEEN:
                self.add(element, "text")
        self.end_line()
        return [line for line in self.lines if line.text]

    @staticmethod
    def step(event: str, element: html.HtmlElement) -> int:
        is_marked = bool(element.get(QUOTE))
        return is_marked if event == "start" else -is_marked

    def end_line(self) -> None:
        if self.start:
            text = _plain("".join(self.parts))
            self.lines.append(Line(text, *self.start, self.depth > 0))
        self.parts.clear()
        self.start = None

    def add(self, element: html.HtmlElement, place: str) -> None:
        offset = 0
        for number, piece in enumerate((getattr(element, place) or "").split("\n")):
            if number:
                self.end_line()
            if piece.strip():
                self.start = self.start or (element, place, offset)
                self.parts.append(piece)
            elif piece:
                self.parts.append(" ")
            offset += len(piece) + 1


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _beginning(lines: list[Line]) -> int | None:
    """The first line of the history, ``None`` for none."""
    for place, line in enumerate(lines):
        if line.quoted:
            continue
        if _begins(lines, place):
            is_ruled = place and _RULE.match(lines[place - 1].text)
            return place - 1 if is_ruled else place
    return None


def _begins(lines: list[Line], place: int) -> bool:
    text = lines[place].text
    if _SEPARATOR.match(text):
        return True
    if _SENDER.match(text):
        after = [line.text for line in lines[place + 1 : place + BLOCK]]
        on_line = bool(_FURTHER.search(text, 6))
        return on_line or sum(bool(_FURTHER.match(line)) for line in after) >= 2
    if len(text) > 300 or not _WROTE.search(text):
        return False
    return bool(_MOMENT.search(text)) and _is_followed_by_quote(lines, place)


def _is_followed_by_quote(lines: list[Line], place: int) -> bool:
    """Whether a line that says who wrote is followed by what he wrote as a quotation;
    an address in it says so as well."""
    if "@" in lines[place].text or place + 1 == len(lines):
        return True
    following = lines[place + 1]
    return following.text.startswith(">") or _blockquote(following.element) is not None


def _blockquote(element: html.HtmlElement | None) -> html.HtmlElement | None:
    while element is not None and element.tag != "blockquote":
        element = element.getparent()
    return element


def _says_something(lines: list[Line]) -> bool:
    return any(not line.quoted and re.search(r"\w", line.text) for line in lines)


def _mark(root: html.HtmlElement, lines: list[Line], place: int) -> None:
    """Mark from a line to the end; a quotation under "he wrote" ends by itself, words
    under it are new."""
    first = lines[place]
    ends = None
    if _WROTE.search(first.text) and place + 1 < len(lines):
        ends = _blockquote(lines[place + 1].element)
        if ends is not None and _holds(ends, first.element):
            ends = None
    current = _start(root, first)
    while current is not root:
        after = list(current.itersiblings())
        _wrap_tail(current)
        for sibling in after:
            if isinstance(sibling.tag, str):
                sibling.set(QUOTE, "1")
            if sibling is ends:
                return
            _wrap_tail(sibling)
        current = current.getparent()


def _holds(outer: html.HtmlElement, inner: html.HtmlElement) -> bool:
    return inner is outer or any(one is outer for one in inner.iterancestors())


def _start(root: html.HtmlElement, line: Line) -> html.HtmlElement:
    """Mark the beginning: the largest element that begins with the line, or its text
    wrapped."""
    element = line.element
    text = getattr(element, line.place) or ""
    before, rest = text[: line.offset], text[line.offset :]
    if line.place == "text" and not before.strip() and element is not root:
        while _is_first(element) and element.getparent() is not root:
            element = element.getparent()
        element.set(QUOTE, "1")
        return element
    span = html.Element("span", {QUOTE: "1"})
    span.text = rest
    if line.place == "text":
        element.text = before
        element.insert(0, span)
    else:
        element.tail = None
        element.addnext(span)
        element.tail = before
    return span


def _is_first(element: html.HtmlElement) -> bool:
    parent = element.getparent()
    if element.getprevious() is not None or parent is None:
        return False
    return not (parent.text or "").strip()


def _wrap_tail(element: html.HtmlElement) -> None:
    if element.tail and element.tail.strip():
        span = html.Element("span", {QUOTE: "1"})
        span.text, element.tail = element.tail, None
        element.addnext(span)
