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
# Characters that show nothing, though Unicode counts them as letters and marks:
# joiners, Hangul and Khmer fillers, variation selectors, the blank Braille pattern.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)


def clean_text(raw: str) -> str:
    """Return a value as it should be stored and displayed.

    Full-width letters and digits become half-width, Chinese punctuation stays
    (``（中国）`` keeps its brackets: they are part of registered names; only keys
    and number checks, which use ``fold_marks``, turn them into ASCII), invisible
    and control characters go, runs of blanks become one space, ends are trimmed.
    Doing it twice changes nothing.
    """
    text = _without_invisible(raw)
    if not text.isascii():
        # Twice: folded characters may compose with marks that followed them.
        text = unicodedata.normalize("NFC", text).translate(_WIDTH)
        text = unicodedata.normalize("NFC", text)
    return _BLANKS.sub(" ", text).strip() if " " in text else text


def fold_marks(raw: str) -> str:
    """Return the text in its plainest form (NFKC): ``（：①`` become ``(:1``.

    For keys and for checking numbers and addresses, not for display.
    """
    visible = _without_invisible(raw)
    plain = visible if visible.isascii() else unicodedata.normalize("NFKC", visible)
    return clean_text(plain)


def _without_invisible(text: str) -> str:
    """Drop control and zero-width characters; blanks of all kinds become spaces."""
    if not text.isascii() and _UNSEEN.search(text):
        text = _UNSEEN.sub("", text)
    if text.isprintable():  # no control character, no blank but the plain space
        return text
    return "".join(_visible(char) for char in text)


def _visible(char: str) -> str:
    """Return the character, a space for any blank, '' for what cannot be seen."""
    if char.isspace():
        return " "
    # Cc control, Cf format (zero width, BOM, direction), Cs broken surrogate
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char
