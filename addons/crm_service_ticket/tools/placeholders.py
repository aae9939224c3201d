"""Words in braces that a canned answer leaves for the ticket to fill in.

``{customer}``, in Chinese ``{客户}``. Braces around anything but one word are text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: what a placeholder stands for, by each of its names
NAMES = {
    "customer": "customer",
    "客户": "customer",
    "ticket": "ticket",
    "工单号": "ticket",
    "subject": "subject",
    "主题": "subject",
    "agent": "agent",
    "客服": "agent",
    "team": "team",
    "团队": "team",
    "promised": "promised",
    "承诺时间": "promised",
}
_PLACEHOLDER = re.compile(r"\{\s*(\w{1,40})\s*\}")


def unknown(text: str) -> list[str]:
    """Return the placeholders of a text that stand for nothing, each once."""
    found = (match[1] for match in _PLACEHOLDER.finditer(text))
    return list(dict.fromkeys(n for n in found if n.lower() not in NAMES))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its placeholders filled in; others stay as they are.

    :param values: what stands for each meaning of ``NAMES``
    """

    def value(match: re.Match[str]) -> str:
        meaning = NAMES.get(match[1].lower())
        return values.get(meaning, match[0]) if meaning else match[0]

    return _PLACEHOLDER.sub(value, text)
