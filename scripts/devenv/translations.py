"""Fresh translation templates, and .po files brought up to them.

Runs inside Odoo (``odoo shell`` and the tests), with Odoo's own export. The
export of a .po file in place loses the translations of code: it empties the file
before it reads them. So only the template is exported, and the .po is merged.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

_DATES = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date): .*\n', re.MULTILINE)


def fresh_template(env: Any, module: str) -> str:
    """Return the template (.pot) of a module as it is now.

    :param env: Odoo's environment, with the module installed
    """
    from odoo.tools.translate import trans_export

    buffer = io.BytesIO()
    trans_export(None, [module], buffer, "po", env)
    return buffer.getvalue().decode()


def without_dates(text: str) -> str:
    """Return a .po or .pot text without the lines that differ every time."""
    return _DATES.sub("", text)


def write_template(text: str, file: Path) -> bool:
    """Write a template unless only its dates differ; return whether it changed."""
    if file.exists() and without_dates(file.read_text()) == without_dates(text):
        return False
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return True


def merge(template: str, file: Path) -> tuple[int, int]:
    """Bring a .po file up to a template, keeping every translation.

    Terms that are gone are dropped; a term whose text did not change keeps its
    translation wherever it moved.

    :return: how many terms there are and how many have no translation
    """
    import polib

    fresh = polib.pofile(template)
    old = polib.pofile(str(file)) if file.exists() else polib.POFile()
    known = {entry.msgid: entry.msgstr for entry in old if not entry.fuzzy}
    for entry in fresh:
        entry.msgstr = known.get(entry.msgid, "")
    language = {"Language": file.stem}
    fresh.metadata = {
        **fresh.metadata,
        **language,
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    text = f"{fresh}"
    if not file.exists() or without_dates(file.read_text()) != without_dates(text):
        file.write_text(text)
    return len(fresh), len([entry for entry in fresh if not entry.msgstr])


def refresh(env: Any, modules: list[str], addons: Path, language: str) -> list[str]:
    """Refresh template and .po of each module; return one line of report each."""
    lines = []
    for module in modules:
        folder = addons / module / "i18n"
        template = fresh_template(env, module)
        write_template(template, folder / f"{module}.pot")
        terms, missing = merge(template, folder / f"{language}.po")
        lines.append(f"{module}: {terms} terms, {missing} without translation")
    return lines
