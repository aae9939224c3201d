"""Tell rows of a list that are no customers: headings within it and its foot."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .addresses import is_place
from .names import looks_like_person

# more different cells than this are no remark
_MOST_CELLS = 8
_SIGN = (
    "制表|制单|审核|审批|审定|填表|填报|打印|复核|经办|批准|编制|录入|校对|核对|导出"
    "|操作"
)
_DATE = (
    r"(?:\d{4}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{0,2}\s*日?)?|\d{1,2}月\d{1,2}日)"
    r"(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
)
_COUNT = r"共?\s*\d+\s*[家户个条位名](?:客户|记录)?"
# kind -> how its whole cell reads
_KINDS = {
    # 审核, 填表人（签字）： with or without the name in the next cell
    "label": (
        rf"(?:{_SIGN})(?:人|人员|员|者|部门|单位|时间|日期)?"
        r"(?:[（(]?(?:签字|签名|盖章|签章)[)）]?)?\s*[:：]?"
        r"|(?:日期|时间|负责人|主管)\s*[:：]"
        r"|.{0,6}[（(]?(?:签字|签名|盖章|签章)[)）]?\s*[:：]?"
    ),
    "signed": (
        rf"(?:{_SIGN}|日期|时间|主管|负责人|数据来源|资料来源|更新|截止|统计)[^:：]{{0,4}}[:：].*"
        r"|(?:打印|导出|制表|填表|更新|统计|生成)(?:时间|日期).*"
    ),
    "foot": (
        r"[-—–\s]*第\s*\d+\s*页.{0,20}|共\s*\d+\s*页.{0,10}"
        r"|page\s*\d+(?:\s*(?:of|/)\s*\d+)?|[-—–]+\s*\d+\s*[-—–]+|\d+\s*/\s*\d+\s*页?"
        r"|[（(【\[]?(?:以下空白|以下无正文|无正文|完毕?|结束|end|eof)[】\])）]?"
        r"|(?:注|备注|说明|附注)[:：].*|(?:以上|截止|截至|共计).*|[-—–=*_~…·.]+"
    ),
    "date": _DATE,
    "count": _COUNT,
    "heading": (
        r"(?:[一二三四五六七八九十]+|[(（][一二三四五六七八九十\d]+[)）])[、.．)）]?.{1,20}"
        r"|.{0,10}(?:区域|地区|大区|片区|[东南西北中]区|[类级组]|客户|名单)"
    ),
}  # fmt: skip
_READS = re.compile(
    "|".join(f"(?P<{kind}>{form})" for kind, form in _KINDS.items()),
    re.DOTALL | re.IGNORECASE,
)
_COUNTED = re.compile(rf"\s*[（(【\[]?\s*{_COUNT}\s*[】\])）]?$")
_BRACKETS = " 【】[]（）()：:"


def is_remark(
    cells: Sequence[str],
    headings: bool = True,
    text: Callable[[str], str] = str.strip,
) -> bool:
    """Tell a heading within the list (一、华东区) or its foot (制表人：张三).

    A name alone in its row is a heading only if it reads like one.

    :param headings: whether the list has columns enough to tell a heading from a
        customer of whom only the name is known
    :param text: what makes a cell's visible text of it, its ends trimmed; an escape
        character makes no customer of a “=”
    """
    filled = list(dict.fromkeys(filter(None, map(text, cells))))
    kinds: list[str] = []
    for cell in filled if len(filled) <= _MOST_CELLS else ():
        kind = _kind(cell)
        if not kind and kinds and kinds[-1] == "label" and looks_like_person(cell):
            kind = "name"
        if not kind:
            return False
        kinds.append(kind)
    found = kinds.count("heading")
    if found or kinds == ["date"]:
        return headings and found < 2
    return bool({"label", "signed", "foot"}.intersection(kinds))


def is_date(text: str) -> bool:
    """Tell a text that is a date and nothing else."""
    match = _READS.fullmatch(text)
    return match is not None and match.lastgroup == "date"


def _kind(cell: str) -> str:
    """Return what a cell is if it says nothing of a customer, else ''."""
    match = _READS.fullmatch(cell)
    if match:
        return match.lastgroup or ""
    core = _COUNTED.sub("", cell).strip(_BRACKETS)
    if is_place(core) or (core != cell and core and _kind(core) == "heading"):
        return "heading"
    words = cell.split()
    kinds = [_kind(word) for word in words] if len(words) > 1 else [""]
    if not all(kinds):
        return ""
    return "heading" if "heading" in kinds else kinds[0]
