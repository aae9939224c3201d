"""What people type, in comparisons that know wildcards."""


def literal(text: str) -> str:
    r"""Return a text for ``ilike`` in which ``%`` and ``_`` are characters.

    >>> literal("100%_")
    '100\\%\\_'
    """
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
