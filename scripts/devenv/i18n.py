"""`make i18n`: the template and the Chinese of each module, refreshed."""

from __future__ import annotations

import os

from . import addons as addons_
from . import paths, template
from .addons import Addon
from .console import say
from .environment import Environment, prepare

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
    if not addons_.scan():
        say("addons/ has no modules yet: there is nothing to translate")
        return 0
    env = prepare("test", development=False)
    module = os.environ.get("m")
    if module:
        _refresh(env, env.chosen_modules(module), [module])
        return 0
    _refresh(env, env.chosen_modules(None), list(env.chosen_modules(None)))
    for name in env.our_modules().apart:
        _refresh(env, env.chosen_modules(name), [name])
    return 0


def _refresh(env: Environment, chosen: dict[str, Addon], modules: list[str]) -> None:
    """Refresh the files of some of the modules, with all the chosen installed."""
    templates = template.ensure_suite(env, chosen)
    code = _CODE.format(
        scripts=str(paths.REPOSITORY / "scripts"),
        modules=modules,
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
