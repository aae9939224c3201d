"""What a hand does wrong on a keyboard: another key, two exchanged, one too many."""

from __future__ import annotations

_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def _neighbours() -> dict[str, str]:
    """Keys beside each key of the keyboard."""
    places = {
        char: (row, column + row * 0.4)
        for row, chars in enumerate(_ROWS)
        for column, char in enumerate(chars)
    }
    return {
        char: "".join(
            other
            for other, (o_row, o_place) in places.items()
            if other != char
            and abs(row - o_row) <= 1
            and abs(place - o_place) <= 1.1
            and char.isdigit() == other.isdigit()
        )
        for char, (row, place) in places.items()
    }


NEIGHBOURS = _neighbours()


def exchanged(text: str) -> list[str]:
    """Return the text with two neighbouring characters exchanged, each pair once."""
    return [
        text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        for at in range(len(text) - 1)
        if text[at] != text[at + 1]
    ]


def beside(text: str) -> list[str]:
    """Return the text with one key beside the right one."""
    return [
        text[:at] + other + text[at + 1 :]
        for at, char in enumerate(text)
        for other in NEIGHBOURS.get(char, "")
    ]


def one_less(text: str) -> list[str]:
    """Return the text without one of its characters."""
    return [text[:at] + text[at + 1 :] for at in range(len(text))]


def one_more(text: str, letters: str) -> list[str]:
    """Return the text with one of the letters more, after any character."""
    return [
        text[:at] + letter + text[at:]
        for at in range(1, len(text) + 1)
        for letter in letters
    ]
