"""Find the row of column titles and say what each column means."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import NamedTuple

from .errors import ImportFileError
from .fields import IGNORE, REASON_HEADERS, SYNONYMS, header_key
from .names import looks_like_company
from .table import HEAD_ROWS, CellProblem, Row, Table

SIMILAR = 0.8
LONGEST_TITLE = 40
_NUMBERED = re.compile(r"^(.*?)\s*\((\d+)\)$")
_BRACKETS = re.compile(r"[(\[【（].*?[)\]】）]")
_PARTS = re.compile(r"[/\n|、,;]+")
_SUM = "合计|总计|小计|共计|累计|总共|汇总|计数|平均值?|合計|總計|小計|共計|彙總|累計"
# A word that may make a row one of totals; what follows looks closer.
_TOTAL = re.compile(
    r"[合总小共累總汇彙计平]\s*[计計总總共和额額数均有\d]"
    r"|[Tt][Oo][Tt][Aa][Ll]|[Ss][Uu][Mm]|[Aa][Vv][Ee][Rr]|[Cc][Oo][Uu][Nn][Tt]"
)
# Nobody is called so.
_SURE_TOTALS = frozenset(
    header_key(word)
    for word in (*_SUM.replace("?", "").split("|"), "平均", "总数", "总和", "总额",
                 "合计数", "合计金额", "总金额", "本页合计", "本页小计", "本月合计",
                 "Grand total", "Subtotal", "Sub total", "Page total")
)  # fmt: skip
_TOTAL_KEY = re.compile(
    rf"(?:.{{0,20}}?(?:{_SUM})(?:数|金额|额|元|万元)?"
    rf"|(?:以上)?(?:{_SUM}|总共|共有?)\d+.{{0,6}}"
    r"|(?:.{0,20}(?:sub|grand))?totals?(?:of|for|amount)?\d*|sum|average|count"
    r"|totalfor.{1,20}|.{1,20}total)$"
)
_UNITS = frozenset("元家户个条人位名笔万千百亿角分年月日吨件台项次户CNYRMBcnyrmb")
_REASONS = frozenset(map(header_key, REASON_HEADERS))
# Fields that several columns of one file may fill together.
SHARED = frozenset(
    {"comment", "tags", "phone2", "email2", "fax", "wechat", "qq", IGNORE}
)
# Where the second column of one meaning goes.
SECOND = {"phone": "phone2", "mobile": "phone2", "email": "email2",
          "contact_email": "email2"}  # fmt: skip
# 负责人 is the owner in a list that names the contact, else the contact.
_RESPONSIBLE = frozenset({"负责人", "負責人", "主管", "经理"})


class Header(NamedTuple):
    """The titles. row_number: of the title row; data begins below it.

    labels: one per column, '' where the column has no title; a title used twice
        gets " (2)" and so on.
    """

    row_number: int
    labels: tuple[str, ...]


class ColumnMatch(NamedTuple):
    """What a column means.

    index: 0-based column; header: its label
    field: a key of fields.FIELDS, ``property:<label>``, ``ignore``, or None
    confidence: 0..1
    why: remembered, exact, part, similar, second, context, reason_column,
        no_title, unknown, taken (another column of the file has that field)
    """

    index: int  # type: ignore[assignment]  # hides tuple.index
    header: str
    field: str | None
    confidence: float
    why: str


class _Guess(NamedTuple):
    field: str | None
    confidence: float
    why: str


_UNKNOWN = _Guess(None, 0.0, "unknown")
_TAKEN = _Guess(None, 0.0, "taken")


# --- finding ----------------------------------------------------------------------


def find_header(rows: Sequence[Row]) -> Header:
    """Find the titles among the first rows (``Table.head()``).

    The row with most cells that are known titles; a merged title or notes above
    have none. Raises ImportFileError('no_header').
    """
    head = rows[:HEAD_ROWS]
    best = max(head, key=lambda row: (_score(row), -row.number), default=None)
    if best is None or _score(best) <= 0:
        raise ImportFileError("no_header", rows=str(HEAD_ROWS))
    width = max(len(row.cells) for row in head)
    best = _two_rows(best, head, width)
    return Header(best.number, _unique(_spread(best, width)))


def _spread(row: Row, width: int) -> tuple[str, ...]:
    """Write a title that is merged across columns above each filled one."""
    cells = list(row.cells)
    for first, last in row.spans:
        end = min(last + 1, width)
        if first < len(cells):
            cells += [""] * (end - len(cells))
            for index in range(first + 1, end):
                cells[index] = cells[index] or cells[first]
    return tuple(cells)


def _two_rows(best: Row, head: Sequence[Row], width: int) -> Row:
    """Join titles that stand in two rows: 联系方式 above 电话, 手机, 邮箱.

    The lower title counts where both rows have one.
    """
    for upper, lower in pairwise(head):
        if best not in (upper, lower) or lower.number != upper.number + 1:
            continue
        titles = (_spread(upper, width), _spread(lower, width))
        pairs = zip_longest(*titles, fillvalue="")
        joined = Row(lower.number, tuple(low.strip() or up for up, low in pairs))
        if _are_titles(lower) and _score(joined) >= _score(best) + 1:
            return joined
    return best


def _are_titles(row: Row) -> bool:
    """Tell a row that holds known titles only, and more than one."""
    filled = [cell for cell in row.cells if cell.strip()]
    return len(filled) > 1 and all(_guess(cell).confidence >= 0.9 for cell in filled)


def _score(row: Row) -> float:
    """Rate a row as titles; 0 when it cannot be."""
    filled = [cell for cell in row.cells if cell.strip()]
    hits = sum(_guess(cell).confidence >= 0.9 for cell in filled)
    data = sum(map(_is_data, filled))
    if not hits or (hits == 1 and (data or len(filled) > 4)):
        return 0.0
    return hits - data + 0.01 * len(filled)


def _is_data(cell: str) -> bool:
    digits = sum(char.isdigit() for char in cell)
    return digits > 4 or "@" in cell or len(cell) > LONGEST_TITLE


def _unique(cells: Sequence[str]) -> tuple[str, ...]:
    """Trim titles and number those that occur again."""
    labels: list[str] = []
    taken: set[str] = set()
    for cell in cells:
        title = " ".join(unicodedata.normalize("NFC", cell).split())
        label, count = title, 1
        while label and label in taken:
            count += 1
            label = f"{title} ({count})"
        taken.add(label)
        labels.append(label)
    return tuple(labels)


def data_rows(table: Table, header: Header) -> Iterator[Row]:
    """Yield the rows below the titles, each padded to the number of titles.

    Titles repeated on every printed page and rows of totals are marked with a
    problem of column -1, so that they are skipped and still counted; so are rows
    with a cell right of the last title, whose cells may be shifted: they are refused.
    """
    titles = _Titles(header.labels)
    width = len(header.labels)
    for row in table.rows():
        if row.number > header.row_number:
            cells = (*row.cells, *[""] * (width - len(row.cells)))
            problem = _row_problem(cells, titles)
            yield Row(row.number, cells, row.problems + problem)


class _Titles:
    """What the titles say of the columns below them."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.keys = tuple(map(header_key, labels))
        meanings = [_guess(label).field or "" for label in labels]
        self._initials = {label[:1].casefold() for label in labels if label}
        self._names = _columns(meanings, ("company_name",))
        self._phones = _columns(meanings, ("phone", "mobile", "phone2"))
        self._notes = _columns(meanings, ("comment", "tags", "street"))

    def repeat_in(self, cells: Sequence[str]) -> bool:
        """Tell whether a row is the titles once more."""
        first = next(filter(None, cells), "")
        if first[:1].casefold() not in self._initials:
            return False  # looked at first: most rows end here
        several = sum(map(bool, cells)) > 1
        return several and header_key(first) in self.keys and _repeats(cells, self.keys)

    def names_company(self, cells: Sequence[str]) -> bool:
        """Tell whether the name in a row is that of a company."""
        return any(looks_like_company(cells[index]) for index in self._names)

    def reaches_somebody(self, cells: Sequence[str]) -> bool:
        """Tell whether a row has an e-mail address or a phone number."""
        phones = (cells[index] for index in self._phones)
        called = any(sum(char.isdigit() for char in cell) >= 7 for cell in phones)
        return called or any("@" in cell for cell in cells)

    def outside_notes(self, cells: Sequence[str]) -> list[str]:
        """Return the cells that are no notes, tags or addresses."""
        return [c for index, c in enumerate(cells) if index not in self._notes]


