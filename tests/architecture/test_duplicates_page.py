"""The page on duplicates says how good they are found, as it is."""

import house
import pytest

from odoo.addons.crm_customer_dedupe.tests.labelled import pairs, table

MARK = "<!-- table -->"
HEADS = {
    "duplicates.md": {},
    "duplicates.zh-CN.md": {
        "Kind": "类别",
        "Pairs": "对数",
        "The same": "同一家",
        "Found": "找到",
        "Two": "两家",
        "Wrongly taken for one": "误认为同一家",
        "All": "合计",
        "Precision": "准确率",
        "Recall": "召回率",
        "English and Chinese name": "中英文名称",
        "Latin typing error": "外文输入错误",
        "Latin, others": "外文近似名称",
        "branch": "分支机构",
        "credit code": "信用代码",
        "foreign groups in China": "在华外资集团",
        "group": "集团内公司",
        "legal form": "公司形式",
        "legal forms of the world": "各国公司形式",
        "namesakes": "同名的人",
        "old phone": "旧电话",
        "one person": "同一个人",
        "one phone, a family or an office": "家人或同事共用号码",
        "other trade": "字号同、行业不同",
        "person and company, one phone": "个人与公司共用号码",
        "place left out": "省略地名",
        "renamed": "更名",
        "same name, other city": "异地同名",
        "script and width": "繁体、全角",
        "shops and sole traders": "个体工商户",
        "short name": "简称",
        "similar brand": "字号近似",
        "switchboard": "总机",
        "typing error": "错别字",
        "webmail": "公共邮箱",
        "words added, left out or moved": "增减或调换用词",
    },
}


def translated(line, words):
    """Return a line of a table with its words in the language of the page."""
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    said = (words.get(cell, cell).replace(" to ", "–") for cell in cells)
    return "| " + " | ".join(said) + " |" if words and "---" not in line else line


@pytest.mark.parametrize("name", HEADS)
def test_the_page_shows_the_figures_of_the_code(name):
    text = house.text_of(house.REPOSITORY / "docs" / name)
    lines = [translated(line, HEADS[name]) for line in table(pairs())]
    shown = text.split(MARK)[1].strip().splitlines()
    assert shown == lines, "the page should say:\n" + "\n".join(lines)
