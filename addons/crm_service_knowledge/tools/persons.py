"""What of a customer's text says who he is, and the text without it. No Odoo.

A solution that becomes an article is read by people who were not meant by it. Names,
ways to reach somebody, numbers that identify, and links into our system give way to a
mark; who reviews the article reads the rest. A program finds most of it, never all.
"""

from __future__ import annotations

import html as escaping
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from lxml import etree, html

# shorter ones are parts of ordinary words, or such words
SHORTEST_NAME, SHORTEST_IN_LETTERS = 2, 4
# more of a text is no solution
READ = 100_000
# how a text is laid out may stay; what it leads to and looks like goes
_KEPT = frozenset(
    "p br div ul ol li b strong i em u code pre h1 h2 h3 h4 h5 h6 table thead tbody tr"
    " th td blockquote".split()
)
_DROPPED = frozenset("script style img picture video audio iframe object svg".split())
_TITLES = (
    "先生|女士|小姐|太太|经理|老师|主任|师傅|总监|厂长|工程师|总工|教授|博士"
    "|科长|处长|部长"
)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕张孔曹严华金魏陶姜戚谢"
    "邹喻柏窦章苏潘葛范彭郎鲁韦马苗方俞任袁柳唐罗薛雷贺倪汤滕殷毕郝邬安常"
    "乐于傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛狄米明臧成戴宋庞熊纪舒屈"
    "项祝董梁杜阮蓝季贾路江童颜郭梅林钟徐邱骆高夏蔡田胡凌霍万柯卢莫房解应"
    "丁邓洪包左石崔吉龚程邢裴陆荣翁侯段白叶温庄柴阎向廖耿匡文欧聂曾关刘龙"
    "史黎闫涂肖"
)


class Kind(NamedTuple):
    """What is looked for, and the name of its mark."""

    name: str
    pattern: re.Pattern[str]


# figures and signs of full width, as Chinese keyboards type them
_HALF = {ord(wide): chr(ord(wide) - 0xFEE0) for wide in "０１２３４５６７８９＠＋－．"}
# not within a longer number or word; Chinese stands right beside it
_BEFORE, _AFTER = r"(?<![\w.-])", r"(?![\w-])"


def _kind(name: str, pattern: str) -> Kind:
    # ASCII: a Chinese sign is no part of a number, nor of an address
    return Kind(name, re.compile(pattern, re.ASCII | re.IGNORECASE))