def _columns(meanings: Sequence[str], wanted: Sequence[str]) -> frozenset[int]:
    return frozenset(index for index, name in enumerate(meanings) if name in wanted)


def _row_problem(cells: tuple[str, ...], titles: _Titles) -> tuple[CellProblem, ...]:
    if titles.repeat_in(cells):
        return (CellProblem(-1, "repeated_header", next(filter(None, cells))),)
    total = _total_word(cells, titles) if _TOTAL.search("|".join(cells)) else ""
    if total:
        return (CellProblem(-1, "total_row", total),)
    if len(cells) == len(titles.keys):
        return ()
    beyond = cells[len(titles.keys) :]
    extra = next((cell for cell in beyond if any(map(str.isalnum, cell))), "")
    return (CellProblem(-1, "extra_cell", extra),) if extra else ()


def _total_word(cells: tuple[str, ...], titles: _Titles) -> str:
    """Return the word that makes a row one of totals, '' when it is a customer's.

    A word for totals in any cell, and mostly numbers beside it. 合计 alone is one;
    华东区小计, 共 27 家 or “Total” are only beside nothing but numbers and where
    nobody can be reached by the row: they may be names.
    """
    words = (cell for cell in cells if len(cell) < LONGEST_TITLE)
    found = [cell for cell in words if cell and _is_total(header_key(cell))]
    plain = [cell for cell in found if header_key(cell) in _SURE_TOTALS]
    others = [cell for cell in cells if any(map(str.isalnum, cell))]
    others = [cell for cell in others if cell not in found]
    texts = sum(not _is_number(cell) for cell in others)
    numbers = len(others) - texts
    if not found or titles.names_company(cells):
        return ""
    if set(plain) & set(titles.outside_notes(cells)):
        return plain[0] if texts <= numbers else ""
    only_numbers = not texts and (numbers or len(found[0]) < 12)
    return found[0] if only_numbers and not titles.reaches_somebody(cells) else ""


