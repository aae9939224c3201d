"""No WARNING and no ERROR that is ours: reading Odoo's log for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from .console import StepError, say

ALLOWED = Path(__file__).with_name("allowed_log_lines.txt")
_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (WARNING|ERROR|CRITICAL) \S+ (\S+): (.*)"
)


def allowed_patterns(file: Path = ALLOWED) -> list[re.Pattern[str]]:
    """Return the expressions of Odoo's own noise, from the commented list."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [re.compile(line) for line in lines if line and not line.startswith("#")]


def is_allowed(logger: str, message: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    """Tell whether ``logger: message`` is known noise of Odoo itself."""
    return any(pattern.search(f"{logger}: {message}") for pattern in patterns)


def offending_lines(text: str) -> list[str]:
    """Return the lines of a log at WARNING or above that nobody allowed."""
    patterns = allowed_patterns()
    found = []
    for line in text.splitlines():
        match = _LINE.match(line)
        if match and not is_allowed(match[2], match[3], patterns):
            found.append(line)
    return found


def check(log: Path, doing: str) -> None:
    """Fail when a log file has a line at WARNING or above.

    :param doing: what was going on, for the message
    :raise StepError: with the lines printed above it
    """
    lines = offending_lines(log.read_text(encoding="utf-8", errors="replace"))
    for line in lines[:20]:
        say(f"    | {line}")
    if lines:
        raise StepError(
            f"{doing} logged {len(lines)} warnings or errors (above; all: {log}). "
            f"Noise of Odoo itself goes, with its reason, into {ALLOWED.name}"
        )
