"""Lists and mutations of them, each with the words of a person that it holds.

A word is a marker no mutation touches unless it is destroyed as bytes; then the
mutant is only expected not to break anything.
"""

import random
import re
from typing import NamedTuple

from .workbooks import (
    csv_bytes,
    formatted_xls,
    formatted_xlsx,
    ods_bytes,
    ods_row,
    renamed,
    xls_bytes,
    xlsb_bytes,
    xlsx_bytes,
)

TITLES = ("客户名称", "联系人", "手机", "邮箱", "客户编号", "邮编", "地址", "备注")
MARKER = re.compile(r"词\d{5}")


class Mutant(NamedTuple):
    """A file. words: markers in its rows; whole: the words must all be accounted for"""

    content: bytes
    words: frozenset[str]
    whole: bool


class Maker:
    """Makes lists by a seeded generator."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self._count = 0

    def word(self):
        self._count += 1
        return f"词{self._count:05}"

    def rows(self):
        """Rows of a list with the habits and faults people's lists have."""
        rows = [list(TITLES)]
        for _time in range(self.chance.randint(1, 12)):
            rows.append(self._customer())
            extra = self.chance.random()
            if extra < 0.08:
                rows.append([])
            elif extra < 0.14:
                rows.append(["合 计", "", "", "", "", "", "", "27"])
            elif extra < 0.18:
                rows.append(list(TITLES))
            elif extra < 0.22:
                rows[-1].append(self.word())
        if self.chance.random() < 0.3:
            rows.insert(0, ["客户一览表"])
        return rows

    def _customer(self):
        number = self.chance.randrange(10**8)
        row = [f"{self.word()}有限公司", f"张{self.word()}", f"138{number:08}",
               f"a{number}@b.cn", f"K{number}", f"{number % 10**6:06}",
               f"文三路{self.word()}号", self.word()]  # fmt: skip
        for _time in range(self.chance.choice((0, 0, 1, 2, 4))):
            column = self.chance.randrange(len(row))
            row[column] = self.chance.choice(_FAULTS)(self.chance, row[column])
        return row

    def mutant(self):
        """A list in some kind of file, perhaps mutated as text or as bytes."""
        rows = self.rows()
        words = frozenset(MARKER.findall("\n".join(c for row in rows for c in row)))
        write = self.chance.choice(_WRITERS)
        content = write(self.chance, rows)
        if self.chance.random() < 0.5:
            return Mutant(content, words, True)
        return Mutant(_bytes_mutated(self.chance, content), words, False)

    def damaged(self, content):
        """The content, mutated as bytes."""
        return _bytes_mutated(self.chance, content)


def _with(mark):
    return lambda chance, text: mark + text


def _inside(*marks):
    def change(chance, text):
        at = chance.randint(0, len(text))
        if MARKER.search(text):  # beside a word, not within it
            at = chance.choice((0, len(text)))
        return text[:at] + chance.choice(marks) + text[at:]

    return change


_FAULTS = (
    lambda chance, text: f'="{text}"',
    _with("'"),
    _with("`"),
    _with("\t"),
    lambda chance, text: f"{text}\t",
    lambda chance, text: f"{text}.0",
    lambda chance, text: "1.38E+10" if not MARKER.search(text) else text,
    lambda chance, text: "" if not MARKER.search(text) else text,
    lambda chance, text: text.translate({n: n + 0xFEE0 for n in range(0x30, 0x3A)})
    if not MARKER.search(text) else text,
    _inside("\u200b", "\u202d", "\ufe0d", "\u2060", "\ufeff", "\U000e0100"),
    _inside("\u2028", "\x0b", "\x0c", "\x85", "\u3000", "\xa0"),
    _inside("\n", "\r\n", ",", ";", "|", '"', '""', "'", "=", "<b>", "&amp;", "]]>"),
    _inside("合计", "Total", "1,000", "-", "/", "\\", "%s", "{0}", "\U0001f600"),
)  # fmt: skip


def _html(chance, rows):
    def table(lines):
        return "<table>" + "".join(
            "<tr>" + "".join(f"<td>{_marked_up(c)}</td>" for c in cells) + "</tr>"
            for cells in lines
        ) + "</table>"  # fmt: skip

    width = max(map(len, rows))
    rows = [[*cells, *[""] * (width - len(cells))] for cells in rows]
    cut = chance.randrange(len(rows))
    return (table(rows[:cut]) + table(rows[cut:]) if cut else table(rows)).encode()


def _marked_up(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _plain(text):
    """Without what XML cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r")


def _spreadsheet(write):
    return lambda chance, rows: write([[_plain(c) for c in row] for row in rows])


def _text_only(rows):
    return xlsx_bytes(rows, strings_to_formulas=False, strings_to_numbers=False)


def _formatted(write):
    codes = ("000-00000000", "[Magenta]0", "@", "000000", "0;-0;;@", "0.00", "")

    def cell(chance, text):
        if not (text.isascii() and text.isdecimal()):
            return _plain(text)
        code = chance.choice(codes)
        return (int(text), code) if code else int(text)

    return lambda chance, rows: write([[cell(chance, c) for c in row] for row in rows])


_WRITERS = (
    lambda chance, rows: csv_bytes(rows, chance.choice(("utf-8", "utf-8-sig", "gb18030",
                                                        "utf-16"))),
    lambda chance, rows: csv_bytes(rows, "utf-8", chance.choice(";\t")),
    _html,
    _spreadsheet(_text_only),
    _spreadsheet(xls_bytes),
    _spreadsheet(xlsb_bytes),
    _spreadsheet(lambda rows: ods_bytes("".join(ods_row(*_safe(row)) for row in rows))),
    _formatted(formatted_xlsx),
    _formatted(formatted_xls),
    _formatted(xlsb_bytes),
    _spreadsheet(lambda rows: renamed(_text_only(rows), str.upper)),
)  # fmt: skip


def _safe(row):
    """Cells that begin with < would be taken for ready ones."""
    return [f" {cell}" if cell.startswith("<") else cell for cell in row]


def _bytes_mutated(chance, content):
    data = bytearray(content)
    for _time in range(chance.randint(1, 12)):
        at = chance.randrange(len(data)) if data else 0
        kind = chance.randrange(5)
        if kind == 0 and data:
            data[at] = chance.randrange(256)
        elif kind == 1:
            del data[at : at + chance.randint(1, 40)]
        elif kind == 2:
            data[at:at] = bytes(
                chance.randrange(256) for _n in range(chance.randint(1, 9))
            )
        elif kind == 3:
            data[at:at] = data[at : at + chance.randint(1, 200)]
        elif chance.random() < 0.2:
            del data[at:]
    return bytes(data)