# in this order: an address contains names, a link numbers
KINDS = (
    _kind("link", r"(?<!\w)(?:https?://|www\.)[^\s<>\"'，。；、（）]+"),
    _kind("link", r"/(?:my/tickets|odoo|web|mail/view)/[\w./?=&#%-]+"),
    _kind("email", r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    _kind(
        "account",
        r"(?:微信|wechat|weixin|QQ|钉钉|whatsapp)\s*(?:号|群|id)?\s*"
        r"(?:[:：]\s*|(?=[\w-]{0,29}\d))[a-z0-9][\w-]{4,29}",
    ),
    # a person's number, a company's code, a bank card
    _kind("number", rf"{_BEFORE}\d{{17}}[\dX]{_AFTER}"),
    _kind("number", rf"{_BEFORE}(?=\w*\d{{8}})[0-9A-HJ-NPQRTUWXY]{{18}}{_AFTER}"),
    _kind(
        "number", rf"{_BEFORE}\d{{4}}(?:[ -]?\d{{4}}){{3}}(?:[ -]?\d{{1,3}})?{_AFTER}"
    ),
    _kind("phone", rf"{_BEFORE}(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d){{8}}{_AFTER}"),
    _kind("phone", rf"{_BEFORE}\+\d{{1,3}}(?:[ ()/.-]{{0,2}}\d){{6,12}}{_AFTER}"),
    _kind(
        "phone",
        rf"{_BEFORE}\(?0\d{{2,3}}\)?[ -]?\d{{7,8}}(?:[ 转-]{{1,2}}\d{{1,5}})?{_AFTER}",
    ),
    Kind("person", re.compile(f"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?(?:{_TITLES})")),
    Kind("person", re.compile(r"\b(?:Mr|Mrs|Ms|Dr)\.? [A-Z][\w'-]+(?: [A-Z][\w'-]+)?")),
)
# what a letter begins and ends with, as a line of its own or before the first comma
_GREETING = re.compile(
    r"(?i)^\s*(?:尊敬的|亲爱的)?[\u4e00-\u9fff]{0,8}?(?:您好|你好)[!！,，。.:：~ ]*"
    r"|^\s*(?:dear|hello|hi)\b[^,，!:\n]{0,40}[,，!:]\s*"
)
_SIGNATURE = re.compile(
    r"(?i)^\s*(?:此致|敬礼|顺祝商祺|祝好|(?:with )?(?:best |kind )?regards"
    r"|many thanks|thank you|谢谢)[\s,，.。!！]*$"
)


class Cleaned(NamedTuple):
    """:param text: without what says who somebody is
    :param found: the kinds of what was taken out, each once"""

    text: str
    found: tuple[str, ...]


def clean_line(text: str, names: Iterable[str], marks: Mapping[str, str]) -> Cleaned:
    """Return a plain text without what says who somebody is.

    :param names: what this customer is called, and the numbers that are his
    :param marks: what stands instead, by kind: those of ``KINDS`` and ``name``

    >>> marks = dict.fromkeys(("name", "phone", "person"), "…")
    >>> clean_line("瑞达的李经理，138 1234 5678", ["瑞达"], marks).text
    '…的…，…'
    """
    found: dict[str, None] = {}
    text = text.translate(_HALF)
    for kind, pattern in (*KINDS, *_of_names(names)):

        def mark(match: re.Match[str], kind: str = kind) -> str:
            found[kind] = None
            return marks.get(kind, "…")

        text = pattern.sub(mark, text)
    return Cleaned(text, tuple(found))


def clean_html(source: str, names: Iterable[str], marks: Mapping[str, str]) -> Cleaned:
    """Return an HTML text without what says who somebody is: paragraphs, lists and
    tables stay, pictures, links and whatever is not shown go.

    What is written across several tags, so that no part of it says anything, is found
    in the lines as they are read; the text is laid out in plain lines then.
    """
    root = _parsed(source)
    if root is None:
        return Cleaned("", ())
    known = list(names)
    _strip(root)
    found: dict[str, None] = {}

    def clean(text: str) -> str:
        cleaned = clean_line(text, known, marks)
        found.update(dict.fromkeys(cleaned.found))
        return cleaned.text

    before = list(_lines(root))
    _without_letter(root)
    _each_text(root, clean)
    if any(clean_line(line, known, {}).found for line in _lines(root)):
        kept = filter(None, map(_of_letter, before))
        parts = (f"<p>{escaping.escape(clean(line), quote=False)}</p>" for line in kept)
        return Cleaned("".join(parts), tuple(found))
    inner = html.tostring(root, encoding="unicode")
    return Cleaned(inner.removeprefix("<div>").removesuffix("</div>"), tuple(found))


def said_of(text: str, names: Iterable[str]) -> list[str]:
    """Return which of the names and numbers of a customer stand in a plain text."""
    text = text.translate(_HALF)
    return [name for name in _worth(names) if _name_pattern(name).search(text)]


# ------------------------------------------------------------
# NAMES
# ------------------------------------------------------------


def _worth(names: Iterable[str]) -> list[str]:
    """The names that can be looked for, the longest first."""
    known = {" ".join(name.split()) for name in names if name}
    long = (n for n in known if len(n) >= _shortest(n))
    return sorted(long, key=lambda n: (-len(n), n))


def _shortest(name: str) -> int:
    return SHORTEST_IN_LETTERS if name.isascii() else SHORTEST_NAME


def _of_names(names: Iterable[str]) -> Iterator[Kind]:
    for name in _worth(names):
        yield Kind("name", _name_pattern(name))


def _name_pattern(name: str) -> re.Pattern[str]:
    """A name however it is spaced and written; one of letters only as a whole word."""
    pattern = r"\s*".join(map(re.escape, name.replace(" ", "")))
    if name.isascii():
        pattern = rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"
    return re.compile(pattern, re.IGNORECASE)


# ------------------------------------------------------------
# HTML
# ------------------------------------------------------------


def _parsed(source: str) -> html.HtmlElement | None:
    if not source or not source.strip():
        return None
    try:
        return html.fragment_fromstring(source[:READ], create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _strip(root: html.HtmlElement) -> None:
    """Keep how the text is laid out, and nothing that is not read."""
    for element in list(root.iter()):
        if element is root:
            element.attrib.clear()
        elif not isinstance(element.tag, str) or element.tag in _DROPPED:
            element.drop_tree()
        elif element.tag in _KEPT:
            element.attrib.clear()
        else:
            element.drop_tag()


def _each_text(root: html.HtmlElement, change: Callable[[str], str]) -> None:
    for element in root.iter():
        if element.text:
            element.text = change(element.text)
        if element.tail:
            element.tail = change(element.tail)


def _without_letter(root: html.HtmlElement) -> None:
    """Take out the greeting and what stands under the text."""
    for element in list(root):
        text = "".join(element.itertext())
        if text.strip() and not _of_letter(text):
            element.drop_tree()
        elif element.text and (first := _GREETING.match(element.text)):
            element.text = element.text[first.end() :]


def _of_letter(line: str) -> str:
    """The line without a greeting; '' where it is no more, or the end of a letter."""
    text = _GREETING.sub("", line, count=1).strip()
    return "" if _SIGNATURE.match(text) else text


_BREAKS = frozenset(
    "p br div li tr h1 h2 h3 h4 h5 h6 pre blockquote table ul ol".split()
)


def _lines(root: html.HtmlElement) -> Iterator[str]:
    """The lines of a text as they are read."""
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag in _BREAKS:
            parts.append("\n")
        text = element.text if event == "start" else element.tail
        if text and not (event == "end" and element is root):
            parts.append(text)
        if event == "end" and element.tag in ("td", "th"):
            parts.append(" ")
    for line in "".join(parts).splitlines():
        if line.strip():
            yield line.strip()
