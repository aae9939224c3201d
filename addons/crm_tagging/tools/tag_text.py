"""Tags written as text: 行业-互联网 is the tag 互联网 of the group 行业."""

import re
from typing import NamedTuple

SEPARATOR = "-"
# hyphen, full-width hyphen, dashes as Chinese and Western keyboards make them
_SEPARATORS = re.compile(r"\s*[-－‐–—]+\s*")


class TagText(NamedTuple):
    """``group`` is empty for a tag without group."""

    group: str
    tag: str


def split(text: str) -> TagText:
    """Split a text at its first dash.

    >>> split("行业－互联网")
    TagText(group='行业', tag='互联网')
    >>> split("VIP")
    TagText(group='', tag='VIP')
    """
    parts = _SEPARATORS.split(text.strip(), maxsplit=1)
    if len(parts) == 2 and all(parts):
        return TagText(*parts)
    return TagText("", text.strip())


def join(group: str, tag: str) -> str:
    """Return how a tag of a group is shown; the inverse of ``split``."""
    return f"{group}{SEPARATOR}{tag}" if group else tag
