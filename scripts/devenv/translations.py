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
    return _without_foreign_terms(buffer.getvalue().decode(), env, module)


def _without_foreign_terms(template: str, env: Any, module: str) -> str:
    """Drop what modules that only our glue needs have put on a module's models.

    Odoo exports it as the module's own, so the template would depend on whether the
    glue, and Odoo's website with it, is installed.
    """
    import polib

    if env["ir.module.module"].search([("name", "=", module)]).auto_install:
        return template
    foreign = _foreign_fields(env, module)
    file = polib.pofile(template)
    before = sum(len(entry.occurrences) for entry in file)
    for entry in list(file):
        entry.occurrences = [
            place
            for place in entry.occurrences
            if place[0].rsplit(":", 1)[-1] not in foreign
            and not place[0].startswith("model:ir.model,website_form")
        ]
        if not entry.occurrences:
            file.remove(entry)
    after = sum(len(entry.occurrences) for entry in file)
    return template if before == after else f"{file}"


def _foreign_fields(env: Any, module: str) -> set[str]:
    """Return the external ids of fields that only optional modules define."""
    optional = _optional_modules(env)
    data = env["ir.model.data"].search(
        [("module", "=", module), ("model", "=", "ir.model.fields")]
    )
    found = set()
    for record in data:
        field = env["ir.model.fields"].browse(record.res_id).exists()
        owner = env[field.model]._fields.get(field.name) if field else None
        if owner and owner._modules and set(owner._modules) <= optional:
            found.add(record.complete_name)
    return found


def _optional_modules(env: Any) -> set[str]:
    """Return the installed modules that are there because of our glue alone."""
    modules = env["ir.module.module"].search([("state", "=", "installed")])
    ours = modules.filtered(lambda module: module.author == "CRM Suite founders")
    glue = ours.filtered("auto_install")
    none = ("none",)
    wanted = ours - glue
    wanted |= wanted.upstream_dependencies(exclude_states=none) if wanted else wanted
    extra = (glue.upstream_dependencies(exclude_states=none) if glue else glue) - wanted
    if extra:
        extra |= extra.downstream_dependencies(exclude_states=none)
    return set(extra.mapped("name"))


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