def _is_total(key: str) -> bool:
    return key in _SURE_TOTALS or bool(_TOTAL_KEY.match(key))


def _is_number(cell: str) -> bool:
    """Tell an amount: digits with at most a unit beside them, or a formula."""
    letters = [char for char in cell if char.isalpha() and char not in _UNITS]
    return cell.startswith("=") or (not letters and any(map(str.isdigit, cell)))


def _repeats(cells: Sequence[str], titles: tuple[str, ...]) -> bool:
    """Titles numbered by _unique() repeat without their number."""
    pairs = zip(cells, titles, strict=False)
    return all(not cell or title.startswith(header_key(cell)) for cell, title in pairs)


# --- meaning ----------------------------------------------------------------------


def match_headers(
    labels: Sequence[str], remembered: Mapping[str, str] | None = None
) -> list[ColumnMatch]:
    """Say what each column means, one ColumnMatch per label in their order.

    :param remembered: header_key(label) -> field name, as a person decided before
    """
    guesses = [_column_guess(label, remembered or {}) for label in labels]
    _decide_responsible(labels, guesses)
    _settle(guesses)
    return [
        ColumnMatch(index, label, *guess)
        for index, (label, guess) in enumerate(zip(labels, guesses, strict=True))
    ]


def _column_guess(label: str, remembered: Mapping[str, str]) -> _Guess:
    if not label.strip():
        return _Guess(None, 0.0, "no_title")
    known = remembered.get(header_key(label))
    if known:
        return _Guess(known, 1.0, "remembered")
    base = _NUMBERED.match(label)
    return _guess(base[1] if base else label)


@lru_cache(maxsize=4096)
def _guess(label: str) -> _Guess:
    """Guess from the title alone: whole, without brackets, in parts, similar."""
    if len(label) > LONGEST_TITLE or not label.strip():
        return _UNKNOWN
    key = header_key(label)
    if key in _REASONS:
        return _Guess(IGNORE, 1.0, "reason_column")
    if key in SYNONYMS:
        return _Guess(SYNONYMS[key], 1.0, "exact")
    for part in _title_parts(label):
        if part in SYNONYMS:
            return _Guess(SYNONYMS[part], 0.9, "part")
    return _similar(key)


def _title_parts(label: str) -> Iterator[str]:
    yield header_key(_BRACKETS.sub("", label))
    for part in _PARTS.split(label):
        yield header_key(part)
    for bracket in _BRACKETS.findall(label):
        yield header_key(bracket)


def _similar(key: str) -> _Guess:
    """Find a known title that is nearly the same, typing errors apart."""
    best, score = "", 0.0
    matcher = SequenceMatcher(None, "", key)
    for known in SYNONYMS if len(key) > 3 else ():
        if abs(len(known) - len(key)) <= 2 and len(known) > 3:
            matcher.set_seq1(known)
            # an upper bound that costs a tenth: nearly all end here
            ratio = matcher.ratio() if matcher.quick_ratio() >= SIMILAR else 0.0
            best, score = (known, ratio) if ratio > score else (best, score)
    found = score >= SIMILAR
    return (
        _Guess(SYNONYMS[best], round(score * 0.8, 2), "similar") if found else _UNKNOWN
    )


def _decide_responsible(labels: Sequence[str], guesses: list[_Guess]) -> None:
    """Decide what 负责人 means by what the other columns are."""
    fields = {guess.field for guess in guesses}
    for index, label in enumerate(labels):
        if guesses[index].why == "unknown" and header_key(label) in _RESPONSIBLE:
            field = "owner" if "contact_name" in fields else "contact_name"
            guesses[index] = _Guess(field, 0.7, "context")


def _settle(guesses: list[_Guess]) -> None:
    """Give each field to one column: the surest, then the leftmost."""
    taken: set[str] = set()
    order = sorted(range(len(guesses)), key=lambda i: (-guesses[i].confidence, i))
    for index in order:
        guess = guesses[index]
        field = guess.field
        if field in taken and field not in SHARED:
            second = SECOND.get(field or "")
            guesses[index] = _Guess(second, 0.8, "second") if second else _TAKEN
        taken.add(field or "")


def signature(labels: Sequence[str]) -> str:
    """Return a short stable key of a set of titles, to remember a mapping by.

    The order of the columns, and the reason column of a refused list, do not
    matter.
    """
    keys = sorted({header_key(label) for label in labels} - _REASONS - {""})
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32]
