"""`make i18n`: the template and the Chinese of each module, refreshed."""

from __future__ import annotations

import os

from . import addons as addons_
from . import paths, template
from .console import say
from .environment import prepare

LANGUAGE = "zh_CN"
_CODE = """
import sys
sys.path.insert(0, {scripts!r})
from pathlib import Path
from devenv import translations
for line in translations.refresh(env, {modules!r}, Path({addons!r}), {language!r}):
    print("I18N", line)
"""


def run_i18n() -> int:
    """Refresh the files of all modules, or of the one in ``m``."""
    addons = addons_.scan()
    module = os.environ.get("m")
    chosen = addons_.closure(module, addons) if module else addons
    if not chosen:
        say("addons/ has no modules yet: there is nothing to translate")
        return 0
    env = prepare("test", development=False)
    templates = template.ensure_suite(env, chosen)
    code = _CODE.format(
        scripts=str(paths.REPOSITORY / "scripts"),
        modules=[module] if module else list(chosen),
        addons=str(paths.ADDONS),
        language=LANGUAGE,
    )
    database = template.scratch_name("i18n")
    log = paths.logs() / "i18n.log"
    env.cluster.clone(templates.suite, database)
    try:
        env.shell(database, code, log=log, failure="the terms could not be exported")
    finally:
        env.cluster.drop(database)
    for line in log.read_text().splitlines():
        if line.startswith("I18N "):
            say(f"    {line.removeprefix('I18N ')}")
    return 0
