"""What of an answer is the solution: our own words, without what was quoted and signed.

Written by a person in the composer, in Odoo's full composer, or in a mail program: what
stands under it is marked, quoted by ``>``, or begins with the line ``--``.
"""

from __future__ import annotations

import html as escaping
from collections.abc import Iterator

from lxml import etree, html

from . import mail_html, quotes

# what Odoo's composers mark as no word of the answer
_NOT_SAID = (
    f".//*[@{quotes.QUOTE}]",
    ".//blockquote",
    ".//*[contains(concat(' ', @class, ' '), ' o-signature-container ')]",
    ".//*[contains(concat(' ', @class, ' '), ' o_signature ')]",
)
_SIGNATURE = ("--", "—")


def said(source: str) -> list[str]:
    """Return the lines of an answer that are its own; none of what cannot be read.

    :param source: HTML of a message
    """
    if not source or not source.strip():
        return []
    try:
        root = html.fragment_fromstring(
            quotes.fold_history(source), create_parent="div"
        )
    except (etree.LxmlError, ValueError, AssertionError):
        return []
    for path in _NOT_SAID:
        for element in root.xpath(path):
            if element.getparent() is not None:
                # what stood before it and after it is not one line
                element.addprevious(etree.Element("br"))
                element.drop_tree()
    shown = mail_html.text_of(html.tostring(root, encoding="unicode"))
    return list(_own(shown.splitlines()))


def _own(lines: list[str]) -> Iterator[str]:
    for line in lines:
        text = line.strip()
        if text in _SIGNATURE:
            return
        if text and not text.startswith(">"):
            yield text


def as_html(lines: list[str]) -> str:
    """Return lines as paragraphs."""
    return "".join(f"<p>{escaping.escape(line, quote=False)}</p>" for line in lines)
