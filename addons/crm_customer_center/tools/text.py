"""Folding of text that people typed or pasted."""

from __future__ import annotations

import re
import unicodedata

# Full-width marks that belong to Chinese text and stay as they are.
CHINESE_MARKS = "（），：；！？～"
# Full-width letters, digits and technical marks (＠ － ／ ．) become half-width.
_WIDTH = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in
    CHINESE_MARKS
}  # fmt: skip
_BLANKS = re.compile(r"\s+")


def clean_text(raw: str) -> str:
    """Return a value as it should be stored and displayed.

    Full-width letters and digits become half-width, Chinese punctuation stays
    (``（中国）`` keeps its brackets: they are part of registered names; only keys
    and number checks, which use ``fold_marks``, turn them into ASCII), invisible
    and control characters go, runs of blanks become one space, ends are trimmed.
    Doing it twice changes nothing.
    """
    text = _without_invisible(unicodedata.normalize("NFC", raw).translate(_WIDTH))
    # Characters that only met when something between them went can compose now.
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def fold_marks(raw: str) -> str:
    """Return the text in its plainest form (NFKC): ``（：①`` become ``(:1``.

    For keys and for checking numbers and addresses, not for display.
    """
    return clean_text(unicodedata.normalize("NFKC", _without_invisible(raw)))


def _without_invisible(text: str) -> str:
    """Drop control and zero-width characters; blanks of all kinds become spaces."""
    if text.isprintable():  # no control character, no blank but the plain space
        return text
    return "".join(_visible(char) for char in text)


def _visible(char: str) -> str:
    """Return the character, a space for any blank, '' for what cannot be seen."""
    if char.isspace():
        return " "
    # Cc control, Cf format (zero width, BOM, direction), Cs broken surrogate
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char
